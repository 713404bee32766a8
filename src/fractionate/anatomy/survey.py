"""Survey: take a file's traces apart, write the anatomies, and tell what the corpus is made of.

    found = survey(Task(rows, annotator("builtin"), Path("anatomy.parquet"), ids=("gsm8k#3",)), console)
    found.summary["roles"], found.shown[0]
    found.present(Console())

`rows` is called anew for each pass: what is wrong with a file shows before the long part, and the time left is known.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console, RenderableType
from rich.progress import track
from rich.text import Text

from fractionate.anatomy.annotate import Annotator
from fractionate.anatomy.corpus import Corpus
from fractionate.anatomy.lengths import lengths
from fractionate.anatomy.overview import overview
from fractionate.anatomy.tree import tree
from fractionate.errors import InputError
from fractionate.records import Anatomy, Trace
from fractionate.storage import write_records
from fractionate.traces import Rejected


class Task(NamedTuple):
    """What to take apart, by whom, and where to.

    `rows` gives traces, rejected rows and whatever else a reader tells; `student` is a model that is asked about each
    step and reads at most `token_budget` tokens for it. The traces of these `ids` are shown, and the first ones: as
    many as `show` says, one where nothing is said.
    """

    rows: Callable[[], Iterable[object]]
    annotator: Annotator
    out: Path
    student: str | None = None
    token_budget: int | None = None
    show: int | None = None
    ids: tuple[str, ...] = ()

    @property
    def first(self) -> int:
        """How many traces from the start are shown."""
        return self.show if self.show is not None else int(not self.ids)


class Survey(NamedTuple):
    """What the corpus is made of, as JSON values, and the anatomies to be shown; `student` was asked about some."""

    summary: dict[str, Any]
    shown: list[Anatomy]
    student: str | None = None

    def present(self, console: Console) -> None:
        """Trees, each with its importances where a student was asked, and then the corpus."""
        for anatomy in self.shown:
            console.print(tree(anatomy))
            if self.student:
                console.print(_importances(anatomy, self.student))
            console.print()
        console.print(overview(self.summary))
        found = f"\n{self.summary['rejected']} rows rejected; the analyses: {self.summary['out']}"
        console.print(found, soft_wrap=True, highlight=False, markup=False)

    def require(self, ids: Iterable[str]) -> None:
        """Be sure that these traces were there.

        Raises:
            InputError: one was not.
        """
        shown = {anatomy.trace.id for anatomy in self.shown}
        if unknown := [id for id in ids if id not in shown]:
            raise InputError(
                f"--id {', '.join(unknown)}: no trace is called so; {self.summary['out']} names all"
            )


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
        bar = track(watched, "analyzing", total=found[Trace], console=console, transient=True)
        for place, anatomy in enumerate(bar):
            if place < task.first or anatomy.trace.id in task.ids:
                shown.append(anatomy)
            yield anatomy

    write_records(task.out, Anatomy, passing())
    summary = corpus.summary() | {"rejected": found[Rejected], "out": str(task.out)}
    summary |= {"costs": task.annotator.costs(), "agreement": agreement}
    return Survey(summary, shown, task.student)


def _importances(anatomy: Anatomy, student: str) -> RenderableType:
    from fractionate.anatomy.weighed import weighed

    table = weighed(anatomy)
    return table if table.rows else Text(f"{student} was not asked about this trace", style="dim")


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
