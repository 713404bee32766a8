"""The checkers: functions `(gold, answer) -> Verdict`, each registered under its name.

    same_answer("18", "$18.00")                   # math: True
    same_answer("3:30 p.m.", "3:45 p.m.")         # math: False, clock times are no numbers
    same_answer("(B) 12 pens", "B", "choice")     # True
    same_answer("Yes", "yes.", "exact")           # True

`same=None` means that it cannot be told; such answers are counted apart, never as wrong.
"""

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction

from fractionate.checking.numbers import CLOCK, is_percentage, numbers_in, plain_number, undress
from fractionate.checking.worker import same_formula
from fractionate.records import Verdict
from fractionate.registry import Registry

Checker = Callable[[str, str], Verdict]
"""Compares the right answer with a given one; neither is empty, both have at most `MAX_LENGTH` characters."""

CHECKERS: Registry[Checker] = Registry("checker")

MAX_LENGTH = 500
"""Characters; longer answers are not compared."""

_LETTER = re.compile(
    r"\s*(?:option\s+|choice\s+)?(?:\(\s*([A-Za-z])\s*\)|([A-Za-z])(?:[).:]|\s*$))\s*(.*)", re.DOTALL | re.I
)
_NAME = re.compile(r"\(?[A-Z]\)?|[A-Za-z' .-]*[A-Za-z]{3,}[A-Za-z' .-]*")
_FUNCTION = re.compile(r"(?i)sqrt|\b(?:sin|cos|tan|cot|log|ln|exp|frac|binom|root)\b")
_BASE = re.compile(r"\d_\{?(\d+)\}?\s*$")


def same_answer(gold: str, answer: str | None, checker: str = "math") -> Verdict:
    """Whether `answer` is the same as `gold`, by the named checker.

    Raises:
        InputError: there is no checker of that name.
    """
    check = CHECKERS[checker]
    if answer is None or not answer.strip():
        return Verdict(False, checker, "no answer")
    if not gold.strip():
        return Verdict(None, checker, "no right answer is given")
    if max(len(gold), len(answer)) > MAX_LENGTH:
        return Verdict(None, checker, f"longer than {MAX_LENGTH} characters")
    return check(gold, answer)


@CHECKERS.register("exact")
def exact(gold: str, answer: str) -> Verdict:
    """The same text, but for case, punctuation and spaces."""
    return Verdict(_normal(gold) == _normal(answer), "exact")


@CHECKERS.register("choice")
def choice(gold: str, answer: str) -> Verdict:
    """The same option of a list, named by its letter, its text, or both."""
    (gold_letter, gold_text), (letter, text) = _option(gold), _option(answer)
    if gold_letter and letter:
        return Verdict(gold_letter == letter, "choice")
    if gold_text and text:
        return Verdict(_normal(gold_text) == _normal(text), "choice")
    return Verdict(None, "choice", "one names a letter, the other a text")


@CHECKERS.register("math")
def math(gold: str, answer: str) -> Verdict:
    """The same number, clock time, ratio, name or formula; units are not compared."""
    if _compact(gold) == _compact(answer):
        return Verdict(True, "math", "same text")
    if CLOCK.search(gold) or CLOCK.search(answer):
        return _clock(gold, answer)
    right, given = plain_number(gold), _given(gold, answer)
    if right is not None and given is not None:
        return Verdict(_same_number(right, given, gold, answer), "math", "numbers")
    if _NAME.fullmatch(undress(gold)):
        return Verdict(_normal(undress(gold)) == _normal(undress(answer)), "math", "text")
    if right is not None and (prose := _prose(right, answer)):
        return prose
    if _base(gold) and _base(answer) and _base(gold) != _base(answer):
        return Verdict(False, "math", "number bases differ")
    same = same_formula(gold, answer)
    return Verdict(same, "math", "formulas" if same is not None else "could not be read in time")


def _compact(text: str) -> str:
    """Without spaces, sizes of brackets and a full stop; upper and lower case stay apart."""
    return re.sub(r"\s|\\left|\\right|\.$", "", undress(text))


def _normal(text: str) -> str:
    """Casefolded words and numbers, with the signs that carry a value; other punctuation is a space."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "").replace("'", "")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(?<!\d)[.:/](?!\d)|(?<=\d)[.:](?!\d)|(?<=\w)-|-(?!\d)", " ", text)
    return " ".join(re.sub(r"[^\w.:/+*^<>=%√-]", " ", text).split())


def _option(text: str) -> tuple[str, str]:
    """The letter and the text of an option, each empty if it is not given."""
    found = _LETTER.fullmatch(undress(text))
    if found is None:
        return "", text
    return (found[1] or found[2]).upper(), found[3]


def _clock(gold: str, answer: str) -> Verdict:
    """Clock times and ratios: the same digits, and the same half of the day if both name one."""
    right, given = CLOCK.search(gold), CLOCK.search(answer)
    if right is None or given is None:
        ratio, other = (gold, answer) if right else (answer, gold)
        value = plain_number(ratio.replace(":", "/"))
        return Verdict(value is not None and value == plain_number(other), "math", "a ratio and a number")
    parts = [[int(p) for p in found[0].split(":")] for found in (right, given)]
    halves = [re.findall(r"(?i)\b([ap])\.?\s?m\b", text) for text in (gold, answer)]
    same_half = not all(halves) or halves[0][0].lower() == halves[1][0].lower()
    return Verdict(parts[0] == parts[1] and same_half, "math", "clock times or ratios")


def _given(gold: str, answer: str) -> Fraction | None:
    """The number that the answer states; the right-hand side counts in `3 * 6 = 18` and in `x = 18`."""
    stated = plain_number(answer)
    if stated is None and "=" in answer and "=" not in gold:
        stated = plain_number(answer.rpartition("=")[2])
    return stated


def _same_number(right: Fraction, given: Fraction, gold: str, answer: str) -> bool:
    if right == given:
        return True
    if is_percentage(gold) == is_percentage(answer):
        return False
    return right == given / 100 if is_percentage(answer) else right / 100 == given


def _prose(right: Fraction, answer: str) -> Verdict | None:
    """Verdict on an answer in words: its only number counts; among several it cannot be told which is meant."""
    text = undress(answer)
    if "\\" in text or _FUNCTION.search(text) or not re.search(r"[A-Za-z]{3,}|\b(?:or|to)\b", text):
        return None
    numbers = numbers_in(answer)
    if not numbers:
        return Verdict(False, "math", "no number in the answer")
    if abs(right) not in numbers:
        return Verdict(False, "math", "numbers")
    return Verdict(True if len(numbers) == 1 and right >= 0 else None, "math", "a number in a sentence")


def _base(text: str) -> str:
    found = _BASE.search(text.strip())
    return found[1] if found else ""
