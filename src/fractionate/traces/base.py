"""What a reader is: one small class a format, registered by name, that turns a row into drafts of traces.

    @READERS.register("tab_notes")
    class TabNotes(Reader):
        def sniff(self, row, path):              # how much this row looks like the format: 0 to 1
            return 0.9 if "note" in row else 0.0

        def read(self, row, where):              # one draft a generation, or why there is none
            return [Draft(problem=row["task"], text=row["note"])]

A draft holds what the row says. `fractionate.traces.reading` adds the identifier and the spans, and asks the
answer of the text where no field states it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from fractionate.records import Message
from fractionate.registry import Registry


class Where(NamedTuple):
    """The place of a row: its file, and its 1-based line (row number in JSON lists and Parquet)."""

    path: Path
    line: int


class Unusable(NamedTuple):
    """Why a row, or one generation of it, cannot become a trace."""

    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One response to one problem as its row has it.

    `answer_stated` says that a field of the row gave `answer`, which may be None ("No answer!"); otherwise the
    answer is taken from the text. `id` is set only where the row brings an identifier that must be kept.
    """

    problem: str
    text: str
    gold: str | None = None
    answer: str | None = None
    answer_stated: bool = False
    teacher: str = ""
    domain: str = ""
    history: tuple[Message, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


Read = list[Draft | Unusable]


class Reader(ABC):
    """Base of the readers. One instance reads one file; `takes` is the type of row that it understands."""

    takes: ClassVar[type] = dict

    def sniff(self, row: Any, path: Path) -> float:
        """How much a row looks like this format: 0 (not at all) to 1 (nothing else looks so)."""
        return 0.0

    @abstractmethod
    def read(self, row: Any, where: Where) -> Read:
        """The drafts of one row, one a generation, each unusable one with its reason."""

    def companion(self, path: Path) -> bool:
        """Whether a file only completes others of this format, and holds no traces of its own."""
        return False


READERS: Registry[type[Reader]] = Registry("reader", home="fractionate.traces.readers")
"""The formats that traces are read from, by name."""
