"""Hidden states where a value should be known: those of some layers at the targets of examples.

    known = read_states(model, examples, depths=[0.5, 2 / 3])
    known.states[1]          # (targets, width): the output of the layer at two thirds of the depth
    known.values             # ("56", …), what each state should know

The network is run up to the deepest of the layers, in bfloat16 as it was trained.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import torch

from fractionate.models.attention import PackAttention, attending, own_attention
from fractionate.models.head import body_of
from fractionate.models.load import Model
from fractionate.supervision.encode import Example
from fractionate.training.batches import micro_batches
from fractionate.training.ledger import ROLES
from fractionate.training.pack import Pack, pack_examples
from fractionate.training.representation import layer_at

MICRO_TOKENS = 4096


class Known(NamedTuple):
    """Of each target in order: its state in every layer read, its value, and the trace that it is of."""

    states: tuple[torch.Tensor, ...]
    values: tuple[str, ...]
    traces: tuple[str, ...]


def read_states(model: Model, examples: Sequence[Example], depths: Sequence[float]) -> Known:
    """The states of the layers at these shares of the depth, the shallowest first; a layer meant twice is read once.

    Raises:
        InputError: the family's layers are not known.
    """
    network = model.network.eval()
    layers = list(dict.fromkeys(layer_at(network, depth) for depth in sorted(depths)))
    states: list[list[torch.Tensor]] = [[] for _ in layers]
    values: list[str] = []
    traces: list[str] = []
    with torch.no_grad(), own_attention(network), torch.autocast(model.device.type, torch.bfloat16):
        for group in micro_batches(examples, MICRO_TOKENS):
            pack = pack_examples(group, ROLES, model.device)
            at = [target.position for target in pack.probed]
            for found, output in zip(states, _outputs(network, layers, pack), strict=True):
                found.append(output[0][at].float())
            values += [target.value for target in pack.probed]
            traces += [example.trace_id for example in group for _ in example.targets]
    assert values, "no example has a target"
    return Known(tuple(map(torch.cat, states)), tuple(values), tuple(traces))


class _Enough(Exception):  # noqa: N818
    """The deepest layer has spoken."""


def _outputs(network: Any, layers: Sequence[Any], pack: Pack) -> list[torch.Tensor]:
    """What the layers make of a pack; nothing is computed above the last of them."""
    with _listening(layers) as heard, attending(PackAttention(pack.groups)), suppress(_Enough):
        body_of(network)(input_ids=pack.ids_N[None], position_ids=pack.positions_N[None], use_cache=False)
    return heard


@contextmanager
def _listening(layers: Sequence[Any]) -> Iterator[list[torch.Tensor]]:
    heard: list[torch.Tensor] = []

    def keep(layer: Any, inputs: Any, output: Any) -> None:
        heard.append(output[0] if isinstance(output, tuple) else output)
        if len(heard) == len(layers):
            raise _Enough

    hooks = [layer.register_forward_hook(keep) for layer in layers]
    try:
        yield heard
    finally:
        for hook in hooks:
            hook.remove()
