"""Several sequences in one flat one: no padding, no attention across sequences, shared tokens once.

    tree = PrefixTree([[1, 2, 3, 4], [1, 2, 3, 5]])      # with SHARED = 3
    tree.ids           # [1, 2, 3, 4, 5]
    tree.positions     # [0, 1, 2, 3, 3]
    tree.places        # [[0, 1, 2, 3], [0, 1, 2, 4]]

Sequences that start alike (the template's system prompt; one problem with several targets) share those tokens, which
are processed once: each token attends to its ancestors in the tree and to its own branch up to itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch

SHARED = 8
"""The shortest common beginning that is worth a branch of its own."""
BLOCK = 256
"""Queries attended at once: bounds memory on long traces and skips most of the keys that lie ahead."""
HIDDEN = -1e30
"""Added to the score of a key that a query must not see; finite, so that rows of padding stay finite."""

Slice = tuple[int, int]


class Row(NamedTuple):
    """Consecutive queries of one branch, and the slices of the flat sequence that their keys come from."""

    queries: Slice
    keys: tuple[Slice, ...]

    @property
    def size(self) -> tuple[int, int]:
        """How many queries and keys."""
        return self.queries[1] - self.queries[0], sum(end - start for start, end in self.keys)


class Group(NamedTuple):
    """Rows of similar size, attended together.

    `queries_BQ` and `keys_BK` index the flat sequence (0 where padded), `real_BQ` is 1 for real queries and 0 for
    padding, and `mask_BQK` is added to the scores.
    """

    rows: tuple[Row, ...]
    queries_BQ: torch.Tensor
    keys_BK: torch.Tensor
    real_BQ: torch.Tensor
    mask_BQK: torch.Tensor


class PrefixTree:
    """Sequences laid out flat, common beginnings once; `places[i]` are the flat positions of sequence i."""

    def __init__(self, sequences: Sequence[Sequence[int]]) -> None:
        self.ids: list[int] = []
        self.positions: list[int] = []
        self.branches: list[tuple[Slice, tuple[Slice, ...]]] = []
        self.places: list[list[int]] = [[] for _ in sequences]
        self._sequences = sequences
        self._branch(range(len(sequences)), 0, ())

    def rows(self) -> list[Row]:
        """What attention computes: each branch in blocks of queries, with the keys up to each block's end."""
        return [
            Row((start, min(start + BLOCK, end)), (*ancestors, (first, min(start + BLOCK, end))))
            for (first, end), ancestors in self.branches
            for start in range(first, end, BLOCK)
        ]

    def _branch(self, members: Sequence[int], depth: int, ancestors: tuple[Slice, ...]) -> None:
        """Lay out what `members` hold after their common first `depth` tokens."""
        alike: dict[tuple[int, ...], list[int]] = {}
        for member in members:
            head = tuple(self._sequences[member][depth : depth + SHARED])
            alike.setdefault(head, []).append(member)
        for head, group in alike.items():
            if len(group) > 1 and len(head) == SHARED:
                end = common_length(self._sequences, group)
                lain = self._lay(group, depth, end, ancestors)
                longer = [m for m in group if len(self._sequences[m]) > end]
                self._branch(longer, end, (*ancestors, lain))
            else:
                for member in group:
                    if depth < len(self._sequences[member]):
                        self._lay([member], depth, len(self._sequences[member]), ancestors)

    def _lay(self, members: Sequence[int], start: int, end: int, ancestors: tuple[Slice, ...]) -> Slice:
        lain = (len(self.ids), len(self.ids) + end - start)
        self.ids += self._sequences[members[0]][start:end]
        self.positions += range(start, end)
        self.branches.append((lain, ancestors))
        for member in members:
            self.places[member] += range(*lain)
        return lain


def common_length(sequences: Sequence[Sequence[int]], members: Sequence[int]) -> int:
    """How many first tokens the members have in common."""
    first = sequences[members[0]]
    shared = min(len(sequences[m]) for m in members)
    for member in members[1:]:
        other = sequences[member]
        shared = next((i for i in range(shared) if first[i] != other[i]), shared)
    return shared


def group_rows(rows: Sequence[Row], device: torch.device) -> tuple[Group, ...]:
    """Rows by size, a new group where padding to the largest would waste more than half."""
    groups: list[list[Row]] = []
    for row in sorted(rows, key=lambda r: r.size, reverse=True):
        if groups and 2 * row.size[0] * row.size[1] >= _area(groups[-1]):
            groups[-1].append(row)
        else:
            groups.append([row])
    return tuple(_as_group(group, device) for group in groups)


def _area(rows: Sequence[Row]) -> int:
    return max(r.size[0] for r in rows) * max(r.size[1] for r in rows)


def _as_group(rows: Sequence[Row], device: torch.device) -> Group:
    queries = padded([list(range(*row.queries)) for row in rows])
    keys = padded([[i for part in row.keys for i in range(*part)] for row in rows])
    # Ancestors lie before their branches, so within a row "not ahead of the query" is the whole rule.
    seen = (keys[:, None, :] <= queries[:, :, None]) & (keys[:, None, :] >= 0)
    mask = torch.zeros(seen.shape).masked_fill_(~seen, HIDDEN)
    real = (queries >= 0).float()
    tensors = (queries.clamp(min=0), keys.clamp(min=0), real, mask)
    return Group(tuple(rows), *(t.to(device) for t in tensors))


def padded(lists: Sequence[list[int]]) -> torch.Tensor:
    """(rows, longest), -1 where padded."""
    width = max(len(values) for values in lists)
    return torch.tensor([values + [-1] * (width - len(values)) for values in lists])
