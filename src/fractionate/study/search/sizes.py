"""The curve of sizes: transfer against the number of traces and against tokens a trace, and where it flattens.

points = curve_of(rungs, "full")
points[-1]                      # Size(traces=320, tokens_a_trace=78.2, transfer=Interval(0.24, …))
flattening(rungs, "full")       # "from 160 to 320 problems T rose by 4.1 points (−2.0 to +10.2): …"
grains_of(rungs)[0]             # Grain(recipe="compact", traces=80, tokens_a_trace=23.1, transfer=Interval(0.18, …))
"""

from collections.abc import Sequence
from dataclasses import replace
from math import log2
from typing import NamedTuple

from scipy.stats import norm

from fractionate.formats import difference_spread
from fractionate.study.search.bounds import error_of
from fractionate.study.search.rungs import Rung, on_same_questions
from fractionate.transfer.statistics import Interval, compare_arms

WORTH = 0.02
"""A rise of T by less than this, from twice as many problems, is called flat."""
MORE, FEWER = "more", "fewer"


class Size(NamedTuple):
    """One student's size and what it reached; `tokens_a_trace` are those with loss."""

    traces: int
    tokens_a_trace: float
    transfer: Interval


class Grain(NamedTuple):
    """What one candidate teaches of a trace, and what its students reached on the questions of their rung."""

    recipe: str
    traces: int
    tokens_a_trace: float
    transfer: Interval


def grains_of(rungs: Sequence[Rung]) -> list[Grain]:
    """T against tokens a trace: all candidates on the fewest problems, and those of the last rung on all; by tokens."""
    ends = dict.fromkeys((0, len(rungs) - 1))
    found = [
        Grain(name, rung.traces, rung.source[name].tokens_a_trace(name), rung.transfer[name])
        for rung in (rungs[i] for i in ends)
        for name in rung.costs
    ]
    return sorted(found, key=lambda grain: (grain.traces, grain.tokens_a_trace))


def curve_of(rungs: Sequence[Rung], name: str) -> list[Size]:
    """A candidate at every rung that it took part in, each on the questions of its rung."""
    points = []
    for rung in rungs:
        if name in rung.costs:
            tokens = rung.source[name].tokens_a_trace(name)
            points.append(Size(rung.traces, tokens, rung.transfer[name]))
    return points


def flattening(rungs: Sequence[Rung], name: str) -> str:
    """How much the last step of the curve brought, on the same questions, and whether more problems would help."""
    taken = [rung for rung in rungs if name in rung.costs]
    if len(taken) < 2:
        return "one size only: whether more problems would help was not seen"
    before, last = taken[-2:]
    rise, doublings = rise_of(before, last, name), log2(last.traces / before.traces)
    told = (
        f"from {before.traces} to {last.traces} problems T {'rose' if rise.value >= 0 else 'fell'} by "
        f"{abs(rise.value) * 100:.1f} points "
        f"({difference_spread(rise)})"
    )
    left = 1.0 - last.transfer[name].value
    if rise.low > 0:
        more = min(rise.value / doublings, left)
        return (
            f"{told}: still rising, twice as many would bring {more * 100:.1f} points if it went on like this"
        )
    if rise.high < WORTH * doublings:
        return f"{told}: flat, more problems of this kind would help little"
    most = min(rise.high / doublings, left) * 100
    return (
        f"{told}: whether more would help cannot be told; twice as many would bring {most:.1f} points at most"
    )


def rise_of(before: Rung, last: Rung, name: str) -> Interval:
    """T with more problems minus T with fewer, on the questions that both were asked; 95%, other seeds counted in."""
    fewer = [s for s in before.scores if s.arm == name]
    more = [replace(s, arm=MORE) for s in last.scores if s.arm == name]
    found = compare_arms(on_same_questions(fewer, FEWER, more), FEWER, margin=WORTH)[MORE]
    reach = float(norm.ppf(0.975)) * error_of(found)
    value = found.difference.value
    return found.difference if found.over_seeds else Interval(value, value - reach, value + reach)
