"""`solution_only`: what stands after the thinking. For reasoning models this is the baseline to beat."""

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, NotApplicable, Recipe, quote_whole, supervise


@RECIPES.register("solution_only")
def solution_only(seed: int = 0) -> Recipe:
    """The solution part; the same as `full` for a trace without a thinking part."""

    def build(anatomy: Anatomy) -> Supervision:
        segments = quote_whole(anatomy, anatomy.trace.solution)
        if anatomy.trace.thinking is not None and not segments:
            raise NotApplicable("nothing stands after the thinking part")
        return supervise(anatomy, "solution_only", segments)

    return build
