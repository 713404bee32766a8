"""Datasets for any trainer: traces or anatomies in, a folder with rows and a card out."""

from fractionate.supervision.dataset.compile import Order, compile_dataset
from fractionate.supervision.dataset.progress import compile_with_progress

__all__ = ["Order", "compile_dataset", "compile_with_progress"]
