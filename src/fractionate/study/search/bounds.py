"""What a difference to the reference can be, with one seed or several: bounds, standings, what a plan can see.

bounds_of(compare_arms(scores, "full", margin=0.02)["compact"])        # (-0.031, 0.048)
visible(plan_of(items, 3))             # 0.094: the margin within which "not worse" is found with 80% power
"""

import math
from dataclasses import replace

from scipy.stats import norm

from fractionate.study.search.halving import Standing
from fractionate.transfer.statistics import Comparison, Plan, minimum_margin, power
from fractionate.transfer.statistics.comparisons import judged
from fractionate.transfer.statistics.power import BETWEEN_SEEDS


def seeded(found: Comparison) -> Comparison:
    """The comparison as it holds for other training seeds.

    With one seed, by a normal distribution that has the spread between seeds added which studies have shown: a student
    alone says nothing of it.
    """
    if found.over_seeds:
        return found
    value, margin, error = found.difference.value, found.margin, error_of(found)
    reach = float(norm.ppf(0.95)) * error
    not_worse, not_better = (float(norm.sf((margin + d) / error)) for d in (value, -value))
    different = float(2 * norm.sf(abs(value) / error))
    return judged(
        replace(
            found, lower_bound=value - reach, upper_bound=value + reach, p_not_worse=not_worse,
            p_equivalent=max(not_worse, not_better), p_different=different,
            p_different_adjusted=max(different, found.p_different_adjusted),
        )
    )  # fmt: skip


def standing_of(found: Comparison, cost: float) -> Standing:
    """How a candidate stands against the reference, with the margin of the comparison."""
    found = seeded(found)
    return Standing(found.arm, found.difference.value, found.upper_bound, found.p_not_worse, cost)


def bounds_of(found: Comparison) -> tuple[float, float]:
    """The one-sided 95% bounds of a difference, as they hold for other training seeds."""
    found = seeded(found)
    return found.lower_bound, found.upper_bound


def visible(plan: Plan, power: float = 0.8) -> float:
    """The margin within which "not worse" is found with this power, for one seed as `bounds_of` sees it."""
    margin, reach = minimum_margin(plan, power_wanted=power), float(norm.ppf(0.95) + norm.ppf(power))
    if plan.seeds > 1:
        return margin
    return math.hypot(margin, reach * math.sqrt(2) * plan.between_seeds)


def chance(plan: Plan, margin: float) -> float:
    """The chance that what is as good as the reference is found not worse within the margin, as `bounds_of` sees it."""
    if plan.seeds > 1:
        return power(plan, margin)
    error = math.hypot(math.sqrt(plan.variance().total), math.sqrt(2) * plan.between_seeds)
    return float(norm.cdf(margin / error - norm.ppf(0.95)))


def error_of(found: Comparison) -> float:
    """The standard error of a difference, for students with one seed with the spread that seeds have shown."""
    error = (found.difference.high - found.difference.low) / (2 * float(norm.ppf(0.975)))
    return error if found.over_seeds else math.hypot(error, math.sqrt(2) * BETWEEN_SEEDS)
