"""`answer_only`: no reasoning at all, only the answer line. The student must infer the hidden structure."""

from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import RECIPES, Recipe, supervise


@RECIPES.register("answer_only")
def answer_only(seed: int = 0) -> Recipe:
    """The answer line alone."""

    def build(anatomy: Anatomy) -> Supervision:
        return supervise(anatomy, "answer_only", [])

    return build
