"""What a student is asked, what it says, and whether that is right: `Item`, `Response`, `Verdict`, `Score`.

Item(id="in-format/7", cell="in-format", family="in_format", prompt="Tom has …", gold="12")
Score("full", 0, "in-format", "in_format", "in-format/7", "7", True, "12", 38, False, False)
"""

from dataclasses import dataclass
from typing import Literal

from fractionate.records.traces import Message


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two answers are the same; None means that it cannot be told. `by` names the checker."""

    same: bool | None
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question put to every student: the prompt as sent, the right answer, and where it belongs.

    `cell` names the evaluation condition, `family` its kind (`in_format`, `style`, `related`, `difficulty`,
    `at_once`), `cluster` ties items that share a seed question, `pair` names the same question across cells.
    `prefill` is text that the student's response is forced to begin with.
    """

    id: str
    cell: str
    family: str
    prompt: str
    gold: str
    checker: str = "math"
    cluster: str = ""
    pair: str = ""
    prefill: str = ""
    max_new_tokens: int = 256
    history: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """What a model wrote for an item. `tokens` counts generated ones; `stop` is why it ended."""

    item: str
    text: str
    tokens: int
    stop: Literal["end", "length", "stop"]
    looping: bool = False
    sample: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """One answer of one student: a row an item, an arm, a seed, a cell. `right` is None if unchecked."""

    arm: str
    seed: int
    cell: str
    family: str
    item: str
    cluster: str
    right: bool | None
    answer: str | None
    tokens: int
    truncated: bool
    looping: bool
    sample: int = 0
