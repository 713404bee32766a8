"""`compact`: all that the answer depends on, in the teacher's words."""

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, quote, supervise


@RECIPES.register("compact")
def compact(seed: int = 0) -> Recipe:
    """Every step that lies on some path to the answer."""

    def build(anatomy: Anatomy) -> Supervision:
        steps = [s for s in quotable(anatomy) if s.paths != "none"]
        return supervise(anatomy, "compact", quote(anatomy, steps))

    return build
