"""One arm from examples to responses: train, then examine, each picked up where an earlier run left it.

`arms/<arm id>/` receives `arm.json`, `supervision.parquet` (the dataset, for any trainer), the checkpoint and
`train.jsonl` of `fractionate.training`, and `responses.parquet`.
"""

from pathlib import Path
from typing import Any

from fractionate.config import BASE, StudyConfig, TransferConfig
from fractionate.models import load_model
from fractionate.records import Supervision
from fractionate.storage import to_json, write_json, write_records, write_text
from fractionate.study.asked import suite_of
from fractionate.study.compile import Arm
from fractionate.study.rows import WITH, train_settings, training_of
from fractionate.training import Progress, Trained, train
from fractionate.transfer.asking import LocalStudent, Sampling, Watch
from fractionate.transfer.evaluate import Evaluation, Job, Questions, evaluate
from fractionate.transfer.home import Home
from fractionate.transfer.imitation import TAUGHT

FINDINGS, DATASET = "findings.json", "supervision.parquet"
"""Of an arm: what stands behind its answers, and what it was taught."""


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
    write_records(folder / DATASET, Supervision, arm.supervisions)
    if arm.stages:
        write_records(folder / "stages.parquet", Supervision, arm.stages)


def examine_arm(
    config: StudyConfig, arm: Arm, folder: Path, questions: Questions, home: Home, watch: Watch
) -> Evaluation:
    """The arm's answers to everything the study asks, and what they say; complete groups of an earlier run are kept."""
    name = config.student.model if arm.recipe == BASE else str(folder / "checkpoint")
    job = Job(
        LocalStudent(name, seed=arm.seed, folder=folder), suite_of(config), home, questions, folder,
        label=arm.recipe, sampling=sampling_of(config.transfer, arm.seed), weights=name,
        base=config.student.model, recipe=arm.recipe.removesuffix(WITH) if arm.examples else TAUGHT,
    )  # fmt: skip
    found = evaluate(job, watch)
    write_text(folder / FINDINGS, to_json(found.findings))
    return found


def sampling_of(settings: TransferConfig, seed: int) -> Sampling:
    """How the study asks."""
    return Sampling(settings.samples, settings.temperature, seed, settings.batch_rows)
