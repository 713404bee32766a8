"""Adaptability: how well a student takes up a family never seen, from 16 and from 64 examples with answers only.

    scores = adapt("runs/x/checkpoint", FAMILIES[0], folder, arm="compact")     # trains, asks; a Score an answer
    base = adapt("smollm2-135m", FAMILIES[0], base_folder, arm="base")
    adaptability(scores, base).overall[0]
    # Point(shots=16, accuracy=Interval(0.31, …), base=Interval(0.22, …), difference=Interval(0.09, …), n=100)

Each number of examples and each seed is a run of its own from the student as it came, by the project's trainer, on
the recipe `answer_only`. All runs of a family are asked the same items, which no run is trained on. Families are
generated ones: an adapted student has seen answers of its family, so nothing that is measured elsewhere may be one.
"""

import hashlib
import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from fractionate.checking import same_answer
from fractionate.errors import InputError
from fractionate.models import Model, identity, load_model, release_memory
from fractionate.records import Anatomy, Item, Response, Score, Span, Trace
from fractionate.storage import read_records
from fractionate.supervision import Example, encode, recipe
from fractionate.training import TrainSettings, train
from fractionate.transfer.asking import LocalStudent, Sampling, ask
from fractionate.transfer.benchmarks import Problem, load_benchmark
from fractionate.transfer.scoring import score
from fractionate.transfer.statistics import Interval, estimates

FAMILY = "adaptability"
"""The family of the cells that are asked here."""
FAMILIES = (
    "gym:family_relationships?min_family_size=4&max_family_size=6&seed=9100",
    "gym:needle_haystack?min_num_statements=3&max_num_statements=5&seed=9200",
)
"""Families on which a small student moves: after 16 and 64 examples, the untouched SmolLM2-135M is right on 37% and 48%
of the first and on 43% and 62% of the second (60 questions, one seed), where saying the commonest answer scores 22% and
0%."""
POOL = 4
"""Examples are drawn from this many times the largest number of shots."""


@dataclass(frozen=True, slots=True)
class AdaptSettings:
    """What is trained and asked: a run for each number of shots and each seed, `items` questions after each.

    The learning rate and the epochs are the same for every student: how well one adapts is not a matter of tuning.
    """

    shots: tuple[int, ...] = (16, 64)
    seeds: tuple[int, ...] = (0,)
    items: int = 100
    epochs: float = 4.0
    learning_rate: float = 1e-4
    batch_size: int = 8
    max_new_tokens: int = 64


class Run(NamedTuple):
    """One fine-tuning: how many examples, and which seed draws them."""

    shots: int
    seed: int


class Task(NamedTuple):
    """A family's problems: those that are asked, and those that examples are drawn from."""

    family: str
    asked: Sequence[Problem]
    pool: Sequence[Problem]

    def shown(self, run: Run) -> list[Problem]:
        """The examples of a run; more shots of one seed hold those of fewer."""
        return random.Random(f"{self.family}/{run.seed}").sample(self.pool, len(self.pool))[: run.shots]

    def items(self, run: Run, settings: AdaptSettings) -> list[Item]:
        """What is asked after a run: the same problems for every run, in a cell of its own."""
        cell = cell_of(self.family, run.shots)
        return [
            Item(
                f"{cell}/{p.id}", cell, FAMILY, p.text, p.gold, p.checker,
                cluster=p.id, pair=p.id, max_new_tokens=settings.max_new_tokens,
            )
            for p in self.asked
        ]  # fmt: skip


def cell_of(family: str, shots: int) -> str:
    """The name of a cell: "gym:syllogism?seed=9000 after 16"."""
    return f"{family} after {shots}"


@cache
def task(family: str, settings: AdaptSettings) -> Task:
    """The problems of a generated family, asked and shown ones disjoint.

    Raises:
        InputError: it is no generated family, or has too few different problems.
    """
    if not family.startswith("gym:"):
        raise InputError(f"{family}: students are trained on this family, so give a generated one (gym:…)")
    wanted = settings.items + POOL * max(settings.shots)
    problems = load_benchmark(family, limit=wanted)
    least = settings.items + max(settings.shots)
    if len(problems) < least:
        raise InputError(f"{family}: only {len(problems)} different problems, {least} are needed")
    return Task(family, problems[: settings.items], problems[settings.items :])


