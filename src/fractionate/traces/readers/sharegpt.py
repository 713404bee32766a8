"""ShareGPT conversations.

    {"conversations": [{"from": "human", "value": "6*7?"}, {"from": "gpt", "value": "<think>…</think>42"}]}

The last `gpt` turn is learned; a `system` column or turn and the earlier turns are its history.
"""

from pathlib import Path
from typing import Any

from fractionate.traces.base import READERS, Read, Reader, Unusable, Where
from fractionate.traces.fields import find
from fractionate.traces.readers.chat import taught
from fractionate.traces.turns import Turn, turns_of


@READERS.register("sharegpt")
class ShareGpt(Reader):
    """One conversation a row."""

    def sniff(self, row: Any, path: Path) -> float:
        """A list of turns with `from` and `value`."""
        return 0.7 if conversation_of(row) else 0.0

    def read(self, row: Any, where: Where) -> Read:
        """One draft: the last `gpt` turn."""
        turns = conversation_of(row)
        if turns is None:
            return [Unusable("no list of conversations with from and value")]
        return [taught(turns, row, where)]


def conversation_of(row: dict[str, Any]) -> list[Turn] | None:
    """The turns of a row, a `system` column first."""
    column = find(row, ["conversations", "conversation", "messages"])
    turns = turns_of(row.get(column or ""), role="from", content="value")
    system = row.get("system")
    if turns and isinstance(system, str) and system.strip():
        return [Turn("system", system), *turns]
    return turns
