"""The paired cluster bootstrap: one resample of questions and seeds, the same for all arms.

Scores become two arrays of shape (columns, clusters), one column an (arm, seed, cell): the sum of the items'
accuracies and the number of items. A resample is a vector of cluster weights, so that all resamples of all
columns are one matrix product.

    table = Table.of(scores)
    accuracy = resampled(table, resamples=2000, seed=0)       # {(arm, cell): array of 2001 accuracies}

Entry 0 of every array is the estimate itself. Cells that share clusters (the same questions in several
styles) are resampled together; cells that share none (other benchmarks) keep their own numbers of clusters.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from fractionate.records import Score

Floats = NDArray[np.float64]

GAIN = "reasoning gain"
"""The pseudo-cell whose items are questions asked both ways: right with reasoning minus right at once."""

_REASONED = ("in_format", "related", "difficulty")
"""Families whose prompts are plain, so that they pair with `at_once`; the first that asked a question counts."""


@dataclass(frozen=True)
class Table:
    """`total` and `count` (columns × clusters); `columns[k]` is the (arm, seed, cell) of row k."""

    columns: list[tuple[str, int, str]]
    total: Floats
    count: Floats
    families: dict[str, str]
    single: dict[tuple[str, str], bool]
    """Whether an arm's cell holds one answer a cluster, so that its right answers are a binomial count."""

    @staticmethod
    def of(scores: Sequence[Score]) -> "Table":
        """Sum up checked scores; samples of one item are averaged, unchecked ones left out."""
        rights: dict[tuple[str, int, str, str], list[bool]] = defaultdict(list)
        clusters: dict[str, int] = {}
        cluster_of: dict[str, int] = {}
        families: dict[str, str] = {}
        for s in scores:
            families.setdefault(s.cell, s.family)
            pair = s.item.removeprefix(f"{s.cell}/")
            cluster_of[s.item] = clusters.setdefault(s.cluster or pair, len(clusters))
            if s.right is not None:
                rights[s.arm, s.seed, s.cell, s.item].append(s.right)
        means = {key: sum(values) / len(values) for key, values in rights.items()}
        cells = [(arm, seed, cell, cluster_of[item], m) for (arm, seed, cell, item), m in means.items()]
        asked = list(dict.fromkeys((s.arm, s.seed, s.cell) for s in scores))
        gains = [(arm, seed, GAIN, cluster_of[item], m) for arm, seed, item, m in _gains(means, families)]
        columns = asked + list(dict.fromkeys((arm, seed, GAIN) for arm, seed, *_ in gains))
        at = {column: k for k, column in enumerate(columns)}
        total, count = np.zeros((len(columns), len(clusters))), np.zeros((len(columns), len(clusters)))
        rows = cells + gains
        where = ([at[r[0], r[1], r[2]] for r in rows], [r[3] for r in rows])
        np.add.at(total, where, [r[4] for r in rows])
        np.add.at(count, where, 1.0)
        seeds, repeated = _seeds(columns), {(a, c) for (a, _, c, _), v in rights.items() if len(v) > 1}
        crowded = {
            (a, c) for (a, _, c), n in zip(columns, count.max(axis=1, initial=0), strict=True) if n > 1
        }
        single = {
            (a, c): len(seeds[a]) == 1 and (a, c) not in repeated | crowded for a, _, c in asked if c != GAIN
        }
        return Table(columns, total, count, families, single)


def _gains(
    means: dict[tuple[str, int, str, str], float], families: dict[str, str]
) -> list[tuple[str, int, str, float]]:
    """(arm, seed, item, gain) for every question that an arm answered both ways."""
    reasoned: dict[tuple[str, int, str], list[float]] = {}
    for family in _REASONED:
        found: dict[tuple[str, int, str], list[float]] = defaultdict(list)
        for (arm, seed, cell, item), mean in means.items():
            if families[cell] == family:
                found[arm, seed, item.removeprefix(f"{cell}/")].append(mean)
        reasoned = found | reasoned
    gains = []
    for (arm, seed, cell, item), mean in means.items():
        both = reasoned.get((arm, seed, item.removeprefix(f"{cell}/")))
        if families[cell] == "at_once" and both:
            gains.append((arm, seed, item, sum(both) / len(both) - mean))
    return gains


def _seeds(columns: Sequence[tuple[str, int, str]]) -> dict[str, tuple[int, ...]]:
    seeds: dict[str, set[int]] = defaultdict(set)
    for arm, seed, _ in columns:
        seeds[arm].add(seed)
    return {arm: tuple(sorted(own)) for arm, own in seeds.items()}


def resampled(table: Table, resamples: int, seed: int) -> dict[tuple[str, str], Floats]:
    """Accuracies of every (arm, cell): the estimate, then one for each resample; NaN where nothing is left.

    Seeds are resampled too, the same draw for all arms that share their seeds.
    """
    rng = np.random.default_rng(seed)
    right, asked = _resampled_sums(table, resamples, rng)
    with np.errstate(invalid="ignore", divide="ignore"):
        accuracy = np.where(asked > 0, right / asked, np.nan)
    seeds = _seeds(table.columns)
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
    """Right answers and questions of every column, (1 + resamples) × columns."""
    cells = {cell: i for i, cell in enumerate(dict.fromkeys(c for _, _, c in table.columns))}
    k, c = table.count.nonzero()
    cell_at = np.array([cells[cell] for _, _, cell in table.columns], dtype=int)
    n = len(cells) + table.count.shape[1]
    graph = coo_matrix((np.ones(len(k)), (cell_at[k], len(cells) + c)), shape=(n, n))
    part_of = connected_components(graph, directed=False)[1][len(cells) :]
    right = np.zeros((resamples + 1, len(table.columns)))
    asked = np.zeros_like(right)
    for part in np.unique(part_of):
        own = np.flatnonzero(part_of == part)
        weights = _weights(len(own), resamples, rng)
        right += weights @ table.total[:, own].T
        asked += weights @ table.count[:, own].T
    return right, asked
