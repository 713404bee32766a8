"""Reading: files of any known format to traces, with a report on every file and a reason for every row left out.

    reading = read_files([Path("traces/")])
    reading.traces[0].id                 # "train#1": file, line, and ".2" for the second generation of a row
    reading.files[0]                     # FileReport(path="traces/train.jsonl", format="gsm8k", rows=7473, …)
    write_rejected(out / "rejected.jsonl", reading.rejected)

The format of a file is the one that most resembles its first usable rows, unless it is named, or its columns are
mapped (`{"problem": "task", "response": "output.0.text"}`).
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from fractionate.checking import extract_answer
from fractionate.errors import InputError
from fractionate.records import Trace
from fractionate.storage import to_json, write_text
from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where
from fractionate.traces.files import data_files, labels
from fractionate.traces.mapped import Mapped
from fractionate.traces.parts import split_parts
from fractionate.traces.rows import Row, read_rows

HEAD = 20
"""Usable rows that the format of a file is told by."""

Paths = str | Path | Iterable[str | Path]

REMEDY = "name the format with --format, or map its columns with --map problem=… --map response=…"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row, or one generation of it, that could not be used. `line` is 1-based; a row number in lists."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: `rows == traces + rejected`; a row of several generations counts once for each."""

    path: str
    format: str
    rows: int
    traces: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read."""

    traces: tuple[Trace, ...]
    rejected: tuple[Rejected, ...]
    files: tuple[FileReport, ...]


class Opened(NamedTuple):
    """A file whose format is known, with its rows still to come."""

    path: Path
    label: str
    format: str
    reader: Reader
    rows: Iterator[Row]


def read_files(
    paths: Paths,
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    domain: str = "",
) -> Reading:
    """Read files, and the data files of folders, whole.

    Args:
        paths: one file or folder, or several; a folder stands for all its data files.
        format: the name of a reader, for all files; detected for each file without it.
        mapping: columns by what they hold: `problem` and `response`, and if wanted `answer`, `gold`,
            `thinking`, `teacher`; paths such as `output.0.text` reach inside.
        domain: the domain of the traces whose rows state none.

    Raises:
        InputError: a file cannot be read at all, or not one of its rows is usable.
    """
    traces: list[Trace] = []
    rejected: list[Rejected] = []
    files: list[FileReport] = []
    for found in stream_files(paths, format=format, mapping=mapping, domain=domain):
        if isinstance(found, Trace):
            traces.append(found)
        elif isinstance(found, Rejected):
            rejected.append(found)
        else:
            files.append(found)
    return Reading(tuple(traces), tuple(rejected), tuple(files))


def stream_files(
    paths: Paths,
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    domain: str = "",
) -> Iterator[Trace | Rejected | FileReport]:
    """What `read_files` reads, one after the other; each file's report comes after its rows.

    Raises:
        InputError: as `read_files`, at the row that shows it.
    """
    seen: set[str] = set()
    for opened in _opened(paths, format, mapping):
        good = bad = 0
        for result in _results(opened, domain):
            if isinstance(result, Rejected):
                bad += 1
            elif result.id in seen:
                raise InputError(
                    f"{opened.path}: the trace {result.id!r} was read before; read each trace once"
                )
            else:
                seen.add(result.id)
                good += 1
            yield result
        yield FileReport(str(opened.path), opened.format, good + bad, good, bad)


def read_traces(
    path: str | Path, *, format: str | None = None, mapping: Mapping[str, str] | None = None
) -> Iterator[Trace]:
    """The traces of a file or folder, one after the other, as `read_files` reads them.

    Rows that cannot be used are counted in a warning at the end; `read_files` says which and why.
    """
    rejected = 0
    for found in stream_files(path, format=format, mapping=mapping):
        if isinstance(found, Trace):
            yield found
        elif isinstance(found, Rejected):
            rejected += 1
    if rejected:
        warnings.warn(
            f"{path}: {rejected} rows could not be used; read_files tells the reasons", stacklevel=2
        )


def write_rejected(path: Path, rejected: Iterable[Rejected]) -> None:
    """Write `rejected.jsonl`: one object a row that could not be used, with file, line and reason."""
    write_text(path, "".join(to_json(row) + "\n" for row in rejected))


def _opened(paths: Paths, format: str | None, mapping: Mapping[str, str] | None) -> Iterator[Opened]:
    if format is not None and mapping:
        raise InputError(f"both the format {format!r} and a column mapping are given; leave one out")
    forced = READERS[format] if format is not None else None
    readers = [reader() for reader in READERS.values()]
    named = [paths] if isinstance(paths, str | Path) else paths
    files = data_files(map(Path, named), lambda path: any(reader.companion(path) for reader in readers))
    for path, label in zip(files, labels(files), strict=True):
        rows = read_rows(path)
        head = _head(rows, path)
        reader: Reader
        if mapping:
            name, reader = "mapping", Mapped(mapping, head, path)
        elif forced is not None and format is not None:
            name, reader = format, forced()
        else:
            name = _detected(head, path)
            reader = READERS[name]()
        yield Opened(path, label, name, reader, chain(head, rows))


def _head(rows: Iterator[Row], path: Path) -> list[Row]:
    """The rows up to the last of the first usable ones."""
    head: list[Row] = []
    usable = 0
    for row in rows:
        head.append(row)
        usable += not row.error
        if usable == HEAD:
            break
    if not head:
        raise InputError(f"{path}: the file holds no rows; check the export that wrote it")
    if not usable:
        raise InputError(f"{path}: line {head[0].line}: {head[0].error}; no other row can be read either")
    return head


def _detected(head: list[Row], path: Path) -> str:
    """The format that the first usable rows resemble most: of those that most rows have, the surest."""
    values = [row.value for row in head if not row.error]
    sure: dict[str, tuple[bool, float, float]] = {}
    for name, make in READERS.items():
        reader = make()
        scores = [reader.sniff(v, path) if isinstance(v, reader.takes) else 0.0 for v in values]
        sure[name] = (2 * sum(score > 0 for score in scores) >= len(scores), max(scores), sum(scores))
    best = max(sure, key=lambda name: sure[name])
    if sure[best][1] > 0:
        return best
    columns = next((", ".join(map(str, value)) for value in values if isinstance(value, dict)), "")
    seen = f"its columns ({columns})" if columns else "its rows, which are not objects"
    raise InputError(f"{path}: line {head[0].line}: no known format has {seen}; {REMEDY}")


def _results(opened: Opened, domain: str) -> Iterator[Trace | Rejected]:
    """Every trace and every rejected row of a file.

    Raises:
        InputError: at the end, if there was no trace.
    """
    first: Rejected | None = None
    found = False
    for row in opened.rows:
        drafts = [Unusable(row.error)] if row.error else _drafts(opened, row)
        for k, draft in enumerate(drafts, 1):
            number = f"{row.line}.{k}" if len(drafts) > 1 else str(row.line)
            result = _trace(draft, f"{opened.label}#{number}", domain)
            if isinstance(result, Unusable):
                rejected = Rejected(str(opened.path), row.line, result.reason)
                first = first or rejected
                yield rejected
            else:
                found = True
                yield result
    if not found and first is not None:
        where = f"{opened.path}: line {first.line}"
        raise InputError(f"{where}: {first.reason}, and no other row is usable as {opened.format}; {REMEDY}")


def _drafts(opened: Opened, row: Row) -> Read:
    if not isinstance(row.value, opened.reader.takes):
        wanted = "an object" if opened.reader.takes is dict else "text"
        return [Unusable(f"the row is not {wanted} but {type(row.value).__name__}")]
    try:
        return opened.reader.read(row.value, Where(opened.path, row.line))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        # One row of an odd shape must not end the reading of the others.
        return [Unusable(f"not as {opened.format} has it ({type(error).__name__}: {error})")]


def _trace(draft: Draft | Unusable, id: str, domain: str) -> Trace | Unusable:
    """The trace of a draft: its spans found, its answer taken from its solution where no field states it."""
    if isinstance(draft, Unusable):
        return draft
    if not draft.problem.strip():
        return Unusable("the problem is empty")
    if not draft.text.strip():
        return Unusable("the response is empty")
    parts = split_parts(draft.text)
    answer = draft.answer if draft.answer_stated else extract_answer(parts.solution.of(draft.text))
    return Trace(
        id=draft.id or id,
        problem=draft.problem,
        text=draft.text,
        solution=parts.solution,
        thinking=parts.thinking,
        answer=answer,
        gold=draft.gold,
        teacher=draft.teacher,
        domain=draft.domain or domain,
        history=draft.history,
        metadata=draft.metadata,
    )
