"""Arithmetic: the equations that a sentence states, recomputed exactly.

    [e] = equations("So 9 eggs * $2/egg = $18 a day.")
    e.check, e.operands, e.results           # "right", ("9", "2"), ("18",)

An equation is a chain of sides ("2 + 3 = 5 = 10 / 2"). A side that holds a variable, a function or anything else
that cannot be evaluated leaves its neighbors unchecked. A right side that is a rounded decimal is right if it
rounds (or truncates) the exact value. Calculator marks (`<<48/2=24>>`) are read by `marks`.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from fractionate.anatomy.chains import Side, chains
from fractionate.anatomy.expression import Token, UnreadableError, evaluate
from fractionate.anatomy.text import listed
from fractionate.anatomy.tokens import tokens
from fractionate.anatomy.values import Mention, canonical
from fractionate.records import CheckResult, Span

_CANDIDATE = re.compile(
    r"=|≈|\\approx|\bequal|\d[^.;\n]{0,40}?(?:[-+*/×÷]|\b(?:plus|minus|times|divided by|multiplied by)\b)\s?\$?\d"
    r"|(?:%|percent|half|\d/\d+) of\b"
)
_MARK = re.compile(r"<<([^<>\n]{0,200})>>")
_AFTER_MARK = re.compile(r"\s?\$?(-?\d[\d,]*(?:\.\d+)?)")
_ABOUT = re.compile(
    r"≈|\\approx|\b(?:about|approx\w*|round\w*|nearly|almost|nearest|remainders?|modulo|with \d+ (?:left|remaining))\b",
    re.IGNORECASE,
)
_CENTS = re.compile(r"\bcents?\b|¢", re.IGNORECASE)
_MEASURES = frozenset(
    listed("""second minute hour day week month year inch inche foot feet yard mile cm meter km kilometer cent dollar
    dime nickel quarter penny pint quart gallon cup ounce liter ml gram kg kilogram pound ton dozen min hr mph""")
)
SLACK = Fraction(1, 500)
"""Relative error that is forgiven where the computation itself works on rounded decimals."""


class Share(NamedTuple):
    """A fraction written as one ("1/4"): its value, and the two numerals that it is made of."""

    value: str
    top: str
    bottom: str


class Equation(NamedTuple):
    """A chain of sides: the values that it works on, those that it establishes, and whether it holds."""

    check: CheckResult
    operands: tuple[Mention, ...]
    results: tuple[Mention, ...]
    operations: int
    symbolic: bool = False
    shares: tuple[Share, ...] = ()


def equations(text: str) -> tuple[Equation, ...]:
    """The equations of a text, marks apart, in order."""
    if not _CANDIDATE.search(text):
        return ()
    about, cents = bool(_ABOUT.search(text)), bool(_CENTS.search(text))
    plain = _MARK.sub(lambda m: " " * len(m[0]), text) if "<<" in text else text
    return tuple(_equation(sides, about, cents) for sides in chains(tokens(plain)))


def marks(text: str) -> tuple[tuple[Span, ...], tuple[Equation, ...]]:
    """The calculator marks of a text: their spans, and their equations.

    A mark is also wrong if the number written after it is not the one that it computed.
    """
    if "<<" not in text:
        return (), ()
    spans, found = [], []
    for match in _MARK.finditer(text):
        spans.append(Span(match.start(), match.end()))
        after = _AFTER_MARK.match(text, match.end())
        for sides in chains(tokens(match[1])):
            equation = _equation(sides, about=True, cents=True)
            stated = [m.value for m in equation.results]
            if (
                after
                and stated
                and not _agree(Fraction(stated[-1]), Fraction(after[1].replace(",", "")), after[1])
            ):
                equation = equation._replace(check="wrong")
            found.append(equation)
    return tuple(spans), tuple(found)


def _equation(sides: list[Side], about: bool, cents: bool) -> Equation:
    checks = [_check(a, b, about, cents) for a, b in pairwise(sides)]
    operating = [s for s in sides if s.sound and s.operations]
    symbolic = not operating and any(s.operations or not s.sound for s in sides)
    working = sides if symbolic else operating
    operands = tuple(_mention(t) for s in working for t in s.tokens if t.kind == "num")
    stated = [n for s in sides[1:] if (n := s.number())]
    if not stated and (first := sides[0].number()):
        stated = [first]
    check: CheckResult = "wrong" if "wrong" in checks else "right" if "right" in checks else "unchecked"
    results = tuple(_signed(sides, t) for t in stated)
    operations = sum(s.operations for s in working)
    return Equation(
        check, operands, results, operations, symbolic, tuple(x for s in working for x in _shares(s))
    )


def _shares(side: Side) -> Iterator[Share]:
    """The proper fractions that are written without spaces."""
    for top, sign, bottom in zip(side.tokens, side.tokens[1:], side.tokens[2:], strict=False):
        tight = sign.text == "/" and top.kind == bottom.kind == "num" and top.end + 1 == bottom.start
        if tight and top.value and bottom.value and top.value < bottom.value:
            yield Share(canonical(top.value / bottom.value), canonical(top.value), canonical(bottom.value))


def _mention(token: Token) -> Mention:
    assert token.value is not None, "a numeral has a value"
    aliases = (canonical(token.value / 100),) if token.percent else ()
    return Mention(canonical(token.value), aliases, token.start, token.end)


def _signed(sides: list[Side], token: Token) -> Mention:
    """The value of a side that is one number, with its sign."""
    negative = any(token in s.tokens and s.tokens[0].text == "-" for s in sides)
    mention = _mention(token)
    return mention._replace(value=canonical(-Fraction(mention.value)), aliases=()) if negative else mention


def _check(left: Side, right: Side, about: bool, cents: bool) -> CheckResult:
    """Whether two neighboring sides are equal; unchecked if neither computes or one cannot be read."""
    if not (
        left.sound and right.sound and left.tokens and right.tokens and (left.operations or right.operations)
    ):
        return "unchecked"
    rough = _Rough(about, cents, left.rounded or (right.rounded and right.operations > 0))
    percents = [(True, True)]
    if any(t.percent for t in (*left.tokens, *right.tokens)):
        percents.append((False, False))
        if right.number():
            percents.append((True, False))  # "100 * 4 / 5 = 80%"
    try:
        for p, q in percents:
            if _same(evaluate(left.tokens, p), evaluate(right.tokens, q), right, rough):
                return "right"
    except UnreadableError:
        return "unchecked"
    return "unchecked" if _converts(left, right) else "wrong"


class _Rough(NamedTuple):
    """What makes an inexact equation right: a word such as "about", cents for dollars, decimals on the left."""

    about: bool
    cents: bool
    decimals: bool


def _converts(left: Side, right: Side) -> bool:
    """Whether the sides may differ in unit or sense and not in value.

    "1 hour = 60 * 60 seconds", "double of 36 = 36 * 2", "1 hour + 30 minutes = 1.5 hours", "2s + 3s = 10".
    """
    units = left.units | right.units
    bare = left.number() is not None or left.share() or (right.weak and right.operations > 0)
    return bare or len(_MEASURES & units) > 1 or any(len(u) < 2 for u in units)


def _same(left: Fraction, right: Fraction, side: Side, rough: _Rough) -> bool:
    numeral = side.number()
    written = numeral.text if numeral else ""
    percent = numeral is not None and numeral.percent
    factor = 100 if numeral and percent and right != numeral.value else 1
    scales = (1, 100, Fraction(1, 100)) if rough.cents else (1,)
    if any(_agree(left * factor * s, right * factor, written, rough.about or percent) for s in scales):
        return True
    return rough.decimals and abs(left - right) <= abs(left) * SLACK


def _agree(exact: Fraction, stated: Fraction, written: str, rough: bool = False) -> bool:
    """Whether `stated`, written as the numeral `written`, is `exact`, rounded or truncated."""
    if exact == stated:
        return True
    places = len(written.partition(".")[2])
    if places:
        return abs(exact - stated) < Fraction(1, 10**places)
    return rough and abs(exact - stated) < 1
