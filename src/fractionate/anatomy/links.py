"""Links: which earlier steps and which parts of the problem each step uses.

By value: an operand is looked up among what earlier steps established, else among what the problem states (`sources`),
and formulas are carried on from line to line. By reference: "(by #2 #4)", "from step 2" (`references`), and the names
in the relation that a computation applies (`names`). By discourse, with little confidence: what the text goes on from
(`discourse`). A link of less confidence than `DEPENDS` says only that.

    Link(user=2, source=1, source_is="step", via="value", value="24", confidence=0.9)
"""

from collections import Counter
from collections.abc import Iterator

from fractionate.anatomy.discourse import follow
from fractionate.anatomy.draft import Draft, StepDraft
from fractionate.anatomy.names import Names
from fractionate.anatomy.quantities import Quantities
from fractionate.anatomy.sources import ESTABLISHED, MOST_SOURCES, NEAR, REPEATED, SAID, Found, Sources
from fractionate.anatomy.values import Mention, canonical_answer
from fractionate.records import Link, Role, Via

REFERENCE = 0.95
"""Confidence where the text names the source."""


def link_steps(draft: Draft) -> None:
    """Every step's links, backwards only."""
    uses = _Uses(draft)
    for step in draft.steps:
        draft.links.extend(uses.of(step))
    draft.links.extend(follow(draft))
    draft.links.sort(key=lambda u: (u.user, u.via == "discourse"))


def measure_coverage(draft: Draft) -> None:
    """The share of computing steps that are linked by value or reference."""
    linked = {link.user for link in draft.links if link.via in ("value", "reference")}
    computing = [s.index for s in draft.steps if s.kind == "compute"]
    draft.coverage = len(linked.intersection(computing)) / len(computing) if computing else 0.0


class _Uses:
    """Goes through the steps in order and tells what each uses for certain."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.sources = Sources(draft.premises, draft.formal)
        self.names = Names(draft.premises)
        self.answer = canonical_answer(draft.trace.answer)
        self.blocks: list[str] = []
        self.pending: tuple[str, ...] = ()
        self.lines: dict[str, int] = {}
        self.quantities = Quantities()

    def of(self, step: StepDraft) -> list[Link]:
        """The links of the next step."""
        if step.labels:
            self.blocks, self.pending = list(step.labels), ()
        cited = step.cites or self.pending
        # "#5. (by #2) Step 1: Find the month." states a sub-goal; what is cited is used by the sentences after it.
        self.pending = cited if step.role in (Role.DECOMPOSITION, Role.LANGUAGE) and self.blocks else ()
        if step.repairs is not None:
            self.sources.replace(self.draft.steps[step.repairs])
        found: dict[tuple[str, int], Link] = {}
        certain = (*self._cited(step, cited), *self._values(step), *self._named(step))
        for link in (*certain, *self._carried(step)):
            key = (link.source_is, link.source)
            if key not in found or found[key].confidence < link.confidence:
                found[key] = link
        links = list(found.values())
        links.extend(self._relation(step, {u.source for u in links if u.source_is == "premise"}))
        self.sources.add(step, self.blocks if step.structural else [])
        return links

    def _cited(self, step: StepDraft, cited: tuple[str, ...]) -> Iterator[Link]:
        for label in cited:
            source = self.sources.labels.get(label)
            if source is not None and source < step.index:
                yield Link(step.index, source, "step", "reference", None, REFERENCE)

    def _values(self, step: StepDraft) -> list[Link]:
        twice = _twice(step)
        operands = self._operands(step)[:MOST_SOURCES]
        found = [f for m in operands for f in self.sources.find(m, step, m.value in twice)]
        if (
            step.kind == "check"
        ):  # it looks at what was established last, with the values that this was made from
            steps = [f for f in found if f.source_is == "step"]
            found = [max(steps, key=lambda f: f.source)] if steps else found
        return [_link(step, f) for f in found]

    def _operands(self, step: StepDraft) -> tuple[Mention, ...]:
        if step.kind != "conclude":
            return step.operands
        if self.answer is not None and self.answer in self.sources.established:
            return (Mention(self.answer),)
        return (*step.operands, *step.results)

    def _named(self, step: StepDraft) -> Iterator[Link]:
        """The steps that gave the names which this one computes with."""
        for source in self.quantities.take(step):
            yield Link(step.index, source.index, "step", "value", source.results[-1].value, ESTABLISHED)

    def _carried(self, step: StepDraft) -> Iterator[Link]:
        """Formulas and variables that were written before: the line that did so last is what this one goes on from."""
        if not self.draft.formal:
            return
        for confidence, written in ((ESTABLISHED, step.sides), (SAID, step.symbols)):
            for piece in sorted(written)[:MOST_SOURCES]:
                line = self.lines.get(piece)
                if line is not None and step.index - line <= NEAR:
                    yield Link(step.index, line, "step", "value", piece, confidence)
                self.lines[piece] = step.index

    def _relation(self, step: StepDraft, linked: set[int]) -> Iterator[Link]:
        """The part of the problem that says how the quantity of a computing step follows from others."""
        if step.operations and step.structural and step.kind != "conclude":
            premise = self.names.relation(step, linked)
            if premise is not None:
                yield Link(step.index, premise, "premise", "reference", None, ESTABLISHED)


def _twice(step: StepDraft) -> frozenset[str]:
    """The values that the step's first computation has more than once."""
    values = [m.value for m in step.equations[0].operands] if step.equations else []
    if len(set(values)) == len(values):
        return frozenset()
    return frozenset(value for value, count in Counter(values).items() if count > 1)


def _link(step: StepDraft, found: Found) -> Link:
    via: Via = "discourse" if found.confidence == REPEATED else "value"
    return Link(step.index, found.source, found.source_is, via, found.value, found.confidence)
