"""Evaluate several students with one suite and compare them: the job of `fractionate evaluate`.

    examined = examine(["runs/ledger"], load_suite("transfer"), Path("runs/ledger/transfer"), Console())
    examined.found["full"].transfer          # Interval(0.19, 0.15, 0.24)

Every student has a folder of its own under `out`; what is there already stands, so an evaluation that was stopped goes
on where it was, and a student can be added later.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from rich.console import Console

from fractionate.errors import InputError
from fractionate.models import keep_memory, release_memory
from fractionate.models.endpoint import EndpointSettings
from fractionate.records import Item
from fractionate.study.adapting import adapt_all
from fractionate.study.progress import Stage, StudyProgress
from fractionate.study.students import Entrant, entrants, home_problems
from fractionate.transfer import Comparison, Estimates, compare_arms, estimates, plan_of, power_line
from fractionate.transfer.adaptability import Adaptability
from fractionate.transfer.asking import LocalStudent, Sampling, Student
from fractionate.transfer.curves import Point, curve, named_values
from fractionate.transfer.effort import Effort, efforts
from fractionate.transfer.evaluate import FIRST, Evaluation, Job, Questions, evaluate
from fractionate.transfer.findings import Findings
from fractionate.transfer.home import Home
from fractionate.transfer.remote import EndpointStudent
from fractionate.transfer.robustness import StyleReport, style_reports
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
    and seed where the label has several. `untouched` are the students that were not trained here. `comparisons` are of
    each other label with the reference, at `margin`. `styles` are by benchmark ("" is home) and label; `unchanged` is
    the share of the home problems that a style cell leaves as they are; `notes` say by label what was asked otherwise.
    """

    suite: Suite
    asked: str
    reference: str
    found: Estimates
    margin: float
    comparisons: Mapping[str, Comparison]
    efforts: Mapping[str, Effort]
    styles: Mapping[str, Mapping[str, StyleReport]]
    curves: Mapping[str, Mapping[str, tuple[Point, ...]]]
    findings: Mapping[str, Findings]
    arm_of: Mapping[str, str]
    untouched: frozenset[str]
    skipped: Mapping[str, str]
    adaptability: Mapping[str, Adaptability]
    unchanged: Mapping[str, float]
    notes: Mapping[str, tuple[str, ...]]


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
    margin: float = MARGIN,
) -> Examined:
    """Evaluate all students of these names, one after the other; a name is a model or a study's folder.

    With an `endpoint` the one name is the model that is asked there. With `adapt` trained students also learn from a
    few examples of families never seen. `margin` is the difference in T that matters: not worse means by less.

    Raises:
        InputError: a name, the reference or a folder is wrong.
    """
    keep_memory()
    students = [_behind(endpoint)] if endpoint else entrants(names)
    chosen = _reference(students, reference)
    home = home_problems([] if endpoint else names, suite)
    questions = Questions.of(suite, home)
    _announce(suite, questions, students, margin, console)
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
    found = _compared(suite, students, done, chosen, margin)
    return replace(found, adaptability=adapted, unchanged=_unchanged(questions.cells, home))


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
    margin: float,
) -> Examined:
    scores = [s for evaluation in done for s in evaluation.scores]
    seconds: Counter[str] = Counter()
    for entrant, evaluation in zip(students, done, strict=True):
        seconds[entrant.label] += evaluation.seconds  # type: ignore[assignment]
    names = _names(students)
    found = estimates(scores, reference=reference, families=suite.metric)
    compared = any(s.family in suite.metric for s in scores)
    return Examined(
        suite=suite,
        asked=done[0].asked,
        reference=reference,
        found=found,
        margin=margin,
        comparisons=compare_arms(scores, reference, margin=margin, families=suite.metric) if compared else {},
        efforts=efforts(scores, seconds),
        styles=style_reports(scores, suite.style_places()),
        curves={dial: curve(scores, dial) for dial in DIALS if named_values({s.cell for s in scores}, dial)},
        findings={name: evaluation.findings for name, evaluation in zip(names, done, strict=True)},
        arm_of=dict(zip(names, (s.label for s in students), strict=True)),
        untouched=frozenset(s.label for s in students if s.base is None),
        skipped={cell: why for evaluation in done for cell, why in evaluation.skipped.items()},
        adaptability={},
        unchanged={},
        notes={s.label: e.notes for s, e in zip(students, done, strict=True) if e.notes},
    )


def _names(students: Sequence[Entrant]) -> list[str]:
    """Labels, with the seed where there are several of one label."""
    times = Counter(s.label for s in students)
    return [s.label if times[s.label] == 1 else f"{s.label} s{s.seed}" for s in students]


def _unchanged(items: Sequence[Item], home: Home) -> dict[str, float]:
    """The share of its home problems that each style cell leaves as they are."""
    plain = {p.id: (p.text, p.history) for p in home.problems}
    kept: dict[str, list[bool]] = defaultdict(list)
    for item in items:
        if item.family == "style" and item.pair in plain:
            kept[item.cell].append((item.prompt, item.history) == plain[item.pair])
    return {cell: fmean(same) for cell, same in kept.items()}


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


def _announce(
    suite: Suite, questions: Questions, students: Sequence[Entrant], margin: float, console: Console
) -> None:
    """What is asked of whom, and what difference that can show, before anything is spent."""
    trained = Counter(s.label for s in students if s.base is not None)
    seeds = max(trained.values(), default=1)
    plan = plan_of(questions.cells, seeds, max(len(trained), 2), families=suite.metric)
    asked = len(questions.cells) + len(questions.beside)
    console.print(
        f"suite {suite.title}: {asked:,} items, {len(students)} students; {power_line(plan, margin)}",
        highlight=False,
    )


def _stages(questions: Questions, students: Sequence[Entrant], sampling: Sampling) -> list[Stage]:
    tokens = sum(i.max_new_tokens for i in (*questions.cells, *questions.beside)) / 2
    return [Stage(f"ask {s.place}", sampling.samples * tokens / TOKENS_PER_SECOND / FIRST) for s in students]
