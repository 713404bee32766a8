"""What a difference to the reference can be, with one seed or several: bounds, standings, what a plan can see.

bounds_of(compare_arms(scores, "full", margin=0.02)["compact"])        # (-0.031, 0.048)
visible(plan_of(items, 3))             # 0.094: the margin within which "not worse" is found with 80% power
"""

import math
from dataclasses import replace

from scipy.stats import norm

from fractionate.study.search.halving import Standing
from fractionate.transfer.statistics import Comparison, Plan, minimum_margin, power
from fractionate.transfer.statistics.comparisons import Verdict
from fractionate.transfer.statistics.power import BETWEEN_SEEDS


def standing_of(found: Comparison, cost: float) -> Standing:
    """How a candidate stands against the reference, with the margin of the comparison."""
    _, upper = bounds_of(found)
    if found.over_seeds:
        return Standing(found.arm, found.difference.value, upper, found.p_not_worse, cost)
    beyond = (found.difference.value + found.margin) / error_of(found)
    return Standing(found.arm, found.difference.value, upper, float(norm.sf(beyond)), cost)


def bounds_of(found: Comparison) -> tuple[float, float]:
    """The one-sided 95% bounds of a difference.

    With one seed, by a normal distribution that has the spread between seeds added which studies have shown: a student
    alone says nothing of it.
    """
    if found.over_seeds:
        return found.lower_bound, found.upper_bound
    reach = float(norm.ppf(0.95)) * error_of(found)
    return found.difference.value - reach, found.difference.value + reach


def seeded(found: Comparison) -> Comparison:
    """The comparison with the verdict that its bounds allow; with one seed that is less than its questions say."""
    if found.over_seeds:
        return found
    low, high = bounds_of(found)
    return replace(found, lower_bound=low, upper_bound=high, verdict=_verdict(low, high, found.margin))


def _verdict(low: float, high: float, margin: float) -> Verdict:
    if low > 0:
        return "better"
    if low > -margin:
        return "equivalent" if high < margin else "not worse"
    return "worse" if high < 0 else "undecided"


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
