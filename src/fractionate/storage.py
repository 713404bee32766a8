"""Records to JSON and Parquet and back, without loss; files appear whole or not at all.

    write_records(path, Trace, traces)        # .parquet or .jsonl, by the path's ending
    traces = read_records(path, Trace)
    for trace in stream_records(path, Trace): …

A dataclass field becomes a Parquet column: text, numbers and booleans as themselves, enums as text, tuples as
lists, nested records as structs, and free-form mappings as JSON text.
"""

import hashlib
import json
import os
import threading
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq
import pydantic_core
from pydantic import TypeAdapter, ValidationError

from fractionate.errors import InputError

R = TypeVar("R")
Change = Callable[[Any], Any]

ROWS_AT_ONCE = 4096
"""Records of one Parquet row group."""
READ_AT_ONCE = 256
"""Records read together: more are slower to make, for the garbage collector looks through them all."""

_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def adapter(kind: Any) -> TypeAdapter[Any]:
    """The validator and serializer of a record type."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def to_json(record: object) -> str:
    """One record as one line of JSON."""
    return adapter(type(record)).dump_json(record).decode()


def from_json(kind: type[R], text: str | bytes) -> R:
    """The record that `to_json` wrote."""
    record: R = adapter(kind).validate_json(text)
    return record


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; renamed into place when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a whole text file atomically."""
    with written_whole(path) as beside:
        beside.write_text(text, encoding="utf-8")


def file_hash(path: Path) -> str:
    """SHA-256 of a file, or of the names and hashes of the files in a folder.

    Raises:
        InputError: it cannot be read.
    """
    if path.is_dir():
        parts = sorted(f"{p.relative_to(path)}:{file_hash(p)}" for p in path.rglob("*") if p.is_file())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from error


def plain_json(value: object) -> Any:
    """`value` as JSON values: records are objects, tuples lists, and a number that does not exist is null."""
    return json.loads(pydantic_core.to_json(value, inf_nan_mode="null"))


def write_json(path: Path, value: object) -> None:
    """Write a whole JSON file atomically, indented."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def write_records(path: Path, kind: type[R], records: Iterable[R]) -> None:
    """Write records to `path` (`.parquet` or `.jsonl`), atomically; a few thousand are held at once."""
    if path.suffix == ".jsonl":
        write_rows(path, records)
    else:
        write_rows(path, map(plain(kind), records), schema(kind))


def write_rows(path: Path, rows: Iterable[Any], shape: pa.Schema | None = None) -> None:
    """Write rows as JSON lines or, given their schema, as Parquet; atomically, with a few thousand held at once."""
    stream = iter(rows)
    with written_whole(path) as beside:
        if shape is None:
            with beside.open("wb") as file:
                file.writelines(pydantic_core.to_json(row) + b"\n" for row in stream)
            return
        with pq.ParquetWriter(beside, shape, compression="zstd") as table:
            while group := list(islice(stream, ROWS_AT_ONCE)):
                table.write_table(pa.Table.from_pylist(group, schema=shape))


def plain(kind: Any) -> Change:
    """How a record of this type becomes a row of `schema(kind)`."""
    return _plain(kind) or (lambda record: record)


def read_records(path: Path, kind: type[R]) -> list[R]:
    """Read what `write_records` wrote.

    Raises:
        InputError: the file is missing, damaged, or holds other records.
    """
    return list(stream_records(path, kind))


def stream_records(path: Path, kind: type[R]) -> Iterator[R]:
    """What `read_records` reads, one after the other; a few hundred are held at once.

    Raises:
        InputError: as `read_records`, at the record that shows it.
    """
    try:
        if path.suffix == ".jsonl":
            with path.open(encoding="utf-8", newline="\n") as lines:
                yield from (from_json(kind, line) for line in lines if line.strip())
            return
        hint: Any = kind
        rich = _rich(hint) or (lambda row: row)
        validate = adapter(kind).validate_python
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(READ_AT_ONCE):
                yield from (validate(rich(row)) for row in batch.to_pylist())
    except (OSError, pa.ArrowException, ValidationError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: no {kind.__name__} records could be read ({reason})") from error


def schema(kind: Any) -> pa.Schema:
    """The Parquet schema of a record type."""
    return pa.schema([(name, _arrow(hint)) for name, hint in get_type_hints(kind).items()])


def _inner(hint: Any) -> tuple[Any, bool]:
    """A hint without `| None`, and whether it had it."""
    if get_origin(hint) in (typing.Union, types.UnionType):
        rest = [a for a in get_args(hint) if a is not type(None)]
        assert len(rest) == 1, f"records hold no unions but with None: {hint}"
        return rest[0], True
    return hint, False


def _arrow(hint: Any) -> pa.DataType:
    hint, _ = _inner(hint)
    origin = get_origin(hint)
    if origin is typing.Literal or (isinstance(hint, type) and issubclass(hint, Enum)):
        return pa.string()
    if origin is tuple:
        return pa.list_(_arrow(get_args(hint)[0]))
    if _is_mapping(hint):
        return pa.string()
    simple: dict[Any, pa.DataType] = {
        str: pa.string(),
        bool: pa.bool_(),
        int: pa.int64(),
        float: pa.float64(),
    }
    if hint in simple:
        return simple[hint]
    return pa.struct([(name, _arrow(inner)) for name, inner in get_type_hints(hint).items()])


@cache
def _plain(hint: Any) -> Change | None:
    """How a value of this type becomes what Parquet takes; None if it is that already."""
    hint, _ = _inner(hint)
    if _is_mapping(hint):
        return lambda value: json.dumps(dict(value), ensure_ascii=False)
    if get_origin(hint) is tuple:
        return _each(_plain(get_args(hint)[0]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: value.value
    if not _is_record(hint):
        return None
    columns = [(name, _unless_none(_plain(inner))) for name, inner in get_type_hints(hint).items()]
    return lambda record: {
        name: getattr(record, name) if change is None else change(getattr(record, name))
        for name, change in columns
    }


@cache
def _rich(hint: Any) -> Change | None:
    """How a value from Parquet becomes what the validator of this type takes; None if it is that already."""
    hint, _ = _inner(hint)
    if _is_mapping(hint):
        return pydantic_core.from_json
    if get_origin(hint) is tuple:
        return _each(_rich(get_args(hint)[0]))
    if not _is_record(hint):
        return None
    changes = [(name, _unless_none(_rich(inner))) for name, inner in get_type_hints(hint).items()]
    changed = [(name, change) for name, change in changes if change is not None]
    return (lambda row: row | {n: change(row[n]) for n, change in changed if n in row}) if changed else None


def _each(change: Change | None) -> Change | None:
    return None if change is None else lambda values: [change(value) for value in values]


def _unless_none(change: Change | None) -> Change | None:
    return None if change is None else lambda value: None if value is None else change(value)


def _is_mapping(hint: Any) -> bool:
    return hint is Mapping or get_origin(hint) in (dict, get_origin(Mapping[str, Any]))


def _is_record(hint: Any) -> bool:
    return is_dataclass(hint) or (isinstance(hint, type) and issubclass(hint, tuple))
