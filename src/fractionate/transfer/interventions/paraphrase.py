"""Paraphrase: the student's own computations in other words, then the answer is asked for.

    "so Noah has 3 * 14 = 42 shells. The answer is"  →  "Evaluating 3 * 14 yields 42. The answer is"

If answers stay, they rest on what the steps say and not on hidden marks in their wording (Lanham et al. 2023, arXiv
2307.13702, section 2.6). Values, operations and order stay; steps that compute nothing stay as they are.
"""

import random

from fractionate.records import Step
from fractionate.supervision.recipes.reword import WORDINGS
from fractionate.transfer.interventions.base import rewriting
from fractionate.transfer.own import OwnSteps

WORDING = "formal"


@rewriting("paraphrase", "Near 0: the answer rests on what the steps say, not on how they say it.")
def paraphrase(own: OwnSteps, draw: random.Random) -> str | None:
    """Every computing step said anew; None where no step computes."""
    if not any(step.formulas for step in own.steps):
        return None
    return "".join(_said(own, step, draw) + own.gap(step) for step in own.steps).rstrip()


def _said(own: OwnSteps, step: Step, draw: random.Random) -> str:
    sides = [formula.rpartition(" = ") for formula in step.formulas]
    said = [WORDINGS[WORDING](left, right, draw) for left, _, right in sides]
    return " ".join(said) if said else step.span.of(own.text)
