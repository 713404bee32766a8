"""Fractionate: reasoning distillation by fractions.

    from fractionate import read_traces, analyze, recipe, same_answer, Study

    trace = next(read_traces("traces.jsonl"))
    supervision = recipe("decision_points", seed=0)(analyze(trace))
    decision = Study.from_toml("study.toml").run()

Names are imported when they are first used, so that `import fractionate` is quick.
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractionate.anatomy import analyze
    from fractionate.checking import same_answer
    from fractionate.records import (
        Anatomy,
        Item,
        Link,
        Response,
        Role,
        Score,
        Segment,
        Span,
        Step,
        Supervision,
        Trace,
        Verdict,
    )
    from fractionate.study.decide import Decision
    from fractionate.study.run import Study
    from fractionate.supervision import recipe
    from fractionate.traces import read_traces
    from fractionate.transfer.leaks import find_leaks

__version__ = "0.1.0"

# PyTorch's CPU kernels are cached by shape, and shapes differ at each training step: room for one step's shapes (with
# less, kernels are made anew in every layer), not for the default of 1,024 entries. Read when the first kernel runs, so
# it is set before anything else.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "128")
os.environ.setdefault("LRU_CACHE_CAPACITY", "8")

_HOMES = {
    "analyze": "fractionate.anatomy",
    "same_answer": "fractionate.checking",
    "recipe": "fractionate.supervision",
    "read_traces": "fractionate.traces",
    "find_leaks": "fractionate.transfer.leaks",
    "Decision": "fractionate.study.decide",
    "Study": "fractionate.study.run",
}
_RECORDS = (
    "Anatomy", "Item", "Link", "Response", "Role", "Score",
    "Segment", "Span", "Step", "Supervision", "Trace", "Verdict",
)  # fmt: skip
_HOMES |= dict.fromkeys(_RECORDS, "fractionate.records")

__all__ = [
    "Anatomy",
    "Decision",
    "Item",
    "Link",
    "Response",
    "Role",
    "Score",
    "Segment",
    "Span",
    "Step",
    "Study",
    "Supervision",
    "Trace",
    "Verdict",
    "analyze",
    "find_leaks",
    "read_traces",
    "recipe",
    "same_answer",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'fractionate' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
