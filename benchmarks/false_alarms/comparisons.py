"""Two arms compared in every run: our intervals and tests, and beside them the percentile bootstrap ("old").

compared(answers, truth=-0.05, rng=rng).covered.mean()      # 0.95
"""

from typing import NamedTuple

import numpy as np

from benchmarks.false_alarms.students import Answers
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
