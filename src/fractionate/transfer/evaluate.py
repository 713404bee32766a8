"""Evaluate one student with a suite: ask, score, follow up on what it wrote; whatever is there already stands.

suite = load_suite("transfer")
evaluation = evaluate(LocalStudent("smollm2-135m"), suite, home_of(suite), Path("runs/eval/base"))
evaluation.scores                 # one row an answer
evaluation.skipped                # {"at once": "an endpoint's response cannot be made to begin with given words"}
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from fractionate.errors import InputError
from fractionate.records import Item, Score
from fractionate.storage import read_records, write_json, write_records
from fractionate.transfer.asking import GREEDY, Sampling, Student, Watch, ask
from fractionate.transfer.findings import Findings, findings_of, first_round, own_answers, second_round
from fractionate.transfer.home import Home
from fractionate.transfer.imitation import TAUGHT
from fractionate.transfer.own import Answered
from fractionate.transfer.reading import Reading, read_weights
from fractionate.transfer.scoring import score
from fractionate.transfer.suite import Suite, fingerprint

FIRST, SECOND = 0.75, 0.2
"""The shares of the work that the two rounds of questions take; the rest is reading."""
PREFILLED = "this student's responses cannot be made to begin with given words"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one student did under one suite; `asked` is the fingerprint of the items, `seconds` those of generation.

    `scores` are of the cells; what followed on the student's own answers is in `findings`.
    """

    student: str
    suite: str
    asked: str
    scores: tuple[Score, ...]
    seconds: float
    skipped: Mapping[str, str]
    findings: Findings


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
        InputError: the folder holds the evaluation of other items.
    """
    cells, skipped = _askable(job.student, job.questions.cells)
    items = [*cells, *job.questions.beside]
    asked = fingerprint(items)
    _claim(job.folder, {"suite": job.suite.title, "asked": asked, "sampling": job.sampling._asdict()})
    write_records(job.folder / "items.parquet", Item, items)
    start = time.monotonic()
    answered = _answers(job, items, "responses.parquet", lambda s, note: watch(FIRST * s, note))
    follow_ups = _follow_ups(job, answered)
    after = _answers(
        job, follow_ups, "follow_up_responses.parquet", lambda s, note: watch(FIRST + SECOND * s, note)
    )
    seconds = _seconds(job.folder, time.monotonic() - start)
    job = replace(job, home=_asked_first(job.home, cells))
    findings = findings_of(job.suite, answered, after, job.home, _reading(job, watch))
    in_cells = {i.cell for i in cells}
    scores = [a.score for a in answered if a.item.cell in in_cells]
    write_records(job.folder / "scores.parquet", Score, scores)
    return Evaluation(job.student.name, job.suite.title, asked, tuple(scores), seconds, skipped, findings)


def _answers(job: Job, items: Sequence[Item], file: str, watch: Watch) -> list[Answered]:
    """The student's answers to the items, scored; kept in `file`."""
    if not items:
        return []
    responses = ask(job.student, items, job.folder / file, job.sampling, watch)
    scores = score(items, responses, arm=job.label, seed=job.sampling.seed)
    by_id = {item.id: item for item in items}
    return [Answered(by_id[r.item], r, s) for r, s in zip(responses, scores, strict=True)]


def _follow_ups(job: Job, answered: Sequence[Answered]) -> list[Item]:
    """What is asked on top of the student's own answers: as an earlier run has asked it, where there was one."""
    file = job.folder / "follow_ups.parquet"
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


def _claim(folder: Path, asked: Mapping[str, object]) -> None:
    """The folder is this evaluation's, or becomes it."""
    file = folder / "asked.json"
    if file.is_file() and json.loads(file.read_text(encoding="utf-8")) != asked:
        raise InputError(f"{folder}: holds an evaluation of other items; give another --out")
    write_json(file, asked)


def _asked_first(home: Home, cells: Sequence[Item]) -> Home:
    """The teacher's traces of what is asked in-format before the others: of the first ones likelihoods are read."""
    asked = [i.pair for i in cells if i.family == "in_format" and i.pair in home.anatomies]
    return replace(home, anatomies={pair: home.anatomies[pair] for pair in [*asked, *home.anatomies]})


def _seconds(folder: Path, more: float) -> float:
    """Seconds of generation over all runs; a run that found everything adds nothing."""
    file = folder / "seconds.json"
    before = float(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else 0.0
    if more < 1.0 and before:
        return before
    write_json(file, before + more)
    return before + more
