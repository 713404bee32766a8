"""A student's help with first wrong steps: `--model smollm2-135m`.

The threshold comes from an LLM's solutions of other questions (`studies/suspicion.py`), never from labels.
"""

import sys
from collections.abc import Sequence

import torch
from rich.console import Console
from rich.progress import Progress

from benchmarks.labels.mistakes import Judge
from fractionate.anatomy.suspicion import suspects
from fractionate.models import keep_memory, load_model
from fractionate.records import Anatomy


def student(name: str) -> Judge:
    """A judge that asks the model of that name; it is loaded when there is something to judge."""

    def judge(anatomies: Sequence[Anatomy]) -> list[int | None]:
        keep_memory()
        model = load_model(name, dtype=torch.bfloat16)
        print(f"{name} reads {len(anatomies)} traces", file=sys.stderr)
        size = sum(len(model.chat.encode(a.trace.problem + a.trace.text)) for a in anatomies)
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("reading", total=size)
            return suspects(model, anatomies, on_done=lambda tokens: progress.advance(task, tokens))

    return judge
