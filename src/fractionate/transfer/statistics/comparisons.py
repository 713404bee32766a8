"""Is an arm better, equivalent, not worse, worse, or can that not be told?

    compare(scores, "compact", "full", margin=0.02)
    # Comparison(arm="compact", reference="full", difference=Interval(-0.004, -0.021, 0.012), lower_bound=-0.018,
    #            p_not_worse=0.03, p_equivalent=0.03, p_different=0.61, …, verdict="equivalent")
    compare_arms(scores, "full", margin=0.02)["compact"].p_different_adjusted

Every number is of D = T(arm) - T(reference), paired by question and, where both have the same seeds, by seed.

- *different*: H0 D = 0, two-sided, at 5%. With several seeds the test that belongs to the interval; with one seed the
  exact sign-flip test of the clusters' differences (`exact`), which is about these two students.
- *not worse* (non-inferiority): H0 D ≤ -margin, one-sided at 5%: `lower_bound` > -margin.
- *equivalent*: not worse, and D ≥ margin refused likewise (two one-sided tests: D. J. Schuirmann, "A comparison of the
  two one-sided tests procedure and the power approach for assessing the equivalence of average bioavailability",
  Journal of Pharmacokinetics and Biopharmaceutics 15 (1987), 657-680).

Of several arms against one reference, the p-values of "different" are adjusted together (S. Holm, "A simple
sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979), 65-70): the family is all
arms of the scores but the reference. "Not worse" is not adjusted: each arm has its own 5%.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from scipy.optimize import brentq

from fractionate.errors import InputError
from fractionate.records import Score
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
from fractionate.transfer.statistics.table import TRANSFER_FAMILIES, Table

ALPHA = 0.05
UNTRAINED = ("base",)
"""Arms that no training has touched: one seed of them is all there is."""

Verdict = Literal["better", "equivalent", "not worse", "worse", "undecided"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An arm against the reference; `difference` is of T, with its 95% interval, and `lower_bound` one-sided 95%.

    `over_seeds` says whether all this holds for other training seeds, or for the students that were asked alone.
    `family` are the arms whose p-values were adjusted together.
    """

    arm: str
    reference: str
    margin: float
    difference: Interval
    lower_bound: float
    p_not_worse: float
    p_equivalent: float
    p_different: float
    p_different_adjusted: float
    over_seeds: bool
    family: tuple[str, ...]
    verdict: Verdict


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

    def p_above(self, bound: float) -> float:
        """The p-value of D ≤ bound against D > bound."""
        return tail(self.spread, self.value - bound)

    def p_different(self, resamples: int, seed: int) -> float:
        """The two-sided p-value of D = 0."""
        if self.clusters.seeds == 1 and not self.spread.seeds:
            return sign_flip(self.clusters.raw[0], resamples=resamples, seed=seed)
        return min(1.0, 2 * tail(self.spread, abs(self.value)))


def compare(
    scores: Sequence[Score],
    arm: str,
    reference: str,
    *,
    margin: float,
    families: Sequence[str] = TRANSFER_FAMILIES,
    untrained: Collection[str] = UNTRAINED,
    resamples: int = 2000,
    seed: int = 0,
) -> Comparison:
    """One arm against the reference, alone in its family; the spread between seeds is learned from these two.

    Raises:
        InputError: no cells of these families, an unknown arm, or arms that were asked different cells.
    """
    own = [s for s in scores if s.arm in (arm, reference)]
    return compare_arms(
        own, reference, margin=margin, families=families, untrained=untrained, resamples=resamples, seed=seed
    )[arm]


