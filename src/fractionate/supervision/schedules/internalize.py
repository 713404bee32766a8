"""`internalize`: from explicit reasoning to none, a step at a time (Deng, Choi & Shieber 2024, arXiv 2405.14838).

    internalize                                # the full trace loses its steps from the front
    internalize?from=compact&by=structural     # a compact trace, the least needed step first
    internalize?end=0.5&smoothing=inf          # only the answer in the second half, all examples in step

The student is left to do inside what it was first shown. With smoothing λ, o steps more than the schedule says are
removed with a probability in proportion to exp(-λ o).
"""

from typing import Annotated

from pydantic import Field

from fractionate.supervision.base import recipe
from fractionate.supervision.course import SCHEDULES, Schedule, Share
from fractionate.supervision.fading import By, Pace, leaving


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
    return leaving(recipe(from_, seed), "response", Pace(by, begin, end, smoothing), seed)
