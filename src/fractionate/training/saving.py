"""What a run leaves in its folder: the state that an interrupted run goes on from, and the checkpoint at its end."""

import shutil
from pathlib import Path
from typing import Any

import torch

from fractionate.storage import written_whole
from fractionate.training.ledger import write_rows
from fractionate.training.run import Run, TrainSettings


def save_state(folder: Path, run: Run, rows: list[dict[str, Any]]) -> None:
    """What `restore` puts back, replaced as a whole."""
    if not run.processes.main:
        return
    trained = {n: p.detach() for n, p in run.network.named_parameters() if p.requires_grad}
    state = {
        "weights": trained,
        "optimizer": run.optimizer.state_dict(),
        "schedule": run.schedule.state_dict(),
        "rows": rows,
        "heads": [head.detach() for head in run.heads],
    }
    with written_whole(folder / "state.pt") as beside:
        torch.save(state, beside)
    write_rows(folder, rows)


def restore(folder: Path, run: Run) -> list[dict[str, Any]]:
    """Put a saved state back; returns the rows of the updates that it contains."""
    path = folder / "state.pt"
    if not path.is_file():
        return []
    state = torch.load(path, map_location="cpu", weights_only=True)
    run.network.load_state_dict(state["weights"], strict=False)
    with torch.no_grad():
        for head, saved in zip(run.heads, state["heads"], strict=True):
            head.copy_(saved)
    run.optimizer.load_state_dict(state["optimizer"])
    run.schedule.load_state_dict(state["schedule"])
    rows: list[dict[str, Any]] = state["rows"]
    return rows


def save_checkpoint(folder: Path, network: Any, tokenizer: Any, settings: TrainSettings) -> None:
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