def compare_arms(
    scores: Sequence[Score],
    reference: str,
    *,
    margin: float,
    families: Sequence[str] = TRANSFER_FAMILIES,
    untrained: Collection[str] = UNTRAINED,
    resamples: int = 2000,
    seed: int = 0,
) -> Mapping[str, Comparison]:
    """Every arm against the reference, "different" adjusted for all of them together.

    Raises:
        InputError: no cells of these families, an unknown reference, or arms that were asked different cells.
    """
    table = Table.of(scores).checked(reference, families)
    arms = [arm for arm in table.arms() if arm != reference]
    means = Means.of(table, table.grouped(families))
    found = {
        arm: _comparison(
            difference_of(means, arm, reference, untrained),
            arm, reference, margin, resamples, seed,
        )
        for arm in arms
    }  # fmt: skip
    adjusted = holm([found[arm].p_different for arm in arms])
    return {
        arm: _judged(replace(found[arm], p_different_adjusted=p, family=tuple(arms)))
        for arm, p in zip(arms, adjusted, strict=True)
    }


@dataclass(frozen=True)
class Means:
    """A mean over cells of every arm, and for arms with the same seeds what they say together of seeds."""

    arms: Mapping[str, Contributions]
    seeds: Mapping[str, tuple[int, ...]]
    alone: Mapping[tuple[int, ...], Pool | None]
    paired: Mapping[tuple[int, ...], Pool | None]

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
        return Means(arms, seeds, alone, {own: pool_of(some, paired=True) for own, some in alike.items()})

    def comparable(self, one: str, other: str) -> bool:
        """Whether both arms have checked answers."""
        return bool(self.arms[one].seeds and self.arms[other].seeds)

    def pool(self, arm: str) -> Pool | None:
        """What the arms with this one's seeds say of seeds, each alone."""
        return self.alone.get(self.seeds[arm])


def difference_of(
    means: Means, arm: str, reference: str, untrained: Collection[str] = UNTRAINED
) -> Difference:
    """The difference of two arms' means. With the same seeds they are paired by seed, else by question alone."""
    one, other = means.arms[arm], means.arms[reference]
    if not means.comparable(arm, reference):
        raise InputError(
            f"arms {arm} and {reference} cannot be compared: no answer of one of them was checked"
        )
    mean = one.over_seeds().minus(other.over_seeds())
    value = float(mean.value)
    own = means.seeds[arm]
    if own == means.seeds[reference] and one.seeds == other.seeds:
        return Difference(value, spread_of(one.minus(other), means.paired.get(own)), mean, one.seeds > 1)
    spreads = [seed_spread(one, means.pool(arm)), seed_spread(other, means.pool(reference))]
    known = all(of.seeds > 1 or name in untrained for name, of in ((arm, one), (reference, other)))
    return Difference(value, combined(mean, spreads), mean, known)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values, in the order given.

    Example:
        >>> holm([0.01, 0.04, 0.03])
        [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    adjusted = np.zeros(len(order))
    steps = np.asarray(p_values, dtype=np.float64)[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [float(p) for p in adjusted]


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


def _comparison(
    found: Difference, arm: str, reference: str, margin: float, resamples: int, seed: int
) -> Comparison:
    p_not_worse = found.p_above(-margin)
    p_different = found.p_different(resamples, seed)
    return Comparison(
        arm=arm,
        reference=reference,
        margin=margin,
        difference=found.interval(),
        lower_bound=found.lower_bound(),
        p_not_worse=p_not_worse,
        p_equivalent=max(p_not_worse, 1 - found.p_above(margin)),
        p_different=p_different,
        p_different_adjusted=p_different,
        over_seeds=found.over_seeds,
        family=(arm,),
        verdict="undecided",
    )


def _judged(found: Comparison) -> Comparison:
    """With its verdict, the strongest that holds. "Worse" may well be by less than the margin, then "not worse"."""
    different = found.p_different_adjusted <= ALPHA
    verdict: Verdict = "undecided"
    if different and found.difference.value > 0:
        verdict = "better"
    elif found.p_equivalent <= ALPHA:
        verdict = "equivalent"
    elif found.p_not_worse <= ALPHA:
        verdict = "not worse"
    elif different:
        verdict = "worse"
    return replace(found, verdict=verdict)
