"""The output layer apart from the body below it, so that logits are made only where they are read.

states = body_of(network)(input_ids=ids_N[None], position_ids=positions_N[None], use_cache=False)
logits = shape_of(network).logits(states.last_hidden_state[0] @ network.get_output_embeddings().weight.T)
"""

from typing import Any, NamedTuple

import torch


class Shape(NamedTuple):
    """How a family turns the output layer's product into logits: a factor, and a bound (0: none)."""

    scale: float = 1.0
    cap: float = 0.0

    def logits(self, products: torch.Tensor) -> torch.Tensor:
        """The logits of what the output layer gave."""
        scaled = products * self.scale if self.scale != 1.0 else products
        return self.cap * torch.tanh(scaled / self.cap) if self.cap else scaled


def body_of(network: Any) -> Any:
    """The transformer below the output layer, adapters included."""
    causal = network.get_base_model() if hasattr(network, "get_base_model") else network
    return causal.get_submodule(causal.base_model_prefix)


def shape_of(network: Any) -> Shape:
    """Logits as the model family defines them (Granite divides, Cohere multiplies, Gemma caps)."""
    config = network.config
    scale = float(getattr(config, "logit_scale", None) or 1.0)
    scale /= float(getattr(config, "logits_scaling", None) or 1.0)
    return Shape(scale, float(getattr(config, "final_logit_softcapping", None) or 0.0))
