"""`reword`: the same structure in other words.

    reword?style=terse               # 3 * 4 = 12.
    reword?style=formal              # Multiplying 3 by 4 yields 12. … It follows that …
    reword?style=chatty              # Okay, so 3 times 4, and that makes 12!
    reword?style=symbolic            # x1 := 3 * 4 = 12.   x2 := x1 + 1 = 13.
    reword?style=german              # Wir rechnen 3 * 4 und erhalten 12.

The needed computations in the trace's order, so that the wording varies while steps, values and links stay. A third
party adds a wording with `@WORDINGS.register("name")`.
"""

import random
import re
from collections.abc import Callable

from fractionate.records import Anatomy, Segment, Supervision
from fractionate.registry import Registry
from fractionate.supervision.base import RECIPES, Recipe, lines, quotable, supervise

Wording = Callable[[str, str, random.Random], str]
"""From the left and the right side of a formula to a sentence."""
WORDINGS: Registry[Wording] = Registry("wording")
"""Ways to say a computation. Entry-point group `fractionate.wording`."""

_SAID = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_OPERATOR = re.compile(r" ([-+*/]) ")


@RECIPES.register("reword")
def reword(seed: int = 0, style: str = "formal") -> Recipe:
    """Every needed computation said anew."""
    symbolic = style == "symbolic"
    say = WORDINGS["terse" if symbolic else style]

    def build(anatomy: Anatomy) -> Supervision:
        draw = random.Random(f"{seed}:{anatomy.trace.id}")
        names: dict[str, str] = {}
        written = []
        for step in quotable(anatomy):
            for formula in step.formulas if step.paths != "none" else ():
                left, _, right = formula.rpartition(" = ")
                if symbolic:
                    left = _named(left, right, names)
                written.append(Segment(say(left, right, draw), None, (step.index,), step.role))
        return supervise(anatomy, "reword", lines(written))

    return build


def _named(left: str, right: str, names: dict[str, str]) -> str:
    """The left side with known results by their names, and the name that its own result gets."""
    known = re.sub(r"\d+(?:\.\d+)?", lambda m: names.get(m[0], m[0]), left)
    names[right] = f"x{len(names) + 1}"
    return f"{names[right]} := {known}"


@WORDINGS.register("terse")
def _terse(left: str, right: str, draw: random.Random) -> str:
    return f"{left} = {right}."


@WORDINGS.register("formal")
def _formal(left: str, right: str, draw: random.Random) -> str:
    lead = draw.choice(
        ["Evaluating {} yields {}.", "It follows that {} is equal to {}.", "The value of {} is {}."]
    )
    return lead.format(left, right)


@WORDINGS.register("chatty")
def _chatty(left: str, right: str, draw: random.Random) -> str:
    spoken = _OPERATOR.sub(lambda m: f" {_SAID[m[1]]} ", left)
    lead = draw.choice(
        ["Okay, so {}, and that makes {}!", "Now let's take {}, which gives us {}.", "Nice, {} is just {}."]
    )
    return lead.format(spoken, right)


@WORDINGS.register("german")
def _german(left: str, right: str, draw: random.Random) -> str:
    lead = draw.choice(
        ["Wir rechnen {} und erhalten {}.", "Also ist {} gleich {}.", "Aus {} ergibt sich {}."]
    )
    return lead.format(left, right)
