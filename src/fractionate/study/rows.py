"""What an arm teaches for each problem, by the arm's name: a recipe, a schedule, either with the auxiliary objective.

    build_rows(config, "decision_points", seed, model, anatomies)
    build_rows(config, "internalize?from=compact", seed, model, anatomies)
    build_rows(config, "answer_only+representation", seed, model, anatomies)

The last is `answer_only` with `training.representation`: the same examples, and targets for their hidden states.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from fractionate.config import StudyConfig
from fractionate.models import Model
from fractionate.records import Anatomy, Supervision
from fractionate.supervision import Example, NotApplicable, encode, recipe
from fractionate.supervision.course import Course, EncodedCourse, is_schedule, schedule
from fractionate.supervision.targets import with_targets
from fractionate.training import Lesson, TrainSettings

WITH = "+representation"
"""Ends the name of an arm that is trained with the auxiliary objective."""
ORDERED = "@"
"""Begins the order in which a search's candidate takes its problems."""


class Row(NamedTuple):
    """One problem of an arm: the supervision it has at the end of training, and what it is trained with.

    `longest` is in tokens; `stages` are the supervisions that a schedule passes through.
    """

    supervision: Supervision
    lesson: Lesson
    longest: int
    stages: tuple[Supervision, ...] = ()


Encode = Callable[[Supervision], Example]


def arm_names(config: StudyConfig) -> list[str]:
    """The arms that are trained, in order."""
    return [*config.arms.recipes, *(f"{name}{WITH}" for name in config.training.representation.recipes)]


def build_rows(
    config: StudyConfig, name: str, seed: int, model: Model, anatomies: Sequence[Anatomy]
) -> list[Row | None]:
    """A row for each anatomy; None where the recipe has nothing for it."""
    plain = name.removesuffix(WITH)
    build = (
        partial(_staged, schedule(plain, seed))
        if is_schedule(plain)
        else partial(_plain, recipe(plain, seed))
    )
    rows: list[Row | None] = []
    for anatomy in anatomies:
        try:
            rows.append(build(anatomy, _encoder(config, name, model, anatomy)))
        except NotApplicable:
            rows.append(None)
    return rows


def training_of(config: StudyConfig, name: str) -> dict[str, Any]:
    """The part of the study's training settings that an arm depends on, its own learning rate among them."""
    beside = {"learning_rates"} if name.endswith(WITH) else {"learning_rates", "representation"}
    return config.training.model_dump(exclude=beside) | {"learning_rate": learning_rate(config, name)}


def learning_rate(config: StudyConfig, name: str) -> float:
    """The arm's own, or the study's."""
    return config.training.learning_rates.get(name, config.training.learning_rate)


def train_settings(config: StudyConfig, name: str, seed: int, epochs: float) -> TrainSettings:
    """How an arm is trained; its epochs are what the budget leaves it."""
    training, objective = config.training, config.training.representation
    return TrainSettings(
        epochs=epochs,
        learning_rate=learning_rate(config, name),
        batch_size=training.batch_size,
        micro_tokens=training.micro_tokens,
        adapter=config.student.adapter,
        lora_rank=config.student.lora_rank,
        seed=seed,
        representation=objective.weight if name.endswith(WITH) else 0.0,
        layer=objective.layer,
    )


def _plain(build: Callable[[Anatomy], Supervision], anatomy: Anatomy, encoded: Encode) -> Row:
    supervision = build(anatomy)
    example = encoded(supervision)
    return Row(supervision, example, len(example.ids))


def _staged(build: Callable[[Anatomy], Course], anatomy: Anatomy, encoded: Encode) -> Row:
    course = build(anatomy)
    lesson = EncodedCourse(course, encoded)
    # What a student cannot take in shows in the first stage or in the last: the others are parts of these.
    longest = max(len(encoded(stage).ids) for stage in (course.stages[0], course.stages[-1]))
    return Row(course.at(1.0), lesson, longest, course.stages)


def _encoder(config: StudyConfig, name: str, model: Model, anatomy: Anatomy) -> Encode:
    if not name.endswith(WITH):
        return partial(encode, model.chat)
    at = config.training.representation.at
    return lambda s: with_targets(model.chat, encode(model.chat, s), s, anatomy, at)
