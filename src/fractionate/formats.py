"""Numbers as the reader sees them, the same in sentences, tables and figures.

    percent(0.4213)                          "42.1%"
    points(-0.0151)                          "−1.5"
    spread(Interval(0.42, 0.39, 0.45))       "39.0 to 45.0"
    compact(1_240_512)                       "1.24M"

A number that does not exist (None, NaN, infinite) is an en dash.
"""

import math

from fractionate.transfer.statistics.intervals import Interval

MISSING = "–"


def exists(value: float | None) -> bool:
    """Whether there is a finite number to show."""
    return value is not None and math.isfinite(value)


def signless(text: str) -> str:
    """`text` with typographic minus signs, and without the sign of a rounded zero."""
    if text.lstrip("+-").strip("0.") == "":
        return text.lstrip("+-")
    return text.replace("-", "−")


def hundredths(value: float | None) -> str:
    """A share as a percentage without its sign: 0.4213 → "42.1"."""
    return signless(f"{value * 100:.1f}") if value is not None and math.isfinite(value) else MISSING


def percent(value: float | None) -> str:
    """A share as a percentage: 0.4213 → "42.1%"."""
    return hundredths(value) + "%" if exists(value) else MISSING


def points(value: float | None) -> str:
    """A difference of shares in percentage points, signed: 0.015 → "+1.5"."""
    return signless(f"{value * 100:+.1f}") if value is not None and math.isfinite(value) else MISSING


def spread(interval: Interval | None) -> str:
    """The ends of an interval of shares: "39.0 to 45.0"; empty where there is none."""
    if interval is None or not (exists(interval.low) and exists(interval.high)):
        return ""
    return f"{hundredths(interval.low)} to {hundredths(interval.high)}"


def difference_spread(interval: Interval | None) -> str:
    """The ends of an interval of differences, signed: "−1.0 to +2.3"; empty where there is none."""
    if interval is None or not (exists(interval.low) and exists(interval.high)):
        return ""
    return f"{points(interval.low)} to {points(interval.high)}"


def compact(value: float | None) -> str:
    """A count to three digits: 1240512 → "1.24M", 3.1e15 → "3.1P"."""
    if value is None or not math.isfinite(value):
        return MISSING
    size = 0
    while abs(value) >= 999.5 and size < len(UNITS) - 1:
        value, size = value / 1000, size + 1
    digits = f"{value:.3g}" if abs(value) < 999.5 else f"{value:.0f}"
    return digits + UNITS[size]


UNITS = ("", "k", "M", "G", "T", "P", "E", "Z")


def whole(value: float | None) -> str:
    """A count in full: 1240512 → "1,240,512"."""
    return f"{value:,.0f}" if value is not None and math.isfinite(value) else MISSING


def decimal(value: float | None, digits: int = 2) -> str:
    """A plain number: 0.8312 → "0.83"."""
    return signless(f"{value:,.{digits}f}") if value is not None and math.isfinite(value) else MISSING


def duration(seconds: float | None) -> str:
    """A time: 8.2 → "8 s", 192 → "3 min 12 s", 7500 → "2 h 5 min"."""
    if seconds is None or not math.isfinite(seconds):
        return MISSING
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
