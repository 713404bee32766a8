"""`skeleton`: results and operations, no wording.

    # 9 * 39 = 351
    # 351 + 35 = 386
    # The answer is 386.

A line a needed computation. A trace whose computations could not be read gives the answer alone.
"""

from fractionate.records import Anatomy, Segment, Supervision
from fractionate.supervision.base import RECIPES, Recipe, lines, quotable, supervise


@RECIPES.register("skeleton")
def skeleton(seed: int = 0) -> Recipe:
    """The formulas of the steps on some path to the answer, a line each."""

    def build(anatomy: Anatomy) -> Supervision:
        steps = [s for s in quotable(anatomy) if s.paths != "none"]
        written = [Segment(f, None, (s.index,), s.role) for s in steps for f in s.formulas]
        return supervise(anatomy, "skeleton", lines(written))

    return build
