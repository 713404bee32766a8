"""Discourse: what a step goes on from where no value and no reference says so; guesses, each with little confidence.

A text has a thread: a step goes on from the one before it, unless the two stand side by side ("C(10, 2) = 45." after
"C(10, 1) = 10."), or it has its sources elsewhere while another step uses the one before. To go back is to go back to
the last goal. The first steps read the problem, and so does a step near them that brings in something new.

    "So I need the number of pairs."  "C(10, 2) = 45"       # Link(1, 0, "step", "discourse", None, 0.3)
"""

from collections.abc import Iterator

from fractionate.anatomy.draft import Draft, StepDraft
from fractionate.anatomy.sources import IN_SIGHT, NEAR
from fractionate.anatomy.text import overlap
from fractionate.records import DEPENDS, Link, Role

PROBLEM = -1
"""Stands for any part of the problem among the sources of a step."""
ALGEBRA, FOLLOWS, THREAD = 0.6, DEPENDS, 0.2
"""Confidence that a step solves the equation before it, follows from the last result, goes on from what was said."""
NEW_WORDS = 3
"""Content words that no step has said yet, for a step to bring in something without a new value or symbol."""
MOST_PARTS = 50
"""Parts of the problem, the last ones, among which the likest to a step is looked for."""
_FOLLOWING = (Role.STRUCTURE, Role.ERROR_SIGNAL)


def follow(draft: Draft) -> Iterator[Link]:
    """The guessed links of every step, given the certain ones."""
    return _Thread(draft).links()


class _Thread:
    """The steps in order, with what has been said so far."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.certain: dict[int, set[int]] = {}
        for link in draft.links:
            source = link.source if link.source_is == "step" else PROBLEM
            self.certain.setdefault(link.user, set()).add(source)
        self.used = {link.source for link in draft.links if link.source_is == "step"}
        self.words: set[str] = set()
        self.atoms: set[str] = set()
        self.before: StepDraft | None = None
        self.readers: set[int] = set()
        self.goal = 0
        self.opening = True

    def links(self) -> Iterator[Link]:
        """Step by step."""
        for step in self.draft.steps:
            linked = self.certain.get(step.index, set())
            found = {u.source: u for u in (*self._thread(step, linked), *self._result(step, linked))}
            yield from found.values()
            if PROBLEM in linked:
                self.readers.add(step.index)
            elif self._reads_problem(step, linked):
                self.readers.add(step.index)
                yield from self._from_problem(step)
            self._hear(step)

    def _result(self, step: StepDraft, linked: set[int]) -> Iterator[Link]:
        """A step without a source follows from the last result, and one that solves also from the equation."""
        before = self.before
        if before is None or before.index in linked or _parallel(step, before):
            return
        distance = step.index - before.index
        if step.role is Role.STRUCTURE and distance <= NEAR and _solves(step, before):
            yield _guess(step, before.index, ALGEBRA)
        elif not linked and (step.kind == "conclude" or (distance == 1 and step.role in _FOLLOWING)):
            yield _guess(step, before.index, FOLLOWS)

    def _thread(self, step: StepDraft, linked: set[int]) -> Iterator[Link]:
        """What the step goes on from in the text."""
        if step.index == 0 or (self.opening and step.kind in ("restate", "fact", "assumption")):
            return
        last = self.draft.steps[step.index - 1]
        if last.index in linked or (step.kind != "backtrack" and self._stands_apart(step, last, linked)):
            return
        yield _guess(step, self.goal if step.kind == "backtrack" else last.index, THREAD)

    def _stands_apart(self, step: StepDraft, last: StepDraft, linked: set[int]) -> bool:
        """Whether the step leaves the one before to others, or stands beside it."""
        return (bool(linked) and last.index in self.used) or _parallel(step, last)

    def _reads_problem(self, step: StepDraft, linked: set[int]) -> bool:
        """Whether the step takes something from the problem that no value shows."""
        if step.index < 2:
            return True
        if step.kind == "restate":
            return not linked  # else it says again what a step said
        if step.index - 1 in self.readers and _parallel(step, self.draft.steps[step.index - 1]):
            return True
        return (
            step.index < IN_SIGHT
            and step.kind not in ("conclude", "filler")
            and self._brings_in(step, linked)
        )

    def _brings_in(self, step: StepDraft, linked: set[int]) -> bool:
        """Whether it says something new: a value, a symbol, or some words, unless its values account for the words."""
        formal = self.draft.formal
        if _atoms(step, formal) - self.atoms:
            return True
        accounted = step.operations and linked and not formal
        return not accounted and len(step.words - self.words) >= NEW_WORDS

    def _from_problem(self, step: StepDraft) -> Iterator[Link]:
        """The part of the problem that is likest to the step, at worst the question."""
        parts = self.draft.premises[-MOST_PARTS:]
        if parts:
            likest = max(parts, key=lambda p: (overlap(step.words, p.words), p.index))
            yield Link(step.index, likest.index, "premise", "discourse", None, THREAD)

    def _hear(self, step: StepDraft) -> None:
        self.opening = self.opening and not step.operations
        self.words |= step.words
        self.atoms |= _atoms(step, self.draft.formal)
        self.atoms.update(m.value for m in step.results)
        if step.structural and step.kind != "conclude":
            self.before = step
        if step.role is Role.DECOMPOSITION or step.kind == "backtrack":
            self.goal = step.index


def _parallel(step: StepDraft, last: StepDraft) -> bool:
    """Whether two steps stand side by side: the same with other numbers, or computations without a common value."""
    if step.kind == last.kind == "compute" and step.mentions and last.mentions:
        values = {m.value for m in last.mentions}
        return values.isdisjoint(m.value for m in step.mentions) or step.shape == last.shape
    return step.shape == last.shape


def _solves(step: StepDraft, before: StepDraft) -> bool:
    """Whether a step works on with the variables of the equation before it."""
    algebra = before.algebraic and (step.algebraic or not step.operations) and step.kind != "conclude"
    return algebra and not step.symbols.isdisjoint(before.symbols)


def _atoms(step: StepDraft, formal: bool) -> set[str]:
    """The values and symbols of a step that it does not work out itself."""
    values = {m.value for m in step.mentions}.difference(m.value for m in step.results)
    return values | step.symbols if formal else values


def _guess(step: StepDraft, source: int, confidence: float) -> Link:
    return Link(step.index, source, "step", "discourse", None, confidence)
