"""Redundancy: the steps that say nothing which a reader does not know already.

    "This is the final answer."            # a remark
    "So I have two equations now."         # says again what stands above
    "Let me double check: 72 - 24 = 48."   # looks at what is established

A step adds something if it computes, assumes, distinguishes cases or concludes, if it states a value or a formula that
neither the problem nor an earlier step states, or if it makes a statement in new words; a plan or sub-goal of several
words adds too, known words as it may use. A mistake that is put right is no redundancy: it is wrong. The last step of a
trace is never redundant, it is where the trace has got to.
"""

import re
from itertools import pairwise

from fractionate.anatomy.draft import READ_LIMIT, Draft, StepDraft
from fractionate.anatomy.text import content_words
from fractionate.records import Kind, Role

STATEMENT = 5
"""Content words with which a sentence makes a statement; fewer of them are a remark: "This is a good start"."""

_SPEAKS_OF_OTHERS: frozenset[Kind] = frozenset({"filler", "check", "doubt", "backtrack"})
"""Kinds that look at what is there instead of adding to it."""
_ADDS: frozenset[Kind] = frozenset({"compute", "assumption", "case", "conclude", "mistake", "correction"})

_FORMULA = re.compile(
    r"\$\$[^$]{1,2000}\$\$|\$[^$\n]{1,300}\$|\\\[.{1,2000}?\\\]|\\\(.{1,2000}?\\\)"
    r"|\\begin\{[a-z]{1,20}\*?\}.{1,2000}?\\end\{[a-z]{1,20}\*?\}",
    re.DOTALL,
)
_RELATION = re.compile(r"=|<|>|\\(?:le|ge|leq|geq|equiv|approx|implies)\b")
_LINE = re.compile(r"\\\\|,")
_LAYOUT = re.compile(
    r"\s+|[$&]|\\(?:[,;!()\[\]]|left\b|right\b|quad\b)|\\(?:begin|end)\{[a-z]{1,20}\*?\}|[.;:]$"
)


def find_redundant(draft: Draft) -> None:
    """Mark the redundant steps."""
    said = _Said(draft)
    for step in draft.steps[:-1]:
        if step.kind not in _ADDS and not step.fresh:
            step.redundant = step.kind in _SPEAKS_OF_OTHERS or said.before(step)


class _Said:
    """The words and formulas of the problem and of the steps read so far; read only as far as somebody asks."""

    def __init__(self, draft: Draft) -> None:
        self.steps = draft.steps
        self.words = set(draft.problem_words)
        self.formulas: set[str] | None = None
        self.problem = draft.trace.problem
        self.read = 0

    def before(self, step: StepDraft) -> bool:
        """Whether a step without a new value has no new formula either, and no statement in new words."""
        typeset = _typeset(step.text)
        words = content_words(_FORMULA.sub(" ", step.text[:READ_LIMIT])) if typeset else step.words
        if len(words) >= STATEMENT and (step.role is Role.DECOMPOSITION or not self._spoken(words, step)):
            return False
        return self._written(_sides(step.text), step) if typeset else "=" not in step.text

    def _spoken(self, words: frozenset[str], step: StepDraft) -> bool:
        self._read_to(step)
        return words <= self.words

    def _written(self, sides: set[str], step: StepDraft) -> bool:
        if self.formulas is None:
            self.formulas, self.read = _sides(self.problem), 0
        self._read_to(step)
        return sides <= self.formulas

    def _read_to(self, step: StepDraft) -> None:
        for earlier in self.steps[self.read : step.index]:
            self.words |= earlier.words
            if self.formulas is not None and _typeset(earlier.text):
                self.formulas |= _sides(earlier.text)
        self.read = step.index


def _typeset(text: str) -> bool:
    return "$" in text or "\\" in text


def _sides(text: str) -> set[str]:
    """What the typeset formulas of a text state, without their layout: each side, and which two are set in relation."""
    lines = (s for m in _FORMULA.finditer(text[:READ_LIMIT]) for s in _LINE.split(m[0]))
    found: set[str] = set()
    for line in lines:
        sides = [_LAYOUT.sub("", s) for s in _RELATION.split(line)]
        found.update(s for s in sides if s)
        found.update(f"{a}~{b}" for pair in pairwise(sides) for a, b in (pair, pair[::-1]) if a and b)
    return found
