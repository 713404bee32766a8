"""Solving: algebra checked again, by following what each one-letter name stands for.

    "2x + 3 = 11, so 2x = 7."                # wrong: the first says x = 4, the second x = 7/2
    "A = 12 and B = 5. A - B = 12 - 6 = 6."  # wrong: with these values A - B is 7
    "x = 3 + 4 = 7. y = 5. x + y = 13."      # wrong: it is 12

A name may take another value in another case or problem, so that solutions are compared only between an equation and
the formula right after it, and words such as "or", "if" and "let" begin anew. A name that had two values, or one on
some condition, is put into no formula.
"""

import re
from fractions import Fraction
from itertools import islice, pairwise
from typing import NamedTuple

from fractionate.anatomy.algebra import Formula, formulas, names_in, root, value_of
from fractionate.anatomy.draft import READ_LIMIT, Draft, StepDraft

_ANEW = re.compile(
    r"\b(?:or|if|either|case|cases|let|suppose|assum\w+|another|instead|when|where|for|both|except|roots|values)\b",
    re.IGNORECASE,
)
_ON_CONDITION = re.compile(
    r"\b(?:or|if|either|cases?|suppose|assum\w+|another|others?|instead|when|try|trying|both|except|roots|values|contradict\w*)\b",
    re.IGNORECASE,
)
MOST_FORMULAS = 2_000
"""Formulas of one trace that are read; a few hundred are many."""
ROUNDING = Fraction(1, 100)
"""Relative difference between solutions that rounded coefficients explain."""


class _Solution(NamedTuple):
    """A name, its value, the step that says so, and whether that is simply stated and not solved for."""

    name: str
    value: Fraction
    step: int
    stated: bool


def check_algebra(draft: Draft) -> None:
    """Marks the steps whose algebra contradicts what they follow from, and those that it confirms."""
    names, left = _Names(), MOST_FORMULAS
    for step in draft.steps:
        if not any(e.named for e in step.equations):
            continue
        text = step.text[step.head : READ_LIMIT]
        if _ANEW.search(text):
            names.solution = None
        certain = _ON_CONDITION.search(text) is None
        holds = [names.take(formula, step, certain) for formula in islice(formulas(text), left)]
        left -= len(holds)
        if False in holds:
            step.check = "wrong"
        elif True in holds and step.check == "unchecked":
            step.check = "right"


class _Names:
    """What the names stand for so far: the last equation's solution, and the values established."""

    def __init__(self) -> None:
        self.solution: _Solution | None = None
        self.values: dict[str, Fraction] = {}
        self.varying: set[str] = set()

    def take(self, formula: Formula, step: StepDraft, certain: bool) -> bool | None:
        """Whether a formula agrees with those before it; None if it says nothing of what they say."""
        found = [self._replaced(formula), *self._solved(formula, step), self._put_in(formula, certain)]
        first, last = formula.sides[0], formula.sides[-1]
        if first is not None and last is not None and _is_name(formula) and not names_in(last):
            name, value = formula.tokens[0][0].text, last.get((), Fraction(0))
            if not certain or self.values.get(name, value) != value:
                self.varying.add(name)
            self.values[name] = value
        return False if False in found else True if True in found else None

    def _replaced(self, formula: Formula) -> bool | None:
        """Values written in the place of names: "A - B = 12 - 5"."""
        for at, (left, right) in enumerate(pairwise(formula.sides)):
            if not left or not right or names_in(right) or not names_in(left):
                continue
            if _places(formula, at) == _places(formula, at + 1) > 1 and _operates(formula, at + 1):
                value = value_of(left, self.values)
                return None if value is None else value == right.get((), Fraction(0))
        return None

    def _put_in(self, formula: Formula, certain: bool) -> bool | None:
        """A formula of names that have one value each, with its result: "x + y = 13"."""
        known = {n: v for n, v in self.values.items() if n not in self.varying} if certain else {}
        for at, (left, right) in enumerate(pairwise(formula.sides)):
            if not left or right is None or names_in(right) or not _operates(formula, at, implied=True):
                continue
            value = value_of(left, known) if names_in(left) else None
            if value is not None:
                return _close(value, right.get((), Fraction(0)))
        return None

    def _solved(self, formula: Formula, step: StepDraft) -> list[bool]:
        """An equation in one name has the solution of the equation right before it."""
        agree = []
        for left, right in pairwise(formula.sides):
            found = root(left, right)
            if found is None:
                self.solution = None
                continue
            before, self.solution = self.solution, _Solution(*found, step.index, _is_name(formula))
            follows = before is not None and before.name == found[0] and step.index - before.step <= 1
            if before is not None and follows and not before.stated:
                agree.append(_close(before.value, found[1]))
        return agree


def _is_name(formula: Formula) -> bool:
    return len(formula.tokens[0]) == 1 and formula.tokens[0][0].kind == "name"


def _close(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= ROUNDING * max(abs(one), abs(other))


def _operates(formula: Formula, side: int, implied: bool = False) -> bool:
    """Whether the side computes; with `implied`, the product "2x" does too."""
    return any(t.kind == "op" or (implied and t.kind in ("name", "(")) for t in formula.tokens[side][1:])


def _places(formula: Formula, side: int) -> int:
    """The number of names and numerals on a side."""
    return sum(t.kind in ("name", "num") for t in formula.tokens[side])
