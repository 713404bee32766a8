"""Numbers as the tables write them: the number itself, and its interval or another remark in small.

share(Interval(0.42, 0.39, 0.45))            # Shown(text="42.1%", small="39.0 to 45.0")
difference(Interval(-0.01, -0.03, 0.01))     # Shown(text="−1.0", small="−3.0 to +1.0")
"""

from collections.abc import Sequence
from typing import NamedTuple

from fractionate.formats import MISSING, decimal, difference_spread, exists, percent, points, spread
from fractionate.transfer.statistics import Interval


class Shown(NamedTuple):
    """A number, and what is said of it in small; a semicolon parts what stands on lines of its own."""

    text: str
    small: str = ""

    @property
    def inline(self) -> str:
        """Both on one line."""
        return f"{self.text} ({self.small})" if self.small else self.text


def told(row: Sequence[Shown]) -> bool:
    """Whether there is a number here; a row without any is not drawn."""
    return any(shown.text != MISSING for shown in row)


def share(interval: Interval | None) -> Shown:
    """A share as a percentage."""
    if interval is None or not exists(interval.value):
        return Shown(MISSING)
    return Shown(percent(interval.value), spread(interval))


def difference(interval: Interval | None) -> Shown:
    """A difference of shares in points."""
    if interval is None or not exists(interval.value):
        return Shown(MISSING)
    return Shown(points(interval.value), difference_spread(interval))


def number(interval: Interval | None) -> Shown:
    """A plain number with its interval."""
    if interval is None or not exists(interval.value):
        return Shown(MISSING)
    return Shown(decimal(interval.value), f"{decimal(interval.low)} to {decimal(interval.high)}")
