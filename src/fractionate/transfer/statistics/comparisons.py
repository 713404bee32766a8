"""Is an arm better, equivalent, not worse, worse, or can that not be told?

    compare(scores, "compact", "full", margin=0.02)
    # Comparison(arm="compact", reference="full", difference=Interval(-0.004, -0.021, 0.012), lower_bound=-0.018,
    #            upper_bound=0.009, p_not_worse=0.03, p_equivalent=0.03, p_different=0.61, …, verdict="equivalent")
    compare_arms(scores, "full", margin=0.02)["compact"].p_different_adjusted

Every number is of D = T(arm) - T(reference), paired by question and, where both have the same seeds, by seed. Questions
to which one of the two has no checked answer are left out of both.

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

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from fractionate.records import Score
from fractionate.transfer.statistics.differences import ALPHA, UNTRAINED, Difference, Means, difference_of
from fractionate.transfer.statistics.intervals import Interval
from fractionate.transfer.statistics.table import TRANSFER_FAMILIES, Table

Verdict = Literal["better", "equivalent", "not worse", "worse", "undecided"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An arm against the reference; `difference` is of T, with its 95% interval; both bounds are one-sided 95%.

    `over_seeds` says whether all this holds for other training seeds, or for the students that were asked alone.
    `family` are the arms whose p-values were adjusted together.
    """

    arm: str
    reference: str
    margin: float
    difference: Interval
    lower_bound: float
    upper_bound: float
    p_not_worse: float
    p_equivalent: float
    p_different: float
    p_different_adjusted: float
    over_seeds: bool
    family: tuple[str, ...]
    verdict: Verdict


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
        InputError: no cells of these families, an unknown arm, arms that were asked different cells, or no question
            to which both have checked answers.
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
        InputError: no cells of these families, an unknown reference, arms that were asked different cells, or no
            question to which both have checked answers.
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
        arm: judged(replace(found[arm], p_different_adjusted=p, family=tuple(arms)))
        for arm, p in zip(arms, adjusted, strict=True)
    }


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
        upper_bound=found.upper_bound(),
        p_not_worse=p_not_worse,
        p_equivalent=max(p_not_worse, 1 - found.p_above(margin)),
        p_different=p_different,
        p_different_adjusted=p_different,
        over_seeds=found.over_seeds,
        family=(arm,),
        verdict="undecided",
    )


def judged(found: Comparison) -> Comparison:
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
