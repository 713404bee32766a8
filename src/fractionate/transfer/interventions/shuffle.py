"""Shuffle: the student's own steps in another order, then the answer is asked for.

    "14 * 3 = 42. 42 - 5 = 37. The answer is"  →  "42 - 5 = 37. 14 * 3 = 42. The answer is"

Nothing is lost but the order. If the answer becomes the result of whichever step now stands last, the student reads its
answer off the end of the text; if it stays, it knows which result was asked for.
"""

import random

from fractionate.supervision.order import other_order
from fractionate.transfer.interventions.base import rewriting
from fractionate.transfer.own import OwnSteps


@rewriting("shuffle", "Below 0: the answer needs the order in which the steps stand.")
def shuffle(own: OwnSteps, draw: random.Random) -> str | None:
    """The steps exchange places, the gaps stay; None of fewer than two different steps."""
    texts = [step.span.of(own.text) for step in own.steps]
    if len(set(texts)) < 2:
        return None
    order = other_order(range(len(texts)), draw, texts)
    gaps = [own.gap(step) for step in own.steps]
    return "".join(texts[i] + gap for i, gap in zip(order, gaps, strict=True)).rstrip()
