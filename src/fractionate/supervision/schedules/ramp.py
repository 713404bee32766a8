"""`ramp`: from short targets to long ones.

    ramp                                               # first answers, at the end full traces
    ramp?short=decision_points&long=full&begin=0.2     # decision points alone for a fifth of training
    ramp?short=full&long=answer_only                   # the other way round, without stages between

The chance that an example is shown long rises evenly from `begin` to `end`.
"""

from random import Random

from fractionate.records import Anatomy
from fractionate.supervision.base import recipe
from fractionate.supervision.course import SCHEDULES, Course, Schedule, Share, rising


@SCHEDULES.register("ramp")
def ramp(
    seed: int = 0, short: str = "answer_only", long: str = "full", begin: Share = 0.1, end: Share = 0.8
) -> Schedule:
    """`short` until `begin`, `long` from `end` on, more and more of `long` between them."""
    builds = (recipe(short, seed), recipe(long, seed))
    progress = rising(begin, end)

    def choose(share: float, draw: Random) -> int:
        return int(draw.random() < progress(share))

    def make(anatomy: Anatomy) -> Course:
        return Course(anatomy.trace.id, tuple(build(anatomy) for build in builds), choose, seed)

    return make
