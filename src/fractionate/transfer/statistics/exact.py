"""The exact paired test: under "no difference" the two arms of any question could be exchanged.

    sign_flip(np.array([1, 1, 0, -1, 1]))        # 0.625: of 4 questions that differ, 3 one way

Each cluster's difference keeps its size and gets a random sign (R. A. Fisher, "The Design of Experiments", Oliver and
Boyd 1935, section 21). Where all that differ do so by the same amount that is McNemar's exact test (Q. McNemar,
Psychometrika 12 (1947), 153-157): a binomial count, with no draws. The test is about the students that were asked; it
says nothing about other seeds.
"""

import numpy as np
from scipy.stats import binomtest

from fractionate.transfer.statistics.intervals import Floats

EXACT_UP_TO = 12
"""Clusters that differ, up to which every pattern of signs is counted."""


def sign_flip(differences: Floats, *, resamples: int = 2000, seed: int = 0) -> float:
    """The two-sided p-value of a sum of clusters' differences, one number a cluster."""
    values = differences[np.abs(differences) > 1e-12]
    if len(values) == 0:
        return 1.0
    sizes = np.abs(values)
    if np.ptp(sizes) <= 1e-9 * sizes.max():
        return float(binomtest(int((values > 0).sum()), len(values)).pvalue)
    if len(values) <= EXACT_UP_TO:
        patterns = np.arange(2 ** len(values))[:, None] >> np.arange(len(values)) & 1
        return float((np.abs(_sums(patterns, sizes)) >= _reached(values)).mean())
    patterns = np.random.default_rng(seed).integers(0, 2, size=(resamples, len(values)))
    as_far = int((np.abs(_sums(patterns, sizes)) >= _reached(values)).sum())
    return (1 + as_far) / (1 + resamples)


def _sums(patterns: np.ndarray, sizes: Floats) -> Floats:
    sums: Floats = (2.0 * patterns - 1.0) @ sizes
    return sums


def _reached(values: Floats) -> float:
    return float(abs(values.sum()) * (1 - 1e-9))
