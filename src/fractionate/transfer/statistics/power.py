"""What a plan can see before it is run, and how many questions and seeds a margin needs.

    plan = plan_of(items, seeds=3)              # the parts of T, their questions and styles
    minimum_margin(plan)                        # 0.061: "not worse by 6.1 points" is found in 80% if it is true
    power(plan, margin=0.05)                    # 0.66
    needed(plan, margin=0.02)                   # Needed(items=…, seeds=…), None if no number is enough
    power_line(plan, margin=0.02)               # one sentence for the terminal

The variance of a difference of T has two sources (`intervals`): the questions that all seeds share, and what differs
from seed to seed. A question's difference is -1, 0 or 1 and not 0 in a share `discordant` of the answers, so its
variance is `discordant` where the arms are equally good. In k styles of one question it is
discordant (r + (1 - r) / k), with r its correlation between styles: k styles of 24 questions are far fewer than
24 k questions (the design effect of L. Kish, "Survey Sampling", Wiley 1965). With one seed the plan is about this
pair of students alone.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaincinv, ndtr

from fractionate.records import Item
from fractionate.transfer.statistics.intervals import Floats, Spread
from fractionate.transfer.statistics.table import TRANSFER_FAMILIES, parts_of

BETWEEN_SEEDS = 0.02
"""Standard deviation of one arm's T from seed to seed, beyond what its questions explain. Four trainings of the
default study that differed in rounding alone ended at a T of 12.2 to 18.4% (`full`) and 10.4 to 18.7% (decision
points), a standard deviation of 3.1 and 3.7 points (`docs/results/ledger-smollm2.md`); the noise of single questions
in a T of 24 questions a cell makes 2.7 of it."""

DISCORDANT = 0.3
"""The share of answers that exactly one of two arms gets right: 15 to 35% for trained arms in the earlier studies."""

STYLE_CORRELATION = 0.55
"""Of a question's difference between two styles: 0.37 to 0.81 in the earlier studies, in the middle 0.55."""

SEED_CORRELATION = 0.25
"""Of a question's difference between two seeds: 0.0, 0.29 and 0.39 in two trainings of the default study."""

RESERVE = 0.06
"""By how much few seeds widen the interval beyond the formula, over their degrees of freedom: variances that would be
negative are taken as 0. From the simulation, so that the promise of 80% is kept."""

_QUANTILES = (np.arange(400) + 0.5) / 400


class PlannedPart(NamedTuple):
    """Cells that share their questions: their weight in T, the number of clusters of questions, and of cells."""

    weight: float
    clusters: int
    cells: int


class Needed(NamedTuple):
    """What a margin takes: so many times the planned questions, in every cell, at so many seeds."""

    times: float
    clusters: int
    seeds: int


@dataclass(frozen=True)
class Plan:
    """A comparison of two of `arms` trained arms before it is run; the module's constants say what the numbers are."""

    parts: tuple[PlannedPart, ...]
    seeds: int = 1
    arms: int = 2
    discordant: float = DISCORDANT
    between_seeds: float = BETWEEN_SEEDS
    style_correlation: float = STYLE_CORRELATION
    seed_correlation: float = SEED_CORRELATION

    @property
    def clusters(self) -> int:
        """Clusters of questions, over all parts."""
        return sum(p.clusters for p in self.parts)

    @cached_property
    def questions(self) -> float:
        """The variance that the questions cause in the difference of one seed."""
        r = self.style_correlation
        each = (p.weight**2 * (r + (1 - r) / p.cells) / p.clusters for p in self.parts)
        return self.discordant * sum(each)

    @cached_property
    def effective(self) -> float:
        """The number of independent paired questions, asked once, that would vary as much."""
        return self.discordant / self.questions

    def variance(self) -> Spread:
        """The true variance of the difference."""
        one = np.ones(())
        shared = 1.0 if self.seeds == 1 else self.seed_correlation
        own = (1 - shared) * self.questions + (2 * self.between_seeds**2 if self.seeds > 1 else 0.0)
        df = max(self.clusters - len(self.parts), 1)
        seeds_df = (self.seeds - 1) * max(self.arms - 1, 1)
        return Spread(one * shared * self.questions, one * own / self.seeds, one * df, one * seeds_df)

    def estimated(self) -> Spread:
        """The variance that the analysis will find on average, with the two clusters that it adds to each part."""
        true = self.variance()
        added = sum(self._added(p) for p in self.parts)
        return true._replace(questions=true.questions + added)

    def _added(self, part: PlannedPart) -> float:
        """What two more clusters that differ add to the variance, less what n + 2 in place of n takes away."""
        r, n = self.style_correlation, part.clusters
        cells = 1 / (r + (1 - r) / part.cells)
        seeds = 1 / (self.seed_correlation + (1 - self.seed_correlation) / self.seeds)
        of_mean = self.discordant * part.weight**2 / (n * cells * seeds)
        differing = n * (1 - (1 - self.discordant) ** (cells * seeds))
        return float(of_mean * ((1 + 2 / max(differing, 1.0)) * (n / (n + 2)) ** 2 - 1))


def plan_of(
    items: Sequence[Item],
    seeds: int,
    arms: int = 2,
    *,
    between_seeds: float = BETWEEN_SEEDS,
    families: Sequence[str] = TRANSFER_FAMILIES,
) -> Plan:
    """The plan of comparisons on these items, with so many trained arms; items of other families do not count.

    Raises:
        InputError: no items of these families.
    """
    clusters: dict[str, set[str]] = defaultdict(set)
    family_of: dict[str, str] = {}
    for item in items:
        if item.family in families:
            clusters[item.cell].add(item.cluster or item.pair)
            family_of[item.cell] = item.family
    parts = parts_of(clusters, family_of)
    return Plan(tuple(PlannedPart(*p) for p in parts), seeds, arms, between_seeds=between_seeds)


