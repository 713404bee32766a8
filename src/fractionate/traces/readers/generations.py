"""Several responses to one problem in a row, as sampling with `n > 1` leaves them.

    {"problem": "6*7?", "answer": "42", "generations": ["It is 42.", "It is 48."], "correct": [true, false]}

Lists of the same length belong to the responses one by one: predicted answers, verdicts, other small scalars.
Copies among the responses stay, as traces of their own.
"""

from pathlib import Path
from typing import Any

from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where
from fractionate.traces.fields import (
    ANSWER,
    PROBLEM,
    RESPONSE,
    RESPONSES,
    find,
    gold_column,
    gold_of,
    metadata_of,
    plain,
    problem_of,
    teacher_of,
    text_of,
)


@READERS.register("generations")
class Generations(Reader):
    """A list of responses a row."""

    def sniff(self, row: Any, path: Path) -> float:
        """A problem, and a list of responses to it."""
        column = responses_column(row)
        return 0.75 if problem_of(row) and column and any(map(text_of, row[column])) else 0.0

    def read(self, row: Any, where: Where) -> Read:
        """One draft a response."""
        problem, column = problem_of(row), responses_column(row)
        if problem is None:
            return [Unusable(f"no text in a problem column ({', '.join(PROBLEM)})")]
        if column is None or not row[column]:
            return [Unusable("no list of responses, or an empty one")]
        answers = find(row, ANSWER)
        used = {column, answers, gold_column(row)}
        return [
            _draft(problem, text_of(value), row_of(row, column, k), answers, used, where)
            for k, value in enumerate(row[column])
        ]


def _draft(
    problem: str,
    text: str | None,
    row: dict[str, Any],
    answer: str | None,
    used: set[str | None],
    where: Where,
) -> Draft | Unusable:
    if text is None:
        return Unusable("this generation is not text")
    return Draft(
        problem=problem,
        text=text,
        gold=gold_of(row),
        answer=None if answer is None else plain(row[answer]),
        answer_stated=answer is not None,
        teacher=teacher_of(row, where.path),
        metadata=metadata_of(row, but=used),
    )


def row_of(row: dict[str, Any], column: str, k: int) -> dict[str, Any]:
    """The row of the k-th response (from 0): of lists as long as `column`, only the k-th item."""
    count = len(row[column])
    return {
        key: value[k] if isinstance(value, list) and len(value) == count else value
        for key, value in row.items()
    }


def responses_column(row: dict[str, Any]) -> str | None:
    """The column that holds a list of responses, a list of chat messages excepted."""
    lists = {key: value for key, value in row.items() if isinstance(value, list) and not _is_chat(value)}
    return find(lists, (*RESPONSES, *RESPONSE))


def _is_chat(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(v, dict) and ("role" in v or "from" in v) for v in value)
