"""Layers that keep less for the backward pass, put in place of a network's own while it trains.

    with lean_layers(network):
        …

A root-mean-square norm keeps its input in bfloat16 and one number a token, and hands on bfloat16 once instead of
float32 that each projection casts for itself; a gated feed-forward layer keeps its two projections and computes
their product again. That halves the memory of activations. Layers of other kinds stay as they are.

The gradient of a table of words is as large as the table, and a step touches a few hundred of its rows: the embedding
and the output layer add theirs to `weight.grad` in place, which stays allocated (a fifth of a small student's step).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn.functional import silu

from fractionate.models.attention import compute_type


@contextmanager
def lean_layers(network: Any) -> Iterator[None]:
    """Within: the layers that this module knows run its way."""
    replaced: list[Any] = []
    table = network.get_input_embeddings()
    for module in network.modules():
        forward = _lean_embedding(module) if module is table else _lean_forward(module)
        if forward is not None:
            module.forward = forward
            replaced.append(module)
    try:
        yield
    finally:
        for module in replaced:
            del module.forward


def _lean_forward(module: Any) -> Callable[[torch.Tensor], torch.Tensor] | None:
    """A replacement for the module's forward, or None for kinds that are left alone."""
    if type(module).__name__.endswith("RMSNorm") and hasattr(module, "variance_epsilon"):
        return lambda x: lean_norm(x, module.weight, module.variance_epsilon, compute_type(x))
    if _is_gated(module):
        return lambda x: module.down_proj(lean_gate(module.gate_proj(x), module.up_proj(x)))
    return None


def _lean_embedding(table: Any) -> Callable[[torch.Tensor], torch.Tensor] | None:
    if type(table) is not torch.nn.Embedding or not table.weight.requires_grad:
        return None
    # Its padding index is not regarded: packs hold no padding, and the end of a turn often has the same id.
    # The anchor asks for a gradient, so that the backward pass comes by.
    anchor = torch.zeros((), requires_grad=True)
    return lambda ids: lean_embedding(anchor, table.weight, ids)


def gradient_of(parameter: torch.Tensor) -> torch.Tensor:
    """The parameter's `.grad`, made where there is none yet."""
    if parameter.grad is None:
        parameter.grad = torch.zeros_like(parameter)
    return parameter.grad


def _is_gated(module: Any) -> bool:
    parts = ("gate_proj", "up_proj", "down_proj", "act_fn")
    return all(hasattr(module, p) for p in parts) and "silu" in type(module.act_fn).__name__.lower()


class LeanNorm(torch.autograd.Function):
    """x / rms(x) · weight over the last axis (Zhang & Sennrich 2019, arXiv 1910.07467), in float32 inside."""

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, weight: torch.Tensor, epsilon: float, dtype: torch.dtype
    ) -> torch.Tensor:
        """(…, D) → (…, D) of `dtype`."""
        norms = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32)
        inverse = torch.rsqrt(norms**2 / x.shape[-1] + epsilon)
        ctx.save_for_backward(x.to(dtype), weight, inverse)
        ctx.dtype = x.dtype
        return (x.float() * inverse).mul_(weight).to(dtype)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Gradients of x and weight."""
        x, weight, inverse = ctx.saved_tensors
        scaled = x.float() * inverse
        grad = grad.float()
        d_weight = None
        if ctx.needs_input_grad[1]:
            d_weight = (grad * scaled).flatten(0, -2).sum(0).to(weight.dtype)
        inner = grad * weight
        share = (inner * scaled).mean(-1, keepdim=True)
        return inner.sub_(scaled.mul_(share)).mul_(inverse).to(ctx.dtype), d_weight, None, None


class LeanGate(torch.autograd.Function):
    """silu(gate) · up (SwiGLU, Shazeer 2020, arXiv 2002.05202)."""

    @staticmethod
    def forward(ctx: Any, gate: torch.Tensor, up: torch.Tensor) -> torch.Tensor:
        """Both (…, D) → (…, D)."""
        ctx.save_for_backward(gate, up)
        return silu(gate).mul_(up)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Gradients of gate and up."""
        gate, up = ctx.saved_tensors
        return torch.ops.aten.silu_backward(grad * up, gate), silu(gate).mul_(grad)


class LeanEmbedding(torch.autograd.Function):
    """Rows of a table; the backward pass adds to the rows of `weight.grad` that were read."""

    @staticmethod
    def forward(ctx: Any, anchor: torch.Tensor, weight: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        """Words (…) → (…, D)."""
        ctx.weight, ctx.ids = weight, ids
        return weight.detach()[ids]

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[None, None, None]:
        """Nothing flows on."""
        gradient_of(ctx.weight).index_add_(0, ctx.ids.flatten(), grad.flatten(0, -2).to(ctx.weight.dtype))
        return None, None, None


lean_norm: Callable[[torch.Tensor, torch.Tensor, float, torch.dtype], torch.Tensor] = LeanNorm.apply
lean_gate: Callable[[torch.Tensor, torch.Tensor], torch.Tensor] = LeanGate.apply
lean_embedding: Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor] = LeanEmbedding.apply
