"""A student's own answer, and its own steps taken apart.

    given = Answered(item, response, score)
    own = own_steps(given)            # the anatomy of what it wrote, and its steps before the answer line
    own.forced(2)                     # its first two steps, and "The answer is" after them
    own.computed[0]                   # Computed(step=0, operation=Operation(3, "*", 14, 42))

Whatever follows an answer (an intervention, a layer) is made from these, by rules and without a model.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple

from fractionate.anatomy import analyze
from fractionate.anatomy.operations import Operation, operations
from fractionate.records import Anatomy, Item, Response, Score, Step, Trace
from fractionate.traces.parts import split_parts
from fractionate.transfer.items import AT_ONCE_PREFILL

AFTER_THOUGHT = "\n</think>\n\n"
"""Ends a thinking part that is cut off."""


class Answered(NamedTuple):
    """One answer of a student: what was asked, what it wrote, and how that was scored."""

    item: Item
    response: Response
    score: Score

    @property
    def text(self) -> str:
        """All that stands in its turn, what it was forced to begin with included."""
        return self.item.prefill + self.response.text


class Computed(NamedTuple):
    """An operation, and the step that carries it out."""

    step: int
    operation: Operation


class OwnSteps:
    """The steps that a student wrote before it stated its answer; none if it only answered."""

    def __init__(self, anatomy: Anatomy) -> None:
        self.anatomy = anatomy
        self.text = anatomy.trace.text
        stated = (s.index for s in anatomy.steps if s.kind == "conclude" and s.part == "solution")
        self.steps = anatomy.steps[: next(stated, len(anatomy.steps))]

    @cached_property
    def working(self) -> tuple[Step, ...]:
        """The steps that compute something; not what the student repairs itself, and not what only checks."""
        repaired = {s.repairs for s in self.anatomy.steps}
        return tuple(s for s in self.steps if s.formulas and s.kind != "check" and s.index not in repaired)

    @cached_property
    def computed(self) -> tuple[Computed, ...]:
        """The operations of the working steps, in order."""
        return tuple(Computed(s.index, o) for s in self.working for f in s.formulas for o in operations(f))

    def before(self, count: int) -> str:
        """The text up to the end of the first `count` steps."""
        return self.text[: self.steps[count - 1].span.end] if count else ""

    def forced(self, count: int) -> str:
        """The first `count` steps, and then the answer is asked for."""
        return self._asking(self.before(count), self.steps[count - 1]) if count else AT_ONCE_PREFILL

    def rewritten(self, body: str) -> str:
        """All steps exchanged for `body`, and then the answer is asked for."""
        return self._asking(self.text[: self.steps[0].span.start] + body, self.steps[-1])

    def gap(self, step: Step) -> str:
        """What parts the step from what follows it: a newline or a space."""
        after = self.text[step.span.end :]
        return "\n" if "\n" in after[: len(after) - len(after.lstrip())] else " "

    def _asking(self, text: str, last: Step) -> str:
        return text + (AFTER_THOUGHT if last.part == "thinking" else self.gap(last)) + AT_ONCE_PREFILL


def own_steps(given: Answered) -> OwnSteps:
    """The student's own steps; those of one answer are found once."""
    return _taken_apart(given.item.prompt, given.text, given.score.answer, given.item.gold)


@lru_cache(maxsize=10_000)
def _taken_apart(problem: str, text: str, answer: str | None, gold: str) -> OwnSteps:
    thinking, solution = split_parts(text)
    return OwnSteps(analyze(Trace("own", problem, text, solution, thinking, answer=answer, gold=gold)))


def by_pair(answers: Iterable[Answered]) -> dict[str, Answered]:
    """The first answer to each question."""
    found: dict[str, Answered] = {}
    for given in answers:
        found.setdefault(given.item.pair, given)
    return found
