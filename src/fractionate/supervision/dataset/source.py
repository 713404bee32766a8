"""Where anatomies come from: a file that `fractionate analyze` wrote, or traces that are analyzed on the way.

source = open_source(Path("traces.jsonl"))
source.total, source.rejected                 # known before the long part
for anatomy in source.anatomies(): …
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fractionate.anatomy import analyze_all
from fractionate.records import Anatomy, Trace
from fractionate.storage import stream_records
from fractionate.traces import FileReport, Rejected, stream_files

MARKS = {"trace", "steps", "links"}
"""Columns that tell a file of anatomies from one of traces."""


@dataclass(frozen=True, slots=True)
class Source:
    """Anatomies one after the other, how many there will be, and how many rows could not be read."""

    total: int
    rejected: int
    anatomies: Callable[[], Iterator[Anatomy]]


def open_source(path: Path, form: str | None = None, mapping: Mapping[str, str] | None = None) -> Source:
    """The anatomies of a file or folder; `form` and `mapping` say how traces are read.

    Raises:
        InputError: it cannot be read.
    """
    if _holds_anatomies(path):
        return Source(pq.read_metadata(path).num_rows, 0, lambda: stream_records(path, Anatomy))

    def rows() -> Iterator[Trace | Rejected | FileReport]:
        return stream_files([path], format=form, mapping=mapping)

    # Read twice: what is wrong with a file shows before the long part, and the time left is known.
    found = Counter(type(row) for row in rows())
    traces = (row for row in rows() if isinstance(row, Trace))
    return Source(found[Trace], found[Rejected], lambda: analyze_all(traces))


def _holds_anatomies(path: Path) -> bool:
    if path.suffix != ".parquet" or not path.is_file():
        return False
    try:
        return set(pq.read_schema(path).names) >= MARKS
    except pa.ArrowException:
        return False
