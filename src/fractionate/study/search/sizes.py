"""The curve of sizes: transfer against the number of traces and against tokens a trace, and where it flattens.

points = curve_of(rungs, "full")
points[-1]                # Size(traces=320, tokens_a_trace=78.2, transfer=Interval(0.24, …))
flattening(points)        # "from 160 to 320 problems T rose by 4.1 points (−2.0 to +10.2): …"
"""

from collections.abc import Sequence
from math import hypot
from typing import NamedTuple

from fractionate.study.search.rungs import Rung
from fractionate.transfer.statistics import Interval

WORTH = 0.02
"""A rise of T by less than this, from twice as many problems, is called flat."""


class Size(NamedTuple):
    """One student's size and what it reached; `tokens_a_trace` are those with loss."""

    traces: int
    tokens_a_trace: float
    transfer: Interval


def curve_of(rungs: Sequence[Rung], name: str) -> list[Size]:
    """A candidate at every rung that it took part in."""
    points = []
    for rung in rungs:
        if name in rung.costs:
            tokens = rung.source[name].tokens_a_trace(name)
            points.append(Size(rung.traces, tokens, rung.transfer[name]))
    return points


def flattening(points: Sequence[Size]) -> str:
    """How much the last step of the curve brought, and whether more problems would help."""
    if len(points) < 2:
        return "one size only: whether more problems would help was not seen"
    last, before = points[-1], points[-2]
    rise = last.transfer.value - before.transfer.value
    # Each end as its own student: the two share questions, so this is rather too wide.
    below = hypot(last.transfer.value - last.transfer.low, before.transfer.high - before.transfer.value)
    above = hypot(last.transfer.high - last.transfer.value, before.transfer.value - before.transfer.low)
    told = (
        f"from {before.traces} to {last.traces} problems T rose by {rise * 100:.1f} points "
        f"({(rise - below) * 100:+.1f} to {(rise + above) * 100:+.1f})"
    )
    if rise - below > 0:
        return f"{told}: still rising, more problems should help"
    if rise + above < WORTH:
        return f"{told}: flat, more problems of this kind would help little"
    return f"{told}: whether more would help cannot be told"
