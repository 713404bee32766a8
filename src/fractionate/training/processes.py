"""Many processes training one student: each takes its part of an update's micro-batches, gradients are added up.

Started with `accelerate launch` or `torchrun`; started plainly there is one process and nothing to add up. The
update is the same however many share it.
"""

from collections.abc import Sequence
from typing import TypeVar

import torch
from accelerate import PartialState
from accelerate.utils import reduce

T = TypeVar("T")


class Processes:
    """This process among those that train together."""

    def __init__(self) -> None:
        self._state = PartialState(cpu=not torch.cuda.is_available())

    @property
    def main(self) -> bool:
        """Whether this is the one that writes files."""
        return bool(self._state.is_main_process)

    def share(self, work: Sequence[T]) -> Sequence[T]:
        """This process's part of the work."""
        return work[self._state.process_index :: self._state.num_processes]

    def add_up(self, parameters: Sequence[torch.Tensor], sums: Sequence[torch.Tensor]) -> None:
        """Replace each parameter's gradient, and each of `sums`, by its sum over all processes."""
        if self._state.num_processes == 1:
            return
        for parameter in parameters:
            if parameter.grad is None:  # this process had nothing of the update
                parameter.grad = torch.zeros_like(parameter)
        gradients = [p.grad for p in parameters if p.grad is not None]
        for tensors in (gradients, sums):
            total = reduce(torch.cat([t.flatten() for t in tensors]), "sum")
            for tensor, piece in zip(tensors, total.split([t.numel() for t in tensors]), strict=True):
                tensor.copy_(piece.view_as(tensor))

    def wait(self) -> None:
        """Until all are here."""
        self._state.wait_for_everyone()
