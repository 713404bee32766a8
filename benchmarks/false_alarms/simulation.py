"""One setting, simulated: arms that are alike, that differ, that are worse by the margin, and as good.

simulate(Setting(48, 2, 0.25), runs=400).false_alarms       # 0.045
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from benchmarks.false_alarms.comparisons import called_different, compared, covered_t
from benchmarks.false_alarms.settings import Setting
from benchmarks.false_alarms.students import accuracy_of, answered, logit_of, seed_logits
from fractionate.transfer.statistics.power import Plan, PlannedPart, minimum_margin


class Row(NamedTuple):
    """What came out, as shares; `old_` are of the percentile bootstrap, `margin` is the planned one."""

    false_alarms: float
    coverage: float
    coverage_t: float
    margin: float
    wrong: float
    power: float
    width: float
    old_false_alarms: float
    old_coverage: float
    old_wrong: float
    old_width: float


def simulate(setting: Setting, runs: int, seed: int = 0) -> Row:
    """One setting: arms trained alike, arms that differ, an arm worse by the margin, an arm as good."""
    rng = np.random.default_rng([seed, setting.items, setting.seeds, round(100 * setting.accuracy)])
    p = setting.accuracy
    apart = 0.05 if p >= 0.1 else 0.02
    margin = minimum_margin(plan(setting))
    other = p - margin if p - margin > 0.005 else p + margin
    low, high = sorted((p, other))
    same = answered(setting, p, p, runs, rng, own=0.0)
    alike = compared(same, 0.0, rng)
    pair = (p, p - apart) if p > 0.5 else (p + apart, p)
    answers = answered(setting, *pair, runs, rng)
    differing = compared(answers, pair[0] - pair[1], rng)
    below = compared(answered(setting, low, high, runs, rng), -margin, rng)
    equal = compared(answered(setting, p, p, runs, rng), 0.0, rng)
    return Row(
        false_alarms=called_different(same, alike),
        coverage=float(differing.covered.mean()),
        coverage_t=float(covered_t(answers, pair[0]).mean()),
        margin=margin,
        wrong=float((below.bound > -margin).mean()),
        power=float((equal.bound > -margin).mean()),
        width=float(differing.width.mean()),
        old_false_alarms=float((~alike.old_covered).mean()),
        old_coverage=float(differing.old_covered.mean()),
        old_wrong=float((below.old_bound > -margin).mean()),
        old_width=float(differing.old_width.mean()),
    )


def plan(setting: Setting) -> Plan:
    """A plan that knows the students: discordant answers, their correlations, the spread between seeds."""
    parts = (PlannedPart(0.5, setting.items, setting.styles), PlannedPart(0.5, setting.items, 1))
    spread = setting.spread if setting.seeds > 1 else 1.0
    discordant, styles, seeds = _known(setting.accuracy, spread, setting.styles)
    slope = (accuracy_of(logit_of(setting.accuracy, ()) + 1e-3, ()) - setting.accuracy) / 1e-3
    own = seed_logits(setting) * slope * np.sqrt(0.5)
    return Plan(parts, setting.seeds, 2 + len(setting.beside), discordant, own, styles, seeds)


@cache
def _known(accuracy: float, spread: float, styles: int) -> tuple[float, float, float]:
    """Of two arms that are as good: the share of discordant answers, their correlation between styles and seeds."""
    setting = Setting(200_000, 2, accuracy, spread, max(styles, 2))
    d = answered(setting, accuracy, accuracy, 1, np.random.default_rng(0)).style[0]
    difference = d[0] - d[1]
    across = np.corrcoef(difference[0])
    k = len(across)
    rho_styles = float((across.sum() - k) / (k * (k - 1)))
    means = difference.mean(axis=1)
    return float(np.abs(difference).mean()), rho_styles, float(np.corrcoef(means)[0, 1])
