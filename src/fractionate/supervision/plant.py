"""Planted mistakes: one step of a right trace made wrong, in a way that is known exactly.

    planted = plant(anatomy, "operation", random.Random(0))
    planted.step, planted.text                 # 3, "So Tom has 45 * 3 = 135 pens." (it was "45 / 3 = 15")

A decision point is drawn among those that the kind fits:
- `value`: the result is off by a slip (one more or less, a digit changed);
- `operation`: another operator, its own result;
- `premise`: the result of an earlier step is passed over, one of that step's own premises stands in its place;
- `order`: the step stands before the one whose result it uses.

Mistakes are made in what is quoted of a step: asides such as calculator marks are not in it.
"""

import operator
import random
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Literal, NamedTuple

from fractionate.anatomy.values import canonical, number
from fractionate.records import Anatomy, Step
from fractionate.registry import Registry
from fractionate.supervision.base import quote_span

Kind = Literal["value", "operation", "premise", "order"]

_NUMERAL = r"\d+(?:,\d{3})*(?:\.\d+)?"
_EQUATION = re.compile(
    rf"(?P<a>{_NUMERAL})\s*(?P<op>[-+*/×÷x]|\\times\b|\\cdot\b|\\div\b)\s*\$?(?P<b>{_NUMERAL})"
    rf"(?P<is>[^\d=]{{0,20}}=\s*\$?)(?P<r>{_NUMERAL})"
)
_OPERATE: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    **dict.fromkeys(("*", "×", "x", r"\times", r"\cdot"), operator.mul),
    **dict.fromkeys(("/", "÷", r"\div"), operator.truediv),
}


class Planted(NamedTuple):
    """The step that goes wrong and its wrong text; `before` is the step that it now stands before (itself, mostly)."""

    step: int
    text: str
    before: int


Plant = Callable[[Anatomy, Step, random.Random], Planted | None]
PLANTS: Registry[Plant] = Registry("mistake")
"""Ways to make a step wrong, by name; None where the step offers none. Entry-point group `fractionate.mistake`."""


def plant(anatomy: Anatomy, kind: str, draw: random.Random) -> Planted | None:
    """A mistake of this kind at a decision point drawn at random; None if it fits none of them.

    Raises:
        InputError: there is no such kind of mistake.
    """
    make = PLANTS[kind]
    points = [s for s in anatomy.decision_points() if s.check != "wrong"]
    draw.shuffle(points)
    return next((found for step in points if (found := make(anatomy, step, draw)) is not None), None)


@PLANTS.register("value")
def _value(anatomy: Anatomy, step: Step, draw: random.Random) -> Planted | None:
    """Another result: off by a little, as in a slip."""
    text = _quoted(anatomy, step)
    match = next((m for m in _EQUATION.finditer(text)), None)
    right = number(match["r"]) if match else None
    if match is None or right is None:
        return None
    slips = [right + d for d in (-10, -2, -1, 1, 2, 10) if right + d > 0]
    wrong = _written(draw.choice(slips))
    return Planted(step.index, _replaced(text, match, wrong, right), step.index) if wrong else None


@PLANTS.register("operation")
def _operation(anatomy: Anatomy, step: Step, draw: random.Random) -> Planted | None:
    """Another operator between the same operands."""
    text = _quoted(anatomy, step)
    for match in _whole(text):
        for sign in draw.sample("+-*/", 4):
            found = _computed(match["a"], sign, match["b"])
            if found is not None and found != _plain(match["r"]):
                wrong = f"{match['a']} {sign} {match['b']}{match['is']}{found}"
                return Planted(step.index, text[: match.start()] + wrong + text[match.end() :], step.index)
    return None


@PLANTS.register("premise")
def _premise(anatomy: Anatomy, step: Step, draw: random.Random) -> Planted | None:
    """The result of a source is passed over for one of the source's own premises."""
    text = _quoted(anatomy, step)
    for match in _whole(text):
        for used, passed in _passed_over(anatomy, step, draw):
            sides = [_plain(match[side]) for side in ("a", "b")]
            if used in sides and passed not in sides:
                a, b = (passed if side == used else side for side in sides)
                found = _computed(a, match["op"], b)
                if found is not None and found != _plain(match["r"]):
                    wrong = f"{a} {match['op']} {b}{match['is']}{found}"
                    return Planted(
                        step.index, text[: match.start()] + wrong + text[match.end() :], step.index
                    )
    return None


@PLANTS.register("order")
def _order(anatomy: Anatomy, step: Step, draw: random.Random) -> Planted | None:
    """The step as it is, before the step whose result it uses."""
    sources = [u.source for u in anatomy.links if u.user == step.index and u.source_is == "step"]
    needed = [i for i in sources if anatomy.steps[i].paths != "none"]
    return Planted(step.index, _quoted(anatomy, step), min(needed)) if needed else None


def _quoted(anatomy: Anatomy, step: Step) -> str:
    return "".join(segment.text for segment in quote_span(anatomy, step.span, step.role))


def _whole(text: str) -> Iterator[re.Match[str]]:
    """The equations of one operation; what does not hold as it stands is a part of a longer one ("2 + 3 * 4 = 14")."""
    return (m for m in _EQUATION.finditer(text) if _computed(m["a"], m["op"], m["b"]) == _plain(m["r"]))


def _passed_over(anatomy: Anatomy, step: Step, draw: random.Random) -> Iterator[tuple[str, str]]:
    """What the step uses of its sources, and the premises of those, as numerals."""
    links = [u for u in anatomy.links if u.user == step.index and u.source_is == "step" and u.value]
    for link in links:
        premises = [u.value for u in anatomy.links if u.user == link.source and u.value]
        for value in draw.sample(premises, len(premises)):
            used, passed = _numeral(link.value), _numeral(value)
            if used and passed:
                yield used, passed


def _computed(a: str, sign: str, b: str) -> str | None:
    """The result of the operation if it is one that a trace could state: positive, a whole number or two decimals."""
    left, right = number(a), number(b)
    if left is None or right is None:
        return None
    try:
        return _written(_OPERATE[sign](left, right))
    except ZeroDivisionError:
        return None


def _numeral(value: str | None) -> str | None:
    """How a trace states a value ("1/2" → "0.5"); None for a name, a date, or a number with no short form."""
    try:
        return _written(Fraction(value or ""))
    except (ValueError, ZeroDivisionError):
        return None


def _written(value: Fraction) -> str | None:
    hundredths = value * 100
    if value <= 0 or hundredths.denominator != 1:
        return None
    return canonical(value) if value.denominator == 1 else f"{float(value):.2f}".rstrip("0")


def _plain(numeral: str) -> str:
    found = number(numeral)
    return (_written(found) or canonical(found)) if found is not None else numeral


def _replaced(text: str, match: re.Match[str], wrong: str, right: Fraction) -> str:
    """The text from the result on with that value replaced wherever it is said again."""
    said = re.compile(rf"(?<![\d.,]){re.escape(match['r'])}(?![\d]|[.,]\d)")
    return text[: match.start("r")] + said.sub(wrong, text[match.start("r") :])
