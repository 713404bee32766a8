"""Records to JSON and Parquet and back, without loss; files appear whole or not at all.

    write_records(path, Trace, traces)        # .parquet or .jsonl, by the path's ending
    traces = read_records(path, Trace)

A dataclass field becomes a Parquet column: text, numbers and booleans as themselves, enums as text, tuples as
lists, nested records as structs, and free-form mappings as JSON text.
"""

import json
import os
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from fractionate.errors import InputError

R = TypeVar("R")


ROWS_AT_ONCE = 4096
"""Records of one Parquet row group."""

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
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a whole text file atomically."""
    with written_whole(path) as beside:
        beside.write_text(text, encoding="utf-8")


def write_json(path: Path, value: object) -> None:
    """Write a whole JSON file atomically, indented."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def write_records(path: Path, kind: type[R], records: Iterable[R]) -> None:
    """Write records to `path` (`.parquet` or `.jsonl`), atomically; a few thousand are held at once."""
    with written_whole(path) as beside:
        if path.suffix == ".jsonl":
            with beside.open("w", encoding="utf-8") as file:
                file.writelines(to_json(r) + "\n" for r in records)
            return
        columns, shape, stream = get_type_hints(kind), schema(kind), iter(records)
        with pq.ParquetWriter(beside, shape, compression="zstd") as file:
            while group := list(islice(stream, ROWS_AT_ONCE)):
                rows = [{name: _plain(getattr(r, name), t) for name, t in columns.items()} for r in group]
                file.write_table(pa.Table.from_pylist(rows, schema=shape))


def read_records(path: Path, kind: type[R]) -> list[R]:
    """Read what `write_records` wrote.

    Raises:
        InputError: the file is missing, damaged, or holds other records.
    """
    try:
        if path.suffix == ".jsonl":
            lines = path.read_text(encoding="utf-8").split("\n")
            return [from_json(kind, line) for line in lines if line]
        rows = pq.read_table(path).to_pylist()
        columns = get_type_hints(kind)
        return [
            adapter(kind).validate_python({k: _rich(v, columns[k]) for k, v in row.items() if k in columns})
            for row in rows
        ]
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
    if origin in (dict, Mapping) or hint is Mapping or origin is typing.get_origin(Mapping[str, Any]):
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


def _plain(value: Any, hint: Any) -> Any:
    hint, _ = _inner(hint)
    if value is None:
        return None
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return json.dumps(dict(value), ensure_ascii=False)
    if get_origin(hint) is tuple:
        return [_plain(v, get_args(hint)[0]) for v in value]
    if not isinstance(value, str | int | float):
        return {name: _plain(getattr(value, name), inner) for name, inner in get_type_hints(hint).items()}
    return value


def _rich(value: Any, hint: Any) -> Any:
    hint, _ = _inner(hint)
    if value is None:
        return None
    origin = get_origin(hint)
    if origin is tuple:
        return tuple(_rich(v, get_args(hint)[0]) for v in value)
    if isinstance(value, str) and origin not in (typing.Literal,) and pa.types.is_string(_arrow(hint)):
        plain = hint is str or (isinstance(hint, type) and issubclass(hint, Enum))
        return value if plain else json.loads(value)
    if isinstance(value, dict):
        inner = get_type_hints(hint)
        fields = {k: _rich(v, inner[k]) for k, v in value.items()}
        return tuple(fields.values()) if issubclass(hint, tuple) else fields
    return value
