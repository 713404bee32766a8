"""`keep`: the most important fraction of a trace, by any of the three importances.

    keep?r=0.25                      # a quarter of the text, by the links (structural)
    keep?r=0.25&by=surprise          # what the student expects least (needs analyze --student)
    keep?r=0.25&by=effect            # what the answer's probability rests on (needs analyze --student)

r = 0 is the answer alone, r = 1 every step. Steps are taken whole, so a short trace meets r roughly.
"""

from typing import Annotated

from pydantic import Field

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, quote, supervise
from fractionate.supervision.importance import Importance, importance
from fractionate.supervision.size import filled, size


@RECIPES.register("keep")
def keep(
    seed: int = 0, r: Annotated[float, Field(ge=0, le=1)] = 0.5, by: Importance = "structural"
) -> Recipe:
    """Steps in the order of their importance until a share `r` of the steps' size is reached."""

    def build(anatomy: Anatomy) -> Supervision:
        steps = quotable(anatomy)
        weigh = importance(anatomy, by)
        sizes = {s.index: size(s.span.of(anatomy.trace.text)) for s in steps}
        # Of equal steps the later one comes first.
        order = sorted(steps, key=lambda s: (weigh(s), s.index), reverse=True)
        kept = filled([s.index for s in order], sizes, r * sum(sizes.values()))
        return supervise(anatomy, "keep", quote(anatomy, [anatomy.steps[i] for i in kept]))

    return build
