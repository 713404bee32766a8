"""What an exporter is: one trainer's format, what it can say, and how it says one example.

    exporter = EXPORTERS["trl"](chat)
    check(exporter, supervision)              # refuses weights that the format has no word for
    exporter.row(Item((supervision,), (example,)))      # {"input_ids": […], "labels": […]}

A format of your own is an `Exporter` registered with `@EXPORTERS.register("name")`, or by the entry-point group
"fractionate.exporter". What a format cannot say is refused, never dropped: a dataset that trains on spans that a recipe
masks would answer another question than the one that was asked.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, ClassVar, NamedTuple

import pyarrow as pa

from fractionate.errors import InputError
from fractionate.models.chat import Chat
from fractionate.records import Message, Segment, Supervision
from fractionate.registry import Registry
from fractionate.supervision.base import NotApplicable
from fractionate.supervision.encode import Example, asked_of

Row = Any
"""One row of a dataset: a mapping of columns to values, or a record."""


class Item(NamedTuple):
    """What becomes one row: a supervision, or two of a preference pair (chosen, rejected), and their tokens.

    `examples` is empty where the format is of text and nothing asked for tokens.
    """

    supervisions: tuple[Supervision, ...]
    examples: tuple[Example, ...] = ()


class Exporter(ABC):
    """A format, for a student's chat template. Rows go to `file`: JSON lines, or Parquet columns of `shape`."""

    use: ClassVar[str]
    """How the trainer is told to read it, in Markdown."""
    tokens: ClassVar[bool] = False
    """Rows are made of token ids, not of text."""
    pairs: ClassVar[bool] = False
    """Rows are preference pairs."""
    masks: ClassVar[bool] = False
    """Can leave a span of the response without loss."""
    weights: ClassVar[bool] = False
    """Can give a span a weight between none and all, or above."""
    shape: ClassVar[pa.Schema | None] = None

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.joins = cache(partial(_joins, chat))

    @property
    def file(self) -> str:
        """The name of the file of rows."""
        return "data.jsonl" if self.shape is None else "data.parquet"

    def companions(self) -> Mapping[str, str]:
        """Small files that the trainer wants beside the rows: text by name."""
        return {}

    @abstractmethod
    def row(self, item: Item) -> Row:
        """One row. Raises `NotApplicable` where the format has no place for this example."""


EXPORTERS: Registry[type[Exporter]] = Registry("exporter", home="fractionate.supervision.export")
"""Formats by name."""


def check(name: str, exporter: Exporter, supervisions: Sequence[Supervision]) -> None:
    """Refuse a recipe whose weights the format cannot say.

    Raises:
        InputError: naming the formats that can.
    """
    if exporter.pairs != (len(supervisions) == 2):
        what = "pairs of a chosen and a rejected response" if exporter.pairs else "single responses"
        raise InputError(
            f"format {name!r} takes {what}, which recipe {supervisions[0].recipe!r} does not make"
        )
    if exporter.weights:
        return
    for supervision in supervisions:
        for segment in supervision.segments:
            if segment.weight == 1.0 or segment.visibility != "response":
                continue
            if segment.weight != 0.0:
                able = ", ".join(n for n, e in EXPORTERS.items() if e.weights)
                raise InputError(
                    f"recipe {supervision.recipe!r} weights a span by {segment.weight:g}, which format {name!r} "
                    f"cannot say; formats that can: {able}"
                )
            if not exporter.masks:
                able = ", ".join(n for n, e in EXPORTERS.items() if e.masks and not e.pairs)
                raise InputError(
                    f"recipe {supervision.recipe!r} shows spans without loss, which format {name!r} "
                    f"cannot say; formats that can: {able}"
                )


def messages(supervision: Supervision) -> list[dict[str, Any]]:
    """The turns up to and including the user's question, hints and all."""
    problem, history = asked_of(supervision)
    return [{"role": m.role, "content": m.content} for m in (*history, Message("user", problem))]


class Run(NamedTuple):
    """Neighboring segments of one weight."""

    text: str
    weight: float


def _joins(chat: Chat, head: str) -> bool:
    """Whether the student writes a space before this in one token with it (digits often stand alone)."""
    coded = chat.tokenizer(" " + head, add_special_tokens=False, return_offsets_mapping=True)
    offsets: list[tuple[int, int]] = coded["offset_mapping"]
    return bool(offsets) and offsets[0][1] > 1


def runs(segments: Sequence[Segment], joins: Callable[[str], bool] = lambda head: True) -> list[Run]:
    """The response in as few pieces as its weights allow.

    A space at the end of a piece goes to the next one where the tokenizer writes it in one token with that one's head:
    what it begins with, up to the first letter.
    """
    found: list[Run] = []
    for segment in segments:
        if segment.visibility != "response" or not segment.text:
            continue
        if not found or found[-1].weight != segment.weight:
            found.append(Run("", segment.weight))
            if len(found) > 1 and found[-2].text.endswith(" ") and joins(_head(segment.text)):
                found[-2:] = [Run(found[-2].text[:-1], found[-2].weight), Run(" ", segment.weight)]
        found[-1] = Run(found[-1].text + segment.text, segment.weight)
    return [run for run in found if run.text]


def _head(text: str) -> str:
    return text[: len(text) - len(text.lstrip()) + 1]


def alternating(supervision: Supervision) -> tuple[str, list[Message]]:
    """The system prompt, and the earlier turns in pairs of user and assistant.

    Raises:
        NotApplicable: the turns do not alternate.
    """
    history = list(supervision.history)
    system = history.pop(0).content if history and history[0].role == "system" else ""
    if [m.role for m in history] != ["user", "assistant"] * (len(history) // 2):
        raise NotApplicable(
            "earlier turns do not alternate between user and assistant, which the format asks for"
        )
    return system, history
