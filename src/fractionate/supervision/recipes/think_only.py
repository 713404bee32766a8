"""`think_only`: what stands inside the thinking tags, then the answer."""

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, NotApplicable, Recipe, quote_whole, supervise


@RECIPES.register("think_only")
def think_only(seed: int = 0) -> Recipe:
    """The thinking part without its tags."""

    def build(anatomy: Anatomy) -> Supervision:
        if anatomy.trace.thinking is None:
            raise NotApplicable("the trace has no thinking part")
        return supervise(anatomy, "think_only", quote_whole(anatomy, anatomy.trace.thinking))

    return build
