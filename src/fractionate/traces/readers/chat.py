"""OpenAI chat messages, with the reasoning of the last response in a field of its own or none.

    {"messages": [{"role": "user", "content": "6*7?"},
                  {"role": "assistant", "reasoning_content": "six sevens", "content": "42"}]}

The last assistant turn is learned; the system prompt and the earlier turns are its history. A `prompt` and a
`completion` that are lists of messages are one chat of both.
"""

from pathlib import Path
from typing import Any

from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where
from fractionate.traces.fields import find, gold_column, gold_of, metadata_of, teacher_of
from fractionate.traces.turns import Turn, lesson, turns_of


@READERS.register("chat")
class Chat(Reader):
    """One chat a row."""

    def sniff(self, row: Any, path: Path) -> float:
        """A list of messages with roles."""
        return 0.7 if chat_of(row) else 0.0

    def read(self, row: Any, where: Where) -> Read:
        """One draft: the last assistant turn."""
        turns = chat_of(row)
        return (
            [Unusable("no list of messages with role and content")]
            if turns is None
            else [taught(turns, row, where)]
        )


def chat_of(row: dict[str, Any]) -> list[Turn] | None:
    """The turns of a row, in whichever column they are."""
    turns = turns_of(row.get(find(row, ["messages", "conversation", "conversations"]) or ""))
    if turns is None:
        prompt, completion = turns_of(row.get("prompt")), turns_of(row.get("completion"))
        turns = prompt + completion if prompt and completion else None
    return turns


def taught(turns: list[Turn], row: dict[str, Any], where: Where) -> Draft | Unusable:
    """The draft of a chat, with the gold answer, teacher and metadata of its row."""
    learned = lesson(turns)
    if isinstance(learned, Unusable):
        return learned
    return Draft(
        problem=learned.problem,
        text=learned.text,
        gold=gold_of(row),
        teacher=teacher_of(row, where.path),
        history=learned.history,
        metadata=metadata_of(row, but={gold_column(row)}),
    )
