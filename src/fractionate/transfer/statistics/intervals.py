"""How sure a mean over questions and seeds is: its variance from both, and intervals that hold for few of either.

    spread = spread_of(contributions)                # of T(compact) - T(full), for 2 seeds and 96 questions
    difference_interval(contributions, spread)       # Interval(value=-0.02, low=-0.11, high=0.07)

A mean is taken apart into what each cluster of questions adds to it (`Contributions`). Two things vary: the questions,
which all seeds share, and the seeds, which all questions share. That is a crossed design, such as readers and cases in
radiology, and its variance is estimated as there: the variance between seeds, which holds the questions' noise of one
seed as well, plus the covariance of seeds that the shared questions cause (N. A. Obuchowski, H. E. Rockette,
"Hypothesis testing of diagnostic accuracy for multiple readers and multiple tests", Communications in Statistics –
Simulation and Computation 24 (1995), 285-308; S. L. Hillis, "A comparison of denominator degrees of freedom methods
for multiple observer ROC analysis", Statistics in Medicine 26 (2007), 596-619).

The critical value c lies between t of the questions' and t of the seeds' degrees of freedom: with f the share of the
variance that comes from seeds, c² = t_q² + (t_s² - t_q²) f^1.5. The weight f (W. G. Cochran, G. M. Cox, "Experimental
Designs", Wiley 1950) covers too much with two seeds and Satterthwaite's degrees of freedom too little (down to 87%);
the power was chosen by simulation, for 2, 3 and 5 seeds and whatever share is theirs
(`python -m benchmarks.false_alarms`).

Everything works on leading axes too, so that a simulation runs what a study runs.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """An estimate with its 95% interval; shares and differences are fractions (0.25, not 25)."""

    value: float
    low: float
    high: float


class Contributions(NamedTuple):
    """What each cluster adds to a mean, for each seed: the mean of a seed is the sum of its row.

    `raw` and `centered` are (…, seeds, clusters); `centered` is the linearized deviation from the mean, which sums to
    0. `part` (clusters) numbers groups of clusters that were sampled independently, such as two benchmarks; `weights`
    (parts) are what each counts in the mean.
    """

    raw: Floats
    centered: Floats
    part: NDArray[np.intp]
    weights: Floats

    @property
    def seeds(self) -> int:
        """The number of seeds."""
        return int(self.raw.shape[-2])

    @property
    def sizes(self) -> Floats:
        """The number of clusters of each part."""
        return np.bincount(self.part, minlength=len(self.weights)).astype(np.float64)

    @property
    def value(self) -> Floats:
        """The mean over seeds, (…)."""
        value: Floats = np.asarray(self.raw.sum(axis=-1).mean(axis=-1))
        return value

    def minus(self, other: "Contributions") -> "Contributions":
        """The paired difference: the same seeds and clusters in both."""
        return self._replace(raw=self.raw - other.raw, centered=self.centered - other.centered)

    def over_seeds(self) -> "Contributions":
        """The mean over seeds, as one row."""
        return self._replace(
            raw=self.raw.mean(axis=-2, keepdims=True), centered=self.centered.mean(axis=-2, keepdims=True)
        )

    def by_part(self, values: Floats) -> Floats:
        """Sums over the clusters of each part, (…, parts)."""
        sums: Floats = values @ (self.part[:, None] == np.arange(len(self.weights))).astype(np.float64)
        return sums


SHARE_POWER = 1.5
LEAST_OF_QUESTIONS = 0.6
"""Of the variance that questions alone would cause: what is left of it, at least, where seeds agree by chance."""
SHARED_BY_ARMS = 0.5
"""How much of a seed's effect several arms may have in common, where that cannot be told from the scores."""


