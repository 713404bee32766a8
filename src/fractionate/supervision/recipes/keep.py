"""`keep`: the most important fraction of a trace, by any of the three importances.

    keep?r=0.25                      # a quarter of the text, by the links (structural)
    keep?r=0.25&by=surprise          # what the student expects least
    keep?r=0.25&by=effect            # what the answer's probability rests on

A study has its own student measure the last two; `compile` takes what `analyze --student` has measured.
r = 0 is the answer alone, r = 1 every step. Steps are taken whole, so a short trace meets r roughly.
"""

from typing import Annotated

from pydantic import Field

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, quote, supervise, units
from fractionate.supervision.importance import Importance, importance
from fractionate.supervision.size import filled, sizes_of


@RECIPES.register("keep")
def keep(
    seed: int = 0, r: Annotated[float, Field(ge=0, le=1)] = 0.5, by: Importance = "structural"
) -> Recipe:
    """Steps in the order of their importance until a share `r` of the steps' size is reached."""

    def build(anatomy: Anatomy) -> Supervision:
        weigh = importance(anatomy, by)
        found = units(anatomy, quotable(anatomy))
        sizes = sizes_of(found)
        # Of equal steps the later one comes first.
        order = sorted((unit.step for unit in found), key=lambda s: (weigh(s), s.index), reverse=True)
        kept = filled([s.index for s in order], sizes, r * sum(sizes.values()))
        return supervise(anatomy, "keep", quote(anatomy, [anatomy.steps[i] for i in kept]))

    return build
