"""`summary`: the shortest chain that derives the answer again, on one line.

    # 9 * 39 = 351; 351 + 35 = 386
    # The answer is 386.

Backwards from the answer, each value that a formula uses is derived by the last formula before it that gives it; what
no formula gives is taken from the problem. Detours, checks and second derivations fall away. Where no formula gives the
answer, the answer stands alone.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from fractionate.anatomy.values import canonical, canonical_answer, number
from fractionate.records import Anatomy, Segment, Step, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, supervise

_NUMERAL = re.compile(r"\d+(?:\.\d+)?")


class Formula(NamedTuple):
    """A formula of a step: the values that it uses, and the one that it gives."""

    text: str
    step: Step
    uses: frozenset[str]
    gives: str | None


@RECIPES.register("summary")
def summary(seed: int = 0) -> Recipe:
    """The formulas from which the answer is derived, each once."""

    def build(anatomy: Anatomy) -> Supervision:
        formulas = [_read(text, s) for s in quotable(anatomy) if s.check != "wrong" for text in s.formulas]
        answer = canonical_answer(anatomy.trace.answer)
        segments: list[Segment] = []
        for formula in _chain(formulas, answer):
            joint = [Segment("; ", role=formula.step.role)] if segments else []
            segments += [*joint, Segment(formula.text, None, (formula.step.index,), formula.step.role)]
        return supervise(anatomy, "summary", segments)

    return build


def _chain(formulas: Sequence[Formula], answer: str | None) -> list[Formula]:
    """The formulas that the answer needs, in their order."""
    kept: set[int] = set()
    wanted = [(answer, len(formulas))]
    while wanted:
        value, before = wanted.pop()
        at = next((i for i in reversed(range(before)) if formulas[i].gives == value), None)
        if at is not None and at not in kept:
            kept.add(at)
            wanted += [(used, at) for used in formulas[at].uses]
    return [formulas[i] for i in sorted(kept)]


def _read(text: str, step: Step) -> Formula:
    left, _, right = text.rpartition("=")
    uses = frozenset(_value(n) for n in _NUMERAL.findall(left))
    gives = canonical_answer(right.strip())
    return Formula(text, step, uses, gives)


def _value(numeral: str) -> str:
    found = number(numeral)
    return canonical(found) if found is not None else numeral
