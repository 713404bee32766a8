"""The paired cluster bootstrap, for statistics that are not means: the worst style, the spread of styles.

    bootstrap(scores, lambda cells: min(cells.values()))["full"]       # Interval(value=0.12, low=0.06, high=0.19)

A resample draws clusters of questions, the same ones for all arms, and seeds where there are several. All resamples of
all columns are one matrix product. Percentiles of two or three seeds understate the spread between seeds, and those of
0 of n have no width: what is a mean, or a difference of means, has better intervals (`intervals`).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fractionate.records import Score
from fractionate.transfer.statistics.intervals import Floats, Interval
from fractionate.transfer.statistics.table import Table, connected


def bootstrap(
    scores: Sequence[Score],
    statistic: Callable[[Mapping[str, float]], float],
    *,
    cells: Sequence[str] | None = None,
    resamples: int = 2000,
    seed: int = 0,
) -> dict[str, Interval]:
    """The statistic of every arm's cell accuracies, with its 95% percentile interval.

    `statistic` gets the accuracy of each cell (of `cells`, by default of all) of one arm.
    """
    table = Table.of(scores)
    wanted = list(table.families) if cells is None else list(cells)
    draws = resampled(table, resamples, seed)
    found = {}
    for arm in table.arms():
        own = np.stack([draws[arm, cell] for cell in wanted], axis=1)
        values = np.array([statistic(dict(zip(wanted, map(float, row), strict=True))) for row in own])
        low, high = np.nanquantile(values[1:], (0.025, 0.975)) if len(values) > 1 else (np.nan, np.nan)
        found[arm] = Interval(float(values[0]), float(low), float(high))
    return found


def resampled(table: Table, resamples: int, seed: int) -> dict[tuple[str, str], Floats]:
    """Accuracies of every (arm, cell): the estimate, then one for each resample; NaN where nothing is left.

    Seeds are resampled too, the same draw for all arms that share their seeds.
    """
    rng = np.random.default_rng(seed)
    right, asked = _resampled_sums(table, resamples, rng)
    with np.errstate(invalid="ignore", divide="ignore"):
        accuracy = np.where(asked > 0, right / asked, np.nan)
    seeds = table.arms()
    draws = {own: _weights(len(own), resamples, rng) for own in sorted(set(seeds.values()))}
    of_cell: dict[tuple[str, str], dict[int, Floats]] = defaultdict(dict)
    for k, (arm, seed_, cell) in enumerate(table.columns):
        of_cell[arm, cell][seed_] = accuracy[:, k]
    result = {}
    for (arm, cell), by_seed in of_cell.items():
        own = seeds[arm]
        weights = draws[own][:, [own.index(s) for s in by_seed]]
        result[arm, cell] = weighted_mean(np.stack(list(by_seed.values()), axis=1), weights)
    return result


def weighted_mean(values: Floats, weights: Floats | None = None) -> Floats:
    """Mean over the last axis without NaN entries; NaN where none is left."""
    known = ~np.isnan(values)
    weights = known * (1.0 if weights is None else weights)
    sums = (np.where(known, values, 0.0) * weights).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Floats = np.where(weights.sum(axis=-1) > 0, sums / weights.sum(axis=-1), np.nan)
    return mean


def _weights(n: int, resamples: int, rng: np.random.Generator) -> Floats:
    """How often each of n things is drawn, (1 + resamples) × n; the first row draws each once."""
    drawn: NDArray[Any] = rng.multinomial(n, np.full(n, 1 / n), size=resamples)
    return np.concatenate([np.ones((1, n)), drawn]).astype(np.float64)


def _resampled_sums(table: Table, resamples: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Right answers and questions of every column, (1 + resamples) × columns; each part keeps its size."""
    cells = {f"{k}": count > 0 for k, count in enumerate(table.count)}
    part_of = connected(cells, table.count.shape[1])[1]
    right = np.zeros((resamples + 1, len(table.columns)))
    asked = np.zeros_like(right)
    for part in np.unique(part_of):
        own = np.flatnonzero(part_of == part)
        weights = _weights(len(own), resamples, rng)
        right += weights @ table.total[:, own].T
        asked += weights @ table.count[:, own].T
    return right, asked
