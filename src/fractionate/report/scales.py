"""The axes of the figures: their ends, ticks, and points moved apart where they would hide one another.

scale = cost_scale([52_000, 410_000, 1_240_000])     logarithmic: they span more than a factor of ten
side_by_side([410_000, 410_000], scale)              [397_000.0, 423_000.0]
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import isotonic_regression

from fractionate.formats import exists
from fractionate.transfer.statistics import Interval

BESIDE = 0.028
"""The least distance of neighbors, as a share of the axis."""


class Scale(NamedTuple):
    """One axis: its ends in axis units (decadic logarithms if `log`) and its ticks in data units."""

    log: bool
    low: float
    high: float
    ticks: tuple[float, ...] = ()

    def unit(self, value: float) -> float:
        """A data value in axis units."""
        return math.log10(value) if self.log else value

    def share(self, value: float) -> float:
        """A data value as a share of the axis's length."""
        return (self.unit(value) - self.low) / (self.high - self.low)

    def moved(self, value: float, share: float) -> float:
        """A data value moved by a share of the axis's length."""
        unit = self.unit(value) + share * (self.high - self.low)
        return float(10**unit) if self.log else unit


def ends(interval: Interval) -> tuple[float, float, float]:
    """A share, its low and its high end in percent; an end that does not exist falls on the value."""
    value, low, high = interval
    return 100 * value, 100 * (low if exists(low) else value), 100 * (high if exists(high) else value)


def cost_scale(values: Sequence[float]) -> Scale:
    """Logarithmic beyond a factor of ten; room at both ends for labels."""
    if not values:
        return Scale(False, 0.0, 1.0)
    low, high = min(values), max(values)
    if high <= 10 * low:
        room = 0.15 * (high - low) if high - low > 1e-6 * high else 0.5 * high
        first, last = max(low - room, 0.0), high + room
        return Scale(False, first, last, round_ticks(first, last))
    room = 0.12 * math.log10(high / low)
    first, last = math.log10(low) - room, math.log10(high) + room
    steps = (1, 2, 5) if last - first < 2.2 else (1,)
    decades = range(math.floor(first), math.ceil(last))
    ticks = (float(step) * 10.0**decade for decade in decades for step in steps)
    return Scale(True, first, last, tuple(t for t in ticks if first <= math.log10(t) <= last))


def round_ticks(first: float, last: float) -> tuple[float, ...]:
    """Three to six multiples of 1, 2 or 5 times a power of ten between the ends."""
    decade = 10.0 ** math.floor(math.log10((last - first) / 6))
    step = next(decade * s for s in (1, 2, 5, 10) if (last - first) / (decade * s) <= 6)
    return tuple(i * step for i in range(math.ceil(first / step), math.floor(last / step) + 1))


def score_scale(reached: Sequence[float]) -> Scale:
    """Percent, as much of it as the ends of the intervals need, and room for a label above them."""
    reached = reached or [0.0, 100.0]
    room = max(0.1 * (max(reached) - min(reached)), 1.5)
    return Scale(False, min(reached) - room, max(reached) + 1.8 * room)


def side_by_side(values: Sequence[float], scale: Scale) -> list[float]:
    """Ascending values, moved as little as possible so that no point hides its neighbor."""
    if not values:
        return []
    # Least squares under "at least BESIDE apart" is isotonic regression once the steps are taken off.
    steps = BESIDE * np.arange(len(values))
    shares = np.array([scale.share(value) for value in values])
    moves = isotonic_regression(shares - steps).x + steps - shares
    return [
        scale.moved(value, move) if abs(move) > 1e-9 else value
        for value, move in zip(values, moves.tolist(), strict=True)
    ]
