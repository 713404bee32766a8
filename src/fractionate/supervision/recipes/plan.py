"""`plan`: how the problem breaks into parts, without the computing.

A trace that states no plan gives the answer alone.
"""

from fractionate.records import Anatomy, Role, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, quote, supervise


@RECIPES.register("plan")
def plan(seed: int = 0) -> Recipe:
    """The steps whose role is decomposition."""

    def build(anatomy: Anatomy) -> Supervision:
        steps = [s for s in quotable(anatomy) if s.role is Role.DECOMPOSITION]
        return supervise(anatomy, "plan", quote(anatomy, steps))

    return build
