"""The checker `countdown`: an arithmetic expression over given numbers, each used once, for a given value.

    countdown("14*9/2", "9 / 2 * 14")          # the same: these three numbers, and 63
    countdown("14*9/2", "63")                  # not the same: a value shows no way to it

The right answer names the numbers and the value; any other expression over them with that value is right too.
"""

from fractions import Fraction
from typing import NamedTuple

from fractionate.anatomy.expression import UnreadableError, evaluate
from fractionate.anatomy.tokens import tokens
from fractionate.checking import CHECKERS
from fractionate.records import Verdict

COUNTDOWN = "countdown"
"""The checker's name."""


class _Read(NamedTuple):
    value: Fraction
    numbers: list[Fraction]


@CHECKERS.register(COUNTDOWN)
def countdown(gold: str, answer: str) -> Verdict:
    """The same numbers and the same value; what follows an equal sign in the answer is not looked at."""
    right, given = _read(gold), _read(answer.partition("=")[0])
    if right is None:
        return Verdict(None, COUNTDOWN, "the right answer is no expression")
    if given is None:
        return Verdict(False, COUNTDOWN, "no expression")
    if given.numbers != right.numbers:
        return Verdict(False, COUNTDOWN, "other numbers")
    return Verdict(given.value == right.value, COUNTDOWN, "values")


def _read(text: str) -> _Read | None:
    found = tokens(text)
    try:
        value = evaluate(found)
    except UnreadableError:
        return None
    return _Read(value, sorted(t.value for t in found if t.value is not None))
