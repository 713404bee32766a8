"""Expressions: exact values of small arithmetic expressions, in bounded time, without `eval`.

    evaluate(tokens("3 + 4 * 1/2"))          # Fraction(5, 1)

Too deep, too long or too large is `UnreadableError`, never an error for the user and never a long wait.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

MOST_TOKENS = 300
DEEPEST = 40
MOST_BITS = 2_000
LARGEST_EXPONENT = 64


class UnreadableError(Exception):
    """The expression cannot be evaluated."""


class Token(NamedTuple):
    """A token: `kind` is num, op, (, ), frac, =, is, word, break or bad; `value` of a number; its offsets."""

    kind: str
    text: str
    value: Fraction | None = None
    percent: bool = False
    start: int = 0
    end: int = 0


def evaluate(tokens: Sequence[Token], percent: bool = True) -> Fraction:
    """The exact value of an expression. `percent` reads 20% as 1/5, else as 20.

    Raises:
        UnreadableError: the expression is malformed, divides by zero, or is larger than the limits above.
    """
    if len(tokens) > MOST_TOKENS:
        raise UnreadableError("too long")
    parser = _Parser(tokens, percent)
    value = parser.sum(0)
    if parser.at != len(tokens):
        raise UnreadableError("malformed")
    return value


class _Parser:
    """Recursive descent: sum → product → power → atom."""

    def __init__(self, tokens: Sequence[Token], percent: bool) -> None:
        self.tokens = tokens
        self.percent = percent
        self.at = 0

    def peek(self) -> str:
        """The operator or kind of the next token; empty at the end."""
        if self.at >= len(self.tokens):
            return ""
        token = self.tokens[self.at]
        return token.text if token.kind == "op" else token.kind

    def sum(self, depth: int) -> Fraction:
        value = self.product(depth)
        while (sign := self.peek()) in ("+", "-"):
            self.at += 1
            other = self.product(depth)
            value = _bounded(value + other if sign == "+" else value - other)
        return value

    def product(self, depth: int) -> Fraction:
        value = self.power(depth)
        while (sign := self.peek()) in ("*", "/", "("):
            if sign != "(":  # a bracket after a value multiplies
                self.at += 1
            other = self.power(depth)
            value = _bounded(_divided(value, other) if sign == "/" else value * other)
        return value

    def power(self, depth: int) -> Fraction:
        if depth > DEEPEST:
            raise UnreadableError("too deep")
        if (sign := self.peek()) in ("-", "+"):
            self.at += 1
            value = self.power(depth + 1)
            return -value if sign == "-" else value
        base = self.atom(depth)
        if self.peek() != "^":
            return base
        self.at += 1
        exponent = self.power(depth + 1)
        if exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT or (base == 0 and exponent < 0):
            raise UnreadableError("exponent")
        return _bounded(_bounded(base) ** int(exponent))

    def atom(self, depth: int) -> Fraction:
        kind = self.peek()
        if kind == "frac":
            self.at += 1
            top = self.group(depth)
            return _divided(top, self.group(depth))
        if kind == "(":
            return self.group(depth)
        if kind != "num":
            raise UnreadableError("malformed")
        token = self.tokens[self.at]
        self.at += 1
        assert token.value is not None, "a numeral has a value"
        return token.value / 100 if token.percent and self.percent else token.value

    def group(self, depth: int) -> Fraction:
        if self.peek() != "(":
            raise UnreadableError("malformed")
        self.at += 1
        value = self.sum(depth + 1)
        if self.peek() != ")":
            raise UnreadableError("malformed")
        self.at += 1
        return value


def _divided(top: Fraction, bottom: Fraction) -> Fraction:
    if bottom == 0:
        raise UnreadableError("division by zero")
    return top / bottom


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > MOST_BITS:
        raise UnreadableError("too large")
    return value
