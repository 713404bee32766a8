"""Train a student on encoded supervision; one loop for CPU and GPU, full weights or LoRA.

    train(model, examples, TrainSettings(epochs=1), folder)   # → Trained(steps, tokens, supervised, flops, …)

Float32 weights with bfloat16 autocast; AdamW with linear warm-up and decay; the loss is the weighted mean over an
update's supervised tokens. The folder receives `train.jsonl` (one row an update), `checkpoint/` (safetensors,
loads in transformers and vLLM) and for LoRA also `adapter/`. An interrupted run goes on from its last saved state
and ends with the same weights.
"""

import json
import math
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import torch

from fractionate.errors import WorkError
from fractionate.models.attention import own_attention
from fractionate.models.load import Model
from fractionate.storage import write_json
from fractionate.supervision.encode import Example
from fractionate.training.batches import Lesson, micro_batches, updates
from fractionate.training.fit import compiled, recomputed
from fractionate.training.lean import lean_layers
from fractionate.training.ledger import ROLES, Sums, Trained, by_role, sum_up, training_flops, write_rows
from fractionate.training.loss import weighted_loss
from fractionate.training.pack import pack_examples
from fractionate.training.processes import Processes
from fractionate.training.representation import Representation
from fractionate.training.run import Run, TrainSettings
from fractionate.training.saving import restore, save_checkpoint, save_state


class Progress(NamedTuple):
    """Where a run is: updates done, of how many, and the last loss."""

    done: int
    total: int
    loss: float


def train(
    model: Model,
    lessons: Sequence[Lesson],
    settings: TrainSettings,
    folder: Path,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    *,
    flops: float | None = None,
) -> Trained:
    """Train `model` in place and write its checkpoint under `folder`; does nothing if that is already there.

    Lessons are examples, or courses of them under a schedule.

    `flops` is the work of all runs of this process that train students of this family, which share the compiling; by
    default it is that of this run.
    """
    done = folder / "trained.json"
    if done.is_file():
        return Trained(**json.loads(done.read_text()))
    plan = updates(lessons, epochs=settings.epochs, batch_size=settings.batch_size, seed=settings.seed)
    assert all(e.supervised for update in plan for e in update), "an example without loss would train nothing"
    model.check_ids(max(e.ids) for update in plan for e in update)
    torch.manual_seed(settings.seed)
    network = _with_adapter(model.network, settings)
    objective = Representation(network, settings.layer) if settings.representation > 0 else None
    optimizer, schedule = _optimizer(network, objective, settings, len(plan))
    run = Run(network, optimizer, schedule, settings, model.device, Processes(), objective)
    rows = restore(folder, run)
    network.train()
    saved = time.monotonic()
    work = training_flops(model, lessons, settings.epochs, settings.seed) if flops is None else flops
    with (
        objective.listening() if objective is not None else nullcontext(),
        own_attention(network),
        lean_layers(network),
        recomputed(network, _most_tokens(plan, settings)),
        compiled(network, work),
    ):
        for update in plan[len(rows) :]:
            rows.append(one_update(run, update, len(rows)))
            on_progress(Progress(len(rows), len(plan), rows[-1]["loss"]))
            if time.monotonic() - saved > settings.save_every_seconds and len(rows) < len(plan):
                save_state(folder, run, rows)
                saved = time.monotonic()
    network.eval()
    result = sum_up(rows, model)
    if run.processes.main:
        write_rows(folder, rows)
        save_checkpoint(folder, network, model.tokenizer, settings)
        write_json(done, asdict(result))
        (folder / "state.pt").unlink(missing_ok=True)
    run.processes.wait()
    return result


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


def _optimizer(
    network: Any, objective: Representation | None, settings: TrainSettings, steps: int
) -> tuple[Any, Any]:
    trained = [p for p in network.parameters() if p.requires_grad]
    optimizer = adamw(trained, settings.learning_rate)
    if objective is not None:
        optimizer.add_param_group({"params": objective.heads, "lr": objective.rate})
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
    trained = run.trained
    sums = _gradients(run, update, weight, trained)
    norm = torch.nn.utils.get_total_norm([p.grad for p in trained if p.grad is not None])
    # Clipped to a norm of 1 by the optimizer's kernel, which divides gradients by this as it reads them.
    run.optimizer.grad_scale = norm.clamp(min=1.0)
    rate = run.schedule.get_last_lr()[0]
    run.optimizer.step()
    run.schedule.step()
    _clear_gradients(run, trained)
    seconds = time.monotonic() - start
    tokens = sum(len(e.ids) for e in update)
    total = float(sums.by_role.sum())
    if not math.isfinite(total):
        raise WorkError("the loss is no longer a finite number; lower training.learning_rate")
    return {
        "loss": total / weight,
        "learning_rate": rate,
        "gradient_norm": float(norm),
        "tokens": tokens,
        "supervised_tokens": sum(e.supervised for e in update),
        "seconds": seconds,
        "tokens_per_second": tokens / seconds,
        **by_role(sums),
        **({"representation_loss": float(sums.representation)} if _probed(run, update) else {}),
    }


def _probed(run: Run, update: Sequence[Example]) -> int:
    """How many targets the auxiliary objective has in the update."""
    return sum(len(e.targets) for e in update) if run.objective is not None else 0


def _clear_gradients(run: Run, trained: list[torch.Tensor]) -> None:
    """Free them, except those of the tables of words, which are large and added to in place."""
    tables = [run.network.get_input_embeddings().weight, run.network.get_output_embeddings().weight]
    for parameter in (*trained, *run.heads):
        if any(parameter is table for table in tables) and parameter.grad is not None:
            parameter.grad.zero_()
        else:
            parameter.grad = None


def _gradients(run: Run, update: list[Example], weight: float, trained: list[torch.Tensor]) -> Sums:
    """Give the parameters the update's gradients; returns its sums."""
    sums = Sums(*(torch.zeros(n, device=run.device) for n in (len(ROLES), len(ROLES), len(ROLES), 1)))
    probed = _probed(run, update)
    kind = run.device.type
    # One autocast for all micro-batches: the weights are cast once.
    with torch.autocast(kind, torch.bfloat16):
        for group in run.processes.share(list(micro_batches(update, run.settings.micro_tokens))):
            pack = pack_examples(group, ROLES, run.device)
            losses = weighted_loss(run.network, pack, len(ROLES), 1 / weight)
            total = losses.total
            if run.objective is not None and pack.probed:
                known = run.objective.loss(pack.probed) / probed
                total = total + run.settings.representation * known
                sums.representation.add_(known.detach())
            with torch.autocast(kind, enabled=False):
                total.backward()  # type: ignore[no-untyped-call]
            for so_far, more in zip(sums[:3], losses[1:], strict=True):
                so_far.add_(more)
    run.processes.add_up([*trained, *run.heads], sums)
    return sums
