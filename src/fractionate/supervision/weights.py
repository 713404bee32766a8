"""Weights laid over quoted segments: a segment is cut where its weight changes.

weighed([Segment("3 * 4 = 12.", Span(0, 11))], [Weighted(8, 10, 2.0)])
# "3 * 4 = " (1), "12" (2), "." (1)
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from fractionate.records import Segment, Span
from fractionate.traces.weights import Weighted


def weighed(
    segments: Iterable[Segment], weights: Sequence[Weighted], otherwise: float = 1.0
) -> list[Segment]:
    """The segments with the weights of their characters, `otherwise` where none is given.

    Weights are in the order of the text and do not overlap; segments quote the text.
    """
    starts, values = [0], [otherwise]
    for start, end, weight in weights:
        starts += [start, end]
        values += [weight, otherwise]
    return [piece for segment in segments for piece in _cut(segment, starts, values)]


def _cut(segment: Segment, starts: Sequence[int], values: Sequence[float]) -> Iterator[Segment]:
    """The pieces of one segment; `starts` are where the weights `values` begin."""
    assert segment.span is not None, "weights are laid over quotations"
    at, end = segment.span
    while at < end:
        place = bisect_right(starts, at)
        stop = min(starts[place], end) if place < len(starts) else end
        text = segment.text[at - segment.span.start : stop - segment.span.start]
        yield replace(segment, text=text, span=Span(at, stop), weight=values[place - 1])
        at = stop
