"""`filler`: the control of length. As much text as another recipe has, without content.

    filler                           # of decision_points: "... ... ... The answer is 12."

If it does as well as the other recipe, then what helped was time to think, not what was said in it (Pfau et al. 2024,
"Let's think dot by dot", arXiv 2404.15758).
"""

from fractionate.records import Anatomy, Role, Segment, Supervision
from fractionate.supervision.base import RECIPES, Recipe, hints_of, recipe, supervise
from fractionate.supervision.size import size

DOT = " ."
"""One token of most vocabularies."""


@RECIPES.register("filler")
def filler(seed: int = 0, of: str = "decision_points") -> Recipe:
    """A dot for each piece of what the recipe `of` writes before its answer line."""
    other = recipe(of, seed)

    def build(anatomy: Anatomy) -> Supervision:
        plain = other(anatomy)
        written = [s for s in plain.segments[:-1] if s.visibility == "response"]
        steps = tuple(dict.fromkeys(i for s in written for i in s.steps))
        dots = (DOT * size("".join(s.text for s in written))).strip()
        segments = [Segment(dots, steps=steps, role=Role.LANGUAGE)] if dots else []
        return supervise(anatomy, "filler", [*hints_of(plain), *segments])

    return build
