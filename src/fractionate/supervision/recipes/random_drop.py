"""`random_drop`: the control. Random steps are deleted down to the budget of `decision_points`.

If it does as well as `decision_points`, then what helped was shortness and not the choice of steps.
"""

import random
import re

from fractionate.records import Anatomy, Step, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, quote, supervise

PIECES = re.compile(r"\d|[^\W\d]+|[^\w\s]")
"""Digits, words and signs: near to what tokenizers count, without one."""

DRAWS = 4
"""Random orders drawn for a trace; the one that comes nearest to the budget is used."""


@RECIPES.register("random_drop")
def random_drop(seed: int = 0) -> Recipe:
    """Steps kept at random, as many pieces of text as `decision_points` keeps; drawn anew for each trace."""

    def build(anatomy: Anatomy) -> Supervision:
        text = anatomy.trace.text
        sizes = {s: len(PIECES.findall(s.span.of(text))) for s in quotable(anatomy)}
        budget = sum(size for step, size in sizes.items() if step.decision)
        draw = random.Random(f"{seed}:{anatomy.trace.id}")
        fills = [_fill(draw.sample(list(sizes.items()), len(sizes)), budget) for _ in range(DRAWS)]
        nearest = min(fills, key=lambda kept: abs(sum(sizes[s] for s in kept) - budget))
        return supervise(anatomy, "random_drop", quote(anatomy, nearest))

    return build


def _fill(order: list[tuple[Step, int]], budget: int) -> list[Step]:
    """Steps in the given order for as long as adding one brings their size nearer to the budget."""
    kept: list[Step] = []
    total = 0
    for step, size in order:
        if abs(total + size - budget) < abs(total - budget):
            kept.append(step)
            total += size
    return kept
