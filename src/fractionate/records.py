"""The nouns: frozen, typed records that every part of the system hands to the next.

    Trace  --analyze-->  Anatomy  --recipe-->  Supervision  --train, evaluate-->  Score

Character spans are the only coordinates: half-open `[start, end)` into `Trace.text` (steps, answers) or
into `Trace.problem` (problem parts). All records go to JSON and Parquet and back without loss
(`fractionate.storage`).

Example of one trace and its first step:

    Trace(id="gsm8k#3", problem="Tom has 3 boxes of 4 pens. How many pens?",
          text="Each box has 4 pens. So 3*4 = 12.\\n#### 12", answer="12", gold="12", ...)
    Step(index=1, span=Span(21, 33), role=Role.STRUCTURE, kind="compute", results=("12",), ...)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NamedTuple


class Span(NamedTuple):
    """Characters `[start, end)` of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of `text` that this span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Whether the two spans share a character."""
        return self.start < other.end and other.start < self.end


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
Part = Literal["thinking", "solution"]
Visibility = Literal["response", "prompt"]


class Message(NamedTuple):
    """One earlier turn of a chat."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What one teacher wrote for one problem.

    `text` is the teacher's response exactly as written (decoded from its container, tags included);
    `thinking` and `solution` are spans into it. `answer` is what the trace concludes, `gold` the right
    answer where the data states one; both are plain strings ("72", "\\\\frac{1}{2}"), None if unknown.
    """

    id: str
    problem: str
    text: str
    solution: Span
    thinking: Span | None = None
    answer: str | None = None
    gold: str | None = None
    teacher: str = ""
    domain: str = ""
    history: tuple[Message, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for span in (self.solution, self.thinking):
            if span is not None and not 0 <= span.start <= span.end <= len(self.text):
                raise ValueError(f"trace {self.id}: span {tuple(span)} lies outside its text")


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


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of what the student reads or writes.

    Quoted if `span` is set (then `text` is that span of the trace), else written: new text that stands for
    `steps`. `role` is None for the answer line and for glue. A response segment of weight 0 is read in
    training without loss.
    """

    text: str
    span: Span | None = None
    steps: tuple[int, ...] = ()
    role: Role | None = None
    weight: float = 1.0
    visibility: Visibility = "response"


@dataclass(frozen=True, slots=True)
class Supervision:
    """What one student sees of one trace: the problem, and segments that make up the response."""

    trace_id: str
    recipe: str
    problem: str
    segments: tuple[Segment, ...]
    answer: str | None = None
    history: tuple[Message, ...] = ()

    def response(self) -> str:
        """The text that the student learns to write."""
        return "".join(s.text for s in self.segments if s.visibility == "response")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two answers are the same; None means that it cannot be told. `by` names the checker."""

    same: bool | None
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question put to every student: the prompt as sent, the right answer, and where it belongs.

    `cell` names the evaluation condition, `family` its kind (`in_format`, `style`, `related`, `difficulty`,
    `at_once`), `cluster` ties items that share a seed question, `pair` names the same question across cells.
    `prefill` is text that the student's response is forced to begin with.
    """

    id: str
    cell: str
    family: str
    prompt: str
    gold: str
    checker: str = "math"
    cluster: str = ""
    pair: str = ""
    prefill: str = ""
    max_new_tokens: int = 256
    history: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """What a model wrote for an item. `tokens` counts generated ones; `stop` is why it ended."""

    item: str
    text: str
    tokens: int
    stop: Literal["end", "length", "stop"]
    looping: bool = False
    sample: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """One answer of one student: a row an item, an arm, a seed, a cell. `right` is None if unchecked."""

    arm: str
    seed: int
    cell: str
    family: str
    item: str
    cluster: str
    right: bool | None
    answer: str | None
    tokens: int
    truncated: bool
    looping: bool
    sample: int = 0
