"""The weighted next-token loss, with logits at supervised positions only.

With a vocabulary of 49,152 words, the output layer and its softmax cost more than the layers below them when
they run at every position; most positions (the problem, masked spans) carry no loss.
"""

from typing import Any, NamedTuple

import torch
from torch.nn.functional import cross_entropy

from fractionate.training.batches import Batch

CHUNK = 1024
"""Positions whose logits are held at a time."""


class Losses(NamedTuple):
    """Weighted sums over a micro-batch: `total` (with gradient), and per role the sum of losses and weights."""

    total: torch.Tensor
    by_role: torch.Tensor
    weight_by_role: torch.Tensor


def weighted_loss(network: Any, batch: Batch, role_count: int) -> Losses:
    """Sum over supervised tokens of weight × cross entropy. Divide by the update's weight for its mean."""
    states_BTD = _body(network)(input_ids=batch.ids_BT, attention_mask=batch.mask_BT, use_cache=False)
    states_ND = states_BTD.last_hidden_state.flatten(0, 1)[batch.at_N]
    head = network.get_output_embeddings()
    pieces = []
    for start in range(0, len(batch.at_N), CHUNK):
        logits = _scaled(network, head(states_ND[start : start + CHUNK])).float()
        pieces.append(cross_entropy(logits, batch.targets_N[start : start + CHUNK], reduction="none"))
    losses_N = torch.cat(pieces) * batch.weights_N
    by_role = torch.zeros(role_count, device=losses_N.device)
    weight_by_role = by_role.index_add(0, batch.roles_N, batch.weights_N)
    by_role = by_role.index_add(0, batch.roles_N, losses_N.detach())
    return Losses(losses_N.sum(), by_role, weight_by_role)


def _body(network: Any) -> Any:
    """The transformer below the output layer, adapters included."""
    causal = network.get_base_model() if hasattr(network, "get_base_model") else network
    return causal.get_submodule(causal.base_model_prefix)


def _scaled(network: Any, logits: torch.Tensor) -> torch.Tensor:
    """Logits as the model family defines them (Granite divides, Cohere multiplies, Gemma caps)."""
    config = network.config
    if scaling := getattr(config, "logits_scaling", None):
        logits = logits / scaling
    if scale := getattr(config, "logit_scale", None):
        logits = logits * scale
    if cap := getattr(config, "final_logit_softcapping", None):
        logits = torch.tanh(logits / cap) * cap
    return logits
