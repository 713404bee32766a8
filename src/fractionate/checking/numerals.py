"""Numbers in words, written and read.

    spell(1042)                              # "one thousand forty-two"
    in_digits("She has forty-two shells.")   # "She has 42 shells."
    in_figures("two and a half hours")       # "2 and 1/2 hours"
    in_figures("7 thousand, two thirds")     # "7000, 2/3"

Up to a million; "and" after hundreds is read but not written. Fractions and larger numbers are read in figures alone.
"""

import re
from fractions import Fraction

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
_PARTS = {"hal": 2, "thi": 3, "qua": 4, "fou": 4, "fif": 5, "six": 6, "sev": 7, "eig": 8, "nin": 9, "ten": 10}
_PART = r"half|halves|(?:third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?"
_FRACTION = re.compile(rf"\b(?:(an?|{_UNIT})[\s-])?({_PART})\b", re.IGNORECASE)
_SIZES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_A_SIZE = re.compile(rf"\ban?\s(?={'|'.join(_SIZES)})", re.IGNORECASE)
_SIZED = re.compile(
    rf"(?<![\d.,])(\d[\d,]{{0,20}}(?:\.\d{{1,20}})?)\s({'|'.join(_SIZES)})\b(?:\s(?:and\s)?(\d{{1,9}})\b(?![.,]\d))?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"(?:{_SPELLED.pattern}\sand\s)?{_FRACTION.pattern}|{_SPELLED.pattern}(?:\s(?:million|billion)\b)?",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?:minus|negative)\s(?=\$?\d)", re.IGNORECASE)


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


def in_figures(text: str) -> str:
    """The text with all numbers in words as figures, fractions, sizes ("7 thousand") and negative ones included."""
    text = _SIZED.sub(_sized, _FRACTION.sub(_fraction, _A_SIZE.sub("one ", text)))
    text = in_digits(text)
    return _NEGATIVE.sub("-", _SIZED.sub(_sized, text))


def spelled_in(text: str) -> list[str]:
    """Every number in words that counts something; "one" is as often a pronoun."""
    found = [n[0] for n in _COUNTED.finditer(text)]
    return [words for words in found if words.lower() not in ("one", "half")]


def _fraction(found: re.Match[str]) -> str:
    """`two thirds` → `2/3`; "third" without a number before it counts nothing."""
    count, part = found[1], found[2].lower()
    if count is None:
        return "1/2" if part == "half" else found[0]
    top = 1 if count.lower() in ("a", "an") else _VALUES[count.lower()]
    return f"{top}/{_PARTS[part[:3]]}"


def _sized(found: re.Match[str]) -> str:
    """`2.5 million` → `2500000`, and `2 million 300` → `2000300`."""
    number, size, rest = found[1], _SIZES[found[2].lower()], found[3]
    if rest is not None and int(rest) >= size:
        return found[0]
    value = Fraction(number.replace(",", "")) * size + int(rest or 0)
    return str(value.numerator) if value.denominator == 1 else found[0]


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
