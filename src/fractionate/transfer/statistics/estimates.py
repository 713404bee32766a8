"""What the scores say, with intervals: transfer, in-format accuracy, differences, reasoning gain.

    result = estimates(scores, reference="full")
    result["compact"].difference       # Interval(value=-0.004, low=-0.021, high=0.012): T(compact) - T(full)
    result["compact"].lower_bound      # -0.018: T(compact) is not worse by more than this (one-sided 95%)

T is the mean over the families style, related and difficulty (those that were asked), of the mean over their
cells, of accuracy: samples of an item, then items, then seeds averaged, unchecked answers left out; an arm without any
checked answer has NaN. A difference is over the questions to which both arms have checked answers, so with unchecked
ones it need not be that of the two T. Intervals are 95%:
clusters of questions and, where an arm has several, seeds are taken as drawn from many (`intervals`). Of one seed they
cover that student alone: `over_seeds` says so.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from fractionate.errors import InputError, unknown_name
from fractionate.records import Score
from fractionate.transfer.statistics.comparisons import holm
from fractionate.transfer.statistics.differences import UNTRAINED, Means, difference_of
from fractionate.transfer.statistics.intervals import (
    Contributions,
    Interval,
    difference_ends,
    share_ends,
    spread_of,
)
from fractionate.transfer.statistics.table import GAIN, TRANSFER_FAMILIES, Table


@dataclass(frozen=True, slots=True)
class CellEstimate:
    """Accuracy in one cell; `n` counts (item, seed) pairs with a checked answer."""

    family: str
    n: int
    accuracy: Interval


@dataclass(frozen=True, slots=True)
class ArmEstimate:
    """One arm. `difference` and the bounds (one-sided 95%) are of T(arm) − T(reference), None for itself and
    where no question has checked answers of both.

    `in_format` and `reasoning_gain` are None where no such cells were asked. `over_seeds` says whether the intervals
    hold for other training seeds of the arm, `difference_over_seeds` whether those of the difference do for both arms.
    `p_different` is the p-value of "no difference", `p_adjusted` with Holm's correction for all arms but the reference.
    """

    arm: str
    transfer: Interval
    in_format: Interval | None
    difference: Interval | None
    lower_bound: float | None
    reasoning_gain: Interval | None
    cells: Mapping[str, CellEstimate]
    over_seeds: bool = False
    difference_over_seeds: bool = False
    p_different: float | None = None
    p_adjusted: float | None = None
    upper_bound: float | None = None


@dataclass(frozen=True, slots=True)
class Estimates:
    """All arms, in the order of their first scores; `estimates["arm"]` is one of them."""

    reference: str
    arms: tuple[ArmEstimate, ...]

    def __getitem__(self, arm: str) -> ArmEstimate:
        for estimate in self.arms:
            if estimate.arm == arm:
                return estimate
        raise unknown_name("arm", arm, (e.arm for e in self.arms))


def estimates(
    scores: Sequence[Score],
    *,
    reference: str,
    resamples: int = 2000,
    seed: int = 0,
    families: Sequence[str] = TRANSFER_FAMILIES,
    untrained: Collection[str] = UNTRAINED,
) -> Estimates:
    """Estimates of every arm, and of its difference to the arm `reference`, paired by question and by seed.

    T, and with it the difference, is taken over `families`. `resamples` are the draws of the exact test (one seed).

    Raises:
        InputError: no cells of these families, no scores of the reference, or arms that were asked different cells.
    """
    table = Table.of(scores).checked(reference, families)
    means = Means.of(table, table.grouped(families))
    others = [arm for arm in table.arms() if arm != reference and means.pair(arm, reference)]
    differences = {arm: difference_of(means, arm, reference, untrained) for arm in others}
    p_values = [differences[arm].p_different(resamples, seed) for arm in others]
    adjusted = dict(zip(others, zip(p_values, holm(p_values), strict=True), strict=True))
    found = []
    for arm, alone in _alone(table, means, untrained).items():
        if arm in differences:
            d, (p, p_adjusted) = differences[arm], adjusted[arm]
            alone = replace(
                alone, difference=d.interval(), lower_bound=d.lower_bound(), difference_over_seeds=d.over_seeds,
                p_different=p, p_adjusted=p_adjusted, upper_bound=d.upper_bound(),
            )  # fmt: skip
        found.append(alone)
    return Estimates(reference, tuple(found))


def transfer_scores(scores: Sequence[Score]) -> dict[str, float]:
    """T of every arm.

    Raises:
        InputError: no transfer cells among them, or arms that were asked different ones.
    """
    table = Table.of(scores)
    arms = list(table.arms())
    table.checked(arms[0], TRANSFER_FAMILIES)
    groups = table.grouped(TRANSFER_FAMILIES)
    return {arm: _value(table.contributions(arm, groups)) for arm in arms}


def transfer_score(scores: Sequence[Score]) -> float:
    """T of one arm.

    Raises:
        InputError: scores of several arms, or no transfer cells among them.
    """
    table = Table.of(scores)
    arms = dict.fromkeys(s.arm for s in scores)
    if len(arms) != 1:
        raise InputError(f"a transfer score is of one arm; these scores are of {len(arms)}")
    (arm,) = table.checked(next(iter(arms)), TRANSFER_FAMILIES).arms()
    return _value(table.contributions(arm, table.grouped(TRANSFER_FAMILIES)))


def _alone(table: Table, transfer: Means, untrained: Collection[str]) -> dict[str, ArmEstimate]:
    """Each arm by itself."""
    in_format = table.grouped(("in_format",))
    both_ways = any(cell == GAIN for _, _, cell in table.columns)
    taught = Means.of(table, in_format) if in_format else None
    gains = Means.of(table, [[GAIN]]) if both_ways else None
    of_cell = {cell: Means.of(table, [[cell]]) for cell in table.families}
    return {
        arm: ArmEstimate(
            arm=arm,
            transfer=share_interval(transfer, arm),
            in_format=share_interval(taught, arm) if taught else None,
            difference=None,
            lower_bound=None,
            reasoning_gain=gain_interval(gains, arm) if gains else None,
            cells={
                cell: CellEstimate(family, _answers(table, arm, cell), share_interval(of_cell[cell], arm))
                for cell, family in table.families.items()
            },
            over_seeds=len(seeds) > 1 or arm in untrained,
        )
        for arm, seeds in table.arms().items()
    }


def _answers(table: Table, arm: str, cell: str) -> int:
    own = [k for k, column in enumerate(table.columns) if (column[0], column[2]) == (arm, cell)]
    return round(float(table.count[own].sum()))


def share_interval(means: Means, arm: str) -> Interval:
    """An arm's share with its 95% interval; NaN where no answer was checked."""
    of = means.arms[arm]
    return Interval(_value(of), *map(float, share_ends(of, means.pool(arm)))) if of.seeds else _UNKNOWN


def gain_interval(means: Means, arm: str) -> Interval | None:
    """An arm's mean difference with its 95% interval; None where no question was answered both ways."""
    of = means.arms[arm]
    if not of.seeds:
        return None
    return Interval(_value(of), *map(float, difference_ends(of.value, spread_of(of, means.pool(arm)))))


_UNKNOWN = Interval(math.nan, math.nan, math.nan)


def _value(of: Contributions) -> float:
    return float(of.value) if of.seeds else math.nan
