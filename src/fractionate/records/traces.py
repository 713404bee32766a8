"""What a teacher wrote: `Trace`, and the `Span`s into it.

Trace(id="gsm8k#3", problem="Tom has 3 boxes of 4 pens. How many pens?", text="3*4 = 12.", solution=Span(0, 9))
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Part = Literal["thinking", "solution"]


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
