"""Which engine answers: the built-in one, or vLLM where it is installed and its start pays.

    choice = choose_engine("runs/x/checkpoint", new_tokens=1_000_000)
    choice.why                                    # on a GPU: "vLLM (about 85 s with its start; built-in engine 125 s)"
    with open_engine(choice, "runs/x/checkpoint") as engine:
        engine.generate(prompts, Decoding(), on_done=bar.advance)

Both give the same greedy completions up to ties of rounding.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import torch

from fractionate.models.generate import Completion, Decoding, Prompt, generate
from fractionate.models.load import Model, load_model, model_folder, resolve_model
from fractionate.models.shorter import taken_apart
from fractionate.models.vllm_engine import VLLMEngine, vllm_interpreter


class Speed(NamedTuple):
    """New tokens a second of a student of 135 million parameters, and what vLLM needs to start."""

    built_in: float
    vllm: float
    start_seconds: float


SPEEDS = {"cpu": Speed(730, 680, 103), "cuda": Speed(8_000, 40_000, 60)}
"""On two CPU cores as measured in one run (docs/results/speed-cpu.md), where vLLM therefore never pays; on a GPU an
assumption, not measured."""
REFERENCE_SIZE = 135e6


class Engine(Protocol):
    """Something that answers prompts; a context manager, which frees the model at its end."""

    name: str
    model: Model

    def generate(
        self,
        prompts: Sequence[Prompt],
        decoding: Decoding = ...,
        *,
        on_done: Callable[[int], None] = ...,
    ) -> list[Completion]:
        """Continue every prompt, in their order."""

    def __enter__(self) -> "Engine": ...

    def __exit__(self, *_: object) -> None: ...


class BuiltInEngine:
    """The engine of `fractionate.models.generate`, `rows` prompts at a time."""

    name = "built-in engine"

    def __init__(self, model: Model, rows: int) -> None:
        self.model = model
        self.rows = rows

    def __enter__(self) -> "BuiltInEngine":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def generate(
        self,
        prompts: Sequence[Prompt],
        decoding: Decoding = Decoding(),
        *,
        on_done: Callable[[int], None] = lambda rows: None,
    ) -> list[Completion]:
        """Continue every prompt; `on_done` is told how many have just ended."""
        return generate(self.model, prompts, decoding, rows=self.rows, on_done=on_done)


class Choice(NamedTuple):
    """The Python that has vLLM, or None for the built-in engine; and why, to be shown."""

    interpreter: str | None
    why: str


def choose_engine(name: str, new_tokens: int) -> Choice:
    """The faster engine for about so many new tokens of the model `name`.

    Raises:
        InputError: `FRACTIONATE_VLLM` is not a program, or the model cannot be loaded.
    """
    interpreter = vllm_interpreter()
    if interpreter is None:
        return Choice(None, "built-in engine (vLLM is not installed)")
    if name.startswith("scratch:"):
        return Choice(None, "built-in engine (random weights are in no folder that vLLM could load)")
    if taken_apart(name)[1] is not None:
        return Choice(None, "built-in engine (a part of a model is in no folder that vLLM could load)")
    speed = SPEEDS["cuda" if torch.cuda.is_available() else "cpu"]
    work = new_tokens * sum(load_model(name, weights=False).sizes()) / REFERENCE_SIZE
    built_in, vllm = work / speed.built_in, speed.start_seconds + work / speed.vllm
    if built_in <= vllm:
        return Choice(None, f"built-in engine (about {built_in:.0f} s; vLLM {vllm:.0f} s with its start)")
    return Choice(interpreter, f"vLLM (about {vllm:.0f} s with its start; built-in engine {built_in:.0f} s)")


def open_engine(
    choice: Choice, name: str, *, dtype: torch.dtype = torch.bfloat16, seed: int = 0, rows: int = 192
) -> Engine:
    """Load the model `name` into the chosen engine.

    Raises:
        InputError: the model cannot be loaded.
        WorkError: vLLM does not start.
    """
    if choice.interpreter is None:
        return BuiltInEngine(load_model(name, dtype=dtype, seed=seed), rows)
    words = load_model(name, weights=False)
    return VLLMEngine(words, model_folder(resolve_model(name)), dtype, choice.interpreter)
