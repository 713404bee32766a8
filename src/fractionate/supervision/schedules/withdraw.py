"""`withdraw`: hints on the prompt's side that are taken away during training.

    withdraw?from=roles?decomposition=prompt               # plans as hints, gone by 0.8 of training
    withdraw?from=roles?decomposition=prompt&by=back       # the last hint goes first

At inference there is no hint: without the withdrawal a student would be trained on prompts that it never gets.
"""

from typing import Annotated

from pydantic import Field

from fractionate.supervision.base import recipe
from fractionate.supervision.course import SCHEDULES, Schedule, Share
from fractionate.supervision.fading import By, Pace, leaving


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
    return leaving(recipe(from_, seed), "prompt", Pace(by, begin, end, smoothing), seed)
