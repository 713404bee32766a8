"""What the scores say, with intervals: transfer, in-format accuracy, differences, reasoning gain.

    result = estimates(scores, reference="full")
    result["compact"].difference       # Interval(value=-0.004, low=-0.021, high=0.012): T(compact) - T(full)
    result["compact"].lower_bound      # -0.018: T(compact) is not worse by more than this (one-sided 95%)

T is the mean over the families style, related and difficulty (those that were asked), of the mean over their
cells, of accuracy: samples of an item, then items, then seeds averaged, unchecked answers left out. Intervals are 95%:
clusters of questions and, where an arm has several, seeds are taken as drawn from many (`intervals`). Of one seed they
cover that student alone: `over_seeds` says so.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fractionate.errors import InputError, unknown_name
from fractionate.records import Score
from fractionate.transfer.statistics.comparisons import UNTRAINED, difference_of, holm
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
    """One arm. `difference` and `lower_bound` (one-sided 95%) are of T(arm) − T(reference), None for itself.

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
    groups = table.grouped(families)
    others = [arm for arm in table.arms() if arm != reference]
    differences = {arm: difference_of(table, arm, reference, groups, untrained) for arm in others}
    p_values = [differences[arm].p_different(resamples, seed) for arm in others]
    adjusted = dict(zip(others, zip(p_values, holm(p_values), strict=True), strict=True))
    found = []
    for arm in table.arms():
        alone = _arm(arm, table, groups, untrained)
        if arm != reference:
            d, (p, p_adjusted) = differences[arm], adjusted[arm]
            alone = replace(
                alone, difference=d.interval(), lower_bound=d.lower_bound(), difference_over_seeds=d.over_seeds,
                p_different=p, p_adjusted=p_adjusted,
            )  # fmt: skip
        found.append(alone)
    return Estimates(reference, tuple(found))


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


def _arm(arm: str, table: Table, groups: Sequence[Sequence[str]], untrained: Collection[str]) -> ArmEstimate:
    in_format = table.grouped(("in_format",))
    asked_both_ways = any((own, cell) == (arm, GAIN) for own, _, cell in table.columns)
    return ArmEstimate(
        arm=arm,
        transfer=share_interval(table.contributions(arm, groups)),
        in_format=share_interval(table.contributions(arm, in_format)) if in_format else None,
        difference=None,
        lower_bound=None,
        reasoning_gain=mean_interval(table.contributions(arm, [[GAIN]])) if asked_both_ways else None,
        cells={cell: _cell(arm, cell, table) for cell in table.families},
        over_seeds=len(table.arms()[arm]) > 1 or arm in untrained,
    )


def _cell(arm: str, cell: str, table: Table) -> CellEstimate:
    own = [k for k, column in enumerate(table.columns) if (column[0], column[2]) == (arm, cell)]
    accuracy = share_interval(table.contributions(arm, [[cell]]))
    return CellEstimate(table.families[cell], round(table.count[own].sum()), accuracy)


def share_interval(of: Contributions) -> Interval:
    """A share with its 95% interval; NaN where no answer was checked."""
    return Interval(_value(of), *map(float, share_ends(of))) if of.seeds else _UNKNOWN


def mean_interval(of: Contributions) -> Interval:
    """A mean of differences with its 95% interval; NaN where no answer was checked."""
    if not of.seeds:
        return _UNKNOWN
    value = _value(of)
    return Interval(value, *map(float, difference_ends(np.float64(value), spread_of(of))))


_UNKNOWN = Interval(math.nan, math.nan, math.nan)


def _value(of: Contributions) -> float:
    return float(of.raw.sum(axis=-1).mean(axis=-1)) if of.seeds else math.nan
