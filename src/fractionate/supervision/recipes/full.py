"""`full`: the whole trace as the teacher wrote it, thinking included."""

from fractionate.records import Anatomy, Span, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quote_whole, supervise


@RECIPES.register("full")
def full(seed: int = 0) -> Recipe:
    """Everything but the teacher's bare statement of the answer, which the answer line replaces."""

    def build(anatomy: Anatomy) -> Supervision:
        return supervise(anatomy, "full", quote_whole(anatomy, Span(0, len(anatomy.trace.text))))

    return build
