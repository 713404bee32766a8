"""Scores as sums over clusters of questions, and what each cluster adds to a mean of cells.

    table = Table.of(scores)
    table.contributions("full", table.grouped(("style", "related")))      # of the mean of the two families' means

Scores become two arrays of shape (columns, clusters), one column an (arm, seed, cell): the sum of the items'
accuracies and the number of items. Cells that share clusters (the same questions in several styles) form a part;
parts that share none (other benchmarks) are samples of their own.

An unchecked answer counts neither as right nor as wrong: the mean of a cell is over the checked ones. A difference of
two arms is over the questions to which both have checked answers (`Table.paired`), so that nobody gains by answers
that cannot be checked.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from fractionate.errors import InputError, unknown_name
from fractionate.records import Score
from fractionate.transfer.statistics.intervals import Contributions, Floats

TRANSFER_FAMILIES = ("style", "related", "difficulty")
"""The families of cells that T is the mean of."""

GAIN = "reasoning gain"
"""The pseudo-cell whose items are questions asked both ways: right with reasoning minus right at once."""

_REASONED = ("in_format", "related", "difficulty")
"""Families whose prompts are plain, so that they pair with `at_once`; the first that asked a question counts."""


@dataclass(frozen=True)
class Table:
    """`total` and `count` (columns × clusters) of `scores`; `columns[k]` is the (arm, seed, cell) of row k."""

    columns: list[tuple[str, int, str]]
    total: Floats
    count: Floats
    families: dict[str, str]
    scores: Sequence[Score] = ()

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
        return Table(columns, total, count, families, scores)

    def arms(self) -> dict[str, tuple[int, ...]]:
        """The arms in the order of their first scores, each with its seeds."""
        return _seeds(self.columns)

    def paired(self, arm: str, reference: str) -> "Table":
        """The table of two arms alone in which what only one has a checked answer to is unchecked for the other, too.

        It is this table where all their answers are checked.
        With the same seeds both need a checked answer of the seed; with others, of every seed that has any at all.
        """
        own = [s for s in self.scores if s.arm in (arm, reference)]
        if all(s.right is not None for s in own):
            return self
        seeds = self.arms()
        kept = _common(own, by_seed=seeds[arm] == seeds[reference])
        return Table.of([s if _question(s) in kept else replace(s, right=None) for s in own])

    def grouped(self, families: Sequence[str]) -> list[list[str]]:
        """The cells of each of these families that was asked."""
        found = [[cell for cell, own in self.families.items() if own == family] for family in families]
        return [cells for cells in found if cells]

    def checked(self, reference: str, families: Sequence[str]) -> "Table":
        """This table, if its arms can be compared with `reference` over `families`.

        Raises:
            InputError: no cells of these families, no scores of the reference, or arms that were asked different cells.
        """
        asked: dict[str, set[str]] = {}
        for arm, _, cell in self.columns:
            asked.setdefault(arm, set()).update({cell} - {GAIN})
        if reference not in asked:
            raise unknown_name("reference arm", reference, asked)
        if not any(self.families[cell] in families for cell in asked[reference]):
            raise InputError(f"no transfer cells among the scores: none is of {', '.join(families)}")
        for arm, cells in asked.items():
            if odd := cells ^ asked[reference]:
                raise InputError(
                    f"arms {arm} and {reference} were asked different cells: {', '.join(sorted(odd))}"
                )
        return self

    def contributions(self, arm: str, groups: Sequence[Sequence[str]]) -> Contributions:
        """What each cluster adds to an arm's mean over groups of cells: cells equal in a group, groups equal.

        A cell without a checked answer of a seed is left out of that seed's mean; a seed without any is left out.
        """
        cells = [cell for group in groups for cell in group]
        weight = {cell: 1 / (len(groups) * len(group)) for group in groups for cell in group}
        of_cells = [k for k, (_, _, cell) in enumerate(self.columns) if cell in weight]
        used = np.flatnonzero(self.count[of_cells].any(axis=0))
        part_of_cell, part = _parts(self.columns, of_cells, self.count[:, used])
        weights = np.zeros(max(part_of_cell.values(), default=-1) + 1)
        for cell in part_of_cell:
            weights[part_of_cell[cell]] += weight[cell]
        at = {column: k for k, column in enumerate(self.columns)}
        rows = [
            row
            for seed in self.arms()[arm]
            if (row := self._row([at.get((arm, seed, cell)) for cell in cells], groups, used)) is not None
        ]
        shape = (2, len(rows), len(used))
        raw, centered = np.array(rows).swapaxes(0, 1) if rows else np.zeros(shape)
        return Contributions(raw, centered, part, weights)

    def _row(
        self, columns: Sequence[int | None], groups: Sequence[Sequence[str]], used: NDArray[np.intp]
    ) -> tuple[Floats, Floats] | None:
        """Raw and centered contributions of one seed; None where it has no checked answer."""
        raw, centered = np.zeros(len(used)), np.zeros(len(used))
        left = iter(columns)
        known = [
            [k for k in (next(left) for _ in group) if k is not None and self.count[k].any()]
            for group in groups
        ]
        known = [group for group in known if group]
        for group in known:
            for k in group:
                share = 1 / (len(known) * len(group) * self.count[k].sum())
                total, count = self.total[k, used], self.count[k, used]
                raw += share * total
                centered += share * (total - total.sum() / count.sum() * count)
        return (raw, centered) if known else None


def _question(score: Score) -> tuple[int, str]:
    return score.seed, score.item


def _common(scores: Sequence[Score], by_seed: bool) -> set[tuple[int, str]]:
    """The (seed, item) that both of two arms have a checked answer to; all seeds of an item, unless `by_seed`."""
    checked: dict[str, set[tuple[int, str]]] = {s.arm: set() for s in scores}
    for s in scores:
        if s.right is not None:
            checked[s.arm].add(_question(s))
    if by_seed:
        return set.intersection(*checked.values())
    answered = [
        {item for seed, item in own if seed == wanted}
        for own in checked.values()
        for wanted in {seed for seed, _ in own}
    ]
    items = set.intersection(*answered) if all(checked.values()) else set()
    return {found for own in checked.values() for found in own if found[1] in items}


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


def _parts(
    columns: Sequence[tuple[str, int, str]], own: Sequence[int], count: Floats
) -> tuple[dict[str, int], NDArray[np.intp]]:
    """The part of each cell among the columns `own`, and of each cluster."""
    clusters: dict[str, NDArray[np.bool_]] = {}
    for k in own:
        cell = columns[k][2]
        clusters[cell] = clusters.get(cell, np.zeros(count.shape[1], dtype=bool)) | (count[k] > 0)
    asked = {cell: mine for cell, mine in clusters.items() if mine.any()}
    return connected(asked, count.shape[1])


def connected(
    clusters: Mapping[str, NDArray[np.bool_]], count: int
) -> tuple[dict[str, int], NDArray[np.intp]]:
    """Cells that share clusters, directly or through others, are one part: its number for each cell and cluster."""
    n = len(clusters)
    pairs = [(i, n + int(c)) for i, mine in enumerate(clusters.values()) for c in np.flatnonzero(mine)]
    rows, cols = zip(*pairs, strict=True) if pairs else ((), ())
    graph = coo_matrix((np.ones(len(pairs)), (rows, cols)), shape=(n + count, n + count))
    labels = connected_components(graph, directed=False)[1]
    return dict(zip(clusters, map(int, labels[:n]), strict=True)), labels[n:].astype(np.intp)


def parts_of(
    clusters: Mapping[str, Collection[str]], family_of: Mapping[str, str]
) -> list[tuple[float, int, int]]:
    """(weight in T, clusters, cells) of each part of the cells; T is the mean of families of the mean of cells.

    Raises:
        InputError: no cells.
    """
    if not clusters:
        raise InputError("no transfer cells among the items: nothing to compare arms on")
    names = {name: i for i, name in enumerate(dict.fromkeys(c for mine in clusters.values() for c in mine))}
    masks = {
        cell: np.isin(np.arange(len(names)), [names[c] for c in mine]) for cell, mine in clusters.items()
    }
    part_of_cell, part = connected(masks, len(names))
    families = list(family_of.values())
    found: dict[int, tuple[float, int]] = {}
    for cell, own in part_of_cell.items():
        weight, cells = found.get(own, (0.0, 0))
        found[own] = (weight + 1 / (len(set(families)) * families.count(family_of[cell])), cells + 1)
    return [(weight, int((part == own).sum()), cells) for own, (weight, cells) in found.items()]
