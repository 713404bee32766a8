"""Accuracy against difficulty: one point for each value of a dial, with its interval.

    curve(scores, "depth")["compact"]
    # (Point(dial="depth", value=4.0, accuracy=Interval(0.31, 0.22, 0.42), n=96), Point(dial="depth", value=5.0, …))

A cell's name says its value ("depth 4", "world:ledger?depth=4"), or a mapping from cells to values does. Cells of one
value are one point; cells that say none are not on the curve.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fractionate.errors import InputError
from fractionate.records import Score
from fractionate.transfer.statistics import Interval, estimates


@dataclass(frozen=True, slots=True)
class Point:
    """Accuracy where `dial` stands at `value`; `n` counts (item, seed) pairs with a checked answer."""

    dial: str
    value: float
    accuracy: Interval
    n: int


def curve(
    scores: Sequence[Score], dial: str, values: Mapping[str, float] | None = None
) -> dict[str, tuple[Point, ...]]:
    """Each arm's points in the order of their values; `values` gives the cells' values where their names do not.

    Raises:
        InputError: no cell says a value of the dial, or arms were asked different ones.
    """
    if values is None:
        values = named_values({s.cell for s in scores}, dial)
    points = {f"{dial} {value:g}": value for value in sorted(set(values.values()))}
    on_curve = [
        replace(s, cell=f"{dial} {values[s.cell]:g}", family="difficulty") for s in scores if s.cell in values
    ]
    if not on_curve:
        raise InputError(f"no cell says its {dial}; name cells like {dial} 4, or give each cell's value")
    found = estimates(on_curve, reference=on_curve[0].arm, families=("difficulty",))
    return {
        arm.arm: tuple(
            Point(dial, value, arm.cells[cell].accuracy, arm.cells[cell].n)
            for cell, value in points.items()
            if cell in arm.cells
        )
        for arm in found.arms
    }


def named_values(cells: set[str], dial: str) -> dict[str, float]:
    """The value of the dial that each cell's name says; cells that say none are left out."""
    said = re.compile(rf"\b{re.escape(dial)}[ =](\d+(?:\.\d+)?)(?!\s*-\s*\d)")
    return {cell: float(found[1]) for cell in cells if (found := said.search(cell))}
