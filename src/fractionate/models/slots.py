"""The key-value cache of generation: a slot for each row being written, filled from packs, then token by token.

    slots = Slots(rows=192)
    with attending(slots.admit(tree)):        # prompts as one prefix tree: their keys and values are kept
        …
    with attending(slots.step()):             # one more token of every row
        …
    slots.drop([3])                           # row 3 has ended, the last row takes its place

Keys are kept with positions along the last axis: both products of a step then read memory in order, and query heads
that share a key head are rows of one product, so that nothing is repeated or copied as the text grows.
"""

from collections.abc import Sequence

import torch
from torch.nn.functional import pad

from fractionate.models.attention import PackAttention
from fractionate.models.packing import HIDDEN, PrefixTree, group_rows, padded

ROOM = 32
"""Positions come in multiples of this, which products like. They run over all: a slice would be copied first."""


class Slots:
    """`lengths[r]` positions of slot r are filled; slots 0 to len(lengths) - 1 are in use."""

    def __init__(self, rows: int, device: torch.device) -> None:
        self.rows = rows
        self.device = device
        self.capacity = 0
        self.lengths: list[int] = []
        self.keys: dict[int, torch.Tensor] = {}
        self.values: dict[int, torch.Tensor] = {}

    def admit(self, tree: PrefixTree) -> "Admission":
        """How the prompts of a tree attend; afterwards each has a slot, after those in use."""
        first = len(self.lengths)
        self.lengths += [len(places) for places in tree.places]
        assert len(self.lengths) <= self.rows, "more prompts than free slots"
        self._reserve(max(self.lengths))
        return Admission(self, first, tree)

    def step(self) -> "Step":
        """How one more token of every row attends."""
        self._reserve(max(self.lengths) + 1)
        step = Step(self)
        self.lengths = [length + 1 for length in self.lengths]
        return step

    def drop(self, slots: Sequence[int]) -> None:
        """Free these slots; the last ones take their places, the highest first."""
        for slot in sorted(slots, reverse=True):
            last = len(self.lengths) - 1
            if slot != last:
                length = self.lengths[last]
                for keys, values in zip(self.keys.values(), self.values.values(), strict=True):
                    keys[slot, :, :, :length] = keys[last, :, :, :length]
                    values[slot, :, :length] = values[last, :, :length]
                self.lengths[slot] = length
            self.lengths.pop()

    def buffers(self, layer: int, k_NKD: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """A layer's keys (rows, heads, size, capacity) and values (rows, heads, capacity, size)."""
        if layer not in self.keys:
            _, heads, size = k_NKD.shape
            # Zeros: what a row has not written is hidden by a factor of 0, which does not hide a NaN.
            self.keys[layer] = k_NKD.new_zeros(self.rows, heads, size, self.capacity)
            self.values[layer] = k_NKD.new_zeros(self.rows, heads, self.capacity, size)
        return self.keys[layer], self.values[layer]

    def _reserve(self, length: int) -> None:
        if length <= self.capacity:
            return
        more = -(-length // ROOM) * ROOM - self.capacity
        self.capacity += more
        for layer, keys in self.keys.items():
            self.keys[layer] = pad(keys, (0, more))
            self.values[layer] = pad(self.values[layer], (0, 0, 0, more))


class Admission:
    """A pack of prompts that leaves its keys and values in slots."""

    def __init__(self, slots: Slots, first: int, tree: PrefixTree) -> None:
        self.slots = slots
        self.in_use = slice(first, first + len(tree.places))
        self.places = padded(tree.places).clamp(min=0).to(slots.device)
        self.pack = PackAttention(group_rows(tree.rows(), slots.device))
        self.longest = self.pack.longest

    def __call__(
        self, layer: int, q_NHD: torch.Tensor, k_NKD: torch.Tensor, v_NKD: torch.Tensor, scale: float
    ) -> torch.Tensor:
        """(N, heads, size)."""
        keys, values = self.slots.buffers(layer, k_NKD)
        width = self.places.shape[1]
        keys[self.in_use, :, :, :width] = k_NKD[self.places].permute(0, 2, 3, 1)
        values[self.in_use, :, :width] = v_NKD[self.places].transpose(1, 2)
        return self.pack(layer, q_NHD, k_NKD, v_NKD, scale)


class Step:
    """One new token a row, against what its slot holds and itself."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.longest = max(slots.lengths) + 1
        self.rows = torch.arange(len(slots.lengths), device=slots.device)
        self.at = torch.tensor(slots.lengths, device=slots.device)
        ahead = torch.arange(slots.capacity, device=slots.device) > self.at[:, None]
        self.mask_RT = torch.zeros(ahead.shape, device=slots.device).masked_fill_(ahead, HIDDEN)

    def __call__(
        self, layer: int, q_NHD: torch.Tensor, k_NKD: torch.Tensor, v_NKD: torch.Tensor, scale: float
    ) -> torch.Tensor:
        """(rows, heads, size)."""
        keys, values = self.slots.buffers(layer, k_NKD)
        R, H, D = q_NHD.shape
        K, T = k_NKD.shape[1], self.slots.capacity
        keys[self.rows, :, :, self.at] = k_NKD
        values[self.rows, :, self.at] = v_NKD
        scores = torch.bmm(q_NHD.reshape(R * K, H // K, D), keys[:R].flatten(0, 1))
        masked = torch.add(self.mask_RT[:, None], scores.view(R, H, T), alpha=scale)
        chances = torch.softmax(masked, -1).to(q_NHD.dtype).view(R * K, H // K, T)
        return torch.bmm(chances, values[:R].flatten(0, 1)).view(R, H, D)
