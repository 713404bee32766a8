"""The order of training: which examples make an optimizer update, and how an update is cut to fit in memory.

The order depends on the seed alone, so that an interrupted run goes on with the batches that it had left. Targets of
one problem stay together, so that they share the problem's tokens.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise

from fractionate.models.packing import SHARED, common_length
from fractionate.supervision.encode import Example


def updates(examples: Sequence[Example], *, epochs: int, batch_size: int, seed: int) -> list[list[Example]]:
    """The examples of each optimizer update; every example once an epoch, in an order of its own."""
    problems: dict[tuple[int, ...], list[Example]] = {}
    for example in examples:
        problems.setdefault(example.prompt, []).append(example)
    plan: list[list[Example]] = []
    for epoch in range(epochs):
        order = list(problems.values())
        random.Random(f"{seed}:{epoch}").shuffle(order)
        flat = [example for targets in order for example in targets]
        plan += [flat[i : i + batch_size] for i in range(0, len(flat), batch_size)]
    return plan


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
