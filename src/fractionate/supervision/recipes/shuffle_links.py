"""`shuffle_links`: the control of links. The steps of another recipe, each with wrong premises.

    shuffle_links                    # of decision_points: "3 * 4 = 12", "12 + 1 = 13" → "1 * 4 = 12", "12 + 3 = 13"

Every value stays in the trace and every result where it was; what the steps use is dealt out anew among them (in
a trace of one step: among its own places).
"""

import random

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, hints_of, joined, recipe, supervise, units_in
from fractionate.supervision.order import exchanged


@RECIPES.register("shuffle_links")
def shuffle_links(seed: int = 0, of: str = "decision_points") -> Recipe:
    """The values that the steps of the recipe `of` use are exchanged among them; drawn anew for each trace."""
    other = recipe(of, seed)

    def build(anatomy: Anatomy) -> Supervision:
        plain = other(anatomy)
        draw = random.Random(f"{seed}:{anatomy.trace.id}")
        mixed = exchanged(anatomy, units_in(anatomy, plain), draw)
        return supervise(anatomy, "shuffle_links", [*hints_of(plain), *joined(mixed)])

    return build
