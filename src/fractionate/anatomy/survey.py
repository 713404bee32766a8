"""Survey: take a file's traces apart, write the anatomies, and tell what the corpus is made of.

    found = survey(Task(rows, annotator("builtin"), Path("anatomy.parquet")), console)
    found.summary["roles"], found.shown[0]

`rows` is called anew for each pass: what is wrong with a file shows before the long part, and the time left is known.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import track

from fractionate.anatomy.annotate import Annotator
from fractionate.anatomy.corpus import Corpus
from fractionate.anatomy.lengths import lengths
from fractionate.records import Anatomy, Trace
from fractionate.storage import write_records
from fractionate.traces import Rejected


class Task(NamedTuple):
    """What to take apart, by whom, and where to.

    `rows` gives traces, rejected rows and whatever else a reader tells; `student` is a model that is asked about each
    step and reads at most `token_budget` tokens for it.
    """

    rows: Callable[[], Iterable[object]]
    annotator: Annotator
    out: Path
    student: str | None = None
    token_budget: int | None = None
    show: int = 0


class Survey(NamedTuple):
    """What the corpus is made of, as JSON values, and its first anatomies."""

    summary: dict[str, Any]
    shown: list[Anatomy]


def survey(task: Task, console: Console) -> Survey:
    """Do the task; the plan and the progress go to the console.

    Raises:
        InputError: the rows cannot be read, or the model cannot be loaded.
    """
    found = Counter(type(row) for row in task.rows())
    corpus, shown = Corpus(lengths()), list[Anatomy]()
    agreement: dict[str, Any] = {}
    stream = _asked(task, agreement, console) if task.student else _taken_apart(task)

    def passing() -> Iterator[Anatomy]:
        watched = corpus.watch(stream)
        for anatomy in track(watched, "analyzing", total=found[Trace], console=console, transient=True):
            if len(shown) < task.show:
                shown.append(anatomy)
            yield anatomy

    write_records(task.out, Anatomy, passing())
    summary = corpus.summary() | {"rejected": found[Rejected], "out": str(task.out)}
    return Survey(summary | {"costs": task.annotator.costs(), "agreement": agreement}, shown)


def _taken_apart(task: Task) -> Iterator[Anatomy]:
    return task.annotator(row for row in task.rows() if isinstance(row, Trace))


def _asked(task: Task, agreement: dict[str, Any], console: Console) -> Iterator[Anatomy]:
    """With surprise and effect by the model; how far the importances agree is filled in at the end."""
    from fractionate.anatomy.agreement import Agreement
    from fractionate.anatomy.asking import asked_by

    assert task.student is not None, "there is somebody to ask"
    say = partial(console.print, soft_wrap=True, highlight=False)
    importances = Agreement()
    anatomies = asked_by(task.student, lambda: _taken_apart(task), task.token_budget, say)
    yield from importances.watch(anatomies)
    agreement.update(importances.summary())
