"""Do the intervals hold? Simulated students whose true accuracy is known, compared thousands of times.

    python -m benchmarks.false_alarms                 # 2,000 comparisons for each of 104 settings, some minutes
    python -m benchmarks.false_alarms --runs 300 --json

A simulated student answers a question right with the probability of a logistic model: skill, minus the difficulty of
the question (shared by arms, styles and seeds), plus what this arm finds easier, plus what this training finds
easier, plus an effect of the style and one of the training seed, half of whose variance is shared by arms with the same
seed. T is the mean of two families: four styles of the same questions, and one benchmark with questions of its own.

For each setting it counts how often two arms that are trained alike are called different (bar: ≤ 6%), how often the 95%
intervals of a difference and of T hold the truth (93 to 97%), how often an arm that is worse by exactly the margin
passes as not worse (≤ 6%), and how often one that is as good passes where the plan promised 80% (≥ 80%). The margin is
the smallest that the plan promises. Beside it the percentile bootstrap over questions and seeds. With one seed the
truth is that of the two students at hand (no spread between seeds); the last lines show what it says of arms.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from tqdm import tqdm

from fractionate.transfer.statistics.differences import ALPHA
from fractionate.transfer.statistics.exact import sign_flip
from fractionate.transfer.statistics.intervals import (
    Contributions,
    Floats,
    difference_ends,
    pool_of,
    share_ends,
    spread_of,
)
from fractionate.transfer.statistics.power import Plan, PlannedPart, minimum_margin

DIFFICULTY, ARM_ITEM, TRAINING_ITEM = 2.0, 1.0, 1.5
"""Standard deviations in logits of a question's difficulty, and of what an arm and a training find easier."""
STYLE_EFFECTS = (-0.3, -0.1, 0.1, 0.3)
SEED_POINTS = 0.02
"""Standard deviation of an arm's accuracy between seeds, at an accuracy of 25%; in logits the same for all."""
BARS = {"false_alarms": (0.0, 0.06), "coverage": (0.93, 0.97), "wrong": (0.0, 0.06), "power": (0.80, 1.0)}


@dataclass(frozen=True)
class Setting:
    """What is simulated: questions a family, seeds an arm, accuracy, and the spread between seeds (1 = the usual).

    `beside` are the accuracies, relative to `accuracy`, of further arms of the study.
    """

    items: int
    seeds: int
    accuracy: float
    spread: float = 1.0
    styles: int = 4
    beside: tuple[float, ...] = ()
    about: str = ""


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


class Answers(NamedTuple):
    """Right or not, (runs, arms, seeds, cells, questions), of both families."""

    style: Floats
    related: Floats


