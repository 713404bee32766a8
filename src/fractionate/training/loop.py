"""Train a student on encoded supervision; one loop for CPU and GPU, full weights or LoRA.

    train(model, examples, TrainSettings(epochs=1), folder)   # → Trained(steps, tokens, supervised, flops, …)

Float32 weights with bfloat16 autocast; AdamW with linear warm-up and decay; the loss is the weighted mean over an
update's supervised tokens. The folder receives `train.jsonl` (one row an update), `checkpoint/` (safetensors,
loads in transformers and vLLM) and for LoRA also `adapter/`. An interrupted run goes on from its last saved state
and ends with the same weights.
"""

import json
import math
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch

from fractionate.errors import WorkError
from fractionate.models.attention import own_attention
from fractionate.models.load import Model
from fractionate.records import Role
from fractionate.storage import write_json, written_whole
from fractionate.supervision.encode import ANSWER, Example
from fractionate.training.batches import micro_batches, updates
from fractionate.training.fit import compiled, recomputed
from fractionate.training.lean import lean_layers
from fractionate.training.loss import weighted_loss
from fractionate.training.pack import pack_examples
from fractionate.training.processes import Processes

ROLES = (*(role.value for role in Role), ANSWER)


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How a student is trained. `batch_size` counts examples an update, `micro_tokens` tokens in memory at once."""

    epochs: int = 1
    learning_rate: float = 2e-4
    batch_size: int = 16
    micro_tokens: int = 2048
    warmup: float = 0.05
    adapter: Literal["none", "lora"] = "none"
    lora_rank: int = 16
    save_every_seconds: float = 180.0
    seed: int = 0


class Progress(NamedTuple):
    """Where a run is: updates done, of how many, and the last loss."""

    done: int
    total: int
    loss: float


class Run(NamedTuple):
    """What an update works on."""

    network: Any
    optimizer: Any
    schedule: Any
    settings: TrainSettings
    device: torch.device
    processes: Processes


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run cost and where it ended: loss over the last tenth of its updates, and each role's share of it."""

    updates: int
    tokens: int
    supervised_tokens: int
    flops: float
    seconds: float
    final_loss: float
    loss_shares: dict[str, float]


def train(
    model: Model,
    examples: Sequence[Example],
    settings: TrainSettings,
    folder: Path,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    *,
    flops: float | None = None,
) -> Trained:
    """Train `model` in place and write its checkpoint under `folder`; does nothing if that is already there.

    `flops` is the work of all runs of this process that train students of this family, which share the compiling; by
    default it is that of this run.
    """
    done = folder / "trained.json"
    if done.is_file():
        return Trained(**json.loads(done.read_text()))
    assert all(e.supervised for e in examples), "an example without loss would train nothing"
    torch.manual_seed(settings.seed)
    network = _with_adapter(model.network, settings)
    plan = updates(examples, epochs=settings.epochs, batch_size=settings.batch_size, seed=settings.seed)
    optimizer, schedule = _optimizer(network, settings, len(plan))
    run = Run(network, optimizer, schedule, settings, model.device, Processes())
    rows = _restore(folder, run)
    network.train()
    saved = time.monotonic()
    work = training_flops(model, examples, settings.epochs) if flops is None else flops
    with (
        own_attention(network),
        lean_layers(network),
        recomputed(network, _most_tokens(plan, settings)),
        compiled(network, work),
    ):
        for update in plan[len(rows) :]:
            rows.append(one_update(run, update, len(rows)))
            on_progress(Progress(len(rows), len(plan), rows[-1]["loss"]))
            if time.monotonic() - saved > settings.save_every_seconds and len(rows) < len(plan):
                _save_state(folder, run, rows)
                saved = time.monotonic()
    network.eval()
    result = _sum_up(rows, model)
    if run.processes.main:
        _write_rows(folder, rows)
        _save_checkpoint(folder, network, model.tokenizer, settings)
        write_json(done, asdict(result))
        (folder / "state.pt").unlink(missing_ok=True)
    run.processes.wait()
    return result


