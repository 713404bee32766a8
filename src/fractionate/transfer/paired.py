"""One student's answers, by question: means with intervals of the cluster bootstrap.

    average([Valued("t1", 1.0), Valued("t2", 0.0)])                  # Interval(value=0.5, low=…, high=…)
    average([Valued("t1", after - before), …], least=-1)             # a paired difference

Clusters are resampled by `fractionate.transfer.resampling`, so that a difference of two answers to one question is
paired. Where all resamples are alike (none of n, all of n) percentiles have no width: then the open ends are as far
away as Wilson's bound of 0 of so many clusters.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest

from fractionate.transfer.resampling import Floats, Table, resampled
from fractionate.transfer.statistics import Interval

RESAMPLES = 2000
UNKNOWN = Interval(0.0, 0.0, 1.0)
"""A share of nothing: it counts as 0 and could be anything."""


class Valued(NamedTuple):
    """A value of one question, and the cluster that the question belongs to."""

    cluster: str
    value: float


def average(rows: Sequence[Valued], least: float = 0.0, most: float = 1.0, seed: int = 0) -> Interval:
    """The mean of values between `least` and `most`.

    Raises:
        ValueError: there are none.
    """
    if not rows:
        raise ValueError("the mean of nothing")
    draws = resampled(_table(rows), RESAMPLES, seed)["student", "cell"]
    value, (low, high) = float(draws[0]), np.nanquantile(draws[1:], (0.025, 0.975))
    if high - low < 1e-12:
        clusters = len({row.cluster for row in rows})
        room = (most - least) * float(binomtest(0, clusters).proportion_ci(method="wilson").high)
        low, high = value - room, value + room
    return Interval(value, max(least, float(low)), min(most, float(high)))


def not_below_zero(interval: Interval) -> Interval:
    """A share above chance, as a score."""
    return Interval(*(max(0.0, bound) for bound in interval))


def _table(rows: Sequence[Valued]) -> Table:
    """One column: the sum and the number of values in each cluster."""
    place = {cluster: i for i, cluster in enumerate(dict.fromkeys(row.cluster for row in rows))}
    total: Floats = np.zeros((1, len(place)))
    count: Floats = np.zeros((1, len(place)))
    at = [place[row.cluster] for row in rows]
    np.add.at(total[0], at, [row.value for row in rows])
    np.add.at(count[0], at, 1.0)
    return Table([("student", 0, "cell")], total, count, {"cell": "layer"}, {})