class Spread(NamedTuple):
    """The variance of a mean: `questions` what shared questions cause, `seeds` what differs from seed to seed.

    `questions_df` and `seeds_df` are degrees of freedom; `seeds` is 0 where nothing is known about other seeds.
    """

    questions: Floats
    seeds: Floats
    questions_df: Floats
    seeds_df: Floats

    @property
    def total(self) -> Floats:
        """The variance of the mean."""
        total: Floats = self.questions + self.seeds
        return total

    def critical(self, tail: float) -> Floats:
        """How many standard errors leave `tail` outside on one side."""
        # Quantiles of Student's t; the distribution's own method takes fifty times as long to the same value.
        questions = stdtrit(self.questions_df, 1 - tail) ** 2
        seeds = stdtrit(np.maximum(self.seeds_df, 1.0), 1 - tail) ** 2
        share = np.divide(self.seeds, self.total, out=np.zeros_like(self.total), where=self.total > 0)
        critical: Floats = np.sqrt(questions + (seeds - questions) * share**SHARE_POWER)
        return critical


class SeedSpread(NamedTuple):
    """Of the mean over an arm's seeds: its variance as the seeds show it, and how much of that is questions' noise."""

    variance: Floats
    noise: Floats
    df: Floats


class Pool(NamedTuple):
    """What several arms say together of seeds: how many times the questions' noise their variance is."""

    ratio: Floats
    df: Floats


def seed_spread(of: Contributions, pool: Pool | None = None) -> SeedSpread:
    """From two seeds on, by these seeds alone or with what a pool says; all 0 for one seed."""
    n = of.seeds
    if n < 2:
        nothing = np.zeros(of.raw.shape[:-2])
        return SeedSpread(nothing, nothing, nothing)
    noise = of.centered.var(axis=-2, ddof=1).sum(axis=-1) / n
    if pool is not None:
        return SeedSpread(noise * pool.ratio, noise, pool.df)
    variance = of.raw.sum(axis=-1).var(axis=-1, ddof=1) / n
    return SeedSpread(variance, noise, np.full(noise.shape, n - 1.0))


def pool_of(arms: Sequence[Contributions], paired: bool) -> Pool | None:
    """The pool of arms with the same seeds, for differences between them (`paired`) or for each alone.

    Two seeds of one difference leave one degree of freedom and t = 12.7; those of five arms leave four and t = 2.8.
    Arms that vary more count more, and fewer degrees of freedom are left where few arms make most of the variance,
    and, of arms alone, for what they have in common by their seed. None where there is nothing to put together.
    """
    if len(arms) < (3 if paired else 2) or arms[0].seeds < 2:
        return None
    alone = [seed_spread(arm) for arm in arms]
    spreads = [seed_spread(a.minus(b)) for a, b in combinations(arms, 2)] if paired else alone
    variance, noise = (np.sum([s[k] for s in spreads], axis=0) for k in (0, 1))
    ratio = np.divide(variance, noise, out=np.ones_like(noise), where=noise > 0)
    noises = np.stack([s.noise for s in alone], axis=-1)
    effective = _satterthwaite(noises, np.ones(len(arms)))
    independent = effective - 1 if paired else effective / (1 + (effective - 1) * SHARED_BY_ARMS**2)
    return Pool(ratio, (arms[0].seeds - 1) * np.maximum(independent, 1.0))


def spread_of(of: Contributions, pool: Pool | None = None) -> Spread:
    """The spread of a mean, or of a difference paired by question and by seed."""
    return combined(of.over_seeds(), [seed_spread(of, pool)])


def combined(mean: Contributions, seeds: Sequence[SeedSpread]) -> Spread:
    """The spread of `mean` (one row), given what is known of the seeds of the arms that it is made of."""
    found, added = part_variances(mean)
    questions_df = _satterthwaite(found + added, np.maximum(mean.sizes - 1, 1.0))
    between = np.stack([s.variance for s in seeds], axis=-1)
    noise = np.sum([s.noise for s in seeds], axis=0)
    dfs = np.stack([s.df for s in seeds], axis=-1)
    shared = np.maximum(found.sum(axis=-1) - noise, 0.0) + added.sum(axis=-1)
    return Spread(shared, between.sum(axis=-1), questions_df, _satterthwaite(between, np.maximum(dfs, 1.0)))