def power(plan: Plan, margin: float, *, difference: float = 0.0, alpha: float = 0.05) -> float:
    """The chance that the one-sided 1 - alpha bound lies above -margin when the true difference is `difference`.

    The same as the chance to see a difference of the margin's size where the arms differ by so much. Over the values
    that the seeds' variance may take (chi-squared), the normal chance is averaged.
    """
    reach = _reach(plan, alpha)
    return float(ndtr((margin + difference - reach) / math.sqrt(plan.variance().total)).mean())


def _reach(plan: Plan, alpha: float) -> Floats:
    """How far the bound may lie below the difference, for each value that the seeds' variance may take."""
    expected = plan.estimated()
    df = max(float(expected.seeds_df), 1.0)
    chance = 2 * gammaincinv(df / 2, _QUANTILES) / df
    ones: Floats = np.ones_like(chance)
    estimated = Spread(
        expected.questions * ones,
        expected.seeds * chance,
        expected.questions_df * ones,
        expected.seeds_df * ones,
    )
    reserve = 1 + (RESERVE / df if plan.seeds > 1 else 0.0)
    reach: Floats = reserve * estimated.critical(alpha) * np.sqrt(estimated.total)
    return reach


def minimum_margin(plan: Plan, *, power_wanted: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest margin within which "not worse" is found with this power; infinite where none is enough."""
    reach, error = _reach(plan, alpha), math.sqrt(plan.variance().total)

    def missing(margin: float) -> float:
        return power_wanted - float(ndtr((margin - reach) / error).mean())

    if missing(1.0) > 0:
        return math.inf
    return float(brentq(missing, 1e-9, 1.0, xtol=1e-7))


def minimum_detectable(
    n_items: int,
    discordant: float = DISCORDANT,
    power: float = 0.8,
    alpha: float = 0.05,
    *,
    seeds: int = 1,
    between_seeds: float = BETWEEN_SEEDS,
) -> float:
    """The smallest difference in accuracy that `n_items` paired independent items can see; infinite if none.

    `discordant` is the share of items that exactly one of the two arms gets right; with several seeds
    `between_seeds` is the standard deviation of one arm's accuracy between them. For one seed this is the usual
    n = (z(1-alpha) + z(power))² discordant / d² of paired proportions (R. J. Connor, "Sample size for testing
    differences in proportions for the paired-sample design", Biometrics 43 (1987), 207-211, without his d² term).

    Example:
        >>> round(minimum_detectable(4637), 3)
        0.02
    """
    part = PlannedPart(1.0, n_items, 1)
    plan = Plan((part,), seeds=seeds, discordant=discordant, between_seeds=between_seeds)
    found = minimum_margin(plan, power_wanted=power, alpha=alpha)
    return found if found <= discordant else math.inf


def needed(plan: Plan, margin: float, *, seeds: Sequence[int] = (1, 2, 3, 5, 8, 12, 20)) -> list[Needed]:
    """How many questions a margin needs at each number of seeds; numbers of seeds that never suffice are left out."""
    return [n for s in seeds if (n := _needed_at(replace(plan, seeds=s), margin)) is not None]


def _needed_at(plan: Plan, margin: float, most: float = 1e4) -> Needed | None:
    def seen(log_times: float) -> float:
        return power(_scaled(plan, math.exp(log_times)), margin) - 0.8

    if seen(math.log(most)) < 0:
        return None
    least = math.log(2 / min(p.clusters for p in plan.parts))
    times = math.exp(brentq(seen, least, math.log(most), xtol=1e-3)) if seen(least) < 0 else math.exp(least)
    return Needed(times, _scaled(plan, times).clusters, plan.seeds)


def _scaled(plan: Plan, times: float) -> Plan:
    return replace(
        plan, parts=tuple(p._replace(clusters=max(2, math.ceil(p.clusters * times))) for p in plan.parts)
    )


def power_line(plan: Plan, margin: float) -> str:
    """What the plan can see, in one sentence."""
    visible = minimum_margin(plan)
    spread = (
        "one seed an arm, so this is about these students alone"
        if plan.seeds == 1
        else f"{plan.seeds} seeds an arm, a spread of {plan.between_seeds * 100:g} points between seeds assumed"
    )
    said = (
        "no difference in T could be seen"
        if math.isinf(visible)
        else f"a difference in T of {visible * 100:.1f} points can be seen (80% power)"
    )
    line = f"{plan.clusters} independent questions, {spread}: {said}"
    return line if visible <= margin else f"{line}; {what_it_takes(plan, margin)}"


def what_it_takes(plan: Plan, margin: float) -> str:
    """How many questions and seeds the margin needs, the fewest answers in all, as a clause."""
    found = needed(plan, margin)
    points = f"{margin * 100:g} points"
    if not found:
        return f"{points} cannot be seen with up to 20 seeds"
    own = [n for n in found if n.seeds >= plan.seeds]
    best = min(own or found, key=lambda n: n.clusters * n.seeds)
    return (
        f"{points} would take about {best.clusters:,} questions and {best.seeds} seed{'s' * (best.seeds > 1)}"
    )
