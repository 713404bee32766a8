"""`internalize`: from explicit reasoning to none, a step at a time (Deng, Choi & Shieber 2024, arXiv 2405.14838).

    internalize                                # the full trace loses its steps from the front
    internalize?from=compact&by=structural     # a compact trace, the least needed step first
    internalize?end=0.5&smoothing=inf          # only the answer in the second half, all examples in step

The student is left to do inside what it was first shown. With smoothing λ, o steps more than the schedule says are
removed with a probability in proportion to exp(-λ o).
"""

from typing import Annotated

from pydantic import Field

from fractionate.records import Anatomy
from fractionate.supervision.base import recipe
from fractionate.supervision.course import SCHEDULES, Course, Schedule, Share, rising, stage_by_stage
from fractionate.supervision.fading import By, fading


@SCHEDULES.register("internalize")
def internalize(
    seed: int = 0,
    from_: str = "full",
    by: By = "front",
    begin: Share = 0.1,
    end: Share = 0.8,
    smoothing: Annotated[float, Field(gt=0)] = 4.0,
) -> Schedule:
    """The steps of `from_` leave one by one between `begin` and `end`; then only the answer is learned."""
    build, progress = recipe(from_, seed), rising(begin, end)

    def make(anatomy: Anatomy) -> Course:
        stages = fading(anatomy, build(anatomy), "response", by)
        return Course(anatomy.trace.id, stages, stage_by_stage(len(stages), progress, smoothing), seed)

    return make
