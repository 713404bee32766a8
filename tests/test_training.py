"""Training learns, reports what it costs, resumes exactly, and leaves checkpoints that load."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from conftest import make_anatomy

from fractionate.models import Prompt, generate, load_model
from fractionate.models.packing import PrefixTree
from fractionate.supervision import Example, encode, recipe
from fractionate.training import Progress, TrainSettings, train
from fractionate.training.batches import micro_batches, updates


def examples(count: int = 24) -> list[Example]:
    chat = load_model("scratch:tiny").chat
    return [encode(chat, recipe("full")(make_anatomy(n))) for n in range(2, 2 + count)]


def test_training_learns_and_counts_its_costs(tmp_path: Path) -> None:
    data = examples()
    settings = TrainSettings(epochs=8, learning_rate=1e-2, batch_size=8, micro_tokens=300)
    result = train(load_model("scratch:tiny"), data, settings, tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "train.jsonl").read_text().splitlines()]
    assert rows[-1]["loss"] < 0.5 * rows[0]["loss"]
    assert result.updates == len(rows) == 24
    assert result.tokens == 8 * sum(len(e.ids) for e in data)
    assert result.supervised_tokens == 8 * sum(e.supervised for e in data)
    assert sum(rows[0]["loss_shares"].values()) == pytest.approx(1)
    assert {"structure", "language", "decomposition", "answer"} <= set(rows[0]["loss_by_role"])


class Killed(Exception):  # noqa: N818
    """Stands for the process dying."""


def test_an_interrupted_run_ends_with_the_same_weights(tmp_path: Path) -> None:
    data = examples()
    settings = TrainSettings(epochs=2, learning_rate=1e-3, batch_size=8, save_every_seconds=0)
    train(load_model("scratch:tiny"), data, settings, tmp_path / "whole")

    def die(progress: Progress) -> None:
        if progress.done == 4:
            raise Killed

    with pytest.raises(Killed):
        train(load_model("scratch:tiny"), data, settings, tmp_path / "cut", die)
    seen: list[int] = []
    train(load_model("scratch:tiny"), data, settings, tmp_path / "cut", lambda p: seen.append(p.done))
    assert seen[0] == 4, "updates before the last saved state are not trained again"
    whole, cut = (load_model(str(tmp_path / n / "checkpoint")).network.state_dict() for n in ("whole", "cut"))
    assert all(torch.equal(whole[name], cut[name]) for name in whole)


def test_lora_leaves_an_adapter_and_merged_weights(tmp_path: Path) -> None:
    settings = TrainSettings(learning_rate=1e-2, adapter="lora", lora_rank=4)
    train(load_model("scratch:tiny"), examples(8), settings, tmp_path)
    assert (tmp_path / "adapter" / "adapter_model.safetensors").is_file()
    merged = load_model(str(tmp_path / "checkpoint"))
    fresh = load_model("scratch:tiny")
    changed = [
        not torch.allclose(a, b, atol=1e-3)
        for a, b in zip(merged.network.parameters(), fresh.network.parameters(), strict=True)
    ]
    assert any(changed)
    assert generate(merged, [Prompt(merged.chat.prompt("hi"), 4)])[0].stop in ("end", "length")


def test_batches_hold_every_example_once_an_epoch_within_the_token_bound() -> None:
    data = examples(20)
    plan = updates(data, epochs=2, batch_size=6, seed=3)
    for epoch in (plan[: len(plan) // 2], plan[len(plan) // 2 :]):
        assert sorted(e.trace_id for u in epoch for e in u) == sorted(e.trace_id for e in data)
    groups = list(micro_batches(data, 400))
    assert sorted(e.trace_id for g in groups for e in g) == sorted(e.trace_id for e in data)
    for group in groups:
        assert len(group) == 1 or len(PrefixTree([e.ids for e in group]).ids) <= 400


def test_targets_of_one_problem_share_an_update() -> None:
    chat = load_model("scratch:tiny").chat
    names = ("full", "compact", "answer_only")
    data = [encode(chat, recipe(name)(make_anatomy(n))) for name in names for n in range(2, 8)]
    for update in updates(data, epochs=1, batch_size=3, seed=0):
        assert len({e.prompt for e in update}) == 1


SHARED_RUN = """
import sys
from pathlib import Path
from test_training import examples
from fractionate.models import load_model
from fractionate.training import TrainSettings, train

settings = TrainSettings(learning_rate=1e-3, batch_size=5, micro_tokens=200)
train(load_model("scratch:tiny"), examples(12), settings, Path(sys.argv[1]))
"""


def test_two_processes_train_the_same_student_as_one(tmp_path: Path) -> None:
    script = tmp_path / "shared_run.py"
    script.write_text(SHARED_RUN)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent), "OMP_NUM_THREADS": "1"}
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    for command, folder in (([sys.executable], "one"), (torchrun, "two")):
        done = subprocess.run(
            [*command, str(script), str(tmp_path / folder)], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    rows = [
        [json.loads(line) for line in (tmp_path / folder / "train.jsonl").read_text().splitlines()]
        for folder in ("one", "two")
    ]
    for one, two in zip(*rows, strict=True):
        assert two["loss"] == pytest.approx(one["loss"], rel=1e-3)
        assert two["gradient_norm"] == pytest.approx(one["gradient_norm"], rel=1e-2)
