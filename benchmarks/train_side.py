"""One contestant of the training benchmark: `python -m benchmarks.train_side WORK.json NAME full|points [--losses]`.

NAME is `ours`, `trl-default`, `trl-best`, or `growth`, which is ours at 1, 4 and 16 times the work. Prints one JSON
object: examples a second, the work's first updates not counted, or with `--losses` the loss of every update.
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rounds import peak_gb

RATE = 1e-5
BEST = {
    "gradient_checkpointing": False,
    "train_sampling_strategy": "group_by_length",
    "pad_to_multiple_of": None,
}
"""Without recomputation, in batches of similar length; and, as ours does, having the C library keep freed memory."""


def main() -> None:
    """Train, print."""
    work, name, kind, *flags = sys.argv[1:]
    loaded = json.loads(Path(work).read_text())
    examples, batch = loaded[kind], loaded["batch"]
    side = {"ours": ours, "growth": growth}.get(name, trl)
    print(json.dumps(side(examples, batch, name, loaded["warm"], "--losses" in flags)))


class Ours:
    """Our training step, a constant learning rate, no warm-up of it."""

    def __init__(self) -> None:
        import torch

        from fractionate.models import keep_memory, load_model
        from fractionate.training import TrainSettings
        from fractionate.training.loop import adamw
        from fractionate.training.processes import Processes
        from fractionate.training.run import Run

        keep_memory()
        self.model = load_model("smollm2-135m")
        optimizer = adamw(list(self.model.network.parameters()), RATE)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)
        network = self.model.network.train()
        self.run = Run(network, optimizer, schedule, TrainSettings(), self.model.device, Processes())

    def train(self, data: Sequence[Any], batch: int) -> list[dict[str, Any]]:
        """The rows of its updates."""
        from fractionate.models.attention import own_attention
        from fractionate.training.lean import lean_layers
        from fractionate.training.loop import one_update

        starts = range(0, len(data), batch)
        with own_attention(self.run.network), lean_layers(self.run.network):
            return [one_update(self.run, list(data[at : at + batch]), i) for i, at in enumerate(starts)]


def encoded(examples: list[dict[str, Any]]) -> list[Any]:
    """As our trainer takes them."""
    from fractionate.supervision import Example

    return [
        Example(str(i), tuple(e["ids"]), tuple(e["weights"]), ("structure",) * len(e["ids"]), e["prompt"])
        for i, e in enumerate(examples)
    ]


def ours(examples: list[dict[str, Any]], batch: int, name: str, warm: int, losses: bool) -> dict[str, Any]:
    """Our side."""
    from fractionate.models.packing import PrefixTree

    side, data = Ours(), encoded(examples)
    rows = side.train(data, batch)
    if losses:
        return {"losses": [row["loss"] for row in rows]}
    timed = rows[warm:]
    seconds = sum(row["seconds"] for row in timed)
    body, head = side.model.sizes()
    # What was multiplied: tokens that examples of an update share count once.
    starts = range(warm * batch, len(data), batch)
    tokens = sum(len(PrefixTree([e.ids for e in data[start : start + batch]]).ids) for start in starts)
    flops = 6.0 * (body * tokens + head * sum(row["supervised_tokens"] for row in timed))
    return {
        "examples_per_s": batch * len(timed) / seconds,
        "peak_gb": peak_gb(),
        "gemm_fraction": flops / seconds / gemm_rate(),
    }


def growth(examples: list[dict[str, Any]], *_: Any) -> dict[str, list[float]]:
    """Sizes and seconds: more updates of four examples, and longer examples, one an update."""
    side, data = Ours(), encoded(examples)
    side.train(data[:8], 4)
    found: dict[str, list[float]] = {"updates": [2, 8, 32], "tokens": [128, 512, 2048]}
    # Distinct ids, so that nothing is shared.
    long = [(i * 7919) % 40_000 + 100 for i in range(2048)]
    works = {
        "updates_s": [((data * 32)[: 4 * int(n)], 4) for n in found["updates"]],
        "tokens_s": [
            (encoded([{"ids": long[: int(n)], "weights": [1.0] * int(n), "prompt": 1}] * 4), 1)
            for n in found["tokens"]
        ],
    }
    for name, given in works.items():
        found[name] = [sum(row["seconds"] for row in side.train(*work)) for work in given]
    return found


def gemm_rate() -> float:
    """FLOPs a second of the machine's bfloat16 matrix product, 2048 by 2048."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    a, b = (torch.randn(2048, 2048, dtype=torch.bfloat16, device=device) for _ in range(2))
    rates = []
    for _ in range(12):
        start = time.perf_counter()
        for _ in range(5):
            product = a @ b
        float(product[0, 0])
        rates.append(5 * 2 * 2048**3 / (time.perf_counter() - start))
    return median(rates[2:])


def trl(examples: list[dict[str, Any]], batch: int, name: str, warm: int, losses: bool) -> dict[str, Any]:
    """TRL's trainer on ready-made token ids and labels."""
    import torch
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
    from trl import SFTConfig, SFTTrainer

    from fractionate.models import keep_memory
    from fractionate.models.load import smollm2_135m

    if name == "trl-best":
        keep_memory()

    ends: list[float] = []

    class Clock(TrainerCallback):
        def on_step_end(self, *args: Any, **kwargs: Any) -> None:
            ends.append(time.perf_counter())

    folder = str(smollm2_135m())
    labels = [[t if w > 0 else -100 for t, w in zip(e["ids"], e["weights"], strict=True)] for e in examples]
    data = Dataset.from_list(
        [{"input_ids": e["ids"], "labels": x} for e, x in zip(examples, labels, strict=True)]
    )
    best = dict(BEST) if name == "trl-best" else {}
    if losses:
        best["train_sampling_strategy"] = "sequential"
    with tempfile.TemporaryDirectory() as out:
        settings = SFTConfig(
            output_dir=out,
            per_device_train_batch_size=batch,
            num_train_epochs=1,
            learning_rate=RATE,
            lr_scheduler_type="constant",
            logging_steps=1,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            bf16=True,
            use_cpu=not torch.cuda.is_available(),
            **best,
        )
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
        trainer = SFTTrainer(
            model=model,
            args=settings,
            train_dataset=data,
            processing_class=AutoTokenizer.from_pretrained(folder),
            callbacks=[Clock()],
        )
        trainer.train()
    if losses:
        return {"losses": [row["loss"] for row in trainer.state.log_history if "loss" in row]}
    # From the end of one update to the end of the next: its data loading is part of the work, as ours is.
    seconds = ends[-1] - ends[warm - 1]
    return {
        "examples_per_s": batch * (len(ends) - warm) / seconds,
        "peak_gb": peak_gb(),
        "configuration": best,
    }


if __name__ == "__main__":
    main()
