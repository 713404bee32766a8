"""What a student sees: the problem, and `Segment`s that make up the response.

Supervision("gsm8k#3", "answer_only", "Tom has …", (Segment("#### 12"),)).response()       # "#### 12"
"""

from dataclasses import dataclass
from typing import Literal

from fractionate.records.anatomy import Role
from fractionate.records.traces import Message, Span

Visibility = Literal["response", "prompt"]


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
