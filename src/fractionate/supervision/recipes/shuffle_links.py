"""`shuffle_links`: the control of links. The steps of another recipe, each with wrong premises.

    shuffle_links                    # of decision_points: "3 * 4 = 12", "12 + 1 = 13" → "1 * 4 = 12", "12 + 3 = 13"

Every value stays in the trace and every result where it was; what the steps use is dealt out anew among them (in
a trace of one step: among its own places).
"""

import random

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, joined, recipe, steps_in, supervise, units
from fractionate.supervision.order import exchanged


@RECIPES.register("shuffle_links")
def shuffle_links(seed: int = 0, of: str = "decision_points") -> Recipe:
    """The values that the steps of the recipe `of` use are exchanged among them; drawn anew for each trace."""
    other = recipe(of, seed)

    def build(anatomy: Anatomy) -> Supervision:
        found = units(anatomy, steps_in(anatomy, other(anatomy)))
        draw = random.Random(f"{seed}:{anatomy.trace.id}")
        return supervise(anatomy, "shuffle_links", joined(exchanged(anatomy, found, draw)))

    return build
