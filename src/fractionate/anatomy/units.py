"""Units: what a word measures, and by which factors units of one dimension differ.

    unit("\\\\text{ hours}")                    # "hour"
    converted(Fraction(2), {"hour"}, {"minute"})       # Fraction(120)

Days, weeks and months are left out of conversions (a day may be one of eight working hours), and so are units of one
letter, which are as often names.
"""

import re
from fractions import Fraction
from functools import lru_cache
from itertools import permutations

_WORD = re.compile(r"^\\[a-z]+\s?\{\s*|[\s}.]+$", re.IGNORECASE)
SIZES: dict[str, dict[str, Fraction]] = {
    "clock": {"second": Fraction(1), "minute": Fraction(60), "hour": Fraction(3600)},
    "length": {"inch": Fraction(1), "foot": Fraction(12), "yard": Fraction(36), "mile": Fraction(63360)},
    "metric length": {"mm": Fraction(1), "cm": Fraction(10), "meter": Fraction(1000), "km": Fraction(10**6)},
    "money": {"cent": Fraction(1), "dollar": Fraction(100)},
    "weight": {"pound": Fraction(16), "ton": Fraction(32000)},
    "metric weight": {"mg": Fraction(1, 1000), "gram": Fraction(1), "kg": Fraction(1000)},
    "volume": {"pint": Fraction(2), "quart": Fraction(4), "gallon": Fraction(16)},
    "metric volume": {"ml": Fraction(1), "liter": Fraction(1000)},
}
_NAMES = {
    "min": "minute", "sec": "second", "hr": "hour", "inche": "inch", "feet": "foot", "centimeter": "cm",
    "kilometer": "km", "millimeter": "mm", "metre": "meter", "kilogram": "kg", "lb": "pound",
    "litre": "liter", "milliliter": "ml", "penny": "cent", "pennie": "cent", "milligram": "mg",
    '"': "inch", "″": "inch", "'": "foot", "′": "foot",
}  # fmt: skip
DIMENSIONS = {name: dimension for dimension, sizes in SIZES.items() for name in sizes}
"""What each unit measures."""
_CALENDAR = (7, 12, 24, 30, 31, 52, 60 * 24, 365, 366)
FACTORS = frozenset(
    {a / b for sizes in SIZES.values() for a, b in permutations(sizes.values(), 2)}
    | {f for k in (*_CALENDAR, 2, 4, 5, 8, 10, 12, 16, 20, 25, 1000) for f in (Fraction(k), Fraction(1, k))}
)
"""The factors by which two sides may differ when they measure in different units."""


@lru_cache(maxsize=10_000)
def unit(word: str) -> str:
    """The unit that a word names, in the singular; other words as they are."""
    plain = _WORD.sub("", word.lower()) if "\\" in word else word.lower()
    plain = plain.rstrip("s")
    return _NAMES.get(plain, plain)


def converted(value: Fraction, of: set[str], into: set[str]) -> Fraction | None:
    """A value of one unit in another; None if the two are not units of one dimension."""
    pairs = [(a, b) for a in of for b in into if DIMENSIONS.get(a) == DIMENSIONS.get(b) is not None]
    if len(of) != 1 or len(into) != 1 or not pairs:
        return None
    (one, other) = pairs[0]
    sizes = SIZES[DIMENSIONS[one]]
    return value * sizes[one] / sizes[other]
