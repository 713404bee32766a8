"""Granularity that changes during training: what a schedule is, and what it makes of a trace.

    course = schedule("ramp?short=answer_only&long=full", seed=0)(anatomy)
    course.stages            # the supervisions of answer_only and of full
    course.at(0.1)           # the one of them that is shown a tenth into training

A schedule stands where a recipe can stand, as an arm's name. Which stage is shown depends on the seed, the trace and
the share of training that is over, and on nothing else: a run is known before it starts, and goes on after an
interruption with what it had left.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Annotated

from pydantic import Field

from fractionate.errors import InputError
from fractionate.records import Anatomy, Supervision
from fractionate.registry import Registry
from fractionate.supervision.base import recipe
from fractionate.supervision.encode import Example
from fractionate.supervision.options import called

Share = Annotated[float, Field(ge=0, le=1)]
"""A share of training, or of the examples."""


@dataclass(frozen=True, slots=True)
class Course:
    """One trace under a schedule: the stages it passes through, and which of them is shown when."""

    trace_id: str
    stages: tuple[Supervision, ...]
    choose: Callable[[float, Random], int]
    seed: int = 0

    def at(self, share: float) -> Supervision:
        """What is shown when `share` of training is over."""
        return self.stages[self.place(share)]

    def place(self, share: float) -> int:
        """The index of the stage that is shown when `share` of training is over."""
        return self.choose(share, Random(f"{self.seed}:{self.trace_id}:{share}"))


Schedule = Callable[[Anatomy], Course]
"""A named way from anatomy to a course. Raises `NotApplicable` where a trace has nothing for it."""

SCHEDULES: Registry[Callable[..., Schedule]] = Registry("schedule", home="fractionate.supervision.schedules")
"""Schedule factories by name; each takes a seed, and options by keyword."""


def schedule(name: str, seed: int = 0) -> Schedule:
    """The schedule of that name, with its options.

    Raises:
        InputError: there is no such schedule or option; the nearest names are given.
    """
    return called(SCHEDULES, name, seed)


def is_schedule(name: str) -> bool:
    """Whether an arm's name is that of a schedule."""
    return name.partition("?")[0] in SCHEDULES


def check_arm(name: str) -> None:
    """Whether an arm can have this name.

    Raises:
        InputError: there is no recipe or schedule like that; the nearest names are given.
    """
    if is_schedule(name):
        schedule(name)
    else:
        recipe(name)


def rising(begin: float, end: float) -> Callable[[float], float]:
    """From a share of training to 0 until `begin`, 1 from `end` on, rising evenly between them.

    Raises:
        InputError: it would end before it begins.
    """
    if end < begin:
        raise InputError(f"a schedule cannot end ({end:g}) before it begins ({begin:g})")

    def at(share: float) -> float:
        return min(max((share - begin) / (end - begin), 0.0), 1.0) if end > begin else float(share >= end)

    return at


def stage_by_stage(
    count: int, progress: Callable[[float], float], smoothing: float
) -> Callable[[float, Random], int]:
    """From the first to the last of `count` stages as `progress` rises, those between shown equally long.

    With smoothing λ, o stages more are skipped with a probability in proportion to exp(-λ o), so that a change does not
    come to all examples at once (removal smoothing: Deng, Choi & Shieber 2024, arXiv 2405.14838).
    """

    def choose(share: float, draw: Random) -> int:
        ahead = math.floor(draw.expovariate(smoothing)) if math.isfinite(smoothing) else 0
        return min(math.floor(progress(share) * (count - 1)) + ahead, count - 1)

    return choose


@dataclass(slots=True)
class EncodedCourse:
    """A course in a student's tokens. Each stage is encoded when it is first shown."""

    course: Course
    encode: Callable[[Supervision], Example]
    _encoded: dict[int, Example] = field(default_factory=dict)

    def at(self, share: float) -> Example:
        """What is trained on when `share` of training is over."""
        place = self.course.place(share)
        if place not in self._encoded:
            self._encoded[place] = self.encode(self.course.stages[place])
        return self._encoded[place]

    @property
    def prompt(self) -> tuple[int, ...]:
        """The prompt's tokens at the end of training."""
        return self.at(1.0).prompt
