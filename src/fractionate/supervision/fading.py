"""A supervision that loses one part after the other, until none is left.

    fading(anatomy, full, "response", by="front")   # full; full without its first step; …; the answer line
    leaving(recipe("full"), "response", Pace())      # the same as a schedule of training

A part is what stands for a step (or for several at once). White space goes with it, and what frames parts (thinking
tags, the word "Hint:") goes with the last of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from fractionate.records import Anatomy, Segment, Supervision, Visibility
from fractionate.supervision.base import Recipe
from fractionate.supervision.course import Course, Schedule, rising, stage_by_stage
from fractionate.supervision.importance import Importance, importance

By = Literal["front", "back"] | Importance
"""What goes first: the first part, the last one, or the least important."""
Part = tuple[int, ...]
"""The steps that a segment stands for."""

MOST_STAGES = 32
"""A longer trace loses several parts at a time."""


class Pace(NamedTuple):
    """What leaves first, the shares of training between which all of it leaves, and the smoothing λ."""

    by: By = "front"
    begin: float = 0.1
    end: float = 0.8
    smoothing: float = 4.0


def leaving(build: Recipe, visibility: Visibility, pace: Pace, seed: int = 0) -> Schedule:
    """A schedule under which the parts of that visibility leave one by one."""
    progress = rising(pace.begin, pace.end)

    def make(anatomy: Anatomy) -> Course:
        stages = fading(anatomy, build(anatomy), visibility, pace.by)
        return Course(anatomy.trace.id, stages, stage_by_stage(len(stages), progress, pace.smoothing), seed)

    return make


def fading(
    anatomy: Anatomy, supervision: Supervision, visibility: Visibility, by: By
) -> tuple[Supervision, ...]:
    """The supervision, then with more and more of its parts of that visibility gone."""
    parts = list(
        dict.fromkeys(s.steps for s in supervision.segments if s.steps and s.visibility == visibility)
    )
    order = _order(anatomy, parts, by)
    last = min(len(order), MOST_STAGES)
    gone = [frozenset(order[: round(i * len(order) / last)]) for i in range(1, last + 1)]
    return (
        supervision,
        *(replace(supervision, segments=_without(supervision.segments, g, visibility)) for g in gone),
    )


def _order(anatomy: Anatomy, parts: list[Part], by: By) -> list[Part]:
    """The parts in the order in which they go."""
    if by == "front" or by == "back":
        return parts if by == "front" else parts[::-1]
    weigh = importance(anatomy, by)
    return sorted(parts, key=lambda part: max(weigh(anatomy.steps[i]) for i in part))


def _without(
    segments: Sequence[Segment], gone: frozenset[Part], visibility: Visibility
) -> tuple[Segment, ...]:
    mine = [i for i, s in enumerate(segments) if s.visibility == visibility and s.steps not in gone]
    if not any(segments[i].steps for i in mine):
        mine = [i for i in mine if _is_answer(segments[i])]
    kept = set(_tidied(segments, mine))
    return tuple(s for i, s in enumerate(segments) if s.visibility != visibility or i in kept)


def _is_answer(segment: Segment) -> bool:
    """Whether this is the answer line: written, and standing for no role."""
    written = segment.span is None and segment.role is None
    return written and segment.visibility == "response" and not segment.text.isspace()


def _tidied(segments: Sequence[Segment], places: Iterable[int]) -> Iterator[int]:
    """Of these places, without white space at the start and at the end, and of several gaps in a row the last."""
    gap = None
    begun = False
    for place in places:
        if segments[place].text.isspace():
            gap = place
            continue
        if gap is not None and begun:
            yield gap
        yield place
        gap, begun = None, True
