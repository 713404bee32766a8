"""An auxiliary objective: a hidden state that knows the next intermediate result.

    objective = Representation(network, depth=0.67)
    with objective.listening():
        losses = weighted_loss(network, pack, len(ROLES))
        (losses.total + 0.5 * objective.loss(pack.probed)).backward()

At the targets of each example, linear heads read the digits of the value from the hidden state of one layer, and their
cross entropy trains the layers up to there. The heads are dropped after training; what they read stays. (Hidden
states taught in place of spoken steps: Deng et al. 2023, "Implicit Chain of Thought Reasoning via Knowledge
Distillation", arXiv 2311.01460.)
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn.functional import cross_entropy, linear

from fractionate.errors import InputError
from fractionate.supervision.encode import Target
from fractionate.supervision.targets import BLANK, PLACES, digits
from fractionate.training.fit import decoder_layers

SIGNS = BLANK + 1
"""What a place can hold: a digit or a blank."""
HEAD_RATE = 0.5
"""The heads' learning rate, times the width of the states: about how far a step of AdamW can move what a head says.

Linear and starting from zero, they would come too late at the student's own rate.
"""


class Representation:
    """Heads on the output of the layer at `depth`, a share of the network's layers."""

    def __init__(self, network: Any, depth: float) -> None:
        self.layer = layer_at(network, depth)
        width = network.config.get_text_config().hidden_size
        device = next(network.parameters()).device
        self.weight = torch.zeros(PLACES * SIGNS, width, device=device, requires_grad=True)
        self.bias = torch.zeros(PLACES * SIGNS, device=device, requires_grad=True)
        self._states: torch.Tensor | None = None

    @property
    def heads(self) -> list[torch.Tensor]:
        """What is trained with the student and dropped after it."""
        return [self.weight, self.bias]

    @property
    def rate(self) -> float:
        """The heads' learning rate."""
        return HEAD_RATE / self.weight.shape[1]

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Within: the layer's output is kept, for `loss`."""
        hook = self.layer.register_forward_hook(self._keep)
        try:
            yield
        finally:
            hook.remove()
            self._states = None

    def _keep(self, layer: Any, inputs: Any, output: Any) -> None:
        self._states = output[0] if isinstance(output, tuple) else output

    def states_at(self, targets: Sequence[Target]) -> torch.Tensor:
        """(P, D). A target's position is one of the flat sequence that went through the network last."""
        assert self._states is not None, "nothing went through the network yet"
        return self._states[0][[t.position for t in targets]]

    def loss(self, targets: Sequence[Target]) -> torch.Tensor:
        """Sum over targets of the cross entropy of a value's digits, the mean over their places."""
        return digit_loss(self.states_at(targets), self.weight, self.bias, [t.value for t in targets])


def layer_at(network: Any, depth: float) -> Any:
    """The layer at a share of the network's depth: 1 is the last.

    Raises:
        InputError: the family's layers are not known.
    """
    layers = decoder_layers(network)
    if not layers:
        raise InputError(
            f"{type(network).__name__} is not supported by training.representation: no decoder layers"
        )
    return layers[max(1, round(depth * len(layers))) - 1]


def digit_loss(
    states_PD: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, values: Sequence[str]
) -> torch.Tensor:
    """Sum over states of the mean cross entropy of the value's digits."""
    written = torch.tensor([digits(value) for value in values], device=states_PD.device)
    with torch.autocast(states_PD.device.type, enabled=False):
        chances = digit_logits(states_PD, weight, bias)
        return cross_entropy(chances.flatten(0, 1), written.flatten(), reduction="sum") / PLACES


def digit_logits(states_PD: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """(states, places, signs); states are brought to a length of their own first, as a layer would."""
    states = states_PD.float()
    even = states * torch.rsqrt(states.square().mean(-1, keepdim=True) + 1e-6)
    return linear(even, weight, bias).view(-1, PLACES, SIGNS)
