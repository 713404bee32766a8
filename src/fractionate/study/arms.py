"""One arm from examples to responses: train, then ask, each picked up where an earlier run left it.

`arms/<arm id>/` receives `arm.json`, `supervision.parquet` (the dataset, for any trainer), the checkpoint and
`train.jsonl` of `fractionate.training`, and `responses.parquet`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fractionate.config import BASE, StudyConfig, TransferConfig
from fractionate.models import load_model
from fractionate.records import Item, Response, Supervision
from fractionate.storage import write_json, write_records
from fractionate.study.compile import Arm
from fractionate.study.rows import train_settings, training_of
from fractionate.training import Progress, Trained, train
from fractionate.transfer.asking import LocalStudent, Sampling, Watch, ask


def train_arm(config: StudyConfig, arm: Arm, folder: Path, watch: Watch, flops: float) -> Trained:
    """Train the arm's student from the study's model; does nothing if the arm is trained.

    `flops` is the training of all arms, which share what is compiled.
    """
    settings = train_settings(config, arm.recipe, arm.seed, arm.cost.epochs)
    write_arm(config, arm, folder)
    model = load_model(config.student.model, seed=arm.seed)

    def tell(progress: Progress) -> None:
        watch(progress.done / progress.total, f"loss {progress.loss:.3f}")

    return train(model, arm.examples, settings, folder, tell, flops=flops)


def write_arm(config: StudyConfig, arm: Arm, folder: Path) -> None:
    """`arm.json` and the arm's dataset; under a schedule also all the stages of its examples."""
    about: dict[str, Any] = {
        "id": arm.id,
        "recipe": arm.recipe,
        "seed": arm.seed,
        "student": config.student.model_dump(),
        "training": training_of(config, arm.recipe),
        "budget": {"held_equal": config.arms.budget, **arm.cost._asdict()},
    }
    write_json(folder / "arm.json", about)
    write_records(folder / "supervision.parquet", Supervision, arm.supervisions)
    if arm.stages:
        write_records(folder / "stages.parquet", Supervision, arm.stages)


def ask_arm(
    config: StudyConfig, arm: Arm, folder: Path, items: Sequence[Item], watch: Watch
) -> list[Response]:
    """The arm's responses to all items, in their order; complete groups of an earlier run are kept."""
    name = config.student.model if arm.recipe == BASE else str(folder / "checkpoint")
    student = LocalStudent(name, seed=arm.seed, folder=folder)
    return ask(student, items, folder / "responses.parquet", sampling_of(config.transfer, arm.seed), watch)


def sampling_of(settings: TransferConfig, seed: int) -> Sampling:
    """How the study asks."""
    return Sampling(settings.samples, settings.temperature, seed, settings.batch_rows)
