"""`cover`: a share of the decision points and a share of the other steps, so that the two can be varied apart.

    cover                            # every decision point and nothing else, as decision_points
    cover?decisions=0.5&others=1     # many steps, half of the decisions
    cover?decisions=0.5              # few steps, half of the decisions

With `arms.budget = "supervised_tokens"`, four of these tell the number of steps from what they decide.
"""

import random
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from fractionate.records import Anatomy, Step, Supervision
from fractionate.supervision.base import RECIPES, Recipe, quotable, quote, supervise

Share = Annotated[float, Field(ge=0, le=1)]


@RECIPES.register("cover")
def cover(seed: int = 0, decisions: Share = 1.0, others: Share = 0.0) -> Recipe:
    """A share of the decision points and a share of the other steps, drawn at random for each trace."""

    def build(anatomy: Anatomy) -> Supervision:
        draw = random.Random(f"{seed}:{anatomy.trace.id}")
        steps = quotable(anatomy)
        deciding = _drawn([s for s in steps if s.decision], decisions, draw)
        other = _drawn([s for s in steps if not s.decision], others, draw)
        kept = sorted([*deciding, *other], key=lambda s: s.index)
        return supervise(anatomy, "cover", quote(anatomy, kept))

    return build


def _drawn(steps: Sequence[Step], share: float, draw: random.Random) -> list[Step]:
    """A share of the steps, at random; of a half of three, one or two as the lot falls."""
    whole, part = divmod(share * len(steps), 1)
    return draw.sample(steps, int(whole) + (draw.random() < part))
