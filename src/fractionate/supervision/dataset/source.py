"""Where examples come from: anatomies that `fractionate analyze` wrote, traces that are analyzed on the way, or what a
study or search has compiled already.

source = open_source(Path("traces.jsonl"))
source.total, source.rejected                 # known before the long part
for anatomy in source.records(): …
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fractionate.anatomy import analyze_all
from fractionate.errors import InputError
from fractionate.records import Anatomy, Supervision, Trace
from fractionate.storage import stream_records
from fractionate.traces import FileReport, Rejected, stream_files

MARKS = {"trace", "steps", "links"}
"""Columns that tell a file of anatomies from one of traces."""
COMPILED = {"trace_id", "recipe", "segments"}
"""Columns of a dataset that was compiled already."""


@dataclass(frozen=True, slots=True)
class Source:
    """Anatomies or supervisions one after the other, how many there will be, and how many rows could not be read."""

    total: int
    rejected: int
    records: Callable[[], Iterator[Anatomy]] | Callable[[], Iterator[Supervision]]


def open_source(path: Path, form: str | None = None, mapping: Mapping[str, str] | None = None) -> Source:
    """What a file or folder holds; `form` and `mapping` say how traces are read.

    Raises:
        InputError: it cannot be read.
    """
    if _columns(path) >= MARKS:
        return Source(pq.read_metadata(path).num_rows, 0, lambda: stream_records(path, Anatomy))
    if compiled_by(path):
        return Source(pq.read_metadata(path).num_rows, 0, lambda: stream_records(path, Supervision))

    def traces() -> Iterator[Trace | Rejected | FileReport]:
        return stream_files([path], format=form, mapping=mapping)

    # Read twice: what is wrong with a file shows before the long part, and the time left is known.
    found = Counter(type(row) for row in traces())
    return Source(
        found[Trace], found[Rejected], lambda: analyze_all(row for row in traces() if isinstance(row, Trace))
    )


def compiled_by(path: Path) -> str:
    """The recipe by which a file's examples were compiled already; empty for all other files.

    Raises:
        InputError: it is such a file, and holds none.
    """
    if not _columns(path) >= COMPILED:
        return ""
    first = next(stream_records(path, Supervision), None)
    if first is None:
        raise InputError(f"{path}: holds no examples")
    return first.recipe


def _columns(path: Path) -> set[str]:
    if path.suffix != ".parquet" or not path.is_file():
        return set()
    try:
        return set(pq.read_schema(path).names)
    except pa.ArrowException:
        return set()
