"""Whole numbers in words, written and read.

    spell(1042)                              # "one thousand forty-two"
    in_digits("She has forty-two shells.")   # "She has 42 shells."

Up to a million; "and" after hundreds is read but not written.
"""

import re

MOST = 999_999
"""The largest number that is written in words."""

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen".split()
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: n for n, word in enumerate(_ONES)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
_UNIT, _TEN = "|".join(reversed(_ONES)), "|".join(_TENS)
_SMALL = rf"(?:(?:{_TEN})(?:[\s-](?:{'|'.join(_ONES[1:10])}))?|{_UNIT})\b"
_HUNDREDS = rf"(?:(?:{_SMALL}\s)?hundred(?:\s(?:and\s)?{_SMALL})?|{_SMALL})"
_SPELLED = re.compile(rf"\b{_HUNDREDS}(?:\sthousand(?:\s(?:and\s)?{_HUNDREDS})?)?\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s-]+")


def spell(number: int) -> str:
    """The number in words.

    Raises:
        ValueError: it is negative or larger than `MOST`.
    """
    if not 0 <= number <= MOST:
        raise ValueError(f"{number} is not between 0 and {MOST}")
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    count, rest = divmod(number, size)
    return f"{spell(count)} {name}" + (f" {spell(rest)}" if rest else "")


def in_digits(text: str) -> str:
    """The text with every number in words written in digits."""
    return _SPELLED.sub(lambda found: str(_value(found[0])), text)


def _value(words: str) -> int:
    """The number that the words say: hundreds and thousands multiply what stands before them."""
    total = group = 0
    for word in _BETWEEN.split(words.lower()):
        if word == "hundred":
            group = max(group, 1) * 100
        elif word == "thousand":
            total, group = total + max(group, 1) * 1000, 0
        elif word != "and":
            group += _VALUES[word]
    return total + group
