"""Attention that a caller brings: how transformers' layers attend in training packs and in generation.

    with own_attention(network), attending(PackAttention(groups)):
        network(input_ids=tree_ids[None], position_ids=positions[None])

It is registered with transformers under the name `fractionate`, so that any model family with a pluggable attention
takes it. Sequences lie flat: queries, keys and values are (N, heads, size), and the object in force says which keys
each query sees. On a CPU a pack is attended by bfloat16 products, with the probabilities computed again in the backward
pass: PyTorch's fused kernel takes four times as long there. Elsewhere it is PyTorch's own fused attention.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface

from fractionate.errors import InputError
from fractionate.models.packing import HIDDEN, Group

NAME = "fractionate"


class Attending(Protocol):
    """Which keys each query of a flat sequence sees."""

    @property
    def longest(self) -> int:
        """The most keys that a query may see."""

    def __call__(
        self, layer: int, q_NHD: torch.Tensor, k_NKD: torch.Tensor, v_NKD: torch.Tensor, scale: float
    ) -> torch.Tensor:
        """A layer's queries, keys and values → (N, heads, size)."""


_IN_FORCE: ContextVar[Attending] = ContextVar("attending")


@contextmanager
def attending(how: Attending) -> Iterator[None]:
    """Within: `how` says which keys each query sees."""
    token = _IN_FORCE.set(how)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def in_force() -> Attending:
    """What the innermost `attending` says."""
    return _IN_FORCE.get()


@contextmanager
def own_attention(network: Any) -> Iterator[None]:
    """Within: the network's layers attend as `attending` says.

    Raises:
        InputError: the family has no pluggable attention, or one that this is not equal to.
    """
    config = network.config.get_text_config()
    kind = type(network).__name__
    if getattr(config, "attn_logit_softcapping", None):
        raise InputError(f"{kind} is not supported: it caps its attention scores")
    before = config._attn_implementation
    try:
        network.set_attn_implementation(NAME)
    except ValueError as error:
        raise InputError(f"{kind} is not supported: it takes no other attention") from error
    try:
        yield
    finally:
        network.set_attn_implementation(before)


def compute_type(x: torch.Tensor) -> torch.dtype:
    """The type that products of `x` are computed in: autocast's where it is on."""
    kind = x.device.type
    return torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else x.dtype


@torch.compiler.disable  # type: ignore[untyped-decorator]
def _layer(
    module: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: Any, **kwargs: Any
) -> tuple[torch.Tensor, None]:
    """What transformers calls in each layer; (1, heads, N, size) → (1, N, heads, size).

    Compiled layers call it as it is: its groups have other shapes in every pack.
    """
    del mask
    how = in_force()
    window = kwargs.get("sliding_window")
    if window is not None and how.longest > window:
        raise InputError(f"a sequence is longer than the {window} tokens that this model's layers look back")
    scale = kwargs.get("scaling") or query.shape[-1] ** -0.5
    q, k, v = (states[0].transpose(0, 1).to(compute_type(query)) for states in (query, key, value))
    return how(module.layer_idx, q, k, v, scale)[None], None


class PackAttention:
    """Each row of a pack's groups against its own keys."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = tuple(groups)
        self.longest = max(group.keys_BK.shape[1] for group in groups)

    def __call__(
        self, layer: int, q_NHD: torch.Tensor, k_NKD: torch.Tensor, v_NKD: torch.Tensor, scale: float
    ) -> torch.Tensor:
        """(N, heads, size)."""
        how = by_products if q_NHD.device.type == "cpu" else fused_attention
        return how(q_NHD, k_NKD, v_NKD, scale, self.groups)


def fused_attention(
    q_NHD: torch.Tensor, k_NKD: torch.Tensor, v_NKD: torch.Tensor, scale: float, groups: tuple[Group, ...]
) -> torch.Tensor:
    """The same by PyTorch's fused kernels; (N, heads, size)."""
    out = torch.zeros_like(q_NHD)
    for group in groups:
        q, k, v = (
            states[index].transpose(1, 2)
            for states, index in ((q_NHD, group.queries_BQ), (k_NKD, group.keys_BK), (v_NKD, group.keys_BK))
        )
        seen = group.mask_BQK[:, None] > HIDDEN / 2
        found = scaled_dot_product_attention(q, k, v, attn_mask=seen, scale=scale, enable_gqa=True)
        real = group.real_BQ.bool()
        out = out.index_put((group.queries_BQ[real],), found.transpose(1, 2)[real])
    return out


