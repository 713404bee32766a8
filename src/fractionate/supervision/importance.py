"""How important a step is, by any of the three measures that an anatomy may hold.

    weigh = importance(anatomy, "structural")
    max(anatomy.steps, key=weigh)

`structural` is by the links; `surprise` (what the student expects least) and `effect` (what the answer's probability
rests on) are measured by a student (`analyze --student`).
"""

from collections.abc import Callable
from typing import Literal

from fractionate.records import Anatomy, Step
from fractionate.supervision.base import NotApplicable

Importance = Literal["structural", "surprise", "effect"]
_PATHS = {"none": 0, "some": 1, "all": 2}


def importance(anatomy: Anatomy, by: Importance) -> Callable[[Step], tuple[float, ...]]:
    """What steps can be ordered by, the largest the most important."""
    if by == "structural":
        return lambda s: (_PATHS[s.paths], s.decision, len(anatomy.users(s.index)))
    if any(getattr(s, by) is None for s in anatomy.steps):
        raise NotApplicable(f"no {by} was measured: analyze with a student")
    return lambda s: (getattr(s, by) or 0.0,)
