"""What the scores say, with intervals: transfer, in-format accuracy, differences, reasoning gain.

    result = estimates(scores, reference="full")
    result["compact"].difference       # Interval(value=-0.004, low=-0.021, high=0.012): T(compact) - T(full)
    result["compact"].lower_bound      # -0.018: T(compact) is not worse by more than this (one-sided 95%)

T is the mean over the families style, related and difficulty (those that were asked), of the mean over their
cells, of accuracy: samples of an item, then items, then seeds averaged, unchecked answers left out. Intervals
are 95% percentile intervals of a bootstrap that resamples clusters of questions, the same ones for all arms,
and seeds where there are several (from two or three seeds that understates the spread between seeds; the
report shows each seed). An interval of one cell is Wilson's where its answers are independent, because
percentiles of 0 of n, or n of n, have no width.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binomtest, norm

from fractionate.errors import InputError, unknown_name
from fractionate.records import Score
from fractionate.transfer.resampling import GAIN, Floats, Table, resampled, weighted_mean

TRANSFER_FAMILIES = ("style", "related", "difficulty")


class Interval(NamedTuple):
    """An estimate with its 95% interval; shares and differences are fractions (0.25, not 25)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CellEstimate:
    """Accuracy in one cell; `n` counts (item, seed) pairs with a checked answer."""

    family: str
    n: int
    accuracy: Interval


@dataclass(frozen=True, slots=True)
class ArmEstimate:
    """One arm. `difference` and `lower_bound` (one-sided 95%) are of T(arm) − T(reference), None for itself.

    `in_format` and `reasoning_gain` are None where no such cells were asked.
    """

    arm: str
    transfer: Interval
    in_format: Interval | None
    difference: Interval | None
    lower_bound: float | None
    reasoning_gain: Interval | None
    cells: Mapping[str, CellEstimate]


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
) -> Estimates:
    """Estimates of every arm, and of its difference to the arm `reference`, paired by question.

    T, and with it the difference, is taken over `families`.

    Raises:
        InputError: no cells of these families, no scores of the reference, or arms that were asked different cells.
    """
    table = Table.of(scores)
    arms = _checked_arms(table, reference, families)
    draws = resampled(table, resamples, seed)
    transfer = {arm: _mean_of_families(draws, table.families, arm, families) for arm in arms}
    return Estimates(
        reference,
        tuple(_arm(arm, table, draws, transfer[arm], transfer[reference], reference) for arm in arms),
    )


def transfer_score(scores: Sequence[Score]) -> float:
    """T of one arm.

    Raises:
        InputError: scores of several arms, or no transfer cells among them.
    """
    table = Table.of(scores)
    arms = dict.fromkeys(s.arm for s in scores)
    if len(arms) != 1:
        raise InputError(f"a transfer score is of one arm; these scores are of {len(arms)}")
    (arm,) = _checked_arms(table, next(iter(arms)), TRANSFER_FAMILIES)
    draws = resampled(table, 0, 0)
    return float(_mean_of_families(draws, table.families, arm, TRANSFER_FAMILIES)[0])


def minimum_detectable(
    n_items: int, discordant: float = 0.3, power: float = 0.8, alpha: float = 0.05
) -> float:
    """The smallest difference in accuracy that `n_items` paired items can see; infinite if they see none.

    `discordant` is the share of items that exactly one of the two arms gets right. Solves for d
    n = (z(1-alpha) √discordant + z(power) √(discordant - d²))² / d², one-sided: R. J. Connor, "Sample size
    for testing differences in proportions for the paired-sample design", Biometrics 43 (1987), 207-211.

    Example:
        >>> round(minimum_detectable(4637), 3)
        0.02
    """
    a, b = norm.ppf(1 - alpha), norm.ppf(power)

    def missing(d: float) -> float:
        needed = (a * math.sqrt(discordant) + b * math.sqrt(discordant - d * d)) ** 2 / (d * d)
        return float(needed) - n_items

    if missing(discordant) > 0:
        return math.inf
    return float(brentq(missing, 1e-6, discordant))


def _checked_arms(table: Table, reference: str, families: Sequence[str]) -> list[str]:
    asked: dict[str, set[str]] = {}
    for arm, _, cell in table.columns:
        asked.setdefault(arm, set()).update({cell} - {GAIN})
    if reference not in asked:
        raise unknown_name("reference arm", reference, asked)
    if not any(table.families[cell] in families for cell in asked[reference]):
        raise InputError(f"no transfer cells among the scores: none is of {', '.join(families)}")
    for arm, cells in asked.items():
        if odd := cells ^ asked[reference]:
            raise InputError(
                f"arms {arm} and {reference} were asked different cells: {', '.join(sorted(odd))}"
            )
    return list(asked)


def _mean_of_families(
    draws: Mapping[tuple[str, str], Floats], family_of: Mapping[str, str], arm: str, families: Sequence[str]
) -> Floats:
    """T of an arm for every resample: cells equal within a family, families equal."""
    means = [mean for family in families if (mean := _family(draws, family_of, arm, family)) is not None]
    return weighted_mean(np.stack(means, axis=1))


def _family(
    draws: Mapping[tuple[str, str], Floats], families: Mapping[str, str], arm: str, family: str
) -> Floats | None:
    cells = [draws[arm, cell] for cell, own in families.items() if own == family]
    return weighted_mean(np.stack(cells, axis=1)) if cells else None


def _arm(
    arm: str,
    table: Table,
    draws: Mapping[tuple[str, str], Floats],
    transfer: Floats,
    reference_transfer: Floats,
    reference: str,
) -> ArmEstimate:
    cells = {cell: _cell(arm, cell, table, draws[arm, cell]) for cell in table.families}
    in_format = _family(draws, table.families, arm, "in_format")
    alone = [c.accuracy for c in cells.values() if c.family == "in_format"]
    gain = draws.get((arm, GAIN))
    difference = None if arm == reference else transfer - reference_transfer
    return ArmEstimate(
        arm=arm,
        transfer=_percentile(transfer),
        in_format=alone[0] if len(alone) == 1 else None if in_format is None else _percentile(in_format),
        difference=None if difference is None else _percentile(difference),
        lower_bound=None if difference is None else _quantiles(difference, (0.05,))[0],
        reasoning_gain=None if gain is None else _percentile(gain),
        cells=cells,
    )


def _cell(arm: str, cell: str, table: Table, draws: Floats) -> CellEstimate:
    own = [k for k, column in enumerate(table.columns) if (column[0], column[2]) == (arm, cell)]
    n = round(table.count[own].sum())
    interval = _percentile(draws)
    if n and (table.single[arm, cell] or interval.low == interval.high):
        clusters = int((table.count[own].sum(axis=0) > 0).sum())
        interval = _wilson(interval.value, clusters)
    return CellEstimate(table.families[cell], n, interval)


def _wilson(share: float, n: int) -> Interval:
    bounds = binomtest(round(share * n), n).proportion_ci(confidence_level=0.95, method="wilson")
    return Interval(share, float(bounds.low), float(bounds.high))


def _percentile(draws: Floats) -> Interval:
    return Interval(float(draws[0]), *_quantiles(draws, (0.025, 0.975)))


def _quantiles(draws: Floats, shares: tuple[float, ...]) -> list[float]:
    known = draws[1:][~np.isnan(draws[1:])]
    return [float(q) for q in np.quantile(known, shares)] if len(known) else [math.nan] * len(shares)
