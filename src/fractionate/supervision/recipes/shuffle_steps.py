"""`shuffle_steps`: the control of order. The steps of another recipe in random order.

    shuffle_steps                    # of decision_points
    shuffle_steps?of=full

If it does as well as the other recipe, then the order of steps was not what helped. A trace of one step stays as it is.
"""

import random

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, hints_of, joined, recipe, supervise, units_in
from fractionate.supervision.order import shuffled


@RECIPES.register("shuffle_steps")
def shuffle_steps(seed: int = 0, of: str = "decision_points") -> Recipe:
    """The steps that the recipe `of` quotes exchange places; drawn anew for each trace."""
    other = recipe(of, seed)

    def build(anatomy: Anatomy) -> Supervision:
        plain = other(anatomy)
        draw = random.Random(f"{seed}:{anatomy.trace.id}")
        mixed = shuffled(units_in(anatomy, plain), draw)
        return supervise(anatomy, "shuffle_steps", [*hints_of(plain), *joined(mixed)])

    return build