def training_flops(model: Model, examples: Sequence[Example], epochs: int) -> float:
    """6 × parameters × tokens (Kaplan et al. 2020, arXiv 2001.08361); the output layer only where there is loss."""
    body, head = model.sizes()
    return epochs * sum(_flops(body, head, len(e.ids), e.supervised) for e in examples)


def _flops(body: int, head: int, tokens: int, supervised: int) -> float:
    return 6.0 * (body * tokens + head * supervised)


def _most_tokens(plan: Sequence[Sequence[Example]], settings: TrainSettings) -> int:
    """The flat tokens of the largest micro-batch, at most."""
    longest = max(len(e.ids) for update in plan for e in update)
    together = max(sum(len(e.ids) for e in update) for update in plan)
    return max(longest, min(together, settings.micro_tokens))


def _with_adapter(network: Any, settings: TrainSettings) -> Any:
    if settings.adapter == "none":
        return network
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=settings.lora_rank,
        lora_alpha=2 * settings.lora_rank,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    return get_peft_model(network, config)


def _optimizer(network: Any, settings: TrainSettings, steps: int) -> tuple[Any, Any]:
    trained = [p for p in network.parameters() if p.requires_grad]
    optimizer = adamw(trained, settings.learning_rate)
    warmup = max(1, round(settings.warmup * steps))

    def scale(step: int) -> float:
        return min((step + 1) / warmup, (steps - step) / max(1, steps - warmup), 1.0)

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, scale)


def adamw(trained: Sequence[torch.Tensor], learning_rate: float) -> torch.optim.AdamW:
    """AdamW, its moments allocated at once.

    Made in the first step instead, they would lie scattered among the activations that it frees, and the next step's
    activations would no longer find room between them (0.2 GB of a small student).
    """
    optimizer = torch.optim.AdamW(trained, lr=learning_rate, weight_decay=0.0, fused=True)
    for parameter in trained:
        optimizer.state[parameter] = {
            "step": torch.zeros((), dtype=torch.float32, device=parameter.device),
            "exp_avg": torch.zeros_like(parameter),
            "exp_avg_sq": torch.zeros_like(parameter),
        }
    return optimizer


def one_update(run: Run, update: list[Example], number: int) -> dict[str, Any]:
    """One optimizer step; returns its row of `train.jsonl`."""
    start = time.monotonic()
    # Its own seed for each update: dropout is the same whether or not the run was interrupted.
    torch.manual_seed(run.settings.seed * 1_000_003 + number)
    weight = sum(sum(e.weights) for e in update)
    trained = [p for p in run.network.parameters() if p.requires_grad]
    by_role, weight_by_role = _gradients(run, update, weight, trained)
    norm = torch.nn.utils.get_total_norm([p.grad for p in trained if p.grad is not None])
    # Clipped to a norm of 1 by the optimizer's kernel, which divides gradients by this as it reads them.
    run.optimizer.grad_scale = norm.clamp(min=1.0)
    rate = run.schedule.get_last_lr()[0]
    run.optimizer.step()
    run.schedule.step()
    _clear_gradients(run.network, trained)
    seconds = time.monotonic() - start
    tokens = sum(len(e.ids) for e in update)
    total = float(by_role.sum())
    if not math.isfinite(total):
        raise WorkError("the loss is no longer a finite number; lower training.learning_rate")
    learned = [i for i in range(len(ROLES)) if weight_by_role[i] > 0]
    return {
        "loss": total / weight,
        "learning_rate": rate,
        "gradient_norm": float(norm),
        "tokens": tokens,
        "supervised_tokens": sum(e.supervised for e in update),
        "seconds": seconds,
        "tokens_per_second": tokens / seconds,
        "loss_by_role": {ROLES[i]: float(by_role[i] / weight_by_role[i]) for i in learned},
        "loss_shares": {ROLES[i]: float(by_role[i]) / max(total, 1e-9) for i in learned},
    }


