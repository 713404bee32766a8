"""The order of training: which examples make an optimizer update, and how an update is cut to fit in memory.

    updates([first, second, third], epochs=2, batch_size=2, seed=0)   # 4 updates: 2 + 1 examples, twice

The order depends on the seed alone, so that an interrupted run goes on with the batches that it had left. Targets of
one problem stay together, so that they share the problem's tokens. Under a schedule a problem's example changes from
epoch to epoch; the order of the problems does not.
"""

import math
import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from fractionate.models.packing import SHARED, common_length
from fractionate.supervision.encode import Example


class Lesson(Protocol):
    """What a problem is trained with: an `Example`, which stays what it is, or a course of them under a schedule."""

    @property
    def prompt(self) -> tuple[int, ...]:
        """What its problem is known by."""

    def at(self, share: float) -> Example:
        """What is trained on when `share` of training is over."""


def updates(lessons: Sequence[Lesson], *, epochs: float, batch_size: int, seed: int) -> list[list[Example]]:
    """The examples of each optimizer update; every lesson once an epoch, in an order of its own."""
    return [
        epoch[i : i + batch_size]
        for epoch in epochs_of(lessons, epochs=epochs, seed=seed)
        for i in range(0, len(epoch), batch_size)
    ]


def epochs_of(lessons: Sequence[Lesson], *, epochs: float, seed: int) -> Iterator[list[Example]]:
    """The examples of each epoch in the order of training; of two and a half epochs the third has half of them."""
    problems: dict[tuple[int, ...], list[Lesson]] = {}
    for lesson in lessons:
        problems.setdefault(lesson.prompt, []).append(lesson)
    for epoch in range(math.ceil(epochs)):
        order = list(problems.values())
        random.Random(f"{seed}:{epoch}").shuffle(order)
        every = [lesson for targets in order for lesson in targets]
        flat = every[: round((epochs - epoch) * len(every))]
        yield [lesson.at((epoch + i / len(every)) / epochs) for i, lesson in enumerate(flat)]


def micro_batches(update: Sequence[Example], max_tokens: int) -> Iterator[list[Example]]:
    """The update's examples in groups of about equal size, of at most `max_tokens` flat tokens each.

    Examples that start alike stay side by side. One that is longer than `max_tokens` makes a group of its own.
    """
    ordered = sorted(update, key=lambda e: e.ids)
    # What an example adds to a pack is what it does not share with the one before it.
    added = [len(ordered[0].ids)] + [len(b.ids) - _shared(a.ids, b.ids) for a, b in pairwise(ordered)]
    goal = sum(added) / -(-sum(added) // max_tokens)
    group: list[Example] = []
    size = 0
    for example, more in zip(ordered, added, strict=True):
        if group and (size >= goal or size + more > max_tokens):
            yield group
            group, size = [], 0
        size += more if group else len(example.ids)
        group.append(example)
    yield group


def _shared(a: Sequence[int], b: Sequence[int]) -> int:
    shared = common_length([a, b], [0, 1])
    return shared if shared >= SHARED else 0
