"""Arithmetic: the equations that a sentence states, recomputed exactly.

    [e] = equations("So 9 eggs * $2/egg = $18 a day.")
    e.check, e.operands, e.results           # "right", ("9", "2"), ("18",)

An equation is a chain of sides ("2 + 3 = 5 = 10 / 2"). A side that holds a variable, a function or anything else
that cannot be evaluated leaves its neighbors unchecked (`equality`). Calculator marks (`<<48/2=24>>`) are read by
`marks`.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from fractionate.anatomy.chains import Side, chains
from fractionate.anatomy.equality import agree, holds
from fractionate.anatomy.expression import Token
from fractionate.anatomy.plain import formula
from fractionate.anatomy.ratios import Ratio, ratios
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
    r"≈|\\approx|\b(?:about|approx\w*|round\w*|nearly|almost|nearest|remainders?|modulo|with \d+ (?:left|remaining))\b"
)
_CENTS = re.compile(r"\bcents?\b|¢")
_ABOUT_PARTS = (
    "≈",
    "approx",
    "about",
    "round",
    "nearly",
    "almost",
    "nearest",
    "remainder",
    "modulo",
    "with ",
)
"""One of these stands in whatever the pattern above finds."""


class Equation(NamedTuple):
    """A chain of sides: the values that it works on, those that it establishes, and whether it holds.

    `expression` is its first side that computes.
    """

    check: CheckResult
    operands: tuple[Mention, ...]
    results: tuple[Mention, ...]
    operations: int
    symbolic: bool = False
    named: bool = False
    ratios: tuple[Ratio, ...] = ()
    expression: tuple[Token, ...] = ()
    formula: str | None = None

    @property
    def signs(self) -> list[str]:
        """The operators of its first side that computes, whatever their order."""
        return sorted(t.text for t in self.expression if t.kind == "op")


def equations(text: str) -> tuple[Equation, ...]:
    """The equations of a text, marks apart, in order."""
    if not _CANDIDATE.search(text):
        return ()
    lowered = text.lower()
    about = any(part in lowered for part in _ABOUT_PARTS) and _ABOUT.search(lowered) is not None
    cents = ("cent" in lowered or "¢" in lowered) and _CENTS.search(lowered) is not None
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
                and not agree(Fraction(stated[-1]), Fraction(after[1].replace(",", "")), after[1])
            ):
                equation = equation._replace(check="wrong")
            found.append(equation)
    return tuple(spans), tuple(found)


def _equation(sides: list[Side], about: bool, cents: bool) -> Equation:
    checks = [holds(a, b, about, cents, computed=at > 0) for at, (a, b) in enumerate(pairwise(sides))]
    operating = _operating(sides)
    symbolic = not operating and any(s.operations or not s.sound for s in sides)
    working = sides if symbolic else operating
    converts = not working and "right" in checks
    operands = tuple(m for s in (sides[:1] if converts else working) for m in _operands(s))
    results = [m for s in sides[1:] if (m := _stated(s))] or [
        m for s in sides[:1] if s.number and (m := _stated(s))
    ]
    check: CheckResult = "wrong" if "wrong" in checks else "right" if "right" in checks else "unchecked"
    operations = sum(s.operations for s in working)
    return Equation(
        check,
        operands,
        tuple(results),
        operations,
        symbolic,
        named=any(s.named for s in sides),
        ratios=tuple(r for s in working for r in ratios(s.tokens) if r.value < 1),
        expression=tuple(operating[0].tokens) if operating else (),
        formula=formula(sides),
    )


def _operating(sides: list[Side]) -> list[Side]:
    """The sides that compute. A fraction that ends a chain is what was computed: the 1/2 of "12/24 = 1/2"."""
    found = [s for s in sides if s.sound and s.operations]
    computing = [s for s in found if s.fraction is None or s is sides[0]]
    return computing or found[:1]


def _operands(side: Side) -> Iterator[Mention]:
    """The numbers of a side, with their signs where it can be evaluated; what is taken away may be known without."""
    held = side.tokens
    for at, token in enumerate(held):
        if token.kind == "num" and not (at and held[at - 1].text == "^"):
            mention = _mention(token)
            signed = side.sound and at > 0 and held[at - 1].text == "-"
            if signed and (at == 1 or held[at - 2].kind in ("op", "(")):
                negative = canonical(-Fraction(mention.value))
                mention = mention._replace(value=negative, aliases=mention.readings)
            yield mention


def _mention(token: Token) -> Mention:
    assert token.value is not None, "a numeral has a value"
    aliases = (canonical(token.value / 100),) if token.percent else ()
    return Mention(canonical(token.value), aliases, token.start, token.end)


def _stated(side: Side) -> Mention | None:
    """The value of a side that is one number, with its sign."""
    if side.number is None:
        return _mention(side.fraction) if side.fraction else None
    mention = _mention(side.number)
    negative = side.tokens[0].text == "-"
    return mention._replace(value=canonical(-Fraction(mention.value)), aliases=()) if negative else mention
