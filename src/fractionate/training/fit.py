"""What a run at hand calls for: recomputed activations where memory is short, compiled layers where they pay.

    with recomputed(network, tokens=2048), compiled(network, flops=3e14):
        …

Neither is a setting: memory decides the first, the amount of work the second. Recomputing costs about a quarter more
time, and changes no number.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import psutil
import torch

from fractionate.models.attention import attending, in_force

COMPILE_PAYS = {"cpu": 8e13, "cuda": 1e16}
"""FLOPs from which compiling pays. On two CPU cores as measured (docs/results/speed-cpu.md): 12 s to compile, 9% less
time a step afterwards; on a GPU an assumption, not measured."""


@contextmanager
def recomputed(network: Any, tokens: int) -> Iterator[bool]:
    """Within: layers compute their activations again in the backward pass, if a micro-batch would not fit."""
    device = next(network.parameters()).device
    needed = needed_bytes(network, tokens) > available_bytes(device)
    # transformers renames "gradient checkpointing" to "activation checkpointing".
    word = "activation" if hasattr(network, "activation_checkpointing_enable") else "gradient"
    if needed:
        how = {"use_reentrant": False, "context_fn": _same_attention}
        getattr(network, f"{word}_checkpointing_enable")(how)
    try:
        yield needed
    finally:
        if needed:
            getattr(network, f"{word}_checkpointing_disable")()


def needed_bytes(network: Any, tokens: int) -> int:
    """What training holds beyond the weights: gradients, AdamW's moments, bfloat16 copies, activations.

    The activations are those of lean layers: per token and layer twelve vectors of the hidden size and two of the
    feed-forward's, in bfloat16.
    """
    config = network.config.get_text_config()
    trained = sum(p.numel() for p in network.parameters() if p.requires_grad)
    copied = sum(p.numel() for p in network.parameters())
    inner = getattr(config, "intermediate_size", None) or 4 * config.hidden_size
    kept = tokens * config.num_hidden_layers * (12 * config.hidden_size + 2 * inner)
    return int(12 * trained + 2 * copied + 2 * kept)


def available_bytes(device: torch.device) -> float:
    """Nine tenths of the memory that is free, or can be made free."""
    free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else psutil.virtual_memory().available
    return 0.9 * free


@contextmanager
def compiled(network: Any, flops: float) -> Iterator[bool]:
    """Within: the network's layers are compiled, if so much work pays for it and there is a C++ compiler."""
    kind = next(network.parameters()).device.type
    compilers = (os.environ.get("CXX"), "c++", "g++", "clang++")
    able = kind != "cpu" or any(shutil.which(name) for name in compilers if name)
    if not able or flops < COMPILE_PAYS.get(kind, float("inf")):
        yield False
        return
    # A layer that someone listens to stays as it is written.
    layers = [layer for layer in decoder_layers(network) if not layer._forward_hooks]
    for layer in layers:
        layer.compile(dynamic=True)
    try:
        yield bool(layers)
    finally:
        for layer in layers:
            layer._compiled_call_impl = None


def decoder_layers(network: Any) -> list[Any]:
    """The network's layers in order, adapters included."""
    return [m for m in network.modules() if type(m).__name__.endswith("DecoderLayer")]


def _same_attention() -> tuple[AbstractContextManager[None], AbstractContextManager[None]]:
    """Around a layer's forward pass, and around its repetition, which a GPU runs in a thread of its own."""
    return nullcontext(), attending(in_force())
