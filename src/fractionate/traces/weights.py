"""Loss that a dataset states itself, span by span, kept beside the trace until a recipe asks for it.

    text = WeightedText([Part("Tom has 3. ", 0.0), Part("3 * 4 = 12.", 1.0)])
    text.within(0, 22)           # [[0, 11, 0.0], [11, 22, 1.0]]: start, end, weight, as metadata["loss_spans"] has it
    loss_spans(trace)            # the same, checked, as `Weighted`

Formats that state it are read by `fractionate.traces.readers.axolotl` and `ms_swift`; the recipe `imported` trains on
it.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError

from fractionate.records import Trace

LOSS_SPANS = "loss_spans"
"""Where a trace's metadata has them."""


class Weighted(NamedTuple):
    """Characters `[start, end)` of a text, and the weight of their loss."""

    start: Annotated[int, Field(ge=0)]
    end: int
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Part(NamedTuple):
    """A piece of a text as its row has it, with its weight."""

    text: str
    weight: float


class WeightedText:
    """A text that came in parts."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.text = "".join(part.text for part in parts)
        self.spans: list[Weighted] = []
        at = 0
        for part in parts:
            if part.text:
                self.spans.append(Weighted(at, at + len(part.text), part.weight))
            at += len(part.text)

    def within(self, start: int, end: int) -> list[list[float]]:
        """The spans of `[start, end)`, counted from `start`."""
        cut = [(max(s.start, start), min(s.end, end), s.weight) for s in self.spans]
        return [[a - start, b - start, weight] for a, b, weight in cut if a < b]

    def learned(self, start: int, end: int) -> bool:
        """Whether a character of `[start, end)` carries loss."""
        return any(weight > 0 for _, _, weight in self.within(start, end))


_SPANS = TypeAdapter(tuple[Weighted, ...])


def loss_spans(trace: Trace) -> tuple[Weighted, ...] | None:
    """The spans that the trace brings, in the order of its text; None where it brings none that can be read."""
    try:
        spans = _SPANS.validate_python(trace.metadata.get(LOSS_SPANS))
    except ValidationError:
        return None
    edges = [edge for span in spans for edge in (span.start, span.end)]
    return spans if spans and edges == sorted(edges) and edges[-1] <= len(trace.text) else None
