"""The parts of a response: what the teacher thought, and the solution that it then wrote.

    split_parts("<think>\\n6*7 = 42\\n</think>\\n\\nIt is 42.")
    # Parts(thinking=Span(8, 16), solution=Span(27, 36))

A response without marks is all solution. A chat template often opens the thinking itself, so that only its end
mark is written; where only the beginning is there, the response was cut off and its solution is empty.
"""

from typing import NamedTuple

from fractionate.records import Span

THINKING_MARKS = (("<think>", "</think>"), ("<|begin_of_thought|>", "<|end_of_thought|>"))
SOLUTION_MARKS = ("<|begin_of_solution|>", "<|end_of_solution|>")


class Parts(NamedTuple):
    """Spans of a response, marks and the white space beside them left out."""

    thinking: Span | None
    solution: Span


def split_parts(text: str) -> Parts:
    """The thinking and the solution of a response, as spans into `text`."""
    for begin, end in THINKING_MARKS:
        opened = text.find(begin)
        # The last end mark counts, as in the chat templates: thinking may quote the mark itself.
        closed = text.rfind(end)
        if closed >= 0:
            start = opened + len(begin) if 0 <= opened < closed else 0
            return Parts(_trimmed(text, start, closed), _solution(text, closed + len(end)))
        if text.lstrip().startswith(begin):
            return Parts(_trimmed(text, opened + len(begin), len(text)), Span(len(text), len(text)))
    marked = SOLUTION_MARKS[0] in text
    return Parts(None, _solution(text, 0) if marked else Span(0, len(text)))


def joined(thinking: str, solution: str) -> str:
    """One response of thinking and solution that came apart; without a solution the thinking stays open."""
    if not thinking.strip():
        return solution
    opened = f"<think>\n{thinking.strip()}\n"
    return f"{opened}</think>\n\n{solution.lstrip()}" if solution.strip() else opened


def _solution(text: str, start: int) -> Span:
    begin, end = SOLUTION_MARKS
    opened = text.find(begin, start)
    if opened < 0:
        return _trimmed(text, start, len(text))
    closed = text.find(end, opened)
    return _trimmed(text, opened + len(begin), closed if closed >= 0 else len(text))


def _trimmed(text: str, start: int, end: int) -> Span:
    """`[start, end)` without the white space at its ends."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    return Span(start + left, max(start + left, start + len(inner.rstrip())))
