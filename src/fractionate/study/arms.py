"""One arm from examples to responses: train, then ask, each picked up where an earlier run left it.

`arms/<arm id>/` receives `arm.json`, `supervision.parquet` (the dataset, for any trainer), the checkpoint and
`train.jsonl` of `fractionate.training`, and `responses.parquet`. Items are asked in fixed groups, each group's
responses are kept as soon as they are complete, and the grouping never depends on what is already there: an
interrupted run ends with the same responses.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fractionate.config import BASE, StudyConfig, TransferConfig
from fractionate.models import Decoding, Engine, Prompt, choose_engine, load_model, open_engine
from fractionate.records import Item, Response, Supervision
from fractionate.storage import read_records, write_json, write_records
from fractionate.study.compile import Arm
from fractionate.study.rows import train_settings, training_of
from fractionate.training import Progress, Trained, train
from fractionate.transfer import is_looping

Watch = Callable[[float, str], None]
"""Told how far a stage is (0 to 1), with a figure worth seeing."""


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
    whole = folder / "responses.parquet"
    if whole.is_file():
        return read_records(whole, Response)
    parts = folder / "responses"
    groups = _groups(items, 2 * config.transfer.batch_rows)
    missing = [n for n in range(len(groups)) if not (parts / f"{n:04}.parquet").is_file()]
    total = len(items) * config.transfer.samples
    asked = total - config.transfer.samples * sum(len(groups[n]) for n in missing)
    if missing:
        with _engine(config, arm, folder, [item for n in missing for item in groups[n]]) as engine:
            watch(asked / total, engine.name)

            def tell(rows: int) -> None:
                nonlocal asked
                asked += rows
                watch(asked / total, engine.name)

            for number in missing:
                responses = respond(engine, groups[number], config.transfer, seed=arm.seed, on_done=tell)
                write_records(parts / f"{number:04}.parquet", Response, responses)
    found = [r for part in sorted(parts.glob("*.parquet")) for r in read_records(part, Response)]
    place = {item.id: i for i, item in enumerate(items)}
    found.sort(key=lambda r: (place[r.item], r.sample))
    write_records(whole, Response, found)
    shutil.rmtree(parts)
    return found


def _engine(config: StudyConfig, arm: Arm, folder: Path, items: Sequence[Item]) -> Engine:
    """The faster engine for these items, with the arm's student in it; `engine.json` says which and why."""
    name = config.student.model if arm.recipe == BASE else str(folder / "checkpoint")
    # Answers end long before their limits, but about half of the limits' sum is what a base model writes.
    tokens = config.transfer.samples * sum(i.max_new_tokens for i in items) // 2
    choice = choose_engine(name, tokens)
    write_json(folder / "engine.json", {"why": choice.why, "new_tokens_expected": tokens})
    return open_engine(choice, name, seed=arm.seed, rows=config.transfer.batch_rows)


def _groups(items: Sequence[Item], size: int) -> list[list[Item]]:
    """Items of similar length of prompt and of answer together; an interruption loses at most a group."""
    order = sorted(items, key=lambda i: (i.max_new_tokens, len(i.prompt), i.id))
    return [order[i : i + size] for i in range(0, len(order), size)]


def respond(
    engine: Engine,
    items: Sequence[Item],
    settings: TransferConfig,
    *,
    seed: int = 0,
    on_done: Callable[[int], None] = lambda rows: None,
) -> list[Response]:
    """Ask each item, `settings.samples` times each; a prefill is part of the prompt's tokens."""
    chat = engine.model.chat
    prompts = [
        Prompt(
            chat.prompt(i.prompt, i.history) + (chat.encode(i.prefill) if i.prefill else []),
            i.max_new_tokens,
        )
        for i in items
    ]
    asked = [
        (item, prompt, k)
        for item, prompt in zip(items, prompts, strict=True)
        for k in range(settings.samples)
    ]
    completions = engine.generate(
        [prompt for _, prompt, _ in asked], Decoding(settings.temperature, seed), on_done=on_done
    )
    return [
        Response(item.id, done.text, len(done.ids), done.stop, sample=sample, looping=is_looping(done.text))
        for (item, _, sample), done in zip(asked, completions, strict=True)
    ]