def main() -> None:
    """Simulate every setting, print a table or one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=2000, help="comparisons a setting")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options = parser.parse_args()
    runs = options.runs
    rows = [(setting, simulate(setting, runs)) for setting in tqdm(settings(), unit="setting")]
    if options.json:
        found = [asdict(setting) | row._asdict() for setting, row in rows]
        print(json.dumps({"runs": runs, "bars": BARS, "settings": found, "met": met(rows)}))
    else:
        print(table(rows), *(f"{name}: {text}" for name, text in met(rows).items()), sep="\n")


def settings() -> list[Setting]:
    """The grid; seeds that spread not at all or more; one style; arms beside; one seed that is to speak of arms."""
    grid = [
        Setting(n, s, p, float(s > 1))
        for p, s, n in product((0.03, 0.25, 0.5, 0.9), (1, 2, 3, 5), (24, 48, 96, 200))
    ]
    spreads = [
        Setting(96, s, 0.25, spread, about=f"seeds spread {spread:g} ×")
        for s in (2, 3, 5)
        for spread in (0.0, 2.0, 4.0)
    ]
    single = [
        Setting(n, s, 0.25, float(s > 1), styles=1, about="one style") for s in (1, 3) for n in (24, 200)
    ]
    several = [
        Setting(
            n,
            s,
            0.25,
            spread,
            beside=beside,
            about=f"beside {', '.join(f'{b:.0%}' for b in beside)}, spread {spread:g} ×",
        )
        for beside in ((1.0, 1.0, 1.0), (0.2, 0.2, 0.2))
        for s in (2, 3)
        for n in (24, 96, 200)
        for spread in (1.0, 2.0)
    ]
    arms = [Setting(n, 1, 0.25, about="one seed, read as of the arms") for n in (24, 96, 200)]
    return [*grid, *spreads, *single, *several, *arms]


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


class Compared(NamedTuple):
    """For each run: whether the interval holds the truth, its width, the one-sided bound; ours and the old."""

    covered: Floats
    width: Floats
    bound: Floats
    old_covered: Floats
    old_width: Floats
    old_bound: Floats


def compared(answers: Answers, truth: float, rng: np.random.Generator) -> Compared:
    """Arm 0 against arm 1 in every run."""
    arms = [contributions(answers, k) for k in range(answers.style.shape[1])]
    of = arms[0].minus(arms[1])
    value, spread = of.raw.sum(axis=-1).mean(axis=-1), spread_of(of, pool_of(arms, paired=True))
    low, high = difference_ends(value, spread)
    bound = difference_ends(value, spread, 0.05)[0]
    old_low, old_bound, old_high = percentiles(of, rng)
    return Compared(
        (low <= truth) & (truth <= high), high - low, bound,
        (old_low <= truth) & (truth <= old_high), old_high - old_low, old_bound,
    )  # fmt: skip


def called_different(answers: Answers, found: Compared) -> float:
    """How often equal arms are called different: by the exact test of one seed, by the interval of several."""
    if answers.style.shape[2] > 1:
        return float((~found.covered).mean())
    differences = contributions(answers, 0).minus(contributions(answers, 1)).raw[:, 0]
    return float(np.mean([sign_flip(row, resamples=400) <= ALPHA for row in differences]))


def covered_t(answers: Answers, truth: float) -> Floats:
    """Whether the interval of arm 0's T holds the truth, for each run."""
    arms = [contributions(answers, k) for k in range(answers.style.shape[1])]
    low, high = share_ends(arms[0], pool_of(arms, paired=False))
    return (low <= truth) & (truth <= high)


def contributions(answers: Answers, arm: int) -> Contributions:
    """What each question adds to T."""
    each = [family[:, arm].mean(axis=2, dtype=np.float64) * 0.5 / family.shape[-1] for family in answers]
    centered = [part - part.mean(axis=-1, keepdims=True) for part in each]
    sizes = [family.shape[-1] for family in answers]
    return Contributions(
        np.concatenate(each, axis=-1), np.concatenate(centered, axis=-1), np.repeat([0, 1], sizes), np.array([0.5, 0.5])
    )  # fmt: skip


def percentiles(of: Contributions, rng: np.random.Generator, resamples: int = 500) -> Floats:
    """The 2.5, 5 and 97.5 percentiles of the bootstrap over questions and seeds, (3, runs)."""
    runs, seeds, _ = of.raw.shape
    drawn = [rng.multinomial(int(n), np.full(int(n), 1 / n), size=resamples) for n in of.sizes]
    questions = np.concatenate(drawn, axis=1).astype(np.float32)
    means = (of.raw.astype(np.float32).reshape(runs * seeds, -1) @ questions.T).reshape(
        runs, seeds, resamples
    )
    weights = rng.multinomial(seeds, np.full(seeds, 1 / seeds), size=resamples).astype(np.float32) / seeds
    drawn_means = np.einsum("rsb,bs->rb", means, weights)
    found: Floats = np.quantile(drawn_means, (0.025, 0.05, 0.975), axis=1)
    return found


