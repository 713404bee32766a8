"""`random_drop`: the control. Random steps are deleted down to the size of another recipe.

    random_drop                      # the size of decision_points
    random_drop?of=compact

If it does as well as the other recipe, then what helped was shortness and not the choice of steps.
"""

import random

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, quote, recipe, supervise
from fractionate.supervision.size import filled, size

DRAWS = 4
"""Random orders drawn for a trace; the one that comes nearest to the budget is used."""


@RECIPES.register("random_drop")
def random_drop(seed: int = 0, of: str = "decision_points") -> Recipe:
    """Steps kept at random, as many pieces of text as the recipe `of` has; drawn anew for each trace."""
    other = recipe(of, seed)

    def build(anatomy: Anatomy) -> Supervision:
        text = anatomy.trace.text
        sizes = {s.index: size(s.span.of(text)) for s in quotable(anatomy)}
        budget = size("".join(s.text for s in other(anatomy).segments if s.steps))
        draw = random.Random(f"{seed}:{anatomy.trace.id}")
        fills = [filled(draw.sample(list(sizes), len(sizes)), sizes, budget) for _ in range(DRAWS)]
        nearest = min(fills, key=lambda kept: abs(sum(sizes[i] for i in kept) - budget))
        return supervise(anatomy, "random_drop", quote(anatomy, [anatomy.steps[i] for i in nearest]))

    return build
