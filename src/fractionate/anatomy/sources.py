"""Sources: what a step can take a value from: the steps that established it or said it last, and the problem's parts.

    sources.find(operand, step)       # [Found("24", 1, "step")]

A number that a step computed comes from that step, until another one computes it again. In formulas a value is carried
on from line to line, so there it comes from the line that said it last.
"""

from typing import Literal, NamedTuple

from fractionate.anatomy.conversions import in_other_units
from fractionate.anatomy.draft import PartDraft, StepDraft
from fractionate.anatomy.text import overlap
from fractionate.anatomy.values import Mention

MOST_SOURCES = 20
"""Links of one step; a longer list of operands is a table, not a computation."""
IN_SIGHT = 8
"""Steps from the beginning that still look at the problem: later ones go on from each other."""
NEAR = 2
"""Steps back from which a value that nobody established may be taken, if it was said more than once."""
ESTABLISHED, SAID, REPEATED = 0.9, 0.6, 0.2
"""Confidence in a source that established or is given the value, that only said it, that repeated the problem."""


class Found(NamedTuple):
    """Where a value comes from, with how much confidence."""

    value: str
    source: int
    source_is: Literal["step", "premise"]
    confidence: float = ESTABLISHED


class Said(NamedTuple):
    """The step that said a value last, and how many did."""

    step: int
    times: int

    def tells(self, step: StepDraft) -> bool:
        """Whether `step` has it from there: from the one that said it, or of several from one just before."""
        return self.times == 1 or step.index - self.step <= NEAR


class Sources:
    """What can be used so far."""

    def __init__(self, premises: list[PartDraft], formal: bool) -> None:
        self.formal = formal
        self.established: dict[str, list[StepDraft]] = {}
        self.said: dict[str, Said] = {}
        self.repeated: dict[str, int] = {}
        self.used: set[int] = set()
        self.labels: dict[str, int] = {}
        self.premises: dict[str, list[PartDraft]] = {}
        for premise in premises:
            for mention in premise.mentions:
                for reading in mention.readings:
                    stating = self.premises.setdefault(reading, [])
                    if len(stating) < MOST_SOURCES:
                        stating.append(premise)

    def find(self, operand: Mention, step: StepDraft, twice: bool = False) -> list[Found]:
        """Where the operand comes from; one that the computation has `twice` may come from a step and the problem."""
        for reading in _taken(operand):
            source = self._source(reading, step)
            premise = self._nearest(self.premises.get(reading, []), step)
            found = []
            if source is not None and (
                twice or premise is None or not self._given_again(source, premise, step)
            ):
                self.used.add(source.index)
                found.append(Found(reading, self._carried(reading, source.index), "step"))
            if not found and step.kind == "conclude" and (said := self._said_last(reading)):
                return [said]
            if premise is not None and (not found or twice) and self._still_given(reading, step):
                found.append(Found(reading, premise.index, "premise"))
                found.extend(self._repeated(reading))
            if found or (found := self._only_said(reading, step)):
                return found
        return self._in_another_unit(operand, step)

    def _in_another_unit(self, operand: Mention, step: StepDraft) -> list[Found]:
        """Where the operand stands in another unit: the 2 hours that are 120 minutes here."""
        for value, unit in in_other_units(operand, step.text):
            source = self._source(value, step)
            if source is not None and unit in source.text:
                return [Found(value, source.index, "step")]
            given = (p for p in self.premises.get(value, []) if unit in p.text)
            if (premise := next(given, None)) is not None:
                return [Found(value, premise.index, "premise")]
        return []

    def _repeated(self, reading: str) -> list[Found]:
        """The step that stated a given value again, for those that come after it."""
        index = self.repeated.get(reading)
        return [] if index is None or self.formal else [Found(reading, index, "step", REPEATED)]

    def _still_given(self, reading: str, step: StepDraft) -> bool:
        """Whether a given value is taken from the problem: in formulas, later lines take it from earlier ones."""
        return not self.formal or step.index < IN_SIGHT or reading not in self.said

    def _source(self, reading: str, step: StepDraft) -> StepDraft | None:
        stack = self.established.get(reading)
        common = stack and self.formal and not self.said[reading].tells(step)
        return stack[-1] if stack and not common else None

    def _carried(self, reading: str, index: int) -> int:
        """In formulas, the line that said the value last, if it is later than the one that established it."""
        return max(index, self.said[reading].step) if self.formal else index

    def _said_last(self, reading: str) -> Found | None:
        """Where a conclusion has its value from, though the problem has the same number: the step that said it last."""
        said = self.said.get(reading)
        return Found(reading, said.step, "step", SAID) if said else None

    def _only_said(self, reading: str, step: StepDraft) -> list[Found]:
        """The step that said a value which nobody computed."""
        said = self.said.get(reading)
        if said is None or len(reading) < 2 or not said.tells(step):
            return []
        return [Found(reading, said.step, "step", SAID)]

    def _given_again(self, source: StepDraft, premise: PartDraft, step: StepDraft) -> bool:
        """Whether a number that was computed and used before is, this time, rather the one that is given."""
        return source.index in self.used and overlap(step.words, premise.words) > overlap(
            step.words, source.words
        )

    @staticmethod
    def _nearest(premises: list[PartDraft], step: StepDraft) -> PartDraft | None:
        if len(premises) < 2:
            return premises[0] if premises else None
        return max(premises, key=lambda p: (overlap(step.words, p.words), -p.index))

    def replace(self, repaired: StepDraft) -> None:
        """From here on, a step that was put right is used no more."""
        for reading in (r for m in repaired.results for r in m.readings):
            stack = self.established.get(reading, [])
            stack[:] = [s for s in stack if s is not repaired]
        self.used.clear()

    def add(self, step: StepDraft, blocks: list[str]) -> None:
        """From here on, `step` can be used."""
        for label in (*step.labels, *blocks):
            self.labels[label] = step.index
        self._hear(step)
        if step.kind in ("conclude", "restate", "filler", "plan", "subgoal"):
            return
        for result in step.results:
            for reading in result.readings:
                stack = self.established.setdefault(reading, [])
                if step.structural or not stack:  # a check repeats a value; it does not establish it
                    stack.append(step)

    def _hear(self, step: StepDraft) -> None:
        for value in {r for m in (*step.mentions, *step.results) for r in m.readings}:
            before = self.said.get(value)
            self.said[value] = Said(step.index, before.times + 1 if before else 1)
            if not step.operations:
                self.repeated[value] = step.index


def _taken(operand: Mention) -> tuple[str, ...]:
    """The readings under which an operand is looked up: a "half" may be what the problem says, "2" is not."""
    return operand.readings[:1] if operand.value.startswith("1/") else operand.readings
