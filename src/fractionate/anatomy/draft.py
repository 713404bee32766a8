"""The draft that the passes enrich: an anatomy in the making, with what only the passes need to know.

    draft = Draft(trace)
    for work in PASSES: work(draft)
    draft.finish()                   # the frozen Anatomy

A `Draft` never leaves this package.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from fractionate.anatomy.arithmetic import Equation
from fractionate.anatomy.formulas import shape, sides, symbols
from fractionate.anatomy.text import content_words
from fractionate.anatomy.values import Mention
from fractionate.records import (
    Anatomy,
    CheckResult,
    Kind,
    Link,
    Part,
    Paths,
    Piece,
    Premise,
    Role,
    Span,
    Step,
    Trace,
)

READ_LIMIT = 5_000
"""Characters of a step or a premise that are read for values and equations; steps are seldom over 500."""


@dataclass
class PartDraft:
    """A premise or a step: its text, what it mentions and which words carry its content."""

    index: int
    span: Span
    text: str
    mentions: tuple[Mention, ...] = ()

    @cached_property
    def words(self) -> frozenset[str]:
        """Stems of the content words."""
        return content_words(self.text)


@dataclass
class StepDraft(PartDraft):
    """A step in the making.

    `operands` are the values that it works on, `results` those that it establishes (both canonical; each
    result with its other spellings), `operations` the number of operators, read or inferred; `formulas` are
    computations inferred from words, where no equation is written.
    `head` is where its own words begin, after bullets, numbers and labels.
    `labels` are the numbers that the text gives the step, `cites` those that it refers to.
    """

    part: Part = "solution"
    head: int = 0
    code: bool = False
    equations: tuple[Equation, ...] = ()
    asides: tuple[Span, ...] = ()
    operands: tuple[Mention, ...] = ()
    results: tuple[Mention, ...] = ()
    fresh: tuple[Mention, ...] = ()
    operations: int = 0
    formulas: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    role: Role = Role.LANGUAGE
    kind: Kind = "filler"
    check: CheckResult = "unchecked"
    paths: Paths = "none"
    decision: bool = False
    pieces: tuple[Piece, ...] = ()
    repairs: int | None = None
    redundant: bool = False
    doubt: str | None = None

    @cached_property
    def sides(self) -> frozenset[str]:
        """The sides of the formulas that it writes."""
        return sides(self.text[:READ_LIMIT])

    @cached_property
    def shape(self) -> str:
        """What it says, whatever the numbers."""
        return shape(self.text[self.head : READ_LIMIT])

    @cached_property
    def symbols(self) -> frozenset[str]:
        """The symbols that it uses."""
        return symbols(self.text[:READ_LIMIT])

    @property
    def algebraic(self) -> bool:
        """Whether it works with a variable."""
        return any(e.symbolic for e in self.equations)

    @property
    def structural(self) -> bool:
        """Whether the step can carry a value onwards."""
        return self.role is Role.STRUCTURE or self.kind in ("correction", "mistake")


@dataclass
class Draft:
    """A trace on its way to its anatomy; `given` are its steps where they are known."""

    trace: Trace
    given: Sequence[Span] | None = None
    premises: list[PartDraft] = field(default_factory=list)
    steps: list[StepDraft] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    first_wrong: int | None = None
    coverage: float = 0.0
    annotator: str = "builtin"

    @cached_property
    def problem_words(self) -> frozenset[str]:
        """Stems of the problem's content words."""
        return content_words(self.trace.problem[: 10 * READ_LIMIT])

    @cached_property
    def formal(self) -> bool:
        """Whether the trace is typeset or works with variables, so that formulas are carried on from line to line."""
        return "\\" in self.trace.text or any(s.algebraic for s in self.steps)

    def note(self, reason: str) -> None:
        """Record, once, something that could not be read."""
        if reason not in self.notes:
            self.notes.append(reason)

    def finish(self) -> Anatomy:
        """The frozen anatomy."""
        return Anatomy(
            trace=self.trace,
            premises=tuple(
                Premise(p.index, p.span, tuple(dict.fromkeys(m.value for m in p.mentions)))
                for p in self.premises
            ),
            steps=tuple(_frozen(s) for s in self.steps),
            links=tuple(self.links),
            asides=tuple(span for s in self.steps for span in s.asides),
            first_wrong=self.first_wrong,
            coverage=self.coverage,
            annotator=self.annotator,
            notes=tuple(self.notes),
        )


def _frozen(step: StepDraft) -> Step:
    results = tuple(dict.fromkeys(m.value for m in step.results))
    return Step(
        step.index,
        step.span,
        step.role,
        step.kind,
        step.part,
        results,
        step.check,
        step.paths,
        step.decision,
        step.pieces,
        step.repairs,
        step.doubt,
        redundant=step.redundant,
        formulas=step.formulas or tuple(dict.fromkeys(e.formula for e in step.equations if e.formula)),
    )
