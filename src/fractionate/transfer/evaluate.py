"""Evaluate one student with a suite: ask, score, follow up on what it wrote; whatever is there already stands.

suite = load_suite("transfer")
evaluation = evaluate(LocalStudent("smollm2-135m"), suite, home_of(suite), Path("runs/eval/base"))
evaluation.scores                 # one row an answer
evaluation.skipped                # {"at once": "an endpoint's response cannot be made to begin with given words"}
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fractionate.errors import InputError
from fractionate.records import Anatomy, Item, Score
from fractionate.storage import read_records, write_json, write_records
from fractionate.transfer.asking import Sampling, Student, Watch, ask
from fractionate.transfer.benchmarks import Problem, load_benchmark
from fractionate.transfer.scoring import score
from fractionate.transfer.suite import SPARE, Suite, fingerprint
from fractionate.transfer.world import problem_of, world_anatomies

PREFILLED = "this student's responses cannot be made to begin with given words"


@dataclass(frozen=True, slots=True)
class Home:
    """Problems that look like the training data; where known, the teacher's traces of them taken apart, by problem.

    `seen` are the texts of training problems: no cell asks them.
    """

    problems: tuple[Problem, ...]
    anatomies: Mapping[str, Anatomy] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one student did under one suite; `asked` is the fingerprint of the items, `seconds` those of generation."""

    student: str
    suite: str
    asked: str
    scores: tuple[Score, ...]
    seconds: float
    skipped: Mapping[str, str]


def home_of(suite: Suite) -> Home:
    """The home problems that the suite itself names.

    Raises:
        InputError: it names none.
    """
    if suite.home is None:
        raise InputError(
            f"suite {suite.title} has no home problems of its own; evaluate a study's folder, or name some with --home"
        )
    wanted = SPARE * suite.home_items
    if suite.home.startswith("world:"):
        anatomies = world_anatomies(suite.home.removeprefix("world:"), wanted)
        problems = tuple(map(problem_of, anatomies))
        return Home(problems, {p.id: a for p, a in zip(problems, anatomies, strict=True)})
    return Home(tuple(load_benchmark(suite.home)))


def evaluate(
    student: Student,
    suite: Suite,
    home: Home,
    folder: Path,
    *,
    label: str = "student",
    sampling: Sampling = Sampling(),
    seed: int = 0,
    watch: Watch = lambda share, note: None,
) -> Evaluation:
    """Ask all of the suite's cells; `seed` draws the items, so it is the same for students that are compared.

    Raises:
        InputError: the folder holds the evaluation of other items.
    """
    items, skipped = _askable(student, suite.items(home.problems, seed=seed, seen=home.seen))
    asked = fingerprint(items)
    _claim(folder, {"suite": suite.title, "asked": asked, "sampling": sampling._asdict()})
    write_records(folder / "items.parquet", Item, items)
    start = time.monotonic()
    responses = ask(student, items, folder / "responses.parquet", sampling, watch)
    seconds = _seconds(folder, time.monotonic() - start)
    scores = score(items, responses, arm=label, seed=sampling.seed)
    write_records(folder / "scores.parquet", Score, scores)
    return Evaluation(student.name, suite.title, asked, tuple(scores), seconds, skipped)


def read_scores(folder: Path) -> list[Score]:
    """The scores of a finished evaluation."""
    return read_records(folder / "scores.parquet", Score)


def _askable(student: Student, items: Sequence[Item]) -> tuple[list[Item], dict[str, str]]:
    """The items that this student can be asked, and why cells are left out."""
    if student.prefills:
        return list(items), {}
    return [i for i in items if not i.prefill], {i.cell: PREFILLED for i in items if i.prefill}


def _claim(folder: Path, asked: Mapping[str, object]) -> None:
    """The folder is this evaluation's, or becomes it."""
    file = folder / "evaluation.json"
    if file.is_file() and json.loads(file.read_text(encoding="utf-8")) != asked:
        raise InputError(f"{folder}: holds an evaluation of other items; give another --out")
    write_json(file, asked)


def _seconds(folder: Path, more: float) -> float:
    """Seconds of generation over all runs; a run that found everything adds nothing."""
    file = folder / "seconds.json"
    before = float(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else 0.0
    if more < 1.0 and before:
        return before
    write_json(file, before + more)
    return before + more
