"""A micro-batch: examples as one prefix tree, and where their loss is.

    pack = pack_examples([first, second], ROLES, device)
    pack.ids_N              # system prompt, problem 1, target 1, problem 2, target 2
    pack.positions_N        # 0 1 2 …, and again from the end of the shared part for each branch

The losses and gradients are those of the examples one by one.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch

from fractionate.models.packing import Group, PrefixTree, group_rows
from fractionate.supervision.encode import Example, Target


class Pack(NamedTuple):
    """One micro-batch. `at_S` are flat positions whose next token carries loss; `targets_S`, `weights_S` and
    `roles_S` (an index into the run's roles) belong to those next tokens. `probed` are the examples' targets at flat
    positions.
    """

    ids_N: torch.Tensor
    positions_N: torch.Tensor
    groups: tuple[Group, ...]
    at_S: torch.Tensor
    targets_S: torch.Tensor
    weights_S: torch.Tensor
    roles_S: torch.Tensor
    probed: tuple[Target, ...]


def pack_examples(examples: Sequence[Example], roles: Sequence[str], device: torch.device) -> Pack:
    """The examples as one prefix tree, with what attention and the loss need."""
    tree = PrefixTree([example.ids for example in examples])
    at: list[int] = []
    targets: list[int] = []
    weights: list[float] = []
    kinds: list[int] = []
    for example, places in zip(examples, tree.places, strict=True):
        for i, weight in enumerate(example.weights[1:], 1):
            if weight > 0:
                at.append(places[i - 1])
                targets.append(example.ids[i])
                weights.append(weight)
                kinds.append(roles.index(example.roles[i]))
    ids, positions, *loss = (
        torch.tensor(values, device=device)
        for values in (tree.ids, tree.positions, at, targets, weights, kinds)
    )
    at_S, targets_S, weights_S, roles_S = loss
    probed = tuple(
        target._replace(position=places[target.position])
        for example, places in zip(examples, tree.places, strict=True)
        for target in example.targets
    )
    groups = group_rows(tree.rows(), device)
    return Pack(ids, positions, groups, at_S, targets_S, weights_S, roles_S, probed)
