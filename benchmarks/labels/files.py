"""Label files: JSON or JSON lines, scored one by one, so that one that cannot be read does not end the others.

    attempt(Path("gsm8k.json"), score)       # what score makes of its rows, or Unscored(file, reason)

A file without rows is passed over; one of another layout than its folder's is a fault.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
Fields = dict[str, Any]
"""One labelled trace, as the file has it."""
MOST_TOLD = 160
"""Characters of a reason that are told."""


class Unscored(NamedTuple):
    """A file without a score, and why."""

    file: Path
    reason: str
    faulty: bool = True


def label_files(folder: Path) -> list[Path]:
    """The files of a folder that may hold labels."""
    return sorted(path for path in folder.iterdir() if path.suffix in (".json", ".jsonl"))


def attempt(file: Path, work: Callable[[list[Fields]], T]) -> T | Unscored:
    """What `work` makes of the file's rows, or why it cannot."""
    try:
        rows = rows_of(file)
        return work(rows) if rows else Unscored(file, "no rows", faulty=False)
    except Exception as error:  # Whatever another layout leads to, the other files are still to be scored.
        return Unscored(file, _told(error))


def rows_of(file: Path) -> list[Fields]:
    """The rows of a JSON list, of a single object, or of JSON lines.

    Raises:
        ValueError: it holds something else.
    """
    text = file.read_text(encoding="utf-8-sig")
    if not text.strip():
        return []
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise
        found = list(_lines(text))
    rows = found if isinstance(found, list) else [found]
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("a row is no JSON object")
    return rows


def _lines(text: str) -> Iterator[Any]:
    # Other line separators than the line feed may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"line {number}: {error.msg}") from None


def _told(error: Exception) -> str:
    said = f"no field {error}" if isinstance(error, KeyError) else f"{type(error).__name__}: {error}"
    return " ".join(said.split())[:MOST_TOLD]
