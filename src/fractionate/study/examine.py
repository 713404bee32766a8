"""Evaluate several students with one suite and compare them: the job of `fractionate evaluate`.

    examined = examine(["runs/ledger"], load_suite("transfer"), Path("runs/ledger/transfer"), Console())
    examined.found["full"].transfer          # Interval(0.19, 0.15, 0.24)

Every student has a folder of its own under `out`; what is there already stands, so an evaluation that was stopped goes
on where it was, and a student can be added later.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from fractionate.errors import InputError
from fractionate.models import keep_memory, release_memory
from fractionate.models.endpoint import EndpointSettings
from fractionate.records import Score
from fractionate.study.adapting import adapt_all
from fractionate.study.progress import Stage, StudyProgress
from fractionate.study.students import Entrant, entrants, home_problems
from fractionate.transfer import Estimates, estimates, plan_of, power_line
from fractionate.transfer.adaptability import Adaptability
from fractionate.transfer.asking import LocalStudent, Sampling, Student
from fractionate.transfer.curves import Point, curve, named_values
from fractionate.transfer.effort import Effort, efforts
from fractionate.transfer.evaluate import FIRST, Evaluation, Job, Questions, evaluate
from fractionate.transfer.findings import Findings
from fractionate.transfer.remote import EndpointStudent
from fractionate.transfer.robustness import StyleReport, style_report
from fractionate.transfer.suite import Suite

TOKENS_PER_SECOND = 600.0
"""A nominal rate of two CPU cores; the time left is scaled by how the machine keeps up."""

DIALS = ("depth", "numbers", "distractors", "remarks")
"""What the names of difficulty cells may say."""
MARGIN = 0.02
"""A difference in T that is worth seeing; a study's own margin is in its file."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What an evaluation says of all its students. `reference` is the one that the others are compared with.

    Scores of one label and several seeds are together; `findings` are of each student, by its label, or by its label
    and seed where the label has several. `untouched` are the students that were not trained here.
    """

    suite: Suite
    asked: str
    reference: str
    found: Estimates
    efforts: Mapping[str, Effort]
    styles: Mapping[str, StyleReport]
    curves: Mapping[str, Mapping[str, tuple[Point, ...]]]
    findings: Mapping[str, Findings]
    arm_of: Mapping[str, str]
    untouched: frozenset[str]
    skipped: Mapping[str, str]
    adaptability: Mapping[str, Adaptability]


def examine(
    names: Sequence[str],
    suite: Suite,
    out: Path,
    console: Console,
    *,
    reference: str | None = None,
    endpoint: EndpointSettings | None = None,
    sampling: Sampling = Sampling(),
    adapt: bool = False,
) -> Examined:
    """Evaluate all students of these names, one after the other; a name is a model or a study's folder.

    With an `endpoint` the one name is the model that is asked there. With `adapt` trained students also learn from a
    few examples of families never seen.

    Raises:
        InputError: a name, the reference or a folder is wrong.
    """
    keep_memory()
    students = [_behind(endpoint)] if endpoint else entrants(names)
    chosen = _reference(students, reference)
    home = home_problems([] if endpoint else names, suite)
    questions = Questions.of(suite, home)
    _announce(suite, questions, students, console)
    done: list[Evaluation] = []
    with StudyProgress(console, _stages(questions, students, sampling)) as progress:
        for entrant in students:
            folder = out / entrant.place
            job = Job(
                _student(entrant, endpoint, folder), suite, home, questions, folder, label=entrant.label,
                sampling=sampling._replace(seed=entrant.seed), weights=None if endpoint else entrant.model,
                base=entrant.base, recipe=entrant.recipe,
            )  # fmt: skip
            done.append(_one(job, f"ask {entrant.place}", progress))
            release_memory()
    adapted = adapt_all(students, _names(students), out / "adapted", console) if adapt else {}
    return _compared(suite, students, done, chosen, adapted)


def _one(job: Job, stage: str, progress: StudyProgress) -> Evaluation:
    if (job.folder / "scores.parquet").is_file():
        progress.skip(stage)
    found = evaluate(job, lambda share, note: progress.at(stage, share, note))
    progress.at(stage, 1.0)
    return found


def _compared(
    suite: Suite,
    students: Sequence[Entrant],
    done: Sequence[Evaluation],
    reference: str,
    adapted: Mapping[str, Adaptability],
) -> Examined:
    scores = [s for evaluation in done for s in evaluation.scores]
    seconds: Counter[str] = Counter()
    for entrant, evaluation in zip(students, done, strict=True):
        seconds[entrant.label] += evaluation.seconds  # type: ignore[assignment]
    names = _names(students)
    return Examined(
        suite=suite,
        asked=done[0].asked,
        reference=reference,
        found=estimates(scores, reference=reference, families=suite.metric),
        efforts=efforts(scores, seconds),
        styles=_styles(scores),
        curves={dial: curve(scores, dial) for dial in DIALS if named_values({s.cell for s in scores}, dial)},
        findings={name: evaluation.findings for name, evaluation in zip(names, done, strict=True)},
        arm_of=dict(zip(names, (s.label for s in students), strict=True)),
        untouched=frozenset(s.label for s in students if s.base is None),
        skipped={cell: why for evaluation in done for cell, why in evaluation.skipped.items()},
        adaptability=adapted,
    )


def _names(students: Sequence[Entrant]) -> list[str]:
    """Labels, with the seed where there are several of one label."""
    times = Counter(s.label for s in students)
    return [s.label if times[s.label] == 1 else f"{s.label} s{s.seed}" for s in students]


def _styles(scores: Sequence[Score]) -> Mapping[str, StyleReport]:
    """How robust each arm is; nothing where fewer than two styles were asked."""
    cells = {s.cell for s in scores if s.family == "style"}
    return style_report(scores) if len(cells) > 1 else {}


def _reference(students: Sequence[Entrant], reference: str | None) -> str:
    labels = list(dict.fromkeys(s.label for s in students))
    if reference is not None and reference not in labels:
        raise InputError(f"--reference {reference}: no such student here; there are {', '.join(labels)}")
    return reference or labels[0]


def _behind(endpoint: EndpointSettings) -> Entrant:
    return Entrant(endpoint.model, endpoint.model, address=endpoint.base_url or "the client's own")


def _student(entrant: Entrant, endpoint: EndpointSettings | None, folder: Path) -> Student:
    if endpoint is not None:
        return EndpointStudent(endpoint)
    return LocalStudent(entrant.model, seed=entrant.seed, folder=folder)


def _announce(suite: Suite, questions: Questions, students: Sequence[Entrant], console: Console) -> None:
    """What is asked of whom, and what difference that can show, before anything is spent."""
    seeds = Counter(s.label for s in students)
    plan = plan_of(questions.cells, max(seeds.values()), len(seeds), families=suite.metric)
    asked = len(questions.cells) + len(questions.beside)
    console.print(
        f"suite {suite.title}: {asked:,} items, {len(students)} students; {power_line(plan, MARGIN)}",
        highlight=False,
    )


def _stages(questions: Questions, students: Sequence[Entrant], sampling: Sampling) -> list[Stage]:
    tokens = sum(i.max_new_tokens for i in (*questions.cells, *questions.beside)) / 2
    return [Stage(f"ask {s.place}", sampling.samples * tokens / TOKENS_PER_SECOND / FIRST) for s in students]
