"""Evaluate one student with a suite: ask, score, follow up on what it wrote; whatever is there already stands.

suite = load_suite("transfer")
evaluation = evaluate(LocalStudent("smollm2-135m"), suite, home_of(suite), Path("runs/eval/base"))
evaluation.scores                 # one row an answer
evaluation.skipped                # {"at once": "an endpoint's response cannot be made to begin with given words"}
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from fractionate.errors import InputError
from fractionate.records import Item, Score
from fractionate.storage import read_records, write_json, write_records
from fractionate.transfer.asking import GREEDY, NOTES, Sampling, Student, Watch, ask
from fractionate.transfer.findings import (
    Findings,
    findings_of,
    first_round,
    going_on,
    own_answers,
    second_round,
)
from fractionate.transfer.home import Home
from fractionate.transfer.imitation import TAUGHT
from fractionate.transfer.own import Answered
from fractionate.transfer.reading import Reading, read_weights
from fractionate.transfer.scoring import score
from fractionate.transfer.suite import Suite, fingerprint

FIRST, SECOND = 0.75, 0.2
"""The shares of the work that the two rounds of questions take; the rest is reading."""
ASKED, SECONDS, RESPONSES, FOLLOW_UPS, AFTER = (
    "asked.json", "seconds.json", "responses.parquet", "follow_ups.parquet", "follow_up_responses.parquet",
)  # fmt: skip
"""Files of a student's folder."""
PREFILLED = "this student's responses cannot be made to begin with given words"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one student did under one suite; `asked` is the fingerprint of the items.

    `scores` are of the cells; what followed on the student's own answers is in `findings`. `seconds` are those of
    generating the cells' free answers, all runs together. `skipped` says why a cell, an intervention or a layer is
    left out, `notes` what was asked in another way than the items say.
    """

    student: str
    suite: str
    asked: str
    scores: tuple[Score, ...]
    seconds: float
    skipped: Mapping[str, str]
    findings: Findings
    notes: tuple[str, ...] = ()


class Questions(NamedTuple):
    """What every student is asked: the suite's cells, and what layers and abilities ask beside them."""

    cells: list[Item]
    beside: list[Item]
    seed: int

    @classmethod
    def of(cls, suite: Suite, home: Home, seed: int = 0) -> "Questions":
        """Drawn by `seed`; a suite with generated families takes a second or two."""
        cells = suite.items(home.problems, seed=seed, seen=home.seen, near=home.seen)
        return cls(cells, first_round(suite, home, seed), seed)


@dataclass(frozen=True, slots=True)
class Job:
    """One student's examination; `questions` are the same for all students that are compared.

    `weights` names the model whose weights can be read, `base` the one that it was trained from, `recipe` what it was
    taught by.
    """

    student: Student
    suite: Suite
    home: Home
    questions: Questions
    folder: Path
    label: str = "student"
    sampling: Sampling = GREEDY
    weights: str | None = None
    base: str | None = None
    recipe: str = TAUGHT


def evaluate(job: Job, watch: Watch = lambda share, note: None) -> Evaluation:
    """Ask all of the suite's cells, follow up on the answers, read the weights; `watch` hears of the whole.

    Raises:
        InputError: the folder holds the evaluation of other items or of another model.
    """
    cells, skipped = _askable(job.student, job.questions.cells)
    items = [*cells, *job.questions.beside]
    asked = fingerprint(items)
    claim(
        job.folder,
        {
            "suite": job.suite.title,
            "asked": asked,
            "then": then(job.suite),
            "sampling": job.sampling._asdict(),
        },
        job.student.identity,
    )
    write_records(job.folder / "items.parquet", Item, items)
    answered = _answers(job, items, RESPONSES, lambda s, note: watch(FIRST * s, note))
    follow_ups = _follow_ups(job, answered)
    after = _answers(job, follow_ups, AFTER, lambda s, note: watch(FIRST + SECOND * s, note))
    job = replace(job, home=job.home.asked_first(cells))
    left_out = {} if job.student.prefills else dict.fromkeys(going_on(job.suite), PREFILLED)
    findings = findings_of(job.suite, answered, after, job.home, _reading(job, watch), left_out)
    in_cells = {i.cell for i in cells}
    scores = [a.score for a in answered if a.item.cell in in_cells]
    write_records(job.folder / "scores.parquet", Score, scores)
    seconds = _of_free_answers(_seconds(job.folder), answered, in_cells)
    return Evaluation(
        job.student.name, job.suite.title, asked, tuple(scores), seconds, skipped | left_out, findings,
        _notes(job.folder),
    )  # fmt: skip


