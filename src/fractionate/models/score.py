"""How probable a model finds given text: log-probabilities of the ends of sequences, in packs.

    score(model, [Passage(prompt + answer, len(prompt)), Passage(prompt + other, len(prompt))])
    # [[-0.3, -1.2], [-7.5]]        nats, one a token from `start` on

What passages share is read once: alternatives of one text cost little more than their ends. Logits are made only where
a token is asked for. With bfloat16 weights a token's log-probability is off by 0.03 nats on average; a model loaded in
float32 is exact and reads at a third of the speed.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import torch

from fractionate.models.attention import PackAttention, attending, own_attention
from fractionate.models.head import body_of, shape_of
from fractionate.models.load import Model
from fractionate.models.packing import SHARED, PrefixTree, common_length, group_rows

PACK_TOKENS = 4096
"""Tokens read at once, what they share counted once."""
CHUNK = 128
"""Positions whose logits are held at a time: 25 MB at 49,152 words, which stays in a CPU's cache."""


class Passage(NamedTuple):
    """Token ids, of which those from `start` (at least 1) are asked for."""

    ids: Sequence[int]
    start: int


def score(
    model: Model,
    passages: Sequence[Passage],
    *,
    pack_tokens: int = PACK_TOKENS,
    on_done: Callable[[int], None] = lambda tokens: None,
) -> list[list[float]]:
    """The log-probability of each asked token, passage by passage; `on_done` is told how many tokens were just read.

    A passage may be as long as the model's context; one that is longer than `pack_tokens` makes a pack of its own.

    Raises:
        InputError: the model's family has no pluggable attention.
    """
    found: list[list[float]] = [[] for _ in passages]
    assert all(p.start > 0 for p in passages), (
        "the first token of a sequence has no probability given what is before"
    )
    with torch.inference_mode(), own_attention(model.network):
        for pack in _packs(passages, pack_tokens):
            here = [passages[i] for i in pack.members]
            tree = PrefixTree([p.ids for p in here])
            values = iter(_read(model, tree, here))
            for i in pack.members:
                found[i] = [next(values) for _ in range(passages[i].start, len(passages[i].ids))]
            on_done(len(tree.ids))
    return found


def tokens_to_read(passages: Sequence[Passage], *, pack_tokens: int = PACK_TOKENS) -> int:
    """How many tokens `score` reads for them."""
    return sum(pack.tokens for pack in _packs(passages, pack_tokens))


class _Pack(NamedTuple):
    """Indices of passages read together, and how many tokens that takes."""

    members: list[int]
    tokens: int


def _packs(passages: Sequence[Passage], pack_tokens: int) -> Iterator[_Pack]:
    """Alike passages side by side, as many as fit."""
    order = sorted(range(len(passages)), key=lambda i: tuple(passages[i].ids))
    members: list[int] = []
    size = 0
    for before, i in pairwise([-1, *order]):
        whole = len(passages[i].ids)
        shared = common_length([passages[before].ids, passages[i].ids], [0, 1]) if members else 0
        more = whole - shared if shared >= SHARED else whole
        if members and size + more > pack_tokens:
            yield _Pack(members, size)
            members, size, more = [], 0, whole
        members.append(i)
        size += more
    if members:
        yield _Pack(members, size)


def _read(model: Model, tree: PrefixTree, passages: Sequence[Passage]) -> list[float]:
    """The log-probabilities of all asked tokens, in the passages' order."""
    at = [
        p
        for places, passage in zip(tree.places, passages, strict=True)
        for p in places[passage.start - 1 : -1]
    ]
    targets = [token for passage in passages for token in passage.ids[passage.start :]]
    ids_N, positions_N, at_S, targets_S = (
        torch.tensor(values, dtype=torch.long, device=model.device)
        for values in (tree.ids, tree.positions, at, targets)
    )
    with attending(PackAttention(group_rows(tree.rows(), model.device))):
        states = body_of(model.network)(
            input_ids=ids_N[None], position_ids=positions_N[None], use_cache=False
        ).last_hidden_state[0]
    head, shape = model.network.get_output_embeddings(), shape_of(model.network)
    known: list[float] = []
    for part, wanted in zip(torch.split(at_S, CHUNK), torch.split(targets_S, CHUNK), strict=True):
        logits = shape.logits(head(states[part]).float())
        chosen = logits.gather(1, wanted[:, None])[:, 0]
        known += (chosen - torch.logsumexp(logits, -1)).tolist()
    return known
