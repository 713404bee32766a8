"""Read plain numbers exactly, whatever they are dressed in.

plain_number("$1,234.50")          # 2469/2
plain_number("12 apples")          # 12
plain_number("1\\\\frac{4}{5}")       # 9/5
plain_number("twenty-one pens")    # 21
plain_number("12 boxes of 4 pens") # 12: a phrase that begins with its number
plain_number("x + 1")              # None
"""

import re
from fractions import Fraction

from fractionate.checking.numerals import in_figures

_LATEX = (
    (re.compile(r"\\(?:text|mbox|mathrm|textbf|mathbf)\s*\{([^{}]*)\}(?:\^\{?[23]\}?)?"), r" \1 "),
    (re.compile(r"\^\s*\{?\\circ\}?|°"), " "),
    (
        re.compile(r"\\[,!;: ]|\s?\{\s?,\s?\}\s?|(?<=\d)[   ](?=\d{3}\b)"),
        lambda m: "," if "{" in m[0] else "",
    ),
    (re.compile(r"\\[dtc]?frac\s*\{(\d+)\}\s*\{(\d+)\}"), r" \1/\2 "),
    (re.compile(r"\\[dtc]?frac\s*(\d)\s*(\d)(?!\d)"), r" \1/\2 "),
    (re.compile(r"\\([$%])"), r"\1"),
    (re.compile(r"(?<![\d.,])0,(?=\d{3}(?![\d,]))"), "0."),
    (re.compile(r"[−–]"), "-"),
    (re.compile(r"-\s*\(\s*(\d+/\d+)\s*\)"), r"-\1"),
)
_UNSIGNED = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:e[+-]?\d{1,2}\b)?|\.\d+"
_IN_TEXT = re.compile(rf"(?<![A-Za-z\d])({_UNSIGNED})(?:/([1-9]\d*))?")
_PLAIN = re.compile(
    rf"""(?xis)
    \s* (?P<sign>[-+]?) \s* [$€£]? \s* (?P<inner_sign>-?)
    (?: (?P<whole>\d+) \s+ (?:and\s+)? (?=\d+\s*/) )?
    (?P<top>{_UNSIGNED}) (?: \s*/\s* (?P<bottom>\d+) )?
    (?: \s* (?:%|percent\b) )?
    (?P<unit> (?: [\s-]* [a-z$€£] [a-z$€£.'’()-]* )? (?: \s*\^\s* \{{?[23]\}}? )? )
    (?P<rest>.*)
    """
)
_REST = re.compile(r"(?i)[\s.,!;()*]*(?:[\s(]+[a-z][a-z'’.,()-]*.*)?", re.DOTALL)
_SECOND_AMOUNT = re.compile(r"(?i)\b(?:and|or|to|times|plus|minus|by|over|than)\s+[$€£]?\d|[-+*/=^]\s*\d")
_WORD = re.compile(r"[A-Za-z]{3}")
_ASIDE = re.compile(
    rf"(\d[^.!?\n]{{0,120}}),\s(?:(?:which|that)\sis\s)?[$€£]?(?:{_UNSIGNED})(?:\s\w+)?\s(?:more|less|fewer|\w+er)\sthan\b"
)
_MAX_DIGITS = 2000
"""Longer numbers are not worth the time that exact arithmetic would take."""
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(\d{1,2}|\d{4,})(?![\d.,])")
"""A comma that cannot set off thousands."""

CLOCK = re.compile(r"\b\d+(?:\s*:\s*\d+)+\b")
"""A clock time or a ratio; to a reader of plain numbers both look like their first number."""


def undress(text: str) -> str:
    """The text without LaTeX around its numbers and words: `\\\\$1{,}000` → `$1,000`."""
    for pattern, plain in _LATEX:
        text = pattern.sub(plain, text)
    return text.strip().strip("$").strip() if text.count("$") == 2 else text.strip()


def plain_number(text: str) -> Fraction | None:
    """The exact value of a plain number with its unit, percent or currency sign; None for anything else.

    A percentage has the value of its number: 50% is 50 (`is_percentage` tells).
    """
    if len(text) > _MAX_DIGITS:
        return None
    text = undress(text)
    if _WORD.search(text):
        text = in_figures(text)
    found = _PLAIN.fullmatch(text)
    if found is None or CLOCK.search(text) or len(found["top"]) > _MAX_DIGITS or not _is_phrase(found):
        return None
    value = Fraction(found["top"].replace(",", "").rstrip("."))
    if found["bottom"] is not None:
        if int(found["bottom"]) == 0:
            return None
        value /= int(found["bottom"])
    value += int(found["whole"] or 0)
    return -value if "-" in (found["sign"], found["inner_sign"]) else value


def is_percentage(text: str) -> bool:
    """Whether the text is a percentage."""
    return bool(re.search(r"%|\bpercent\b", text))


def numbers_in(text: str) -> list[Fraction]:
    """Every number of a text, without its sign; digits inside a word (`AZ2`) are none.

    Words count where there are no figures: "only one of them has 12" holds one number.
    """
    text = with_decimal_point(undress(without_asides(text)))
    parts = _IN_TEXT.findall(text) or _IN_TEXT.findall(in_figures(text))
    return [
        Fraction(top.replace(",", "").rstrip(".")) / int(bottom or 1)
        for top, bottom in parts
        if len(top + bottom) <= _MAX_DIGITS
    ]


def without_asides(text: str) -> str:
    """`12 pens, 8 more than before` → `12 pens`: what a comparison adds to a number is not what is stated."""
    return _ASIDE.sub(lambda found: found[1], text)


def with_decimal_point(text: str) -> str:
    """`2,74` → `2.74`; a comma before exactly three digits sets off thousands, except in `0,111`."""
    return _DECIMAL_COMMA.sub(r"\1.\2", text)


def _is_phrase(found: re.Match[str]) -> bool:
    """Whether what follows the number is a unit or prose, and not algebra (`5x`) or a second amount."""
    unit, rest = found["unit"], found["rest"]
    bare = unit.partition("^")[0].strip(" -")
    if len(bare) == 1 and not (bare in "$€£" or (bare in "mglshL" and unit[0].isspace())):
        return False
    if 0 < len(bare) < 3 and unit.lstrip().startswith("-"):
        return False
    return bool(_REST.fullmatch(rest)) and not _SECOND_AMOUNT.search(unit + rest)
