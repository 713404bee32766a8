"""Paraphrase: the student's own steps in other words, then the answer is asked for.

    "so Noah has 3 * 14 = 42 shells. The answer is"  →  "so Noah has 3 times 14 = 42 shells. The answer is"

If answers stay, they rest on what the steps say and not on hidden marks in their wording (Lanham et al. 2023, arXiv
2307.13702, section 2.6). They have a model paraphrase; here rules do (`wording`), so that subject, purpose, values and
the order of steps are kept for certain. Steps that no rule fits stay as they are: the share that changed is an effect
of its own, and where it is small, agreement says little.
"""

import random

from fractionate.transfer.interventions.base import rewriting
from fractionate.transfer.interventions.wording import said_otherwise
from fractionate.transfer.own import OwnSteps


def changed(own: OwnSteps) -> float:
    """The share of the steps that are said otherwise."""
    texts = [step.span.of(own.text) for step in own.steps]
    return sum(said_otherwise(text, random.Random(0)) != text for text in texts) / len(texts)


@rewriting("paraphrase", "Near 0: the answer rests on what the steps say, not on how they say it.", changed)
def paraphrase(own: OwnSteps, draw: random.Random) -> str | None:
    """Every step that a rule fits said otherwise; None where none fits."""
    if not changed(own):
        return None
    said = (said_otherwise(step.span.of(own.text), draw) + own.gap(step) for step in own.steps)
    return "".join(said).rstrip()
