"""A trace taken apart: `Premise`s, `Step`s with their `Role`s, and the `Link`s between them.

Step(index=1, span=Span(21, 33), role=Role.STRUCTURE, kind="compute", results=("12",))
Link(user=2, source=1, value="12", confidence=0.9)
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

from fractionate.records.traces import Part, Span, Trace


class Role(StrEnum):
    """What a step does in a trace. Roles act on content (facts, values), they do not contain it."""

    DECOMPOSITION = "decomposition"
    """How the problem breaks into parts: plans and sub-goals."""
    STRUCTURE = "structure"
    """Which results combine and in what order: inferences, computations, conclusions."""
    ERROR_SIGNAL = "error_signal"
    """Doubt, checking, a mistake noticed, a correction."""
    LANGUAGE = "language"
    """Wording that carries nothing new: restatements, politeness, filler."""


Kind = Literal[
    "restate", "fact", "assumption", "plan", "subgoal", "infer", "compute", "case", "check", "doubt",
    "mistake", "backtrack", "correction", "conclude", "filler",
]  # fmt: skip
"""What a step is, under its role. `conclude` is a bare statement of the final answer ("The answer is 5.")."""

CheckResult = Literal["right", "wrong", "unchecked"]
Paths = Literal["all", "some", "none"]
Via = Literal["value", "reference", "discourse", "model", "gold"]


@dataclass(frozen=True, slots=True)
class Premise:
    """A part of the problem that steps can use: a sentence, with the values that it states."""

    index: int
    span: Span
    values: tuple[str, ...] = ()


class Piece(NamedTuple):
    """A part of a step with a role of its own ("Wait, that is wrong, " before "3 * 4 = 12."), and its mean surprise."""

    span: Span
    role: Role
    surprise: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trace.

    `results` are the values that the step establishes, written canonically ("12", "3/2", "-0.5" → "-1/2").
    `paths` says whether the answer can be derived without the step: `all` if no derivation avoids it, `some` if
    it may be avoided or its use is only guessed, `none` if the answer does not depend on it. (A sum needs both
    its branches, so a branch is on `all`.) `decision` marks a decision point: on `all`, and it could have gone
    another way. `pieces` divide a step that mixes roles, in text order; a step of one role has none. `redundant` steps
    say nothing new: remarks, restatements, checks. `formulas` are its computations as plain arithmetic
    ("3 * 4 = 12"), whether written so or in words.

    `check` is "wrong" only where recomputing proves it: arithmetic, algebra, units, or a contradiction with the
    problem or an earlier step. `doubt` is a reason to look again at a step that is not proved wrong ("leaves out a
    given value: 12"). `repairs` is the earlier step whose result this one puts right; that one stays wrong.

    Where a model was asked: `surprise` is the step's mean negative log-probability in nats a token, given all
    before it; `effect` is by how many nats the answer's log-probability falls when the step is left out.
    """

    index: int
    span: Span
    role: Role
    kind: Kind
    part: Part = "solution"
    results: tuple[str, ...] = ()
    check: CheckResult = "unchecked"
    paths: Paths = "none"
    decision: bool = False
    pieces: tuple[Piece, ...] = ()
    repairs: int | None = None
    doubt: str | None = None
    formulas: tuple[str, ...] = ()
    surprise: float | None = None
    effect: float | None = None
    redundant: bool = False


DEPENDS = 0.3
"""Confidence from which on a link says what a step depends on; below it, only what it goes on from in the text."""


@dataclass(frozen=True, slots=True)
class Link:
    """Step `user` uses `source`: an earlier step, or a premise of the problem; see `DEPENDS`."""

    user: int
    source: int
    source_is: Literal["step", "premise"] = "step"
    via: Via = "value"
    value: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A trace taken apart: the intermediate representation that passes enrich and recipes lower.

    Steps are in text order and do not overlap; links point backwards only, so the graph is acyclic.
    `asides` are spans inside steps that no student is meant to write (calculator marks such as
    `<<48/2=24>>`); recipes leave them out of quotations. `first_wrong` is the index of the first step
    whose check is "wrong", also where the trace repairs it later: a repaired mistake is a mistake that the
    answer does not inherit. `coverage` is the share of computing steps with a link by value or reference.
    """

    trace: Trace
    premises: tuple[Premise, ...]
    steps: tuple[Step, ...]
    links: tuple[Link, ...]
    asides: tuple[Span, ...] = ()
    first_wrong: int | None = None
    coverage: float = 0.0
    annotator: str = "builtin"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        end = 0
        for i, step in enumerate(self.steps):
            if step.index != i or step.span.start < end:
                raise ValueError(f"trace {self.trace.id}: step {i} is out of order")
            end = step.span.end
        for link in self.links:
            if link.source_is == "step" and link.source >= link.user:
                raise ValueError(f"trace {self.trace.id}: link {link.user} → {link.source} points forwards")

    def needed(self) -> tuple[Step, ...]:
        """The steps on which the answer depends."""
        return tuple(s for s in self.steps if s.paths != "none")

    def users(self, index: int) -> frozenset[int]:
        """The steps that use step `index`, directly or through others; repairs of it and guesses do not count."""
        reached = {index}
        for link in sorted(self.links, key=lambda u: u.user):
            certain = link.source_is == "step" and link.via != "discourse"
            repaired = self.steps[link.user].repairs
            if certain and link.source in reached and repaired not in (index, link.source):
                reached.add(link.user)
        return frozenset(reached - {index})

    def collapse(self) -> frozenset[int]:
        """The steps that inherit the first mistake; those that use its repair do not."""
        return frozenset() if self.first_wrong is None else self.users(self.first_wrong)

    def first_suspect(self) -> int | None:
        """The first wrong step or, where none is proved wrong, the first one that gives cause for doubt."""
        doubtful = (s.index for s in self.steps if s.doubt is not None)
        return self.first_wrong if self.first_wrong is not None else next(doubtful, None)

    def decision_points(self) -> tuple[Step, ...]:
        """The steps on all paths to the answer that could have gone another way."""
        return tuple(s for s in self.steps if s.decision)
