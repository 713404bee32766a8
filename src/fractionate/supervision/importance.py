"""How important a step is, by any of the three measures that an anatomy may hold.

    weigh = importance(anatomy, "structural")
    max(anatomy.steps, key=weigh)

`structural` is by the links; `surprise` (what the student expects least) and `effect` (what the answer's probability
rests on) are measured by a student: a study's own before it compiles its arms, or any by `analyze --student`.
"""

from collections.abc import Callable
from typing import Literal

from fractionate.records import Anatomy, Step
from fractionate.supervision.base import NotApplicable, quotable

Importance = Literal["structural", "surprise", "effect"]
MEASURED = ("surprise", "effect")
"""Those that need a student."""
_PATHS = {"none": 0, "some": 1, "all": 2}


def importance(anatomy: Anatomy, by: Importance) -> Callable[[Step], tuple[float, ...]]:
    """What steps can be ordered by, the largest the most important."""
    if by == "structural":
        return lambda s: (_PATHS[s.paths], s.decision, len(anatomy.users(s.index)))
    # The statement of the answer is never left out, so that nobody asks for its effect.
    measured = {getattr(s, by) is not None for s in quotable(anatomy)}
    if measured == {True, False}:
        raise NotApplicable(f"the {by} of some steps alone was measured: the trace is too long")
    if False in measured:
        raise NotApplicable(f"no {by} was measured: analyze with a student")
    return lambda s: (getattr(s, by) or 0.0,)
