"""Operations: a written computation as the single operations that it carries out.

    operations("3 * 14 + 5 = 47")
    # [Operation(3, "*", 14, 42), Operation(42, "+", 5, 47)]

The last one has the result that is stated, right or wrong; inner ones have their exact result.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from fractionate.anatomy.expression import Token, UnreadableError, _Exact, evaluate
from fractionate.anatomy.tokens import tokens


class Operation(NamedTuple):
    """`left symbol right`, and what it is said to give."""

    left: Fraction
    symbol: str
    right: Fraction
    result: Fraction

    def again(self, left: Fraction, right: Fraction) -> Fraction | None:
        """What the same operation gives of other operands; None for a division by zero."""
        try:
            return evaluate([Token("num", "", left), Token("op", self.symbol), Token("num", "", right)])
        except UnreadableError:
            return None


def operations(formula: str) -> list[Operation]:
    """The operations of a formula such as a step's, in the order of execution; none where it cannot be read."""
    left, _, stated = formula.rpartition("=")
    recorder = _Recorder(tokens(left.strip()))
    try:
        recorder.whole()
        result = evaluate(tokens(stated.strip()))
    except UnreadableError:
        return []
    return [*recorder.done[:-1], *(last._replace(result=result) for last in recorder.done[-1:])]


class _Recorder(_Exact):
    """Evaluates, and notes each operation."""

    def __init__(self, held: Sequence[Token]) -> None:
        super().__init__(held)
        self.done: list[Operation] = []

    def add(self, left: Fraction, right: Fraction, sign: int) -> Fraction:
        return self._note(left, "+" if sign > 0 else "-", right, super().add(left, right, sign))

    def multiply(self, left: Fraction, right: Fraction) -> Fraction:
        value = super().multiply(left, right)
        return value if left == -1 else self._note(left, "*", right, value)  # a sign is no operation

    def divide(self, top: Fraction, bottom: Fraction) -> Fraction:
        return self._note(top, "/", bottom, super().divide(top, bottom))

    def _note(self, left: Fraction, symbol: str, right: Fraction, value: Fraction) -> Fraction:
        self.done.append(Operation(left, symbol, right, value))
        return value
