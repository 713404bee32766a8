"""`random_drop`: the control. Random steps are deleted down to the size of another recipe.

    random_drop                      # the size of decision_points
    random_drop?of=compact

If it does as well as the other recipe, then what helped was shortness and not the choice of steps.
"""

import random

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, quote, recipe, supervise, units
from fractionate.supervision.size import filled, size, sizes_of


@RECIPES.register("random_drop")
def random_drop(seed: int = 0, of: str = "decision_points") -> Recipe:
    """Steps kept at random, as many pieces of text as the recipe `of` has; drawn anew for each trace."""
    other = recipe(of, seed)

    def build(anatomy: Anatomy) -> Supervision:
        sizes = sizes_of(units(anatomy, quotable(anatomy)))
        budget = size("".join(s.text for s in other(anatomy).segments if s.steps))
        draw = random.Random(f"{seed}:{anatomy.trace.id}")
        # One draw: the best of several would be drawn to the recipe's own steps, which meet the budget exactly.
        kept = filled(draw.sample(list(sizes), len(sizes)), sizes, budget)
        return supervise(anatomy, "random_drop", quote(anatomy, [anatomy.steps[i] for i in kept]))

    return build
