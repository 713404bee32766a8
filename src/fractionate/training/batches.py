"""Examples to batches: a batch is one optimizer update, cut into micro-batches of a bounded number of tokens.

The order depends on the seed alone, so that an interrupted run goes on with the batches that it had left.
"""

import random
from collections.abc import Sequence
from typing import NamedTuple

import torch

from fractionate.supervision.encode import Example


class Batch(NamedTuple):
    """One micro-batch. `ids_BT`, `mask_BT`; `at_N` are flat positions whose next token carries loss;
    `targets_N`, `weights_N` and `roles_N` (an index into the run's roles) belong to those next tokens.
    """

    ids_BT: torch.Tensor
    mask_BT: torch.Tensor
    at_N: torch.Tensor
    targets_N: torch.Tensor
    weights_N: torch.Tensor
    roles_N: torch.Tensor


def updates(examples: Sequence[Example], *, epochs: int, batch_size: int, seed: int) -> list[list[Example]]:
    """The examples of each optimizer update; every example once an epoch, in an order of its own."""
    plan: list[list[Example]] = []
    for epoch in range(epochs):
        order = list(examples)
        random.Random(f"{seed}:{epoch}").shuffle(order)
        plan += [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    return plan


def micro_batches(update: Sequence[Example], max_tokens: int) -> list[list[Example]]:
    """The update's examples by length, in groups of at most `max_tokens` tokens, padding counted."""
    groups: list[list[Example]] = []
    for example in sorted(update, key=lambda e: len(e.ids)):
        if groups and len(example.ids) * (len(groups[-1]) + 1) <= max_tokens:
            groups[-1].append(example)
        else:
            groups.append([example])
    return groups


def collate(examples: Sequence[Example], roles: Sequence[str], device: torch.device) -> Batch:
    """Right-padded tensors of a micro-batch; padding is known by position, never by its id."""
    width = max(len(e.ids) for e in examples)
    ids = torch.zeros(len(examples), width, dtype=torch.long)
    mask = torch.zeros(len(examples), width, dtype=torch.long)
    at: list[int] = []
    targets: list[int] = []
    weights: list[float] = []
    kinds: list[int] = []
    for row, example in enumerate(examples):
        ids[row, : len(example.ids)] = torch.tensor(example.ids)
        mask[row, : len(example.ids)] = 1
        for place in range(1, len(example.ids)):
            if example.weights[place] > 0:
                at.append(row * width + place - 1)
                targets.append(example.ids[place])
                weights.append(example.weights[place])
                kinds.append(roles.index(example.roles[place]))
    tensors = (ids, mask, torch.tensor(at), torch.tensor(targets), torch.tensor(weights), torch.tensor(kinds))
    return Batch(*(t.to(device) for t in tensors))
