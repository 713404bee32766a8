"""The registry of suites, and how given steps are handed to the analysis.

@SUITES.register("perl")
def perl(folder: Path) -> Iterator[tuple[str, Row]]: ...
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from fractionate.anatomy import analyze
from fractionate.records import Anatomy, Span, Trace
from fractionate.registry import Registry

Row = dict[str, Any]
Suite = Callable[[Path], Iterator[tuple[str, Row]]]
SUITES: Registry[Suite] = Registry("suite")
"""By the name of their folder; each yields (name, row) for what it finds there."""


def taken_apart(id: str, problem: str, steps: Sequence[str], answer: str | None = None) -> Anatomy:
    """The analysis of steps that are given, a line break between them."""
    spans, text = [], ""
    for step in steps:
        spans.append(Span(len(text), len(text) + len(step)))
        text += step + "\n"
    return analyze(Trace(id, problem, text, Span(0, len(text)), answer=answer), spans)
