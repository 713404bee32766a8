"""The turns of a chat, and what is learned from it: the last response, the question before it, the earlier turns.

lesson([Turn("system", "Be brief."), Turn("user", "6*7?"), Turn("assistant", "42", "six sevens")])
# Lesson(history=(Message("system", "Be brief."),), problem="6*7?", text="<think>\\nsix sevens\\n</think>\\n\\n42")
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from fractionate.records import Message
from fractionate.traces.base import Unusable
from fractionate.traces.fields import THINKING
from fractionate.traces.parts import joined

ROLES = {
    "human": "user", "prompter": "user", "gpt": "assistant", "bot": "assistant", "model": "assistant",
    "chatgpt": "assistant", "developer": "system",
}  # fmt: skip


class Turn(NamedTuple):
    """One turn; `reasoning` is thinking that the endpoint kept apart from the content."""

    role: str
    content: str
    reasoning: str = ""


class Lesson(NamedTuple):
    """What a chat teaches: write `text` when `problem` is asked after `history`."""

    history: tuple[Message, ...]
    problem: str
    text: str


def turns_of(messages: Any, role: str = "role", content: str = "content") -> list[Turn] | None:
    """The turns of a list of messages; None where it is something else."""
    if not isinstance(messages, list) or not messages:
        return None
    if not all(isinstance(m, dict) and isinstance(m.get(role), str) for m in messages):
        return None
    return [_turn(message, message[role].strip().lower(), message.get(content)) for message in messages]


def _turn(message: dict[str, Any], role: str, content: Any) -> Turn:
    reasoning = next((message[key] for key in THINKING if isinstance(message.get(key), str)), "")
    return Turn(ROLES.get(role, role), _text(content), reasoning)


def _text(content: Any) -> str:
    """Content as text: itself, or the text parts of a list of parts."""
    if isinstance(content, list):
        return "".join(part["text"] for part in content if isinstance(part, dict) and "text" in part)
    return content if isinstance(content, str) else ""


def lesson(turns: Sequence[Turn]) -> Lesson | Unusable:
    """The last assistant turn with what came before it; turns after it are not learned.

    Thinking of earlier turns is left out of the history, as chat templates do.
    """
    last = _last(turns, "assistant", len(turns))
    if last is None:
        return Unusable("the chat has no assistant turn")
    asked = _last(turns, "user", last)
    if asked is None:
        return Unusable("no user turn comes before the last assistant turn")
    if asked != last - 1:
        return Unusable(
            f"a {turns[last - 1].role} turn stands between the question and the last assistant turn"
        )
    history = tuple(Message(turn.role, turn.content) for turn in turns[:asked])
    return Lesson(history, turns[asked].content.strip(), joined(turns[last].reasoning, turns[last].content))


def _last(turns: Sequence[Turn], role: str, before: int) -> int | None:
    return next((i for i in range(before - 1, -1, -1) if turns[i].role == role), None)
