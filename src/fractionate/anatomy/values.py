"""Values: the numbers and dates that a text mentions, in one canonical form.

    [m.value for m in mentions("half of the $1,200.50 and 3/4 cup")]     # ["1/2", "2401/2", "3/4"]

Numbers become fractions in lowest terms ("12", "3/2", "-1/2"), dates MM/DD/YYYY. A mention has other readings
(`aliases`) where the same words are used for more than one number in a computation: "20%" is 20 and 1/5, "half"
is 1/2 and also the 2 that one divides by.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from fractionate.anatomy.text import listed

LONGEST = 30
"""Characters of the longest numeral that is read."""

_ONES = {
    word: n
    for n, word in enumerate(
        listed("""one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen"""),
        start=1,
    )
}
_TENS = {
    word: 10 * n
    for n, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
_PARTS = {
    name: n
    for n, names in {
        2: "half halves", 3: "third thirds", 4: "quarter quarters fourth fourths", 5: "fifth fifths",
        6: "sixth sixths", 7: "seventh sevenths", 8: "eighth eighths", 9: "ninth ninths", 10: "tenth tenths",
    }.items()
    for name in names.split()
}  # fmt: skip
_MULTIPLES = {
    "twice": 2, "double": 2, "doubled": 2, "doubles": 2, "doubling": 2, "couple": 2, "thrice": 3, "triple": 3,
    "tripled": 3, "triples": 3, "quadruple": 4, "dozen": 12, "hundred": 100, "thousand": 1000,
}  # fmt: skip
_MONTHS = listed("january february march april may june july august september october november december")


def _either(words: object) -> str:
    return "|".join(sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


_SMALL = _either([*_ONES, *_TENS])
_BEGINS = _either(
    {w[:2] for w in (*_ONES, *_TENS, *_SCALES, *_PARTS, *_MULTIPLES, *_MONTHS)} | {"a[ -]", "an"}
)
"""How words that say numbers begin: most words are passed over at their second letter."""
_NUMBER = re.compile(
    rf"""
    (?=[\d.\\−-]|\b(?:{_BEGINS}))  # no other character can begin a value
    (?:(?P<date>(?<![\d/])\d{{1,2}}/\d{{1,2}}/\d{{4}}(?![\d/]))
    |(?P<tex>\\[dt]?frac\s?\{{\s?(?P<tn>\d{{1,9}})\s?\}}\s?
      \{{\s?(?P<td>\d{{1,9}})\s?\}})
    |(?P<fraction>(?<![\d/.,])(?:(?P<whole>\d{{1,4}})[ ])?
      (?P<fn>\d{{1,3}})/(?P<fd>\d{{1,3}})(?![\d/]))
    |(?<!\#)(?<!step\ )
      (?P<plain>(?:(?<![\w)\]}}.%$])[-−])?(?:(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|(?<!\w)\.\d+))
      (?P<percent>[ ]?\\?%|[ ]percent\b)?
    |\b(?:
      (?P<month>{_either([*_MONTHS, *(m[:3] for m in _MONTHS), "sept"])})\.?[ ]
       (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[ ](?P<year>\d{{4}})
      |(?P<part>(?:(?P<count>an?|{_either(_ONES)})[- ])?(?P<nth>{_either(_PARTS)}))
      |(?<!\ball\ )(?<!\bthe\ )(?<!these\ )(?<!those\ )
       (?P<small>(?:{_SMALL})(?:[- ](?:{_SMALL}))?(?:[ ](?:{_either(_SCALES)}))*)
      |(?P<multiple>{_either(_MULTIPLES)})
    )\b)
    """,
    re.VERBOSE,  # for a text in lower case: ignoring case takes three times as long
)


class Mention(NamedTuple):
    """A value in canonical form, other readings of the same words, and where the text says it."""

    value: str
    aliases: tuple[str, ...] = ()
    start: int = 0
    end: int = 0

    @property
    def readings(self) -> tuple[str, ...]:
        """The value and its aliases."""
        return (self.value, *self.aliases)

    @property
    def number(self) -> Fraction | None:
        """The value as a number; None for a date."""
        return None if self.value.count("/") > 1 else Fraction(self.value)


def canonical(number: Fraction) -> str:
    """The one way in which a number is written: "12", "3/2", "-1/2"."""
    return str(number)


def mentions(text: str) -> tuple[Mention, ...]:
    """The values of `text` in order. Numerals of more than `LONGEST` characters are left out."""
    found: list[Mention] = []
    lowered = text.lower()
    for match in _NUMBER.finditer(lowered if len(lowered) == len(text) else text):
        start, end = match.span()
        if end - start <= LONGEST * 2:
            found.extend([Mention(m.value, m.aliases, start, end) for m in _said(match[0])])
    return tuple(found)


def canonical_answer(answer: str | None) -> str | None:
    """The canonical form of an answer that states one value ("$70,000" → "70000"); None if it does not."""
    found = mentions(answer[:200]) if answer else ()
    return found[-1].value if len(found) == 1 else None


@lru_cache(maxsize=10_000)
def number(numeral: str) -> Fraction | None:
    """The number that a numeral such as "1,000.50" writes; None if it is too long to be one."""
    if len(numeral) > LONGEST:
        return None
    plain = numeral.replace(",", "").replace("−", "-")
    return Fraction(plain) if "." in plain else Fraction(int(plain))


@lru_cache(maxsize=10_000)
def _said(words: str) -> list[Mention]:
    """What the words of one match say; a few ("48/2") say two numbers."""
    match = _NUMBER.fullmatch(words)
    return _read(match) if match else []


def _read(match: re.Match[str]) -> list[Mention]:
    group = match.lastgroup
    if group in ("plain", "percent"):
        return _numeral(match["plain"], match["percent"] is not None)
    if group == "small":
        return _small(match["small"].lower())
    if group == "multiple":
        return [Mention(str(_MULTIPLES[match["multiple"].lower()]))]
    if group == "part":
        return _part(match["count"], match["nth"].lower())
    if group == "fraction":
        return _fraction(match["whole"], int(match["fn"]), int(match["fd"]))
    if group == "tex":
        top, bottom = int(match["tn"]), int(match["td"])
        return [Mention(canonical(Fraction(top, bottom)))] if bottom else []
    if group == "date":
        month, day, year = match["date"].split("/")
        return [Mention(f"{int(month):02}/{int(day):02}/{year}")]
    month_number = next(i for i, m in enumerate(_MONTHS, 1) if m[:3] == match["month"][:3].lower())
    return [Mention(f"{month_number:02}/{int(match['day']):02}/{match['year']}")]


def _numeral(numeral: str, percent: bool) -> list[Mention]:
    if numeral.isdecimal() and not percent and len(numeral) <= LONGEST:
        return [Mention(str(int(numeral)))]
    value = number(numeral)
    if value is None:
        return []
    return [Mention(canonical(value), (canonical(value / 100),) if percent else ())]


def _fraction(whole: str | None, top: int, bottom: int) -> list[Mention]:
    if 0 < top < bottom:
        value = Fraction(top, bottom) + int(whole or 0)
        return [Mention(canonical(value), (str(bottom),) if top == 1 and not whole else ())]
    parts = [whole, str(top), str(bottom)]
    return [Mention(str(int(p))) for p in parts if p is not None]


def _part(count: str | None, nth: str) -> list[Mention]:
    if count is None and nth not in ("half", "quarter"):
        return []  # an ordinal: "the third day"
    top = _ONES.get((count or "a").lower(), 1)
    value = canonical(Fraction(top, _PARTS[nth]))
    return [Mention(value, (str(_PARTS[nth]),) if top == 1 else ())]


def _small(words: str) -> list[Mention]:
    if words == "one":
        return []  # mostly a pronoun
    value, scale = 0, 1
    for word in words.replace("-", " ").split():
        if word in _SCALES:
            scale *= _SCALES[word]
        else:
            value += _ONES.get(word) or _TENS[word]
    return [Mention(str(value * scale))]
