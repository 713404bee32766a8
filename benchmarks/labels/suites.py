"""The registry of suites, and how given steps are handed to the analysis.

@SUITES.register("perl")
def perl(folder: Path) -> Iterator[Scored]: ...
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.labels.files import Fields, Unscored, attempt, label_files
from fractionate.anatomy import analyze
from fractionate.checking import extract_answer
from fractionate.records import Anatomy, Span, Trace
from fractionate.registry import Registry

Row = dict[str, Any]
Scored = tuple[str, Row | Unscored]
Suite = Callable[[Path], Iterator[Scored]]
SUITES: Registry[Suite] = Registry("suite")
"""By the name of their folder; each yields what it finds there: a name with its row, or why there is none."""


def by_file(name: str, folder: Path, score: Callable[[Path, list[Fields]], Row]) -> Iterator[Scored]:
    """A row a file."""
    for file in label_files(folder):
        yield f"{name}/{file.stem}", attempt(file, partial(score, file))


def taken_apart(id: str, problem: str, steps: Sequence[str], answer: str | None = None) -> Anatomy:
    """The analysis of steps that are given, a line break between them.

    Where the answer is not given it is what the steps state, as for any trace that is read from a file.
    """
    spans, text = [], ""
    for step in steps:
        spans.append(Span(len(text), len(text) + len(step)))
        text += step + "\n"
    answer = extract_answer(text) if answer is None else answer
    return analyze(Trace(id, problem, text, Span(0, len(text)), answer=answer), spans)
