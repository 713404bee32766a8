"""Rows of a benchmark: from a local file, from the folder of named benchmarks, or by the `datasets` library.

    source = parse_source("hf:openai/gsm8k?config=main&split=test&type=a")
    source.place, source.options                # "hf:openai/gsm8k", {"config": "main", "split": "test", "type": "a"}
    rows(source, "gsm8k_test.jsonl")            # JSON, JSON lines, Parquet or CSV; ?split= and ?config= for data sets

JSON may be a list of rows, an object whose `examples` or `data` they are, or an object of rows by name.
"""

import csv
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import pyarrow as pa
import pyarrow.parquet as pq

from fractionate.errors import InputError

HUB = "hf:"
_HOLDERS = ("examples", "data", "rows")


class Source(NamedTuple):
    """Where rows come from (empty: the data folder), and the options behind the question mark."""

    place: str
    options: dict[str, str]


def parse_source(argument: str) -> Source:
    """`place?option=value&…` apart."""
    place, _, query = argument.partition("?")
    return Source(place, dict(parse_qsl(query)))


def data_folder() -> Path:
    """Where the named benchmark files lie: `$FRACTIONATE_DATA/benchmarks`, or `../shared/data/benchmarks`."""
    return Path(os.environ.get("FRACTIONATE_DATA") or Path("..") / "shared" / "data") / "benchmarks"


def rows(place: str, options: Mapping[str, str] = {}) -> list[Mapping[str, Any]]:
    """The rows of a file, or of `hf:org/name` with its `config` and `split` (test).

    Raises:
        InputError: the file or data set cannot be read, or holds something else than rows.
    """
    if place.startswith(HUB):
        return _hub_rows(place.removeprefix(HUB), options)
    path = Path(place)
    if path.suffix not in _READ:
        raise InputError(f"{path}: not a benchmark file; give a {', '.join(_READ)} file")
    try:
        found = _READ[path.suffix](path)
    except (OSError, ValueError, csv.Error, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: this benchmark cannot be read ({reason})") from error
    for number, row in enumerate(found, start=1):
        if not isinstance(row, Mapping):
            raise InputError(f"{path}:{number}: not an object with a question and an answer")
    return found


def _hub_rows(name: str, options: Mapping[str, str]) -> list[Mapping[str, Any]]:
    from datasets import load_dataset

    split = options.get("split", "test")
    try:
        return list(load_dataset(name, options.get("config"), split=split))
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        hint = "name its ?config= and ?split=, or download it and give the file"
        raise InputError(f"data set {name!r} cannot be loaded ({reason}); {hint}") from error


def _read_jsonl(path: Path) -> list[Any]:
    found = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                found += [json.loads(line)] if line.strip() else []
            except ValueError as error:
                raise InputError(f"{path}:{number}: this line is not JSON ({error})") from error
    return found


def _read_json(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise
        return _read_jsonl(path)  # JSON lines under a name that does not say so
    if not isinstance(content, dict):
        return content if isinstance(content, list) else [content]
    for holder in _HOLDERS:
        if isinstance(content.get(holder), list):
            return list(content[holder])
    if len(content) > 1 and all(isinstance(row, dict) for row in content.values()):
        return [{"id": name, **row} for name, row in content.items()]
    return [content]


def _read_csv(path: Path) -> list[Any]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _read_parquet(path: Path) -> list[Any]:
    return pq.read_table(path).to_pylist()


_READ: dict[str, Callable[[Path], list[Any]]] = {
    ".jsonl": _read_jsonl,
    ".json": _read_json,
    ".parquet": _read_parquet,
    ".csv": _read_csv,
}
