"""`mix`: long and short targets side by side, throughout training.

    mix?long=full&short=decision_points&ratio=0.2      # one example in five is long

Each time that a problem is shown, chance decides which of its two targets it has (mixtures of long and short: Li et al.
2025, "Small Models Struggle to Learn from Strong Reasoners", arXiv 2502.12143).
"""

from random import Random

from fractionate.records import Anatomy
from fractionate.supervision.base import recipe
from fractionate.supervision.course import SCHEDULES, Course, Schedule, Share


@SCHEDULES.register("mix")
def mix(seed: int = 0, long: str = "full", short: str = "decision_points", ratio: Share = 0.5) -> Schedule:
    """A share `ratio` of what is shown is `long`, the rest `short`."""
    builds = (recipe(short, seed), recipe(long, seed))

    def choose(share: float, draw: Random) -> int:
        return int(draw.random() < ratio)

    def make(anatomy: Anatomy) -> Course:
        return Course(anatomy.trace.id, tuple(build(anatomy) for build in builds), choose, seed)

    return make
