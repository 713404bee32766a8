"""A file of any other shape, read by a mapping that the user gives.

    [data.mapping]
    problem = "task.text"
    response = "output.0.text"       # a path: column, then keys and 0-based positions
    gold = "expected"

A response that is a list stands for several generations; an answer that is a list as long goes with them.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fractionate.errors import InputError, unknown_name
from fractionate.traces.base import Draft, Read, Reader, Unusable, Where
from fractionate.traces.fields import metadata_of, plain, teacher_of, text_of
from fractionate.traces.parts import joined
from fractionate.traces.rows import Row

FIELDS = ("problem", "response", "answer", "gold", "thinking", "teacher")


class Mapped(Reader):
    """The reader of one file whose columns the user has named."""

    def __init__(self, mapping: Mapping[str, str], head: Sequence[Row], path: Path) -> None:
        """`head` are the first rows of the file at `path`, in which every mapped column must occur.

        Raises:
            InputError: the mapping has an unknown or missing field, or a column that the file has not.
        """
        for name in mapping:
            if name not in FIELDS:
                raise unknown_name("field in data.mapping", name, FIELDS)
        for name in ("problem", "response"):
            if name not in mapping:
                raise InputError(f'data.mapping names no column for {name!r}; add {name} = "<column>"')
        rows = [row.value for row in head if isinstance(row.value, dict)]
        for name, column in mapping.items():
            if not any(at(row, column) is not None for row in rows):
                known = ", ".join(rows[0]) if rows else "none"
                raise InputError(f"{path}: no column {column!r} for {name!r} of data.mapping; it has {known}")
        self.mapping = dict(mapping)

    def read(self, row: Any, where: Where) -> Read:
        """One draft, or one for each response of a list."""
        cell = {name: at(row, column) for name, column in self.mapping.items()}
        if not isinstance(cell["problem"], str):
            return [Unusable(f"no text for the problem in {self.mapping['problem']!r}")]
        if not isinstance(cell["response"], list):
            return [self._draft(cell, row, where)]
        count = len(cell["response"])
        if not count:
            return [Unusable(f"an empty list of responses in {self.mapping['response']!r}")]
        aligned = {k: isinstance(v, list) and len(v) == count for k, v in cell.items()}
        return [
            self._draft(
                {name: value[k] if aligned[name] else value for name, value in cell.items()}, row, where
            )
            for k in range(count)
        ]

    def _draft(self, cell: dict[str, Any], row: dict[str, Any], where: Where) -> Draft | Unusable:
        text = text_of(cell["response"])
        if text is None:
            return Unusable(f"no text for the response in {self.mapping['response']!r}")
        thinking = cell.get("thinking")
        return Draft(
            problem=cell["problem"].strip(),
            text=joined(thinking, text) if isinstance(thinking, str) else text,
            gold=plain(cell.get("gold")),
            answer=plain(cell.get("answer")),
            answer_stated="answer" in self.mapping,
            teacher=plain(cell.get("teacher")) or teacher_of({}, where.path),
            metadata=metadata_of(row, but=set(self.mapping.values())),
        )


def at(row: Any, path: str) -> Any:
    """What lies at a dotted path of a row; None where the row has no such place."""
    if isinstance(row, dict) and path in row:
        return row[path]
    value = row
    for key in path.split("."):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value
