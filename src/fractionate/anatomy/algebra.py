"""Algebra: polynomials read from formulas, so that names can be replaced by values and equations solved again.

    [f] = formulas("2x + 3 = 11")
    root(f.sides[0], f.sides[1])             # ("x", Fraction(4))

A formula is an unbroken run of numbers, one-letter names, operators and brackets with an equal sign in it; words end
it. Size is bounded: too many terms, too high a degree or too large a number make a side unreadable (None).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from fractionate.anatomy.expression import Parser, Token, UnreadableError, bounded, evaluate
from fractionate.anatomy.text import listed
from fractionate.anatomy.tokens import SIGNS, tokens

LONGEST = 80
"""Tokens of a side with names."""
MOST_TERMS = 12
HIGHEST_DEGREE = 6

Powers = tuple[tuple[str, int], ...]
Polynomial = Mapping[Powers, Fraction]
"""Coefficients by the names in a term and their powers; `()` is the constant term."""

_PARTING = re.compile(r"\n|\\\\|\\[\])]")
"""What ends a formula though no word does: a line, or the end of displayed mathematics."""
_WORKING = frozenset(listed("times of plus minus more less divided multiplied squared cubed mod"))
"""Words that work on the number before them."""
_PARTS = frozenset(("num", "op", "(", ")", "frac", "name"))


class Formula(NamedTuple):
    """The sides of one formula, as tokens and as polynomials; a side that cannot be read is None."""

    tokens: tuple[tuple[Token, ...], ...]
    sides: tuple["Polynomial | None", ...]


def formulas(text: str) -> Iterator[Formula]:
    """The formulas of a text."""
    sides: list[list[Token]] = [[]]
    broken = False
    end = 0
    for token in (*(_named(t, text) for t in tokens(text)), Token("break", "", start=len(text))):
        parted = _PARTING.search(text, end, token.start)
        if token.kind in _PARTS and not parted:
            sides[-1].append(token)
        elif token.kind == "=" and sides[-1] and not parted:
            sides.append([])
        else:
            if len(sides) > 1:
                yield _formula(sides, broken, not parted and (_goes_on(token) or _inside(token, text)))
            takes_away = token.kind == "word" and text.startswith("- ", token.end + 1)  # "cost - x = 5"
            broken = takes_away or _goes_on(token)
            sides = [[token] if token.kind in _PARTS else []]
        end = token.end


def _formula(sides: list[list[Token]], begun: bool, cut: bool) -> Formula:
    """A formula; its first side is unreadable if it had `begun` before, its last if it was `cut`."""
    read = [_polynomial(side) for side in sides]
    first = sides[0][0].kind
    lone = first == "num" and len(sides[0]) == 1  # "in section 2 = x + 200"
    if begun or lone or (first == "op" and sides[0][0].text != "-"):
        read[0] = None
    if cut:
        read[-1] = None
    return Formula(tuple(map(tuple, sides)), tuple(read))


def _goes_on(token: Token) -> bool:
    """Whether a token that ends a run belongs to the expression all the same."""
    return token.kind == "bad" or (token.kind == "word" and token.text.lower() in _WORKING)


def _inside(token: Token, text: str) -> bool:
    """Whether a word is followed by an operator: the "feet" of "30 feet / 6"."""
    return token.kind == "word" and text[token.end : token.end + 2].strip()[:1] in tuple("+-*/×÷^")


def value_of(polynomial: Polynomial, values: Mapping[str, Fraction]) -> Fraction | None:
    """The value with each name replaced; None if one is unknown or the value is too large."""
    total = Fraction(0)
    for powers, coefficient in polynomial.items():
        for name, power in powers:
            if name not in values:
                return None
            coefficient *= values[name] ** power
        total += coefficient
    return total


def root(left: Polynomial | None, right: Polynomial | None) -> tuple[str, Fraction] | None:
    """The name and its only value where `left = right` is linear in one name; else None."""
    if left is None or right is None:
        return None
    difference = _sum(left, right, -1)
    names = {name for powers in difference for name, _ in powers}
    if len(names) != 1 or any(power != 1 for powers in difference for _, power in powers):
        return None
    (name,) = names
    return name, -difference.get((), Fraction(0)) / difference[((name, 1),)]


def names_in(polynomial: Polynomial | None) -> frozenset[str]:
    """The names that a polynomial holds."""
    return frozenset(name for powers in polynomial or () for name, _ in powers)


def _named(token: Token, text: str) -> Token:
    """One-letter words are names, and signs before them operators; "f(" is a function."""
    if token.kind not in ("bad", "word") or len(token.text) != 1 or text.startswith("(", token.end):
        return token
    if token.text.isalpha():
        return token._replace(kind="name")
    sign = SIGNS.get(token.text, token.text)
    return token._replace(kind="op", text=sign) if sign in "+-*/^" else token


def _polynomial(side: Sequence[Token]) -> Polynomial | None:
    try:
        if not any(t.kind == "name" for t in side):
            return {(): evaluate(side)}
        if len(side) > LONGEST:
            return None
        return _Symbolic(side).whole()
    except UnreadableError:
        return None


class _Symbolic(Parser[Polynomial]):
    """The parser of expressions, over polynomials."""

    joins = frozenset(("(", "name", "frac"))

    def number(self, value: Fraction) -> Polynomial:
        return {(): value}

    def name(self, name: str) -> Polynomial:
        return {((name, 1),): Fraction(1)}

    def add(self, left: Polynomial, right: Polynomial, sign: int) -> Polynomial:
        return _sum(left, right, sign)

    def multiply(self, left: Polynomial, right: Polynomial) -> Polynomial:
        return _product(left, right)

    def divide(self, top: Polynomial, bottom: Polynomial) -> Polynomial:
        divisor = _constant(bottom)
        if not divisor:
            raise UnreadableError("division by a name or zero")
        return {powers: value / divisor for powers, value in top.items()}

    def raise_to(self, base: Polynomial, exponent: Polynomial) -> Polynomial:
        power = _constant(exponent)
        if power.denominator != 1 or not 0 <= power <= HIGHEST_DEGREE:
            raise UnreadableError("exponent")
        raised: Polynomial = {(): Fraction(1)}
        for _ in range(int(power)):
            raised = _product(raised, base)
        return raised


def _constant(polynomial: Polynomial) -> Fraction:
    if any(polynomial):
        raise UnreadableError("not a constant")
    return polynomial.get((), Fraction(0))


def _sum(left: Polynomial, right: Polynomial, sign: int) -> Polynomial:
    summed = dict(left)
    for powers, value in right.items():
        summed[powers] = bounded(summed.get(powers, Fraction(0)) + sign * value)
    return {powers: value for powers, value in summed.items() if value or not powers}


def _product(left: Polynomial, right: Polynomial) -> Polynomial:
    product: dict[Powers, Fraction] = {}
    for a, x in left.items():
        for b, y in right.items():
            powers = _joined(a, b)
            product[powers] = bounded(product.get(powers, Fraction(0)) + x * y)
    if len(product) > MOST_TERMS:
        raise UnreadableError("too many terms")
    return product


def _joined(left: Powers, right: Powers) -> Powers:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + power
    if sum(powers.values()) > HIGHEST_DEGREE:
        raise UnreadableError("degree too high")
    return tuple(sorted(powers.items()))
