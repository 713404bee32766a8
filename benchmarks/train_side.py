"""One contestant of the training benchmark: `python -m benchmarks.train_side WORK.json NAME full|points [--losses]`.

NAME is `ours`, `trl-default` or `trl-best`. Prints one JSON object: examples a second, the work's first updates not
counted, or with `--losses` the loss of every update.
"""

import json
import sys
import tempfile
import time
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
    side = ours if name == "ours" else trl
    print(json.dumps(side(examples, batch, name, loaded["warm"], "--losses" in flags)))


def ours(examples: list[dict[str, Any]], batch: int, name: str, warm: int, losses: bool) -> dict[str, Any]:
    """Our training step, a constant learning rate, no warm-up of it."""
    import torch

    from fractionate.models import keep_memory, load_model
    from fractionate.models.attention import own_attention
    from fractionate.models.packing import PrefixTree
    from fractionate.supervision import Example
    from fractionate.training import TrainSettings
    from fractionate.training.lean import lean_layers
    from fractionate.training.loop import Run, one_update
    from fractionate.training.processes import Processes

    keep_memory()
    model = load_model("smollm2-135m")
    data = [
        Example(str(i), tuple(e["ids"]), tuple(e["weights"]), ("structure",) * len(e["ids"]), e["prompt"])
        for i, e in enumerate(examples)
    ]
    optimizer = torch.optim.AdamW(model.network.parameters(), lr=RATE, weight_decay=0.0, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)
    run = Run(model.network.train(), optimizer, schedule, TrainSettings(), model.device, Processes())
    rows = []
    with own_attention(model.network), lean_layers(model.network):
        for number, start in enumerate(range(0, len(data), batch)):
            rows.append(one_update(run, data[start : start + batch], number))
    if losses:
        return {"losses": [row["loss"] for row in rows]}
    timed = rows[warm:]
    seconds = sum(row["seconds"] for row in timed)
    body, head = model.sizes()
    # What was multiplied: tokens that examples of an update share count once.
    starts = range(warm * batch, len(data), batch)
    tokens = sum(len(PrefixTree([e.ids for e in data[start : start + batch]]).ids) for start in starts)
    flops = 6.0 * (body * tokens + head * sum(row["supervised_tokens"] for row in timed))
    return {
        "examples_per_s": batch * len(timed) / seconds,
        "peak_gb": peak_gb(),
        "gemm_fraction": flops / seconds / gemm_rate(),
    }


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
