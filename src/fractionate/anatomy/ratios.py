"""Ratios: fractions that are written as one: "1/2", and "\\frac{1}{2}" in LaTeX.

    [ratio] = ratios(tokens("3/4 of 8"))
    ratio.value, ratio.top, ratio.reduced        # Fraction(3, 4), "3", True

Whether "3/4" is a division or a number shows only from what is known: see `establish`.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from fractionate.anatomy.expression import Token

_TYPESET = ["frac", "(", "num", ")", "(", "num", ")"]


class Ratio(NamedTuple):
    """A fraction's value, its two numerals in canonical form, whether it is in lowest terms, and its tokens' places."""

    value: Fraction
    top: str
    bottom: str
    reduced: bool
    at: int
    end: int

    def numeral(self, held: Sequence[Token]) -> Token:
        """The fraction as one number."""
        return Token("num", str(self.value), self.value, False, held[self.at].start, held[self.end - 1].end)


def ratios(held: Sequence[Token]) -> Iterator[Ratio]:
    """The fractions among the tokens, from left to right."""
    for i, token in enumerate(held):
        found = None
        if token.kind == "num" and _slashed(held, i):
            found = _ratio(token, held[i + 2], i, i + 3)
        elif token.kind == "frac" and [t.kind for t in held[i : i + 7]] == _TYPESET:
            found = _ratio(held[i + 2], held[i + 5], i, i + 7)
        if found is not None:
            yield found


def whole_ratio(held: Sequence[Token]) -> Token | None:
    """The tokens as one number, if they are one fraction and no computation: proper, or in lowest terms."""
    negative = len(held) > 1 and held[0].text == "-"
    rest = held[1:] if negative else held
    if len(rest) not in (3, 7):
        return None
    ratio = next(ratios(rest), None)
    if ratio is None or ratio.end - ratio.at != len(rest) or not (ratio.reduced or ratio.value < 1):
        return None
    numeral = ratio.numeral(rest)
    return numeral._replace(value=-ratio.value, text=str(-ratio.value)) if negative else numeral


def _slashed(held: Sequence[Token], at: int) -> bool:
    """Whether a slash and another number follow, without spaces."""
    if at + 2 >= len(held) or held[at + 1].text != "/" or held[at + 2].kind != "num":
        return False
    return held[at].end + 1 == held[at + 2].start


def _ratio(top: Token, bottom: Token, at: int, end: int) -> Ratio | None:
    if top.value is None or not bottom.value:
        return None
    integers = top.value.denominator == bottom.value.denominator == 1
    reduced = integers and bottom.value > 1 and gcd(int(top.value), int(bottom.value)) == 1
    return Ratio(top.value / bottom.value, str(top.value), str(bottom.value), reduced, at, end)
