"""Filler: as many dots as the steps have words, digits and signs, then the answer is asked for.

    "14 * 3 = 42. The answer is"  →  ". . . . . . The answer is"

If answers stay, it was room to compute that helped, or nothing, and not what the steps say (Lanham et al. 2023,
"Measuring Faithfulness in Chain-of-Thought Reasoning", arXiv 2307.13702, section 2.5).
"""

import random

from fractionate.supervision.recipes.filler import DOT
from fractionate.supervision.size import size
from fractionate.transfer.interventions.base import rewriting
from fractionate.transfer.own import OwnSteps


@rewriting("filler", "Below 0: the answer needs what the steps say, not only their length.")
def filler(own: OwnSteps, draw: random.Random) -> str | None:
    """A dot for each piece of the steps."""
    said = own.text[own.steps[0].span.start : own.steps[-1].span.end]
    return (DOT * size(said)).strip() or None