def adapt(
    name: str,
    family: str,
    folder: Path,
    settings: AdaptSettings = AdaptSettings(),
    *,
    arm: str,
    on_run: Callable[[Run], None] = lambda run: None,
) -> list[Score]:
    """The scores of the model `name` after each run on `family`; what is in `folder` is not done again.

    Runs of several models stand side by side there. `on_run` is told of each run before it begins. Checkpoints are
    deleted when their answers are there.

    Raises:
        InputError: the model cannot be loaded, or the family cannot be adapted to.
    """
    found, model = task(family, settings), identity(name)
    scores: list[Score] = []
    for run in [Run(shots, seed) for shots in settings.shots for seed in settings.seeds]:
        file = folder / _key(model, family, run, settings) / "responses.parquet"
        if not file.is_file():
            on_run(run)
            _train(name, found.shown(run), run, settings, file.parent)
            ask(LocalStudent(str(file.parent / "checkpoint")), found.items(run, settings), file, Sampling())
            shutil.rmtree(file.parent / "checkpoint", ignore_errors=True)
        items = found.items(run, settings)
        scores += score(items, read_records(file, Response), arm=arm, seed=run.seed)
    return scores


def _key(model: str, family: str, run: Run, settings: AdaptSettings) -> str:
    """The folder of a run: readable, and different for whatever would end differently; `model` is its identity."""
    fixed = asdict(settings) | {"shots": None, "seeds": None, "pool": max(settings.shots)}
    digest = hashlib.sha256(repr((model, family, run, sorted(fixed.items()))).encode()).hexdigest()[:12]
    return f"{family.partition('?')[0].replace(':', '-')}-{run.shots}-{run.seed}-{digest}"


def _train(name: str, shown: Sequence[Problem], run: Run, settings: AdaptSettings, folder: Path) -> None:
    """The checkpoint of the model after these examples."""
    model = load_model(name)
    how = TrainSettings(
        settings.epochs, settings.learning_rate, settings.batch_size, warmup=0.1, seed=run.seed
    )
    train(model, [answer_only(model, p) for p in shown], how, folder)
    del model
    release_memory()


def answer_only(model: Model, problem: Problem) -> Example:
    """A problem with its answer and nothing between them, in the student's tokens."""
    trace = Trace(problem.id, problem.text, "", Span(0, 0), answer=problem.gold, history=problem.history)
    return encode(model.chat, recipe("answer_only")(Anatomy(trace, (), (), ())))


class Point(NamedTuple):
    """After so many examples: the student, the base, and the student minus the base, items and seeds paired.

    `n` counts the student's checked answers.
    """

    shots: int
    accuracy: Interval
    base: Interval
    difference: Interval
    n: int


@dataclass(frozen=True, slots=True)
class Adaptability:
    """`overall` has a point for each number of examples, families equal; `families` the same for each family."""

    overall: tuple[Point, ...]
    families: dict[str, tuple[Point, ...]]


def adaptability(student: Sequence[Score], base: Sequence[Score]) -> Adaptability:
    """What `adapt` found of a student beside what it found of the base, any number of families together.

    Raises:
        InputError: the two were asked different cells, or none.
    """
    asked = {group: {s.cell for s in scores} for group, scores in (("student", student), ("base", base))}
    if not student or asked["student"] != asked["base"]:
        raise InputError(
            "adaptability: student and base were not asked the same cells; adapt both to each family"
        )
    # Neither is called "base", which an estimate takes for a student that no seed has trained.
    scores = _called(student, "student") + _called(base, "adapted base")
    cells = dict.fromkeys(_parts(s.cell) for s in student)
    shots = sorted({count for _, count in cells})
    names = dict.fromkeys(family for family, _ in cells)

    def points(families: Sequence[str]) -> tuple[Point, ...]:
        return tuple(
            _point(count, [s for s in scores if s.cell in wanted])
            for count in shots
            if (wanted := {cell_of(family, count) for family in families} & asked["base"])
        )

    return Adaptability(points(list(names)), {name: points([name]) for name in names})


def _parts(cell: str) -> tuple[str, int]:
    """Family and number of shots: what `cell_of` was made of."""
    family, _, shots = cell.rpartition(" after ")
    return family, int(shots)


def _point(shots: int, scores: Sequence[Score]) -> Point:
    found = estimates(scores, reference="adapted base", families=(FAMILY,))
    own, base = found["student"], found["adapted base"]
    assert own.difference is not None, "the student is not the reference"
    n = sum(cell.n for cell in own.cells.values())
    return Point(shots, own.transfer, base.transfer, own.difference, n)


def _called(scores: Sequence[Score], arm: str) -> list[Score]:
    return [replace(score, arm=arm) for score in scores]


def commonest(family: str, settings: AdaptSettings = AdaptSettings()) -> dict[int, float]:
    """What always saying the shown examples' commonest answer scores, by number of examples: a trivial baseline."""
    found = task(family, settings)
    scored: dict[int, float] = {}
    for shots in settings.shots:
        guesses = [
            Counter(p.gold for p in found.shown(Run(shots, seed))).most_common(1)[0][0]
            for seed in settings.seeds
        ]
        scored[shots] = fmean(
            same_answer(p.gold, guess, p.checker).same is True for guess in guesses for p in found.asked
        )
    return scored
