"""Expressions: exact values of small arithmetic expressions, in bounded time, without `eval`.

    evaluate(tokens("3 + 4 * 1/2"))          # Fraction(5, 1)

Too deep, too long or too large is `UnreadableError`, never an error for the user and never a long wait.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

MOST_TOKENS = 300
DEEPEST = 40
MOST_BITS = 2_000
LARGEST_EXPONENT = 64

Value = TypeVar("Value")


class UnreadableError(Exception):
    """The expression cannot be evaluated."""


class Token(NamedTuple):
    """A token: `kind` is num, op, (, ), frac, =, is, word, break, name or bad; `value` of a number; its offsets."""

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
    if len(tokens) == 1 and (token := tokens[0]).value is not None:
        return token.value / 100 if token.percent and percent else token.value
    return _Exact(tokens, percent).whole()


def bounded(value: Fraction) -> Fraction:
    """The value itself.

    Raises:
        UnreadableError: it has too many digits.
    """
    if value.numerator.bit_length() + value.denominator.bit_length() > MOST_BITS:
        raise UnreadableError("too large")
    return value


class Parser(ABC, Generic[Value]):
    """Recursive descent: sum → product → power → atom, over any kind of value that can be added and multiplied."""

    joins = frozenset("(")
    """The kinds of token that multiply when they follow a value without an operator."""

    def __init__(self, tokens: Sequence[Token], percent: bool = True) -> None:
        if len(tokens) > MOST_TOKENS:
            raise UnreadableError("too long")
        self.tokens = tokens
        self.percent = percent
        self.at = 0

    def whole(self) -> Value:
        """The value of all tokens."""
        value = self._sum(0)
        if self.at != len(self.tokens):
            raise UnreadableError("malformed")
        return value

    @abstractmethod
    def number(self, value: Fraction) -> Value:
        """What a numeral stands for."""

    def name(self, name: str) -> Value:
        """What a name stands for."""
        raise UnreadableError("a name")

    @abstractmethod
    def add(self, left: Value, right: Value, sign: int) -> Value:
        """`left` plus or minus `right`."""

    @abstractmethod
    def multiply(self, left: Value, right: Value) -> Value:
        """The product."""

    @abstractmethod
    def divide(self, top: Value, bottom: Value) -> Value:
        """The quotient."""

    @abstractmethod
    def raise_to(self, base: Value, exponent: Value) -> Value:
        """The power."""

    def peek(self) -> str:
        """The operator or kind of the next token; empty at the end."""
        if self.at >= len(self.tokens):
            return ""
        token = self.tokens[self.at]
        return token.text if token.kind == "op" else token.kind

    def _sum(self, depth: int) -> Value:
        value = self._product(depth)
        while (sign := self.peek()) in ("+", "-"):
            self.at += 1
            value = self.add(value, self._product(depth), 1 if sign == "+" else -1)
        return value

    def _product(self, depth: int) -> Value:
        value = self._power(depth)
        while (sign := self.peek()) in ("*", "/") or sign in self.joins:
            if sign in ("*", "/"):
                self.at += 1
            other = self._power(depth)
            value = self.divide(value, other) if sign == "/" else self.multiply(value, other)
        return value

    def _power(self, depth: int) -> Value:
        if depth > DEEPEST:
            raise UnreadableError("too deep")
        if (sign := self.peek()) in ("-", "+"):
            self.at += 1
            value = self._power(depth + 1)
            return self.multiply(self.number(Fraction(-1)), value) if sign == "-" else value
        base = self._atom(depth)
        if self.peek() != "^":
            return base
        self.at += 1
        return self.raise_to(base, self._power(depth + 1))

    def _atom(self, depth: int) -> Value:
        kind = self.peek()
        if kind == "frac":
            self.at += 1
            top = self._group(depth)
            return self.divide(top, self._group(depth))
        if kind == "(":
            return self._group(depth)
        if kind not in ("num", "name"):
            raise UnreadableError("malformed")
        token = self.tokens[self.at]
        self.at += 1
        if token.value is None:
            return self.name(token.text)
        return self.number(token.value / 100 if token.percent and self.percent else token.value)

    def _group(self, depth: int) -> Value:
        if self.peek() != "(":
            raise UnreadableError("malformed")
        self.at += 1
        value = self._sum(depth + 1)
        if self.peek() != ")":
            raise UnreadableError("malformed")
        self.at += 1
        return value


class _Exact(Parser[Fraction]):
    """Over fractions."""

    def number(self, value: Fraction) -> Fraction:
        return value

    def add(self, left: Fraction, right: Fraction, sign: int) -> Fraction:
        return bounded(left + right if sign > 0 else left - right)

    def multiply(self, left: Fraction, right: Fraction) -> Fraction:
        return bounded(left * right)

    def divide(self, top: Fraction, bottom: Fraction) -> Fraction:
        if bottom == 0:
            raise UnreadableError("division by zero")
        return bounded(top / bottom)

    def raise_to(self, base: Fraction, exponent: Fraction) -> Fraction:
        if exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT or (base == 0 and exponent < 0):
            raise UnreadableError("exponent")
        return bounded(bounded(base) ** int(exponent))
