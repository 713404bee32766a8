"""How the process holds memory: keep what a loop frees, give it back between a study's stages.

By default glibc maps each large tensor anew and unmaps it when it is freed, so that a training step touches a million
fresh pages: a third of its time. Kept instead, the pages of one step serve the next; between stages they go back,
or training on top of what generation left takes 3 GB more.
"""

import ctypes
import gc
import sys

import torch

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4


def keep_memory() -> None:
    """From now on keep what is freed for the next tensor; a hint, where the platform takes it."""
    if sys.platform == "linux":
        tune = getattr(ctypes.CDLL(None), "mallopt", None)
        if tune is not None:
            tune(_MMAP_MAX, 0)
            tune(_TRIM_THRESHOLD, 2**31 - 1)


def release_memory() -> None:
    """Collect garbage and return freed memory to the system; does what the platform allows.

    What is there at the first call, modules above all, is set aside: looking through it each time takes longer than
    training a small student.
    """
    gc.collect()
    if not gc.get_freeze_count():
        gc.freeze()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
