"""The difference of two arms' means, paired by question and by seed as far as they share them, and how sure it is.

means = Means.of(table, table.grouped(("style", "related")))
difference_of(means, "compact", "full").interval()         # Interval(value=-0.01, low=-0.04, high=0.02)

Questions to which one of the two has no checked answer are left out of both, so a difference need not be that of the
two means shown beside it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from fractionate.errors import InputError
from fractionate.transfer.statistics.exact import sign_flip
from fractionate.transfer.statistics.intervals import (
    Contributions,
    Interval,
    Pool,
    Spread,
    combined,
    difference_ends,
    pool_of,
    seed_spread,
    spread_of,
)
from fractionate.transfer.statistics.table import Table

ALPHA = 0.05
UNTRAINED = ("base",)
"""Arms that no training has touched: one seed of them is all there is."""


class Difference(NamedTuple):
    """D and its spread; `clusters` are what each cluster of questions adds to it."""

    value: float
    spread: Spread
    clusters: Contributions
    over_seeds: bool

    def interval(self) -> Interval:
        """D with its two-sided 95% interval."""
        low, high = difference_ends(np.asarray(self.value), self.spread)
        return Interval(self.value, float(low), float(high))

    def lower_bound(self) -> float:
        """The one-sided 95% lower bound of D."""
        return float(difference_ends(np.asarray(self.value), self.spread, ALPHA)[0])

    def upper_bound(self) -> float:
        """The one-sided 95% upper bound of D."""
        return float(difference_ends(np.asarray(self.value), self.spread, ALPHA)[1])

    def p_above(self, bound: float) -> float:
        """The p-value of D ≤ bound against D > bound."""
        return tail(self.spread, self.value - bound)

    def p_different(self, resamples: int, seed: int) -> float:
        """The two-sided p-value of D = 0."""
        if self.clusters.seeds == 1 and not self.spread.seeds:
            return sign_flip(self.clusters.raw[0], resamples=resamples, seed=seed)
        return min(1.0, 2 * tail(self.spread, abs(self.value)))


@dataclass(frozen=True)
class Means:
    """A mean over cells of every arm, and for arms with the same seeds what they say together of seeds."""

    arms: Mapping[str, Contributions]
    seeds: Mapping[str, tuple[int, ...]]
    alone: Mapping[tuple[int, ...], Pool | None]
    paired: Mapping[tuple[int, ...], Pool | None]
    table: Table
    groups: Sequence[Sequence[str]]

    @staticmethod
    def of(table: Table, groups: Sequence[Sequence[str]]) -> "Means":
        """The mean over groups of cells, of all arms of a table."""
        seeds = table.arms()
        arms = {arm: table.contributions(arm, groups) for arm in seeds}
        alike: dict[tuple[int, ...], list[Contributions]] = defaultdict(list)
        for arm, own in seeds.items():
            if arms[arm].seeds == len(own):
                alike[own].append(arms[arm])
        alone = {own: pool_of(some, paired=False) for own, some in alike.items()}
        paired = {own: pool_of(some, paired=True) for own, some in alike.items()}
        return Means(arms, seeds, alone, paired, table, groups)

    def pair(self, one: str, other: str) -> tuple[Contributions, Contributions] | None:
        """Both means over the questions to which both arms have checked answers; None where there are none."""
        table = self.table.paired(one, other)
        if table is self.table:
            pair = self.arms[one], self.arms[other]
        else:
            pair = table.contributions(one, self.groups), table.contributions(other, self.groups)
        return pair if all(of.seeds for of in pair) else None

    def pool(self, arm: str) -> Pool | None:
        """What the arms with this one's seeds say of seeds, each alone."""
        return self.alone.get(self.seeds[arm])


def difference_of(
    means: Means, arm: str, reference: str, untrained: Collection[str] = UNTRAINED
) -> Difference:
    """The difference of two arms' means. With the same seeds they are paired by seed, else by question alone.

    Raises:
        InputError: there is no question to which both have a checked answer.
    """
    pair = means.pair(arm, reference)
    if pair is None:
        raise InputError(
            f"arms {arm} and {reference} cannot be compared: there is no question that both have checked answers to"
        )
    one, other = pair
    mean = one.over_seeds().minus(other.over_seeds())
    value = float(mean.value)
    own = means.seeds[arm]
    if own == means.seeds[reference] and one.seeds == other.seeds:
        return Difference(value, spread_of(one.minus(other), means.paired.get(own)), mean, one.seeds > 1)
    spreads = [seed_spread(one, means.pool(arm)), seed_spread(other, means.pool(reference))]
    known = all(of.seeds > 1 or name in untrained for name, of in ((arm, one), (reference, other)))
    return Difference(value, combined(mean, spreads), mean, known)


def tail(spread: Spread, distance: float) -> float:
    """The one-sided p-value of a mean that lies `distance` above its bound: the tail that the distance leaves."""
    errors = distance / float(np.sqrt(spread.total))
    if errors < 0:
        return 1 - tail(spread, -distance)
    if errors == 0:
        return 0.5
    least = 1e-9
    if spread.critical(least) <= errors:
        return least
    return float(brentq(lambda p: float(spread.critical(p)) - errors, least, 0.5, xtol=1e-10))
