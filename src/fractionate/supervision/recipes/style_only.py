"""`style_only`: the control of wording. Another recipe's words, their content replaced by plausible nonsense.

    style_only                       # of decision_points: "So 3 * 4 = 12 pens." → "So 8 + 1 = 57 pens."

Every number and every operator is drawn anew wherever it stands, so that no value is carried from one step to the
next and no equation holds but by chance. The answer line stays right.
"""

import random
import re

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, hints_of, joined, recipe, supervise, units_in
from fractionate.supervision.content import other_digits, rewritten, with_values

_OPERATOR = re.compile(
    r"(?<=\S[ \t])[-+*/×÷](?=\s)"  # not at the head of a line, where it is a bullet
    r"|(?<=[\d)%])[+*×÷](?=[\d($.])|(?<=\d)[-/](?=\d[\d.,]*\s?=)"
    r"|\\(?:times|cdot|div)\b"
)
_SIGNS = (("+", "-", "*", "/"), ("+", "-", r"\times", r"\div"))
"""What stands for an operator of plain text, and for one of LaTeX."""


@RECIPES.register("style_only")
def style_only(seed: int = 0, of: str = "decision_points") -> Recipe:
    """The steps that the recipe `of` quotes, with other numbers and operators at every place."""
    other = recipe(of, seed)

    def build(anatomy: Anatomy) -> Supervision:
        draw = random.Random(f"{seed}:{anatomy.trace.id}")

        def nonsense(text: str) -> str:
            numbered = with_values(text, lambda mention, said: other_digits(said, draw))
            return _OPERATOR.sub(lambda m: draw.choice(_SIGNS["\\" in m[0]]), numbered)

        plain = other(anatomy)
        written = joined(rewritten(unit, nonsense) for unit in units_in(anatomy, plain))
        return supervise(anatomy, "style_only", [*hints_of(plain), *written])

    return build
