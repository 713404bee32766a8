"""`errors`: what becomes of mistakes, the trace's own or planted ones.

    errors                                       # mode=delete: wrong steps and the talk about them removed
    errors?mode=mask                             # shown without loss; noticing and repairing are learned
    errors?mode=repair&plant=value               # a planted mistake without loss, noticed, put right
    errors?mode=repair&plant=operation&of=compact

Planted mistakes need a right trace; the others need a trace that goes wrong and repairs it (one that ends in its
mistake has nothing right to teach). Pairs that part at the first wrong step (`mode=contrast`) are two supervisions a
trace, hence no recipe but a maker of pairs, `contrast`.
"""

import random
from typing import Literal

from fractionate.errors import InputError
from fractionate.records import Anatomy, Role, Segment, Supervision
from fractionate.supervision.base import (
    RECIPES,
    NotApplicable,
    Recipe,
    Unit,
    joined,
    quotable,
    recipe,
    steps_in,
    supervise,
    units,
)
from fractionate.supervision.plant import PLANTS, plant
from fractionate.supervision.wrong import ends_wrong, mistaken

NOTICED = "Wait, that is not right."
"""Written between a planted mistake and its repair."""


@RECIPES.register("errors")
def errors(
    seed: int = 0,
    mode: Literal["delete", "mask", "repair", "contrast"] = "delete",
    plant: str = "",
    of: str = "full",
) -> Recipe:
    """Mistakes deleted, masked or repaired; with `plant`, planted first, among the steps of the recipe `of`."""
    if mode == "contrast":
        raise InputError(
            "errors: mode=contrast makes preference pairs; name 'contrast' in place of 'errors', with the format "
            "trl-preference"
        )
    kind = plant
    if kind:
        PLANTS[kind]
    other = recipe(of, seed)

    def build(anatomy: Anatomy) -> Supervision:
        if kind:
            shown = units(anatomy, steps_in(anatomy, other(anatomy)))
            segments = _with_planted(anatomy, shown, kind, mode, random.Random(f"{seed}:{anatomy.trace.id}"))
        else:
            segments = _own(anatomy, mode)
        return supervise(anatomy, "errors", segments)

    return build


def _own(anatomy: Anatomy, mode: str) -> list[Segment]:
    """The trace's own mistakes."""
    wrong = mistaken(anatomy)
    if any(anatomy.steps[i].paths == "all" for i in wrong):
        raise NotApplicable("the answer rests on a mistake that the trace does not repair")
    if mode == "delete":
        talk = {s.index for s in anatomy.steps if s.kind in ("mistake", "doubt", "backtrack")}
        return joined(units(anatomy, [s for s in quotable(anatomy) if s.index not in wrong | talk]))
    if not wrong:
        raise NotApplicable("the trace has no mistake")
    found = units(anatomy, quotable(anatomy))
    return joined(_masked(unit) if unit.step.index in wrong else unit for unit in found)


def _with_planted(
    anatomy: Anatomy, shown: list[Unit], kind: str, mode: str, draw: random.Random
) -> list[Segment]:
    """The shown units with a planted mistake before the step that it spoils, noticed and put right."""
    if mistaken(anatomy) or ends_wrong(anatomy):
        raise NotApplicable("a mistake is planted in right traces only")
    found = plant(anatomy, kind, draw)
    places = {unit.step.index: i for i, unit in enumerate(shown)}
    if found is None or found.before not in places:
        raise NotApplicable(f"no shown step can go wrong in the way {kind!r}")
    if mode == "delete":
        return joined(shown)
    at = places[found.before]
    step = anatomy.steps[found.step]
    wrong = Segment(found.text, None, (found.step,), Role.ERROR_SIGNAL, 0.0)
    noticed = Segment(NOTICED, None, (found.step,), Role.ERROR_SIGNAL)
    spoiled = [Unit(step, (wrong,), shown[at].gap)]
    if mode == "repair":
        spoiled.append(Unit(step, (noticed,), " "))
    return joined([*shown[:at], *spoiled, *shown[at:]])


def _masked(unit: Unit) -> Unit:
    return unit._replace(segments=tuple(_without_loss(s) for s in unit.segments))


def _without_loss(segment: Segment) -> Segment:
    return Segment(segment.text, segment.span, segment.steps, segment.role, 0.0, segment.visibility)