def answered(
    setting: Setting, one: float, other: float, runs: int, rng: np.random.Generator, own: float = ARM_ITEM
) -> Answers:
    """Answers of two arms with these true T; `own` is how much each arm has questions of its own, in logits."""
    seed_sd = seed_logits(setting)
    further = [setting.accuracy * share for share in setting.beside]
    skills = [skill(setting, p, own) for p in (one, other, *further)]
    shape = (runs, len(skills), setting.seeds)

    def normal(sd: float, *size: int) -> Floats:
        drawn: Floats = np.float32(sd) * rng.standard_normal(size, dtype=np.float32)
        return drawn

    half = seed_sd * np.sqrt(0.5)
    trained = normal(half, runs, 1, setting.seeds) + normal(half, *shape)
    families = []
    for k, effects in enumerate((STYLE_EFFECTS[: setting.styles], (0.0,))):
        n = setting.items
        base = np.array([s[k] for s in skills], dtype=np.float32)[None, :, None] + trained
        question = normal(DIFFICULTY, runs, 1, 1, n) + normal(own, *shape[:2], 1, n)
        logits = base[..., None] + question + normal(TRAINING_ITEM, *shape, n)
        cells = logits[:, :, :, None, :] + np.array(effects, dtype=np.float32)[:, None]
        families.append((rng.random(cells.shape, dtype=np.float32) < expit(cells)).astype(np.float32))
    return Answers(*families)


def seed_logits(setting: Setting) -> float:
    """The standard deviation between seeds in logits."""
    step = 1e-3
    slope = (accuracy_of(logit_of(0.25, ()) + step, ()) - 0.25) / step
    return setting.spread * SEED_POINTS / slope


def skill(setting: Setting, accuracy: float, own: float) -> tuple[float, float]:
    """The skills in logits at which an arm's true accuracy is `accuracy` in both families."""
    more = (own, seed_logits(setting))
    styles = STYLE_EFFECTS[: setting.styles]
    return logit_of(accuracy, more, styles), logit_of(accuracy, more)


@cache
def logit_of(accuracy: float, more: tuple[float, ...], effects: tuple[float, ...] = (0.0,)) -> float:
    """The skill that has this accuracy over all questions and seeds."""
    return float(brentq(lambda x: accuracy_of(x, more, effects) - accuracy, -40, 40))


def accuracy_of(logit: float, more: tuple[float, ...], effects: tuple[float, ...] = (0.0,)) -> float:
    """The mean of the logistic model over everything that is normal in it (Gauss-Hermite)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    sd = np.sqrt(DIFFICULTY**2 + TRAINING_ITEM**2 + sum(m**2 for m in more))
    means = expit(logit + np.array(effects)[:, None] + sd * nodes) @ weights / weights.sum()
    return float(means.mean())


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


def met(rows: Sequence[tuple[Setting, Row]]) -> dict[str, str]:
    """For each bar, in how many settings it is met."""
    bars = BARS | {"coverage_t": BARS["coverage"]}
    bars |= {f"old_{name}": BARS[name] for name in ("false_alarms", "coverage", "wrong")}
    found = {}
    for name, (low, high) in bars.items():
        values = [getattr(row, name) for _, row in rows]
        inside = sum(low <= v <= high for v in values)
        found[name] = (
            f"{inside} of {len(values)} settings within {low:.0%} to {high:.0%}; "
            f"from {min(values):.1%} to {max(values):.1%}"
        )
    return found


def table(rows: Sequence[tuple[Setting, Row]]) -> str:
    """Markdown; the old method's figures in brackets."""
    lines = [
        "| accuracy | questions | seeds | | called different | covered | T covered | width | margin | wrong | power |",
        "|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for s, r in rows:
        lines.append(
            f"| {s.accuracy:.0%} | {s.items} | {s.seeds} | {s.about} "
            f"| {r.false_alarms:.1%} ({r.old_false_alarms:.1%}) | {r.coverage:.1%} ({r.old_coverage:.1%}) "
            f"| {r.coverage_t:.1%} | {r.width * 100:.1f} ({r.old_width * 100:.1f}) | {r.margin * 100:.1f} "
            f"| {r.wrong:.1%} ({r.old_wrong:.1%}) | {r.power:.1%} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
