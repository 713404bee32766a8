"""`wrong_answer`: the control of the answer. Another recipe's steps, then an answer that they do not give.

    wrong_answer                     # of decision_points: "3 * 4 = 12. The answer is 47."

A number keeps its number of digits; of an answer that is no number, nothing plausible is known.
"""

import random
from dataclasses import replace

from fractionate.checking import same_answer
from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, NotApplicable, Recipe, answer_line, recipe
from fractionate.supervision.content import other_digits

TRIES = 20
"""Draws until a numeral has another value ("2/4" has not that of "1/2")."""


@RECIPES.register("wrong_answer")
def wrong_answer(seed: int = 0, of: str = "decision_points") -> Recipe:
    """The recipe `of` with another number in its answer line."""
    other = recipe(of, seed)

    def build(anatomy: Anatomy) -> Supervision:
        right = other(anatomy)
        if right.segments[-1].span is not None:
            raise NotApplicable("the response has no answer line")
        answer, draw = right.answer or "", random.Random(f"{seed}:{anatomy.trace.id}")
        found = (other_digits(answer, draw) for _ in range(TRIES))
        wrong = next((w for w in found if w is not None and same_answer(w, answer).same is not True), None)
        if wrong is None:
            raise NotApplicable("the answer is no number that could be another one")
        line = replace(right.segments[-1], text=answer_line(wrong))
        return replace(right, recipe="wrong_answer", segments=(*right.segments[:-1], line), answer=wrong)

    return build
