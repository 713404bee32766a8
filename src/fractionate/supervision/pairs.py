"""Preference pairs that part exactly at the first wrong step, from a trace's own repaired mistake or a planted one.

    pair = contrast(anatomy, plant="operation", of="compact", seed=0)
    pair.chosen.response()         # "… 45 / 3 = 15 waffles. So Layla …\\nThe answer is 26."
    pair.rejected.response()       # "… 45 * 3 = 135 waffles."

Both begin with the same segments; the rejected one ends with its wrong step, so that what is dispreferred is that step
and not what happens to follow it. Training on pairs is left to TRL and others, to whom they are exported.
"""

import random
from dataclasses import replace
from typing import NamedTuple

from fractionate.records import Anatomy, Role, Segment, Supervision
from fractionate.supervision.base import (
    NotApplicable,
    Unit,
    joined,
    quotable,
    recipe,
    steps_in,
    supervise,
    units,
)
from fractionate.supervision.plant import plant as planted
from fractionate.supervision.wrong import ends_wrong, mistaken


class Pair(NamedTuple):
    """Two supervisions of one problem with a common beginning."""

    chosen: Supervision
    rejected: Supervision


def contrast(anatomy: Anatomy, plant: str = "", of: str = "full", seed: int = 0) -> Pair:
    """The pair of one trace; with `plant`, of a mistake of that kind among the steps of the recipe `of`.

    Raises:
        NotApplicable: the trace has no repaired mistake, or none can be planted in it.
        InputError: there is no such recipe or kind of mistake.
    """
    if not plant:
        return _own(anatomy)
    shown = units(anatomy, steps_in(anatomy, recipe(of, seed)(anatomy)))
    if mistaken(anatomy) or ends_wrong(anatomy):
        raise NotApplicable("a mistake is planted in right traces only")
    found = planted(anatomy, plant, random.Random(f"{seed}:{anatomy.trace.id}"))
    at = next((i for i, unit in enumerate(shown) if found and unit.step.index == found.before), None)
    if found is None or at is None:
        raise NotApplicable(f"no shown step can go wrong in the way {plant!r}")
    wrong = Segment(found.text, None, (found.step,), Role.ERROR_SIGNAL)
    return _pair(anatomy, shown[:at], shown[at:], Unit(anatomy.steps[found.step], (wrong,), shown[at].gap))


def _own(anatomy: Anatomy) -> Pair:
    """The trace's own first mistake: what came before it, then the repair and the rest, or the mistake."""
    wrong = anatomy.first_wrong
    mend = next((s for s in anatomy.steps if wrong is not None and s.repairs == wrong), None)
    bad = mistaken(anatomy)
    if wrong is None or mend is None or any(anatomy.steps[i].paths == "all" for i in bad):
        raise NotApplicable("the trace has no mistake that it repairs")
    if ends_wrong(anatomy):
        raise NotApplicable("the trace ends wrong all the same")
    shown = units(anatomy, quotable(anatomy))
    before = [u for u in shown if u.step.index < wrong]
    after = [u for u in shown if u.step.index >= mend.index and u.step.index not in bad]
    return _pair(anatomy, before, after, next(u for u in shown if u.step.index == wrong))


def _pair(anatomy: Anatomy, before: list[Unit], right: list[Unit], wrong: Unit) -> Pair:
    chosen = supervise(anatomy, "contrast", joined([*before, *right]))
    segments = tuple(joined([*before, wrong]))
    return Pair(chosen, replace(chosen, segments=segments))
