"""`random_drop`: the control. Random steps are deleted down to the budget of `decision_points`.

If it does as well as `decision_points`, then what helped was shortness and not the choice of steps.
"""

import random

from fractionate.records import Anatomy, Step, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, quote, supervise


@RECIPES.register("random_drop")
def random_drop(seed: int = 0) -> Recipe:
    """Steps kept at random, as many characters as `decision_points` keeps; drawn anew for each trace."""

    def build(anatomy: Anatomy) -> Supervision:
        steps = list(quotable(anatomy))
        budget = sum(_size(s) for s in steps if s.decision)
        random.Random(f"{seed}:{anatomy.trace.id}").shuffle(steps)
        return supervise(anatomy, "random_drop", quote(anatomy, _fill(steps, budget)))

    return build


def _fill(steps: list[Step], budget: int) -> list[Step]:
    """Steps in the given order for as long as adding one brings their size nearer to the budget."""
    kept: list[Step] = []
    size = 0
    for step in steps:
        if abs(size + _size(step) - budget) < abs(size - budget):
            kept.append(step)
            size += _size(step)
    return kept


def _size(step: Step) -> int:
    return step.span.end - step.span.start
