"""Rows of a data file: JSON lines, a JSON list, a JSON object or Parquet, told apart by their content.

    for row in read_rows(Path("traces.jsonl")):
        row.line, row.value, row.error        # 3, {"question": …}, ""   or   4, None, "not valid JSON (…)"

Files named `.json` are often JSON lines, so the name decides nothing but Parquet. A broken line is one row with
an error, and the reading goes on; JSON lines and Parquet are streamed and never held whole.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from fractionate.errors import InputError
from fractionate.traces.canaries import REFUSED, holds_canary

SUFFIXES = (".jsonl", ".ndjson", ".json", ".parquet")
"""Names of the files that a folder is searched for."""

BLANK = b"\xef\xbb\xbf \t\r\n\v\f"
"""Bytes that may stand before the first value: white space and the byte order mark."""

LIST_KEYS = ("data", "rows", "traces", "examples", "instances", "train")


class Row(NamedTuple):
    """One row: its 1-based line or number, and what it holds or why it cannot be read."""

    line: int
    value: Any = None
    error: str = ""


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file, in order.

    Raises:
        InputError: the file is missing, empty, or damaged as a whole.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; check the path")
    try:
        with path.open("rb") as file:
            start = file.read(4096)
        if path.suffix.lower() == ".parquet" or start.startswith(b"PAR1"):
            yield from _parquet(path)
            return
        _assert_text(path, start)
        if start.lstrip(BLANK)[:1] == b"[" or not _begins_with_a_line(path):
            yield from _whole(path)
        else:
            yield from _lines(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}); check the file") from error


def _assert_text(path: Path, start: bytes) -> None:
    if not start.strip(BLANK):
        raise InputError(f"{path}: the file is empty; check the export that wrote it")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{path}: line 1: the text is UTF-16; save the file as UTF-8")
    if b"\x00" in start or start.startswith(b"\x1f\x8b"):
        raise InputError(
            f"{path}: the file is binary, not JSON; unpack it, or name it .parquet if it is that"
        )


def _begins_with_a_line(path: Path) -> bool:
    """Whether the first line that is not blank is JSON by itself, or does not even begin an object."""
    with path.open("rb") as file:
        first = next(line for line in file if line.strip(BLANK))
    row = _row(1, first)
    whole = row.value is not None or row.error == REFUSED
    return whole or not first.lstrip(BLANK).startswith(b"{")


def _lines(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        rows = (_row(number, line) for number, line in enumerate(file, 1) if line.strip(BLANK))
        first = next(rows)
        second = next(rows, None)
        if second is None and isinstance(first.value, dict):
            yield from _object(first.value)
            return
        yield first
        if second is not None:
            yield second
            yield from rows


def _row(number: int, line: bytes) -> Row:
    try:
        return _checked(number, json.loads(line.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        return Row(number, error=f"not UTF-8 (byte {error.start + 1} of the line)")
    except json.JSONDecodeError as error:
        return Row(number, error=f"not valid JSON ({error.msg}, column {error.colno})")
    except (ValueError, RecursionError) as error:
        return Row(number, error=f"not valid JSON ({error})")


def _checked(number: int, value: Any) -> Row:
    """A row that is no benchmark's and whose text can be written out again: JSON can escape half of a character, files
    cannot hold it."""
    if holds_canary(value):
        return Row(number, error=REFUSED)
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return Row(number, error="holds half a character (a lone surrogate such as \\ud83d)")
    return Row(number, value)


def _whole(path: Path) -> Iterator[Row]:
    """A JSON list or object that spans lines; JSON lines whose first one is broken end here as well."""
    data = path.read_bytes()
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        rows = list(_lines(path)) if data.lstrip(BLANK).startswith(b"{") else []
        if not any(isinstance(row.value, dict) for row in rows):
            raise _damaged(path, error) from error
        yield from rows
        return
    yield from _object(value) if isinstance(value, dict) else _numbered(value)


def _damaged(path: Path, error: Exception) -> InputError:
    if isinstance(error, UnicodeDecodeError):
        line = error.object[: error.start].count(b"\n") + 1
        return InputError(f"{path}: line {line}: the text is not UTF-8; save the file as UTF-8")
    if isinstance(error, json.JSONDecodeError):
        where = f"line {error.lineno}, column {error.colno}"
        return InputError(f"{path}: {where}: not valid JSON ({error.msg}); is the file whole?")
    return InputError(f"{path}: not JSON that can be read ({error}); check the file")


def _object(value: dict[str, Any]) -> Iterator[Row]:
    """A JSON object: a wrapper around a list of rows, rows by name, or one row."""
    for key in LIST_KEYS:
        if isinstance(value.get(key), list) and all(isinstance(row, dict) for row in value[key]):
            around = {name: held for name, held in value.items() if name != key}
            return _numbered({**row, **around} if holds_canary(around) else row for row in value[key])
    if len(value) > 1 and all(isinstance(row, dict) for row in value.values()):
        return _numbered({"id": name, **row} for name, row in value.items())
    return _numbered([value])


def _numbered(values: Iterable[Any]) -> Iterator[Row]:
    return (_checked(number, value) for number, value in enumerate(values, 1))


def _parquet(path: Path) -> Iterator[Row]:
    try:
        number = 0
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1024):
                for value in batch.to_pylist():
                    number += 1
                    yield Row(number, error=REFUSED) if holds_canary(value) else Row(number, value)
    except (pa.ArrowException, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: not a Parquet file that can be read ({reason}); is it whole?") from error
