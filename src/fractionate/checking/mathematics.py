"""The checker `math`: numbers exactly, then clock times, ratios, names and prose, and formulas by math-verify.

    same_answer("18", "$18.00")                   # True
    same_answer("3:30 p.m.", "3:45 p.m.")         # False, clock times are no numbers
    same_answer("1/3", "0.333333")                # True, from six decimals on; 0.33 is another number
    same_answer("50%", "0.5"), ("50%", "50")      # True both: only one of the two says what it counts
    same_answer("5", "5 or 6")                    # None, it cannot be told which is meant
    same_answer("6", "not 5 pens but 6 pens")     # True, the last number of a sentence counts

    same_answer("5 km", "5000 m")                 # True; "5 m" is not: both state a unit of length (`units`)

Other units are not compared: 9 is 9 apples.
"""

import re
from fractions import Fraction

from fractionate.checking.base import CHECKERS, normal
from fractionate.checking.numbers import (
    CLOCK,
    is_percentage,
    numbers_in,
    plain_number,
    undress,
    with_decimal_point,
)
from fractionate.checking.units import units_of
from fractionate.checking.worker import same_formula
from fractionate.records import Verdict

_NAME = re.compile(r"\(?[A-Z]\)?|[A-Za-z' .-]*[A-Za-z]{3,}[A-Za-z' .-]*")
_FUNCTION = re.compile(r"(?i)sqrt|\b(?:sin|cos|tan|cot|log|ln|exp|frac|binom|root)\b")
_SENTENCE = re.compile(r"[A-Za-z]{3,}|\b(?:or|to)\b")
_ALTERNATIVE = re.compile(r"(?i)\b(?:or|to|not)\b[^\d]*\d[\d.,]*\D*\Z|\b(?:either|between)\b")
_BASE = re.compile(r"\d_\{?(\d+)\}?\s*\Z")
_LAYOUT = re.compile(r"\s|\\left|\\right|\.\Z")
_HALF_OF_DAY = re.compile(r"(?i)\b([ap])\.?\s?m\b")
_DECIMALS = re.compile(r"\.(\d+)")
_ENOUGH_DECIMALS = 6


@CHECKERS.register("math")
def math(gold: str, answer: str) -> Verdict:
    """The same number, clock time, ratio, name or formula; units count where both state one of a kind."""
    if _compact(gold) == _compact(answer):
        return Verdict(True, "math", "same text")
    if CLOCK.search(gold) or CLOCK.search(answer):
        return _clock(gold, answer)
    right, given = _numbers(gold, answer)
    if right is not None and given is not None:
        if (units := units_of(gold, answer)) is not None:
            return Verdict(right * units.gold == given * units.answer, "math", "amounts in units")
        return Verdict(_same_number(right, given, gold, answer), "math", "numbers")
    if _NAME.fullmatch(undress(gold)):
        return Verdict(normal(undress(gold)) == normal(undress(answer)), "math", "text")
    if right is not None and (prose := _prose(right, answer)):
        return prose
    if _base(gold) and _base(answer) and _base(gold) != _base(answer):
        return Verdict(False, "math", "number bases differ")
    same = same_formula(gold, answer)
    return Verdict(same, "math", "formulas" if same is not None else "could not be read in time")


def _compact(text: str) -> str:
    """Without spaces, sizes of brackets and a full stop; upper and lower case stay apart."""
    return _LAYOUT.sub("", undress(text))


def _clock(gold: str, answer: str) -> Verdict:
    """Clock times and ratios: the same digits, and the same half of the day if both name one."""
    right, given = CLOCK.search(gold), CLOCK.search(answer)
    if right is None or given is None:
        ratio, other = (gold, answer) if right else (answer, gold)
        value = plain_number(ratio.replace(":", "/"))
        return Verdict(value is not None and value == plain_number(other), "math", "a ratio and a number")
    parts = [[int(p) for p in found[0].split(":")] for found in (right, given)]
    halves = [_HALF_OF_DAY.findall(text) for text in (gold, answer)]
    same_half = not all(halves) or halves[0][0].lower() == halves[1][0].lower()
    return Verdict(parts[0] == parts[1] and same_half, "math", "clock times or ratios")


def _numbers(gold: str, answer: str) -> tuple[Fraction | None, Fraction | None]:
    """Both as plain numbers; a decimal comma counts where the other text is a number without it."""
    right, given = plain_number(gold), _given(gold, answer)
    if right is not None and given is None:
        given = plain_number(with_decimal_point(answer))
    elif given is not None and right is None:
        right = plain_number(with_decimal_point(gold))
    return right, given


def _given(gold: str, answer: str) -> Fraction | None:
    """The number that the answer states; the right-hand side counts in `3 * 6 = 18` and in `x = 18`."""
    stated = plain_number(answer)
    if stated is None and "=" in answer and "=" not in gold:
        stated = plain_number(answer.rpartition("=")[2])
    return stated


def _same_number(right: Fraction, given: Fraction, gold: str, answer: str) -> bool:
    if right == given or _rounds(right, given, gold, answer):
        return True
    if is_percentage(gold) == is_percentage(answer):
        return False
    return right == given / 100 if is_percentage(answer) else right / 100 == given


def _rounds(right: Fraction, given: Fraction, gold: str, answer: str) -> bool:
    """Whether one is the other, rounded or cut off after six decimals or more."""
    written = min((len(found[1]) for text in (gold, answer) if (found := _DECIMALS.search(text))), default=0)
    return written >= _ENOUGH_DECIMALS and abs(right - given) < Fraction(1, 10**written)


def _prose(right: Fraction, answer: str) -> Verdict | None:
    """Verdict on an answer in words: its only number counts, or its last one if it is not one of a choice."""
    text = undress(answer)
    if "\\" in text or _FUNCTION.search(text) or not _SENTENCE.search(text):
        return None
    numbers = numbers_in(answer)
    if abs(right) not in numbers:
        return Verdict(False, "math", "numbers" if numbers else "no number in the answer")
    meant = len(numbers) == 1 or (numbers[-1] == right and not _ALTERNATIVE.search(text))
    return Verdict(True if meant and right >= 0 else None, "math", "a number in a sentence")


def _base(text: str) -> str:
    found = _BASE.search(text.strip())
    return found[1] if found else ""
