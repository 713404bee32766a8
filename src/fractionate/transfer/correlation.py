"""Do arms that imitate more also transfer more? A rank correlation over arms, with its interval.

    rank_correlation([0.2, 0.5, 0.6, 0.9], [0.40, 0.55, 0.35, 0.20])
    # Correlation(rho=-0.4, low=-0.98, high=0.94, p=0.75, n=4)

Arms are few, so the interval is wide: it says whether anything can be said at all.
"""

import math
from collections.abc import Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np
from scipy.stats import norm, rankdata

FEWEST = 4
"""Arms that an interval needs."""
EXACT = 8
"""Up to so many arms every order is tried (40,320 of eight); of more, as many are drawn at random."""


class Correlation(NamedTuple):
    """Spearman's ρ over `n` arms, its 95% interval, and the two-sided p of a permutation test."""

    rho: float
    low: float
    high: float
    p: float
    n: int


def rank_correlation(x: Sequence[float], y: Sequence[float], seed: int = 0) -> Correlation | None:
    """Spearman's rank correlation; None for fewer than four arms, or where one measure is the same for all.

    The interval is Fisher's z with the variance (1 + ρ²/2) / (n - 3): D. G. Bonett, T. A. Wright, "Sample size
    requirements for estimating Pearson, Kendall and Spearman correlations", Psychometrika 65 (2000), 23-28. A perfect
    ρ counts there as half way to the next smaller one that n arms can have, 1 - 6 / (n³ - n).
    """
    n = len(x)
    first, second = rankdata(x), rankdata(y)
    if n < FEWEST or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    rho = float(np.corrcoef(first, second)[0, 1])
    most = 1 - 6 / (n**3 - n)
    z = math.atanh(min(max(rho, -most), most))
    half = float(norm.ppf(0.975)) * math.sqrt((1 + rho * rho / 2) / (n - 3))
    return Correlation(rho, math.tanh(z - half), math.tanh(z + half), _p(first, second, seed), n)


def _p(first: np.ndarray, second: np.ndarray, seed: int) -> float:
    """The share of orders of the arms that are as far from no correlation."""
    n = len(first)
    if n <= EXACT:
        orders = np.array(list(permutations(range(n))))
    else:
        rng = np.random.default_rng(seed)
        orders = rng.permuted(np.tile(np.arange(n), (math.factorial(EXACT), 1)), axis=1)
        orders[0] = np.arange(n)
    centered = second - second.mean()
    found = np.abs(first[orders] @ centered)
    return float((found >= abs(first @ centered) - 1e-9).mean())
