"""Means of independent values with 95% intervals, and differences of values paired by item.

    mean([0.2, 0.5, 0.4])                      # Interval(value=0.37, low=-0.01, high=0.75), Student's t
    share([True, False, True])                 # Interval(value=0.67, low=0.21, high=0.94), Wilson's score
    share_difference([(True, False), …])       # after minus before, on the same items

For accuracies over cells, seeds and clusters there is `fractionate.transfer.statistics`.
"""

import math
from collections.abc import Sequence
from statistics import fmean, stdev

from scipy.stats import norm, t

from fractionate.transfer.statistics import Interval

_TAIL = 0.975


def mean(values: Sequence[float], low: float = -math.inf, high: float = math.inf) -> Interval | None:
    """Student's interval, cut at what is possible; None without values, all that is possible for a single one."""
    if not values:
        return None
    middle = fmean(values)
    if len(values) == 1:
        return Interval(middle, low, high)
    half = float(t.ppf(_TAIL, len(values) - 1)) * stdev(values) / math.sqrt(len(values))
    return Interval(middle, max(middle - half, low), min(middle + half, high))


def share(values: Sequence[float]) -> Interval | None:
    """Wilson's interval of the mean of values in 0 to 1; None without values.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212. Right for yes and no; for values
    between them it is too wide.
    """
    if not values:
        return None
    n, p, z = len(values), fmean(values), float(norm.ppf(_TAIL))
    center = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(p, max(center - half, 0.0), min(center + half, 1.0))


def share_difference(pairs: Sequence[tuple[float, float]]) -> Interval | None:
    """After minus before of yes-or-no values on the same items; None without pairs.

    A pair that rose and one that fell are added, which gives width where none did: D. G. Bonett, R. M. Price, "Adjusted
    Wald confidence interval for a difference of binomial proportions based on paired data", Journal of Educational and
    Behavioral Statistics 37 (2012), 479-488.
    """
    if not pairs:
        return None
    n = len(pairs)
    up = (sum(after > before for before, after in pairs) + 1) / (n + 2)
    down = (sum(after < before for before, after in pairs) + 1) / (n + 2)
    half = float(norm.ppf(_TAIL)) * math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    value = fmean(after - before for before, after in pairs)
    return Interval(value, max(up - down - half, -1.0), min(up - down + half, 1.0))
