"""Plain columns: a problem, one response, and perhaps the right answer.

    {"question": "6*7?", "response": "<think>\\n…\\n</think>\\n\\nIt is 42.", "ground_truth": "42"}

The names that are known stand in `fractionate.traces.fields`. A thinking column beside a response is put before
it between `<think>` marks.
"""

from pathlib import Path
from typing import Any

from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where
from fractionate.traces.fields import (
    ANSWER,
    PROBLEM,
    RESPONSE,
    THINKING,
    find,
    gold_column,
    gold_of,
    metadata_of,
    plain,
    problem_of,
    teacher_of,
    text_of,
)
from fractionate.traces.parts import joined


@READERS.register("columns")
class Columns(Reader):
    """One response a row."""

    def sniff(self, row: Any, path: Path) -> float:
        """A problem and a response column; little else is asked, so any other format comes first."""
        response = response_column(row)
        return 0.3 if problem_of(row) and response and isinstance(row[response], str | dict) else 0.0

    def read(self, row: Any, where: Where) -> Read:
        """One draft."""
        problem, response = problem_of(row), response_column(row)
        if problem is None:
            return [Unusable(f"no text in a problem column ({', '.join(PROBLEM)})")]
        text = None if response is None else text_of(row[response])
        if response is None or text is None:
            return [Unusable(f"no text in {f'column {response!r}' if response else 'a response column'}")]
        thinking = None if response == find(row, THINKING) else find(row, THINKING)
        if thinking and isinstance(row[thinking], str) and row[thinking].strip() not in text:
            text = joined(row[thinking], text)
        answer = find(row, ANSWER)
        draft = Draft(
            problem=problem,
            text=text,
            gold=gold_of(row, but=response),
            answer=None if answer is None else plain(row[answer]),
            answer_stated=answer is not None,
            teacher=teacher_of(row, where.path),
            metadata=metadata_of(row, but={response, thinking, answer, gold_column(row, but=response)}),
        )
        return [draft]


def response_column(row: dict[str, Any]) -> str | None:
    """The column of the response. `answer` is one only where nothing else is: beside others it is the gold."""
    return find(row, RESPONSE) or find(row, THINKING) or find(row, ["answer"])
