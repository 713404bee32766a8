"""Conversions: what a value is in another unit, so that 120 minutes are traced to the 2 hours of the problem.

list(in_other_units(Mention("120", end=3), "120 minutes of practice"))
# [("1/12", "day"), ("2", "hour"), ("7200", "second")]

A link may follow a conversion that a check must not insist on (a month of 30 days, a pound of 16 ounces).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from fractionate.anatomy.units import SIZES, unit
from fractionate.anatomy.values import Mention, canonical

_LOOSE: tuple[Mapping[str, int], ...] = (
    {"hour": 1, "day": 24, "week": 168},
    {"minute": 1, "day": 1440},
    {"day": 1, "month": 30, "year": 365},
    {"week": 1, "month": 4, "year": 52},
    {"month": 1, "year": 12},
    {"ounce": 1, "pound": 16},
    {"cup": 1, "gallon": 16},
)
_UNIT = re.compile(r"[ -]?([a-z]{3,12})", re.IGNORECASE)


class Converted(NamedTuple):
    """A value in another unit."""

    value: str
    unit: str


def _factors() -> dict[str, dict[str, Fraction]]:
    """By how much a value is multiplied, by its unit and the other unit."""
    factors: dict[str, dict[str, Fraction]] = defaultdict(dict)
    every: list[Mapping[str, Fraction | int]] = [*SIZES.values(), *_LOOSE]
    for sizes in every:
        for one, size in sizes.items():
            for other in sizes.keys() - {one}:
                factors[one].setdefault(other, Fraction(size) / Fraction(sizes[other]))
    return {one: dict(sorted(others.items())) for one, others in factors.items()}


_FACTORS = _factors()


def in_other_units(mention: Mention, text: str) -> Iterator[Converted]:
    """What the value is in the other units of what it measures, by the word that follows it in `text`."""
    word = _UNIT.match(text, mention.end)
    if word is None or mention.value.count("/") > 1:
        return
    for other, factor in _FACTORS.get(unit(word[1]), {}).items():
        yield Converted(canonical(Fraction(mention.value) * factor), other)
