"""One student's answers, question by question: the mean of a value of each, with its interval.

    share([Valued("t1", 1.0), Valued("t2", 0.0)])              # Interval(value=0.5, low=…, high=…), inside 0 to 1
    change([Valued("t1", after - before), …])                  # a paired difference, inside -1 to 1
    mean([-0.2, -0.5, -0.4], high=0.0)                         # of any values, such as log-probabilities

The intervals of shares and changes are those of `fractionate.transfer.statistics`: clusters of questions stay together,
and none of n has an interval with width. That of values without bounds is Student's.
"""

import math
from collections.abc import Sequence
from statistics import fmean, stdev
from typing import NamedTuple

import numpy as np
from scipy.stats import t

from fractionate.transfer.statistics import Interval
from fractionate.transfer.statistics.intervals import (
    Contributions,
    Floats,
    difference_ends,
    share_ends,
    spread_of,
)
from fractionate.transfer.statistics.table import Table

UNKNOWN = Interval(0.0, 0.0, 1.0)
"""A share of nothing: it counts as 0 and could be anything."""


class Valued(NamedTuple):
    """A value of one question, and the cluster that the question belongs to."""

    cluster: str
    value: float


def share(rows: Sequence[Valued]) -> Interval:
    """The mean of values between 0 and 1, of one question or more."""
    found = _contributions(rows)
    return Interval(_mean(rows), *map(float, share_ends(found)))


def change(rows: Sequence[Valued]) -> Interval:
    """The mean of differences between -1 and 1, of one question or more."""
    found = _contributions(rows)
    return Interval(_mean(rows), *map(float, difference_ends(found.value, spread_of(found))))


def above_chance(rows: Sequence[Valued]) -> Interval:
    """The mean of values of which 0 is what chance gives and 1 the best: below chance counts as 0."""
    return Interval(*(max(0.0, bound) for bound in change(rows)))


def mean(values: Sequence[float], low: float = -math.inf, high: float = math.inf) -> Interval | None:
    """The mean of independent values with Student's interval, cut at what is possible; None without values.

    Of a single value the interval is all that is possible.
    """
    if not values:
        return None
    middle = fmean(values)
    if len(values) == 1:
        return Interval(middle, low, high)
    half = float(t.ppf(0.975, len(values) - 1)) * stdev(values) / math.sqrt(len(values))
    return Interval(middle, max(middle - half, low), min(middle + half, high))


def _mean(rows: Sequence[Valued]) -> float:
    return fmean(row.value for row in rows)


def _contributions(rows: Sequence[Valued]) -> Contributions:
    """One column: the sum and the number of values in each cluster."""
    place = {cluster: i for i, cluster in enumerate(dict.fromkeys(row.cluster for row in rows))}
    total: Floats = np.zeros((1, len(place)))
    count: Floats = np.zeros((1, len(place)))
    at = [place[row.cluster] for row in rows]
    np.add.at(total[0], at, [row.value for row in rows])
    np.add.at(count[0], at, 1.0)
    column = ("student", 0, "cell")
    return Table([column], total, count, {"cell": "layer"}).contributions("student", [["cell"]])