class PartVariances(NamedTuple):
    """The variance of each part's sum, (…, parts): as found, and what is added so that it is never 0."""

    found: Floats
    added: Floats


def part_variances(mean: Contributions) -> PartVariances:
    """The variance that the questions cause: two clusters are added to each part, of opposite signs.

    They differ as much as those that differ at all, or in everything where none does, as in D. G. Bonett, R. M. Price,
    "Adjusted Wald confidence interval for a difference of binomial proportions based on paired data", Journal of
    Educational and Behavioral Statistics 37 (2012), 479-488. Where none of n differs, the interval of a difference
    ends at about 2.8 / (n + 2).
    """
    raw, centered = mean.raw[..., 0, :], mean.centered[..., 0, :]
    n = mean.sizes
    differing = mean.by_part((np.abs(raw) > 1e-12).astype(np.float64))
    squares = mean.by_part(raw**2)
    typical = np.where(differing > 0, squares / np.maximum(differing, 1.0), (mean.weights / n) ** 2)
    shrink = (n / (n + 2)) ** 2
    return PartVariances(mean.by_part(centered**2) * shrink, 2 * typical * shrink)


def _satterthwaite(variances: Floats, each: Floats) -> Floats:
    """Degrees of freedom of a sum of variances (F. E. Satterthwaite, Biometrics Bulletin 2 (1946), 110-114)."""
    whole = variances.sum(axis=-1) ** 2
    below = (variances**2 / each).sum(axis=-1)
    df: Floats = np.divide(whole, below, out=np.ones_like(whole), where=below > 0)
    return df


def difference_ends(value: Floats, spread: Spread, tail: float = 0.025) -> tuple[Floats, Floats]:
    """The ends of an interval of a difference, inside -1 to 1."""
    half = spread.critical(tail) * np.sqrt(spread.total)
    return np.maximum(value - half, -1.0), np.minimum(value + half, 1.0)


def share_ends(of: Contributions, pool: Pool | None = None, tail: float = 0.025) -> tuple[Floats, Floats]:
    """The ends of an interval of a share (an accuracy, T), inside 0 to 1.

    Each part has Wilson's interval, with as many answers as would vary as much as its clusters do; parts and seeds are
    put together by their distances to the value (G. Y. Zou, A. Donner, "Construction of confidence limits about effect
    measures: a general approach", Statistics in Medicine 27 (2008), 1693-1702). One cell of one seed with one answer
    a question has Wilson's interval itself.
    """
    mean = of.over_seeds()
    seeds = seed_spread(of, pool)
    found = spread_of(of, pool)
    centered = mean.by_part(mean.centered[..., 0, :] ** 2) / mean.weights**2
    share = np.clip(mean.by_part(mean.raw[..., 0, :]) / mean.weights, 0.0, 1.0)
    scatter = share * (1 - share)
    answers = np.divide(scatter, centered, out=np.zeros_like(scatter) + mean.sizes, where=centered > 1e-15)
    normal = found._replace(questions_df=np.full_like(found.questions_df, np.inf))
    z = normal.critical(tail)[..., None]
    low, high = _wilson(share, answers, z)
    extra = (z[..., 0] ** 2) * (seeds.variance - seeds.noise)
    squares = [((mean.weights * (end - share)) ** 2).sum(axis=-1) for end in (low, high)]
    below, above = (np.sqrt(np.maximum(q + extra, q * LEAST_OF_QUESTIONS)) for q in squares)
    return np.maximum(of.value - below, 0.0), np.minimum(of.value + above, 1.0)


def _wilson(share: Floats, n: Floats, z: Floats) -> tuple[Floats, Floats]:
    """E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212."""
    center = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return center - half, center + half
