"""The weighted next-token loss: output layer, softmax and gradient in one pass, at supervised positions only.

With a vocabulary of 49,152 words, the output layer and its softmax cost more than the layers below them when they
run at every position; most positions (the problem, masked spans) carry no loss. Here they run where there is loss, a
few positions at a time, and the gradient is made while the logits are at hand (as in Hsu et al. 2024, Liger Kernel,
arXiv 2410.10989), so that no logits are kept.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch

from fractionate.models.attention import PackAttention, attending, compute_type
from fractionate.models.head import Shape, body_of, shape_of
from fractionate.training.lean import gradient_of
from fractionate.training.pack import Pack

CHUNK = 128
"""Positions whose logits are held at a time: 25 MB at 49,152 words, which stays in a CPU's cache."""
BLOCK = 256
"""Positions whose gradients are multiplied at once into the output layer's."""


class Losses(NamedTuple):
    """Weighted sums over a micro-batch: `total` (with gradient), and per role the sum of losses and weights.

    `squares_by_role` is the sum over a role's tokens of the squared norm of the gradient of `total` at the hidden state
    that the token is read from, the last before the output layer. Each such state reaches its own token's logits alone,
    so these squares add up to that of the whole gradient there.
    """

    total: torch.Tensor
    by_role: torch.Tensor
    weight_by_role: torch.Tensor
    squares_by_role: torch.Tensor


def weighted_loss(network: Any, pack: Pack, role_count: int, share: float = 1.0) -> Losses:
    """Sum over supervised tokens of weight × cross entropy, `total` times `share` (1 / the update's weight: a mean).

    Call `total.backward()` as it is: the output layer's part of the gradient is already in its `.grad`.
    """
    with attending(PackAttention(pack.groups)):
        states = body_of(network)(
            input_ids=pack.ids_N[None], position_ids=pack.positions_N[None], use_cache=False
        )
    states_SD = states.last_hidden_state[0][pack.at_S]
    head = network.get_output_embeddings()
    total, losses_S, squares_S = head_loss(
        states_SD, head.weight, head.bias, pack.targets_S, pack.weights_S * share, shape_of(network)
    )
    by_role = torch.zeros(role_count, device=losses_S.device)
    sums = (
        by_role.index_add(0, pack.roles_S, of_S) for of_S in (losses_S / share, pack.weights_S, squares_S)
    )
    return Losses(total, *sums)


class HeadLoss(torch.autograd.Function):
    """(states_SD, weight_VD, bias_V or None, targets_S, weights_S, shape) → (total, weighted losses_S, squares_S).

    `squares_S` are the squared norms of the gradients of the states.
    """

    @staticmethod
    def forward(
        ctx: Any,
        states: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        targets: torch.Tensor,
        weights: torch.Tensor,
        shape: Shape,
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Losses, and the gradients of their sum; the weight's go to its `.grad` at once."""
        dtype = compute_type(states)
        low, head = states.to(dtype), weight.to(dtype)
        losses = torch.empty(len(targets), device=states.device)
        d_states = torch.empty_like(states)
        d_bias = torch.zeros_like(bias) if bias is not None and ctx.needs_input_grad[2] else None
        for start in range(0, len(targets), BLOCK):
            block = slice(start, start + BLOCK)
            d_logits = torch.empty(len(targets[block]), len(weight), dtype=dtype, device=states.device)
            for first in range(start, min(start + BLOCK, len(targets)), CHUNK):
                part = slice(first, min(first + CHUNK, start + BLOCK))
                logits = low[part] @ head.T
                logits = logits.float() if bias is None else logits.float() + bias
                here = slice(first - start, first - start + CHUNK)
                losses[part] = _softmax_loss(logits, targets[part], weights[part], shape, d_logits[here])
            d_states[block] = (d_logits @ head).to(states.dtype)
            if ctx.needs_input_grad[1]:
                gradient_of(weight).add_(d_logits.T @ low[block])
            if d_bias is not None:
                d_bias += d_logits.float().sum(0)
        ctx.save_for_backward(d_states, d_bias)
        squares = torch.linalg.vector_norm(d_states, dim=-1, dtype=torch.float32).square()
        ctx.mark_non_differentiable(losses, squares)
        return losses.sum(), losses, squares

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """The kept gradients."""
        assert float(grads[0]) == 1, "the loss is scaled by its weights, not afterwards"
        d_states, d_bias = ctx.saved_tensors
        return d_states, None, d_bias, None, None, None


def _softmax_loss(
    products: torch.Tensor,
    targets: torch.Tensor,
    weights: torch.Tensor,
    shape: Shape,
    d_products: torch.Tensor,
) -> torch.Tensor:
    """Weighted losses of a chunk; fills `d_products` with the gradients of what the output layer gave."""
    slope: Any = shape.scale
    logits = products.mul_(shape.scale) if shape.scale != 1.0 else products
    if shape.cap:
        bounded = torch.tanh(logits / shape.cap)
        slope = slope * (1 - bounded**2)
        logits = bounded * shape.cap
    at = targets[:, None]
    whole = torch.logsumexp(logits, -1, keepdim=True)
    losses = (whole - logits.gather(1, at))[:, 0] * weights
    chances = logits.sub_(whole).exp_()
    chances.scatter_add_(1, at, chances.new_full(at.shape, -1.0))
    d_products.copy_(chances.mul_(weights[:, None]).mul_(slope))
    return losses


head_loss: Callable[..., tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = HeadLoss.apply
