"""Units of measure: whether two amounts that both state one are of a kind, and what each unit counts.

units_of("5 km", "5000 m")         # Units(gold=Fraction(1000), answer=Fraction(1))
units_of("5 km", "5 apples")       # None: not of a kind, so only the numbers can be compared
"""

import re
from fractions import Fraction
from typing import NamedTuple

from fractionate.checking.numbers import undress

_KINDS = {
    "length": {
        "mm millimeter millimeters": "0.001",
        "cm centimeter centimeters": "0.01",
        "m meter meters metre metres": "1",
        "km kilometer kilometers kilometre kilometres": "1000",
        "inch inches": "0.0254",
        "ft foot feet": "0.3048",
        "yd yard yards": "0.9144",
        "mi mile miles": "1609.344",
    },
    "mass": {
        "mg milligram milligrams": "0.001",
        "g gram grams": "1",
        "kg kilogram kilograms": "1000",
        "oz ounce ounces": "28.349523125",
        "lb lbs pound pounds": "453.59237",
    },
    "time": {
        "s sec second seconds": "1",
        "min minute minutes": "60",
        "h hr hrs hour hours": "3600",
        "day days": "86400",
        "week weeks": "604800",
    },
    "money": {"cent cents": "0.01", "dollar dollars $": "1"},
}  # fmt: skip
_UNITS = {
    unit: (kind, Fraction(value))
    for kind, units in _KINDS.items()
    for names, value in units.items()
    for unit in names.split()
}
_UNIT = re.compile(r"(?i)[\d./,]\s*-?\s*([a-z]+)\b(?:\s*\^\s*\{?([23])\b)?")


class Units(NamedTuple):
    """How much one unit of each amount is, in a unit that they have in common."""

    gold: Fraction
    answer: Fraction


def units_of(gold: str, answer: str) -> Units | None:
    """The units of two amounts, if both state one of the same kind and power."""
    right, given = _unit(undress(gold)), _unit(undress(answer))
    if right is None or given is None or (right.kind, right.power) != (given.kind, given.power):
        return None
    return Units(right.value**right.power, given.value**given.power)


class _Unit(NamedTuple):
    kind: str
    value: Fraction
    power: int


def _unit(text: str) -> _Unit | None:
    """The unit behind the first number, or the dollar sign before it."""
    stated = _UNIT.search(text)
    name = stated[1].lower() if stated else ""
    if name not in _UNITS:
        name = "$" if "$" in text else ""
    if name not in _UNITS:
        return None
    return _Unit(*_UNITS[name], int((stated and stated[2]) or 1))
