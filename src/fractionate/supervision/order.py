"""Order and links destroyed: the same steps in another order, or with each other's premises.

    shuffled(units, draw)                      # the steps exchange places
    exchanged(anatomy, units, draw)            # "3 * 4 = 12", "12 + 1 = 13" → "1 * 4 = 12", "12 + 3 = 13"

Every value stays in the trace, as often as it stood there; only where it stands changes.
"""

import random
from collections.abc import Sequence
from functools import partial

from fractionate.anatomy.values import Mention
from fractionate.records import Anatomy
from fractionate.supervision.base import Unit
from fractionate.supervision.content import rewritten, with_values

TRIES = 20
"""Draws of an order until one differs from the order that there was."""


def shuffled(units: Sequence[Unit], draw: random.Random) -> list[Unit]:
    """The units in another order (of two and more), each with the gap of its new place."""
    order = other_order(range(len(units)), draw)
    return [units[i]._replace(gap=slot.gap) for i, slot in zip(order, units, strict=True)]


def exchanged(anatomy: Anatomy, units: Sequence[Unit], draw: random.Random) -> list[Unit]:
    """The units with the values that they use dealt out anew among them; what they establish stays."""
    used: dict[int, set[str]] = {unit.step.index: set() for unit in units}
    for link in anatomy.links:
        results = anatomy.steps[link.user].results
        if link.user in used and link.value is not None and link.value not in results:
            used[link.user].add(link.value)
    said: list[str] = []

    def note(values: set[str], mention: Mention, numeral: str) -> None:
        if values.intersection(mention.readings):
            said.append(numeral)

    def deal(values: set[str], mention: Mention, numeral: str) -> str | None:
        return next(dealt) if values.intersection(mention.readings) else None

    for unit in units:
        rewritten(unit, partial(with_values, replace=partial(note, used[unit.step.index])))
    dealt = iter([said[i] for i in other_order(range(len(said)), draw, said)])
    return [
        rewritten(unit, partial(with_values, replace=partial(deal, used[unit.step.index]))) for unit in units
    ]


def other_order(places: range, draw: random.Random, values: Sequence[object] | None = None) -> list[int]:
    """A random order that is not the given one, by value; the given one where there is no other."""
    shown = values or list(places)
    order = list(places)
    for _ in range(TRIES):
        draw.shuffle(order)
        if [shown[i] for i in order] != list(shown):
            break
    return order
