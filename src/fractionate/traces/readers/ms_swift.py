"""ms-swift's messages with loss of their own: assistant turns in pieces, each with `loss` or `loss_scale`.

    {"messages": [{"role": "user", "content": "6*7?"},
                  {"role": "assistant", "content": "Six sevens.", "loss": false},
                  {"role": "assistant", "content": " It is 42.", "loss": true, "loss_scale": 1.0}]}

Assistant messages that follow one another are one response. The weights of the last one go into the metadata
(`fractionate.traces.weights`), for the recipe `imported`. Chats that state no loss are read as `chat`.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where
from fractionate.traces.readers.chat import taught
from fractionate.traces.turns import Turn, turns_of
from fractionate.traces.weights import LOSS_SPANS, Part, WeightedText

STATED = ("loss", "loss_scale")


@READERS.register("ms-swift")
class MsSwift(Reader):
    """One chat a row."""

    def sniff(self, row: Any, path: Path) -> float:
        """Messages of which one states its loss."""
        messages = row.get("messages")
        stated = turns_of(messages) and any(m.get(key) is not None for m in messages for key in STATED)
        return 0.8 if stated else 0.0

    def read(self, row: Any, where: Where) -> Read:
        """One draft: the last response, with its spans."""
        turns = turns_of(row.get("messages"))
        if turns is None:
            return [Unusable("no list of messages with role and content")]
        weights = [weight_of(turn, message) for turn, message in zip(turns, row["messages"], strict=True)]
        known = [weight for weight in weights if weight is not None]
        if len(known) < len(weights):
            return [Unusable("a loss or loss_scale that is no weight")]
        return [_draft(whole(turns, known), row, where)]


def whole(turns: Sequence[Turn], weights: Sequence[float]) -> list[tuple[Turn, WeightedText]]:
    """The turns, pieces of one response put together."""
    said: list[tuple[str, list[Part]]] = []
    for turn, weight in zip(turns, weights, strict=True):
        if not (said and said[-1][0] == turn.role == "assistant"):
            said.append((turn.role, []))
        said[-1][1].append(Part(turn.content, weight))
    heard = [(role, WeightedText(parts)) for role, parts in said]
    return [(Turn(role, words.text), words) for role, words in heard]


def _draft(said: list[tuple[Turn, WeightedText]], row: dict[str, Any], where: Where) -> Draft | Unusable:
    draft = taught([turn for turn, _ in said], row, where)
    if isinstance(draft, Unusable):
        return draft
    last = max(i for i, (turn, _) in enumerate(said) if turn.role == "assistant")
    if any(words.learned(0, len(words.text)) for _, words in said[:last]):
        return Unusable("loss lies on a turn before the last response, which is only read here")
    words = said[last][1]
    return replace(draft, metadata={**draft.metadata, LOSS_SPANS: words.within(0, len(words.text))})


def weight_of(turn: Turn, message: dict[str, Any]) -> float | None:
    """The weight of a message: none outside assistant turns, all where nothing is stated; None if it is no weight."""
    loss, scale = (message.get(key) for key in STATED)
    if turn.role != "assistant" or loss == 0:
        return 0.0
    if scale is None:
        return 1.0
    fits = isinstance(scale, int | float) and math.isfinite(scale) and scale >= 0
    return float(scale) if fits else None
