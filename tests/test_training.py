"""Training learns, reports what it costs, resumes exactly, and leaves checkpoints that load."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
import torch
from conftest import make_anatomy

from fractionate.models import Prompt, generate, load_model
from fractionate.models.attention import PackAttention
from fractionate.models.packing import PrefixTree
from fractionate.supervision import Example, encode, recipe
from fractionate.training import Progress, TrainSettings, train
from fractionate.training.batches import micro_batches, updates
from fractionate.training.loop import adamw


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
    assert sum(rows[0]["gradient_shares"].values()) == pytest.approx(1)
    assert set(result.gradient_shares) == set(rows[0]["gradient_shares"]) == set(rows[0]["loss_shares"])
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


def losses_of(folder: Path) -> list[float]:
    return [json.loads(line)["loss"] for line in (folder / "train.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("adapter", ["none", "lora"])
def test_where_memory_is_short_activations_are_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, adapter: Literal["none", "lora"]
) -> None:
    settings = TrainSettings(learning_rate=1e-2, batch_size=8, micro_tokens=300, adapter=adapter)
    train(load_model("scratch:tiny"), examples(), settings, tmp_path / "kept")
    monkeypatch.setattr("fractionate.training.fit.available_bytes", lambda device: 0)
    repeated = []
    forward = PackAttention.__call__
    monkeypatch.setattr(PackAttention, "__call__", lambda *a: repeated.append(1) or forward(*a))
    train(load_model("scratch:tiny"), examples(), settings, tmp_path / "again")
    assert losses_of(tmp_path / "again") == pytest.approx(losses_of(tmp_path / "kept"), rel=1e-4)
    packs = sum(len(list(micro_batches(u, 300))) for u in updates(examples(), epochs=1, batch_size=8, seed=0))
    assert len(repeated) == 2 * 2 * packs, "two layers, forwards and again"


@pytest.mark.skipif(shutil.which("c++") is None, reason="needs a C++ compiler")
def test_compiled_layers_learn_the_same(tmp_path: Path) -> None:
    """Enough work pays for compiling; the losses differ by rounding alone."""
    settings = TrainSettings(learning_rate=1e-3, batch_size=8)
    for name, flops in (("plain", 0.0), ("compiled", 1e20)):
        train(load_model("scratch:tiny"), examples(), settings, tmp_path / name, flops=flops)
    assert losses_of(tmp_path / "compiled") == pytest.approx(losses_of(tmp_path / "plain"), rel=2e-3)


def test_gradients_are_clipped_by_the_optimizer() -> None:
    """An update with a norm of 5 is the one that a fifth of its gradients makes."""
    weights = [torch.randn(7, 3), torch.randn(5)]
    grads = [torch.randn(7, 3), torch.randn(5)]
    norm = torch.nn.utils.get_total_norm(grads)
    steps = []
    for scale, divisor in ((5 / norm, 5.0), (1 / norm, 1.0)):
        trained = [torch.nn.Parameter(w.clone()) for w in weights]
        optimizer = adamw(trained, 0.1)
        for parameter, grad in zip(trained, grads, strict=True):
            parameter.grad = grad * scale
        optimizer.grad_scale = torch.tensor(divisor)
        optimizer.step()
        steps.append(optimizer.state[trained[0]]["exp_avg"])
    torch.testing.assert_close(steps[0], steps[1])


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
