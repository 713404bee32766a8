"""`roles`: each role of a trace as a dial.

    roles?language=delete                        # all but the wording
    roles?language=mask&error_signals=delete     # wording read in training, without loss
    roles?decomposition=prompt&structure=break   # plans as a hint beside the question; steps out of order
    roles?content=swap&language=learn:0.2        # other values, same order and links; wording counts a fifth

Spans are deleted, masked (in place, read in training, no loss: at inference the student produces them or does
without), moved to the prompt's side as a hint, or learned with a weight. Structure is kept or broken (the same steps,
their order and links destroyed, every value still there); content is kept or swapped (other values, order and links
kept). The answer line stays right.
"""

import random
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import StringConstraints

from fractionate.records import Anatomy, Role, Segment, Supervision
from fractionate.supervision.base import RECIPES, Recipe, Unit, joined, quotable, supervise, units
from fractionate.supervision.content import Swap, rewritten
from fractionate.supervision.order import exchanged, shuffled

Treatment = Annotated[str, StringConstraints(pattern=r"^(delete|mask|prompt|learn(:\d+(\.\d+)?)?)$")]
HINT = "\n\nHint: "


@RECIPES.register("roles")
def roles(
    seed: int = 0,
    decomposition: Treatment = "learn",
    structure: Literal["keep", "break"] | Treatment = "learn",
    content: Literal["keep", "swap"] = "keep",
    error_signals: Treatment = "learn",
    language: Treatment = "learn",
) -> Recipe:
    """Each role deleted, masked, given as a hint or learned; structure broken, content swapped."""
    treatments = {
        Role.DECOMPOSITION: decomposition,
        Role.STRUCTURE: "learn" if structure in ("keep", "break") else structure,
        Role.ERROR_SIGNAL: error_signals,
        Role.LANGUAGE: language,
    }

    def build(anatomy: Anatomy) -> Supervision:
        found = units(anatomy, quotable(anatomy))
        if structure == "break":
            found = _broken(anatomy, found, random.Random(f"{seed}:{anatomy.trace.id}"))
        if content == "swap":
            swap = Swap(anatomy, seed)
            found = [rewritten(unit, swap.text) for unit in found]
        treated = [t for unit in found if (t := _treated(unit, treatments)).segments]
        shown = [_only(unit, "response") for unit in treated]
        hints = [_only(unit, "prompt") for unit in treated]
        return supervise(anatomy, "roles", [*_hint(hints), *joined(u for u in shown if u.segments)])

    return build


def _broken(anatomy: Anatomy, found: list[Unit], draw: random.Random) -> list[Unit]:
    """The structural steps exchange places and premises; the others stay where they are."""
    places = [i for i, unit in enumerate(found) if unit.step.role is Role.STRUCTURE]
    mixed = shuffled(exchanged(anatomy, [found[i] for i in places], draw), draw)
    for i, unit in zip(places, mixed, strict=True):
        found[i] = unit
    return found


def _treated(unit: Unit, treatments: dict[Role, str]) -> Unit:
    kept = []
    for segment in unit.segments:
        treatment = treatments[segment.role] if segment.role is not None else "learn"
        name, _, weight = treatment.partition(":")
        if name == "prompt":
            kept.append(replace(segment, visibility="prompt"))
        elif name == "mask":
            kept.append(replace(segment, weight=0.0))
        elif name == "learn":
            kept.append(replace(segment, weight=float(weight or 1)))
    return unit._replace(segments=tuple(kept))


def _only(unit: Unit, visibility: str) -> Unit:
    return unit._replace(segments=tuple(s for s in unit.segments if s.visibility == visibility))


def _hint(found: list[Unit]) -> list[Segment]:
    """What is given beside the question, in its order."""
    given = [replace(s, visibility="prompt") for s in joined(u for u in found if u.segments)]
    return [Segment(HINT, visibility="prompt"), *given] if given else []
