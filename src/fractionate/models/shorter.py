"""A smaller student from the first layers of a larger one: `smollm2-135m?layers=12`.

    name, layers = taken_apart("smollm2-135m?layers=12")       # ("smollm2-135m", 12)
    keep_first(network, 12)                                    # in place

What is left has the same words, width and output layer. It has never written anything with so few layers: untrained it
is no better than a new model, but its layers are not random.
"""

from typing import Any

from fractionate.errors import InputError

MARK = "?layers="


def taken_apart(name: str) -> tuple[str, int | None]:
    """The model's own name, and how many of its layers are wanted.

    Raises:
        InputError: the number of layers is none.
    """
    whole, mark, count = name.partition(MARK)
    if not mark:
        return name, None
    if not count.isdecimal() or int(count) < 1:
        raise InputError(f"model {name!r}: give a number of layers, such as {whole}{MARK}12")
    return whole, int(count)


def keep_first(network: Any, layers: int) -> None:
    """Leave out all but the first layers of a transformer, and say so in its configuration.

    Raises:
        InputError: it has fewer, or they are not where this family has them.
    """
    body, config = network.base_model, network.config
    if not hasattr(body, "layers"):
        raise InputError(f"{MARK.strip('?=')}: models of type {config.model_type} do not list their layers")
    if layers > len(body.layers):
        raise InputError(f"{layers} layers are wanted, the model has {len(body.layers)}")
    body.layers = body.layers[:layers]
    config.num_hidden_layers = layers
    if getattr(config, "layer_types", None):
        config.layer_types = config.layer_types[:layers]