class PackedAttention(torch.autograd.Function):
    """softmax(q kᵀ · scale + mask) v by groups, and its gradient (Dao et al. 2022, arXiv 2205.14135, B.4).

    Queries that share a key head are rows of one product (B·K, G·Q, D) × (B·K, D, T): nothing is repeated.
    """

    @staticmethod
    def forward(
        ctx: Any, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, scale: float, groups: tuple[Group, ...]
    ) -> torch.Tensor:
        """(N, heads, size), (N, key heads, size) twice → (N, heads, size)."""
        out = torch.empty_like(q, memory_format=torch.contiguous_format)
        for group in groups:
            qs, ks, vs = _gathered(q, k, v, group)
            chances = _chances(qs, ks, scale, group)
            _scatter_queries(out, torch.bmm(chances.to(q.dtype), vs), group)
        ctx.save_for_backward(q, k, v, out)
        ctx.scale, ctx.groups = scale, groups
        return out

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Gradients of q, k and v; probabilities are computed again."""
        q, k, v, out = ctx.saved_tensors
        dq = torch.empty_like(q, memory_format=torch.contiguous_format)
        dk, dv = (torch.zeros(t.shape, dtype=torch.float32) for t in (k, v))
        for group in ctx.groups:
            qs, ks, vs = _gathered(q, k, v, group)
            chances = _chances(qs, ks, ctx.scale, group)
            real = group.real_BQ[:, :, None, None].to(grad.dtype)
            grads = _heads_first(grad[group.queries_BQ] * real, k.shape[1])
            outs = _heads_first(out[group.queries_BQ], k.shape[1])
            _scatter_keys(dv, torch.bmm(chances.to(grad.dtype).transpose(1, 2), grads), group)
            dots = (grads.float() * outs.float()).sum(-1, keepdim=True)
            scores = torch.bmm(grads, vs.transpose(1, 2)) - dots
            dscores = chances.mul_(scores).to(grad.dtype)
            _scatter_queries(dq, torch.bmm(dscores, ks).mul_(ctx.scale), group)
            _scatter_keys(dk, torch.bmm(dscores.transpose(1, 2), qs).mul_(ctx.scale), group)
        return dq, dk.to(k.dtype), dv.to(v.dtype), None, None


def _heads_first(rows_BQHD: torch.Tensor, key_heads: int) -> torch.Tensor:
    """(B, Q, K·G, D) → (B·K, G·Q, D)."""
    B, Q, H, D = rows_BQHD.shape
    split = rows_BQHD.view(B, Q, key_heads, H // key_heads, D)
    return split.permute(0, 2, 3, 1, 4).reshape(B * key_heads, -1, D)


def _gathered(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, group: Group) -> tuple[torch.Tensor, ...]:
    """The group's queries (B·K, G·Q, D) and keys and values (B·K, T, D)."""
    indexed = ((q, group.queries_BQ), (k, group.keys_BK), (v, group.keys_BK))
    return tuple(_heads_first(states[index], k.shape[1]) for states, index in indexed)


def _chances(qs: torch.Tensor, ks: torch.Tensor, scale: float, group: Group) -> torch.Tensor:
    """Float32 probabilities (B·K, G·Q, T)."""
    scores = torch.bmm(qs, ks.transpose(1, 2))
    B, Q, T = group.mask_BQK.shape
    masked = torch.add(group.mask_BQK[:, None], scores.view(B, -1, Q, T), alpha=scale)
    return torch.softmax(masked, -1).view(scores.shape)


def _scatter_queries(out: torch.Tensor, rows: torch.Tensor, group: Group) -> None:
    B, Q = group.queries_BQ.shape
    heads = rows.view(B, -1, Q, out.shape[-1])
    for row, states in zip(group.rows, heads, strict=True):
        out[slice(*row.queries)] = states[:, : row.size[0]].transpose(0, 1)


def _scatter_keys(total: torch.Tensor, rows: torch.Tensor, group: Group) -> None:
    """Add gradients (B·K, T, D) to where their keys lie; a shared key collects from all that saw it."""
    heads = rows.view(len(group.rows), -1, *rows.shape[1:])
    for row, states in zip(group.rows, heads, strict=True):
        offset = 0
        for start, end in row.keys:
            total[start:end] += states[:, offset : offset + end - start].transpose(0, 1)
            offset += end - start


by_products: Callable[..., torch.Tensor] = PackedAttention.apply
AttentionInterface.register(NAME, _layer)
AttentionMaskInterface.register(NAME, lambda *args, **kwargs: None)
