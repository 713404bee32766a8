"""Does accuracy hold when the prompt's style changes: mean, worst style, spread, and questions right in all styles.

    report = style_report(scores)["compact"]
    report.mean, report.worst         # Interval(value=0.61, low=0.55, high=0.67), the same of "style: noisy"
    report.right_under_all            # 0.38: the share of questions that no style makes it lose
    report.all_if_independent         # 0.09: what it would be if styles failed independently of each other
    report.deviation_by_chance        # 0.02: the spread that the same answers show with styles exchanged at random

The styles are the cells of family `style`. Intervals are 95% percentile intervals of the paired cluster bootstrap
of `bootstrap`, those of a cell are `statistics`' own. The least of several noisy accuracies lies below the least of
the true ones, and their spread above the true spread: read `worst` and `deviation` beside `deviation_by_chance`.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fractionate.errors import InputError
from fractionate.records import Score
from fractionate.transfer.statistics import CellEstimate, Interval, estimates
from fractionate.transfer.statistics.bootstrap import resampled
from fractionate.transfer.statistics.intervals import Floats
from fractionate.transfer.statistics.table import Table

ALL, ANY, POOLED = "right under all styles", "right under any style", "styles together"
"""Pseudo-cells with one answer a question, and their family."""

PLAIN = "in format"

PERMUTATIONS = 200


@dataclass(frozen=True, slots=True)
class StyleReport:
    """One arm under several styles. `n` counts (question, seed, sample) with a checked answer in every style.

    `deviation` is the standard deviation of the styles' accuracies and `span` the best minus the worst;
    `all_if_independent` is the product of the accuracies. `plain` is the accuracy in format on the same questions
    and `drop` how far the mean lies below it; both are None where no such cell was asked.
    """

    arm: str
    n: int
    styles: Mapping[str, Interval]
    mean: Interval
    worst: Interval
    worst_style: str
    deviation: Interval
    span: Interval
    deviation_by_chance: float
    right_under_all: Interval
    all_if_independent: Interval
    right_under_any: Interval
    plain: Interval | None
    drop: Interval | None


def style_report(scores: Sequence[Score], *, resamples: int = 2000, seed: int = 0) -> dict[str, StyleReport]:
    """A report of every arm, the same resamples of questions and seeds for all.

    Raises:
        InputError: fewer than two style cells, or cells or arms that were asked different questions.
    """
    styled = [s for s in scores if s.family == "style"]
    cells = _checked(styled)
    asked = {_question(s) for s in styled}
    plain = [replace(s, cell=PLAIN) for s in scores if s.family == "in_format" and _question(s) in asked]
    everything = [*styled, *_together(styled, len(cells)), *plain]
    draws = resampled(Table.of(everything), resamples, seed)
    arms = list(dict.fromkeys(s.arm for s in styled))
    known = estimates(everything, reference=arms[0], resamples=resamples, seed=seed, families=("style",))
    reports = {}
    for arm in arms:
        drawn = {cell: values for (own, cell), values in draws.items() if own == arm}
        chance = _deviation_by_chance([s for s in styled if s.arm == arm], seed)
        reports[arm] = _report(arm, cells, drawn, known[arm].cells, chance)
    return reports


def style_reports(
    scores: Sequence[Score], place_of: Mapping[str, str], *, resamples: int = 2000, seed: int = 0
) -> dict[str, dict[str, StyleReport]]:
    """`style_report` of each benchmark that was asked under two styles or more, by its place.

    `place_of` names the benchmark of each style cell. Cells of one benchmark that ask different questions are reported
    apart.
    """
    asked: dict[str, set[str]] = defaultdict(set)
    for s in scores:
        if s.family == "style":
            asked[s.cell].add(_question(s))
    groups: dict[tuple[str, frozenset[str]], list[str]] = defaultdict(list)
    for cell, questions in asked.items():
        groups[place_of.get(cell, ""), frozenset(questions)].append(cell)
    told = {group: cells for group, cells in groups.items() if len(cells) > 1}
    places = Counter(place for place, _ in told)
    return {
        (
            place if places[place] == 1 else f"{place} {len(questions)} problems ({cells[0]})"
        ).strip(): style_report(
            [s for s in scores if s.family != "style" or s.cell in cells], resamples=resamples, seed=seed
        )
        for (place, questions), cells in told.items()
    }


def _report(
    arm: str,
    cells: Sequence[str],
    drawn: Mapping[str, Floats],
    known: Mapping[str, CellEstimate],
    by_chance: float,
) -> StyleReport:
    styles = np.stack([drawn[cell] for cell in cells], axis=1)  # resamples × styles
    mean, plain = styles.mean(axis=1), drawn.get(PLAIN)
    return StyleReport(
        arm=arm,
        n=known[ALL].n,
        styles={cell: known[cell].accuracy for cell in cells},
        mean=_interval(mean),
        worst=_interval(styles.min(axis=1)),
        worst_style=cells[int(styles[0].argmin())],
        deviation=_interval(styles.std(axis=1)),
        deviation_by_chance=by_chance,
        span=_interval(np.ptp(styles, axis=1)),
        right_under_all=known[ALL].accuracy,
        all_if_independent=_interval(styles.prod(axis=1)),
        right_under_any=known[ANY].accuracy,
        plain=None if plain is None else known[PLAIN].accuracy,
        drop=None if plain is None else _interval(plain - mean),
    )


def _question(score: Score) -> str:
    return score.item.removeprefix(f"{score.cell}/")


def _checked(styled: Sequence[Score]) -> list[str]:
    """The style cells, if every arm and seed was asked the same questions in each of them."""
    asked: dict[tuple[str, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for s in styled:
        asked[s.arm, s.seed][s.cell].add(_question(s))
    cells = list(dict.fromkeys(s.cell for s in styled))
    if len(cells) < 2:
        raise InputError(
            f"a report on styles needs two cells of the family style at least; there are {len(cells)}"
        )
    for (arm, seed), by_cell in asked.items():
        for cell in cells:
            if by_cell[cell] != by_cell[cells[0]]:
                raise InputError(
                    f"arm {arm}, seed {seed}: the cells {cells[0]} and {cell} ask different questions; "
                    "report the styles of one benchmark at a time"
                )
    return cells


def _together(styled: Sequence[Score], styles: int) -> list[Score]:
    """One score a question, for being right in all styles, and one for being right in any; both need all checked."""
    groups: dict[tuple[str, int, str, int], list[Score]] = defaultdict(list)
    for s in styled:
        groups[s.arm, s.seed, _question(s), s.sample].append(s)
    return [
        replace(
            group[0],
            cell=cell,
            family=POOLED,
            item=f"{cell}/{question}",
            right=None if any(s.right is None for s in group) else of(s.right for s in group),
        )
        for (_, _, question, _), group in groups.items()
        if len(group) == styles
        for cell, of in ((ALL, all), (ANY, any))
    ]


def _deviation_by_chance(styled: Sequence[Score], seed: int) -> float:
    """The mean deviation between styles when each question's answers are dealt to the styles at random."""
    rows: dict[tuple[int, str, int], list[float]] = defaultdict(list)
    for s in styled:
        if s.right is not None:
            rows[s.seed, _question(s), s.sample].append(s.right)
    widest = max(map(len, rows.values()), default=0)
    answers = np.array([row for row in rows.values() if len(row) == widest], dtype=float)
    if not answers.size:
        return math.nan
    rng = np.random.default_rng(seed)
    return float(np.mean([rng.permuted(answers, axis=1).mean(axis=0).std() for _ in range(PERMUTATIONS)]))


def _interval(values: Floats) -> Interval:
    """The estimate, and the middle 95% of its resamples."""
    known = values[1:][~np.isnan(values[1:])]
    low, high = np.quantile(known, (0.025, 0.975)) if len(known) else (math.nan, math.nan)
    return Interval(float(values[0]), float(low), float(high))