def _clear_gradients(network: Any, trained: list[torch.Tensor]) -> None:
    """Free them, except those of the tables of words, which are large and added to in place."""
    tables = [network.get_input_embeddings().weight, network.get_output_embeddings().weight]
    for parameter in trained:
        if any(parameter is table for table in tables) and parameter.grad is not None:
            parameter.grad.zero_()
        else:
            parameter.grad = None


def _gradients(
    run: Run, update: list[Example], weight: float, trained: list[torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Give the parameters the update's gradients; returns each role's sum of losses and of weights."""
    by_role = torch.zeros(len(ROLES), device=run.device)
    weight_by_role = torch.zeros(len(ROLES), device=run.device)
    kind = run.device.type
    # One autocast for all micro-batches: the weights are cast once.
    with torch.autocast(kind, torch.bfloat16):
        for group in run.processes.share(list(micro_batches(update, run.settings.micro_tokens))):
            pack = pack_examples(group, ROLES, run.device)
            losses = weighted_loss(run.network, pack, len(ROLES), 1 / weight)
            with torch.autocast(kind, enabled=False):
                losses.total.backward()  # type: ignore[no-untyped-call]
            by_role += losses.by_role
            weight_by_role += losses.weight_by_role
    run.processes.add_up(trained, [by_role, weight_by_role])
    return by_role, weight_by_role


def _sum_up(rows: list[dict[str, Any]], model: Model) -> Trained:
    body, head = model.sizes()
    tokens = sum(r["tokens"] for r in rows)
    supervised = sum(r["supervised_tokens"] for r in rows)
    last = rows[-max(1, len(rows) // 10) :]
    total = sum(r["loss"] * r["supervised_tokens"] for r in rows)
    spent = {
        role: sum(r["loss"] * r["supervised_tokens"] * r["loss_shares"].get(role, 0.0) for r in rows)
        for role in ROLES
    }
    return Trained(
        updates=len(rows),
        tokens=tokens,
        supervised_tokens=supervised,
        flops=_flops(body, head, tokens, supervised),
        seconds=sum(r["seconds"] for r in rows),
        final_loss=sum(r["loss"] for r in last) / len(last),
        loss_shares={role: s / max(total, 1e-9) for role, s in spent.items() if s > 0},
    )


def _write_rows(folder: Path, rows: list[dict[str, Any]]) -> None:
    with written_whole(folder / "train.jsonl") as beside:
        lines = (json.dumps({"update": i + 1} | row) + "\n" for i, row in enumerate(rows))
        beside.write_text("".join(lines), encoding="utf-8")


def _save_state(folder: Path, run: Run, rows: list[dict[str, Any]]) -> None:
    if not run.processes.main:
        return
    trained = {n: p.detach() for n, p in run.network.named_parameters() if p.requires_grad}
    state = {
        "weights": trained,
        "optimizer": run.optimizer.state_dict(),
        "schedule": run.schedule.state_dict(),
        "rows": rows,
    }
    with written_whole(folder / "state.pt") as beside:
        torch.save(state, beside)
    _write_rows(folder, rows)


def _restore(folder: Path, run: Run) -> list[dict[str, Any]]:
    """Put a saved state back; returns the rows of the updates that it contains."""
    path = folder / "state.pt"
    if not path.is_file():
        return []
    state = torch.load(path, map_location="cpu", weights_only=True)
    run.network.load_state_dict(state["weights"], strict=False)
    run.optimizer.load_state_dict(state["optimizer"])
    run.schedule.load_state_dict(state["schedule"])
    rows: list[dict[str, Any]] = state["rows"]
    return rows


def _save_checkpoint(folder: Path, network: Any, tokenizer: Any, settings: TrainSettings) -> None:
    """bfloat16 safetensors: what evaluation, transformers and vLLM load."""
    if settings.adapter == "lora":
        network.save_pretrained(folder / "adapter")
        network = network.merge_and_unload()
    beside = folder / ".checkpoint.part"
    shutil.rmtree(beside, ignore_errors=True)
    network.to(torch.bfloat16).save_pretrained(beside)
    tokenizer.save_pretrained(beside)
    shutil.rmtree(folder / "checkpoint", ignore_errors=True)
    beside.rename(folder / "checkpoint")
