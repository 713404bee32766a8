"""Evaluate several students with one suite and compare them: the job of `fractionate evaluate`.

    examined = examine(["runs/ledger"], load_suite("transfer"), Path("runs/ledger/transfer"), Console())
    examined.found["full"].transfer          # Interval(0.19, 0.15, 0.24)

Every student has a folder of its own under `out`; what is there already stands, so an evaluation that was stopped goes
on where it was, and a student can be added later.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from fractionate.errors import InputError
from fractionate.models import keep_memory, release_memory
from fractionate.models.endpoint import EndpointSettings
from fractionate.records import Score
from fractionate.study.progress import Stage, StudyProgress
from fractionate.study.students import Entrant, entrants, home_problems
from fractionate.transfer import Estimates, estimates, plan_of, power_line
from fractionate.transfer.asking import LocalStudent, Sampling, Student
from fractionate.transfer.effort import Effort, efforts
from fractionate.transfer.evaluate import Evaluation, Home, evaluate
from fractionate.transfer.remote import EndpointStudent
from fractionate.transfer.suite import Suite

TOKENS_PER_SECOND = 600.0
"""A nominal rate of two CPU cores; the time left is scaled by how the machine keeps up."""

MARGIN = 0.02
"""A difference in T that is worth seeing; a study's own margin is in its file."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What an evaluation says of all its students. `reference` is the one that the others are compared with."""

    suite: Suite
    asked: str
    reference: str
    found: Estimates
    efforts: dict[str, Effort]
    skipped: dict[str, str]


def examine(
    names: Sequence[str],
    suite: Suite,
    out: Path,
    console: Console,
    *,
    reference: str | None = None,
    endpoint: EndpointSettings | None = None,
    sampling: Sampling = Sampling(),
) -> Examined:
    """Evaluate all students of these names, one after the other; a name is a model or a study's folder.

    With an `endpoint` the one name is the model that is asked there.

    Raises:
        InputError: a name, the reference or a folder is wrong.
    """
    keep_memory()
    students = [Entrant(endpoint.model, endpoint.model)] if endpoint else entrants(names)
    chosen = _reference(students, reference)
    home = home_problems([] if endpoint else names, suite)
    _announce(suite, home, students, console)
    done: list[Evaluation] = []
    with StudyProgress(console, _stages(suite, home, students, sampling)) as progress:
        for entrant in students:
            done.append(_one(entrant, suite, home, out / entrant.place, endpoint, sampling, progress))
            release_memory()
    return _compared(suite, students, done, chosen)


def _one(
    entrant: Entrant,
    suite: Suite,
    home: Home,
    folder: Path,
    endpoint: EndpointSettings | None,
    sampling: Sampling,
    progress: StudyProgress,
) -> Evaluation:
    stage, student = f"ask {entrant.place}", _student(entrant, endpoint, folder)
    if (folder / "responses.parquet").is_file():
        progress.skip(stage)
    found = evaluate(
        student, suite, home, folder, label=entrant.label, sampling=sampling._replace(seed=entrant.seed),
        watch=lambda share, note: progress.at(stage, share, note),
    )  # fmt: skip
    progress.at(stage, 1.0)
    return found


def _compared(
    suite: Suite, students: Sequence[Entrant], done: Sequence[Evaluation], reference: str
) -> Examined:
    scores: list[Score] = [s for evaluation in done for s in evaluation.scores]
    seconds: dict[str, float] = {}
    for entrant, evaluation in zip(students, done, strict=True):
        seconds[entrant.label] = seconds.get(entrant.label, 0.0) + evaluation.seconds
    return Examined(
        suite, done[0].asked, reference,
        estimates(scores, reference=reference, families=suite.metric), efforts(scores, seconds),
        {cell: why for evaluation in done for cell, why in evaluation.skipped.items()},
    )  # fmt: skip


def _reference(students: Sequence[Entrant], reference: str | None) -> str:
    labels = list(dict.fromkeys(s.label for s in students))
    if reference is not None and reference not in labels:
        raise InputError(f"--reference {reference}: no such student here; there are {', '.join(labels)}")
    return reference or labels[0]


def _student(entrant: Entrant, endpoint: EndpointSettings | None, folder: Path) -> Student:
    if endpoint is not None:
        return EndpointStudent(endpoint)
    return LocalStudent(entrant.model, seed=entrant.seed, folder=folder)


def _announce(suite: Suite, home: Home, students: Sequence[Entrant], console: Console) -> None:
    """What is asked of whom, and what difference that can show, before anything is spent."""
    items = suite.items(home.problems, seed=0, seen=home.seen)
    seeds = Counter(s.label for s in students)
    plan = plan_of(items, max(seeds.values()), len(seeds), families=suite.metric)
    console.print(
        f"suite {suite.title}: {len(items):,} items, {len(students)} students; {power_line(plan, MARGIN)}",
        highlight=False,
    )


def _stages(suite: Suite, home: Home, students: Sequence[Entrant], sampling: Sampling) -> list[Stage]:
    items = suite.items(home.problems, seed=0, seen=home.seen)
    seconds = sampling.samples * sum(i.max_new_tokens for i in items) / 2 / TOKENS_PER_SECOND
    return [Stage(f"ask {s.place}", seconds) for s in students]
