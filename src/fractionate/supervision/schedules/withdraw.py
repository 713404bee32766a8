"""`withdraw`: hints on the prompt's side that are taken away during training.

    withdraw?from=roles?decomposition=prompt               # plans as hints, gone by 0.8 of training
    withdraw?from=roles?decomposition=prompt&by=back       # the last hint goes first

At inference there is no hint: without the withdrawal a student would be trained on prompts that it never gets.
"""

from typing import Annotated

from pydantic import Field

from fractionate.records import Anatomy
from fractionate.supervision.base import recipe
from fractionate.supervision.course import SCHEDULES, Course, Schedule, Share, rising, stage_by_stage
from fractionate.supervision.fading import By, fading


@SCHEDULES.register("withdraw")
def withdraw(
    seed: int = 0,
    from_: str = "roles?decomposition=prompt",
    by: By = "front",
    begin: Share = 0.1,
    end: Share = 0.8,
    smoothing: Annotated[float, Field(gt=0)] = 4.0,
) -> Schedule:
    """The hints of `from_` leave one by one between `begin` and `end`; the responses stay as they are."""
    build, progress = recipe(from_, seed), rising(begin, end)

    def make(anatomy: Anatomy) -> Course:
        stages = fading(anatomy, build(anatomy), "prompt", by)
        return Course(anatomy.trace.id, stages, stage_by_stage(len(stages), progress, smoothing), seed)

    return make