def then(suite: Suite) -> list[object]:
    """What is made of a student's own answers, and so asked after them."""
    return [list(suite.layers), suite.follow_ups.model_dump(mode="json")]


def _answers(job: Job, items: Sequence[Item], file: str, watch: Watch) -> list[Answered]:
    """The student's answers to the items, scored; kept in `file`."""
    if not items:
        return []

    def spent(seconds: float) -> None:
        known = _seconds(job.folder)
        write_json(job.folder / SECONDS, known | {file: known.get(file, 0.0) + seconds})

    responses = ask(job.student, items, job.folder / file, job.sampling, watch, spent)
    scores = score(items, responses, arm=job.label, seed=job.sampling.seed)
    by_id = {item.id: item for item in items}
    return [Answered(by_id[r.item], r, s) for r, s in zip(responses, scores, strict=True)]


def _follow_ups(job: Job, answered: Sequence[Answered]) -> list[Item]:
    """What is asked on top of the student's own answers: as an earlier run has asked it, where there was one."""
    file = job.folder / FOLLOW_UPS
    if file.is_file():
        return read_records(file, Item)
    own = own_answers(answered, job.suite.follow_ups.items)
    items, _ = _askable(job.student, second_round(job.suite, own, job.home, job.questions.seed))
    write_records(file, Item, items)
    return items


def _reading(job: Job, watch: Watch) -> Reading:
    """What the weights say, where they are here."""
    if job.weights is None or not (job.home.anatomies or job.suite.general):
        return Reading()
    return read_weights(
        job.weights, job.suite, job.home, job.folder, base=job.base or job.weights, recipe=job.recipe,
        told=lambda what: watch(FIRST + SECOND, f"reading {what}"),
    )  # fmt: skip


def _askable(student: Student, items: Sequence[Item]) -> tuple[list[Item], dict[str, str]]:
    """The items that this student can be asked, and why cells are left out."""
    if student.prefills:
        return list(items), {}
    return [i for i in items if not i.prefill], {i.cell: PREFILLED for i in items if i.prefill}


def claim(folder: Path, asked: Mapping[str, object], model: str) -> None:
    """The folder is this evaluation's of this model, or becomes it.

    Raises:
        InputError: it is another one's.
    """
    file = folder / ASKED
    if file.is_file():
        known = json.loads(file.read_text(encoding="utf-8"))
        owner = known.pop("model", "one that it does not name")
        if known != asked:
            raise InputError(f"{folder}: holds an evaluation of other items; give another --out")
        if owner != model:
            raise InputError(
                f"{folder}: holds answers of another model ({owner}, not {model}); give another --out"
            )
    write_json(file, {**asked, "model": model})


def _notes(folder: Path) -> tuple[str, ...]:
    file = folder / NOTES
    return tuple(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else ()


def _seconds(folder: Path) -> dict[str, float]:
    """Seconds of generation over all runs, by the file that the answers are in."""
    file = folder / SECONDS
    known: dict[str, float] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return known


def _of_free_answers(
    seconds: Mapping[str, float], answered: Sequence[Answered], cells: Collection[str]
) -> float:
    """The part of the first round's seconds that went into free answers of the cells, shared out by tokens."""
    tokens = sum(a.response.tokens for a in answered)
    free = sum(a.response.tokens for a in answered if a.item.cell in cells and a.item.family != "at_once")
    return seconds.get(RESPONSES, 0.0) * free / tokens if tokens else 0.0
