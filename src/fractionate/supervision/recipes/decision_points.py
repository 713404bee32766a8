"""`decision_points`: the steps on all paths to the answer that could have gone another way, and no others."""

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, quote, supervise


@RECIPES.register("decision_points")
def decision_points(seed: int = 0) -> Recipe:
    """The decision points in the teacher's words."""

    def build(anatomy: Anatomy) -> Supervision:
        steps = [s for s in quotable(anatomy) if s.decision]
        return supervise(anatomy, "decision_points", quote(anatomy, steps))

    return build
