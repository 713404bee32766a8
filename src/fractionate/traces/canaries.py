"""Canaries: the marks by which benchmarks ask never to be trained on.

    holds_canary({"question": "…", "canary": "canary GUID 731c009d-…"})      # True

BIG-bench, BIG-Bench Hard and GSM-Symbolic carry one in every file or row; a reader of traces refuses such rows.
"""

from collections.abc import Mapping
from typing import Any

PHRASES = ("canary GUID", "Canary GUID", "CANARY GUID", "BENCHMARK DATA SHOULD NEVER APPEAR IN TRAINING")
REFUSED = "holds a benchmark's canary string: it is for evaluation only, never for training"


def holds_canary(value: Any) -> bool:
    """Whether a text, or any text of a row, is so marked, or a field of the row is called `canary`."""
    if isinstance(value, str):
        return any(phrase in value for phrase in PHRASES)
    if isinstance(value, Mapping):
        return "canary" in value or any(map(holds_canary, value.values()))
    return isinstance(value, list | tuple) and any(map(holds_canary, value))
