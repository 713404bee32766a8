"""Where the labels of points go, so that none covers another on a screen as narrow as a phone's.

Places are tried in order: right, left, above, below, the corners, then away from the point; the first that is
free wins. Boxes are laid out for a plot of 280 × 330 pixels: what does not collide there does not collide on a
wider screen either, because labels keep their size while the points move apart.

    place([Point(0.5, 0.5, 0.4, 0.6, chars=12)])     [Side("left", "middle", 10, 0)]
"""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 280.0, 330.0
CHARACTER, LINE = 7.6, 17.0
GAP = 10


class Point(NamedTuple):
    """A point with its interval, in shares of the plot (0 left or below, 1 right or above)."""

    x: float
    y: float
    low: float
    high: float
    chars: int
    lines: int = 2


class Side(NamedTuple):
    """A label's anchor and its distance from the point in pixels; `at` names what it hangs on."""

    xanchor: str
    yanchor: str
    xshift: int
    yshift: int
    at: str = "value"
    leader: bool = False


class Box(NamedTuple):
    """A rectangle in pixels, from the plot's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: "Box") -> float:
        """The area that the two share."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(wide, 0.0) * max(high, 0.0)

    def outside(self) -> float:
        """How far the box reaches over the plot's edges."""
        over = (-self.left, self.right - WIDTH, -self.bottom, self.top - HEIGHT)
        return sum(max(reach, 0.0) for reach in over)


SIDES = (
    Side("left", "middle", GAP, 0),
    Side("right", "middle", -GAP, 0),
    Side("center", "bottom", 0, 4, "high"),
    Side("center", "top", 0, -4, "low"),
    Side("right", "bottom", 7, 4, "high"),
    Side("left", "bottom", -7, 4, "high"),
    Side("right", "top", 7, -4, "low"),
    Side("left", "top", -7, -4, "low"),
)
AWAY = tuple(
    Side(xanchor, "middle", across, up, leader=True)
    for distance in range(36, 200, 18)
    for up in (-distance, distance)
    for xanchor, across in (("center", 0), ("left", 18), ("right", -18), ("left", 50), ("right", -50))
)
"""Places away from the point, joined to it by a thin line: for crowds."""


def place(points: Sequence[Point], taken: Sequence[Box] = ()) -> list[Side]:
    """The best side for each point's label: free of the points, of their intervals and of other labels."""
    boxes = [*taken, *(_mark(p) for p in points)]
    sides = []
    for point in points:
        best = min((*SIDES, *AWAY), key=lambda side: _badness(point, side, boxes))
        boxes.append(_label(point, best))
        sides.append(best)
    return sides


def _badness(point: Point, side: Side, boxes: Sequence[Box]) -> float:
    label = _label(point, side)
    distance = 60 + abs(side.yshift) + abs(side.xshift) if side.leader else 0
    return sum(label.overlap(box) for box in boxes) + 1000 * label.outside() + distance


def _mark(point: Point) -> Box:
    x = point.x * WIDTH
    return Box(x - 6, point.low * HEIGHT, x + 6, point.high * HEIGHT)


def _label(point: Point, side: Side) -> Box:
    wide, high = point.chars * CHARACTER, point.lines * LINE
    y = {"value": point.y, "high": point.high, "low": point.low}[side.at] * HEIGHT + side.yshift
    x = point.x * WIDTH + side.xshift
    left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[side.xanchor] * wide
    bottom = y - {"bottom": 0.0, "middle": 0.5, "top": 1.0}[side.yanchor] * high
    return Box(left, bottom, left + wide, bottom + high)
