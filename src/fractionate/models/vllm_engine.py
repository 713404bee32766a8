"""vLLM as an engine: a child process of the interpreter that has it, spoken to in JSON lines.

    with VLLMEngine("runs/x/checkpoint", torch.bfloat16, interpreter) as engine:
        engine.generate(prompts)          # the same completions as the built-in engine's, greedy, up to ties

It is found where `import vllm` works, or through `FRACTIONATE_VLLM`, the path of another environment's Python: vLLM's
CPU build wants an older transformers than this package. A process of its own also gives a GPU's memory back whole.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

from fractionate.errors import InputError, WorkError
from fractionate.models.generate import Completion, Decoding, Prompt, Stop, cut_at
from fractionate.models.load import Model

WORKER = Path(__file__).with_name("vllm_worker.py")
CPU_CACHE_GIB = "4"


def vllm_interpreter() -> str | None:
    """The Python that has vLLM, or None.

    Raises:
        InputError: `FRACTIONATE_VLLM` is not a program.
    """
    named = os.environ.get("FRACTIONATE_VLLM")
    if named is None:
        return sys.executable if importlib.util.find_spec("vllm") else None
    if not os.access(named, os.X_OK) or Path(named).is_dir():
        raise InputError(f"FRACTIONATE_VLLM={named}: no such program; give the Python that has vLLM")
    return named


def _settings() -> dict[str, str]:
    """Variables that vLLM reads, where the user has not set them. Left alone, it keeps one CPU core for its scheduler:
    of two, that is half."""
    return {
        "VLLM_CPU_KVCACHE_SPACE": CPU_CACHE_GIB,
        "VLLM_CPU_OMP_THREADS_BIND": "nobind",
        "OMP_NUM_THREADS": str(torch.get_num_threads()),
        "VLLM_NO_USAGE_STATS": "1",
    }


class VLLMEngine:
    """Answers prompts by vLLM; `model` brings the tokenizer and the stops, its weights lie in `folder`."""

    name = "vLLM"

    def __init__(self, model: Model, folder: str, dtype: torch.dtype, interpreter: str) -> None:
        self.model = model
        settings = {
            "model": folder,
            "dtype": str(dtype).removeprefix("torch."),
            "max_model_len": model.context,
            "disable_log_stats": True,
        }
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115 closed with the engine
        pipe = subprocess.PIPE
        self._child = subprocess.Popen(
            [interpreter, "-P", str(WORKER), json.dumps(settings)],
            stdin=pipe, stdout=pipe, stderr=self._said, text=True, bufsize=1,
            env=_settings() | os.environ,
        )  # fmt: skip
        next(self._replies(1))

    def __enter__(self) -> "VLLMEngine":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._child.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.communicate()
        self._said.close()

    def generate(
        self,
        prompts: Sequence[Prompt],
        decoding: Decoding = Decoding(),
        *,
        on_done: Callable[[int], None] = lambda rows: None,
    ) -> list[Completion]:
        """Continue every prompt; `on_done` is told how many have just ended.

        Raises:
            WorkError: vLLM ended; its last words.
        """
        assert decoding.stop_when is None, "a condition of the caller cannot be told to vLLM"
        limits = [min(p.max_new_tokens, self.model.context - len(p.ids)) for p in prompts]
        done = [Completion([], "", "length", [] if decoding.logprobs else None) for _ in prompts]
        asked = [index for index, limit in enumerate(limits) if limit > 0]
        requests = [
            {"ids": list(prompts[i].ids), "params": self._params(decoding, limits[i], i)} for i in asked
        ]
        assert self._child.stdin is not None, "the child was started with pipes"
        self._child.stdin.write(json.dumps(requests) + "\n")
        for reply in self._replies(len(requests)):
            done[asked[reply["index"]]] = self._completion(reply, decoding)
            on_done(1)
        return done

    def _params(self, decoding: Decoding, limit: int, index: int) -> dict[str, Any]:
        return {
            "temperature": decoding.temperature,
            "seed": decoding.seed * 1_000_003 + index if decoding.temperature else None,
            "max_tokens": limit,
            "stop": list(decoding.stop_strings),
            "stop_token_ids": sorted(self.model.stops),
            "ignore_eos": True,
            "logprobs": 0 if decoding.logprobs else None,
        }

    def _completion(self, reply: dict[str, Any], decoding: Decoding) -> Completion:
        ids, logprobs = reply["ids"], reply["logprobs"]
        stop: Stop
        if ids and ids[-1] in self.model.stops:
            ids, stop = ids[:-1], "end"
        else:
            stop = "stop" if reply["reason"] == "stop" else "length"
        text = cut_at(decoding.stop_strings, self.model.chat.decode(ids))
        return Completion(ids, text, stop, logprobs[: len(ids)] if decoding.logprobs else None)

    def _replies(self, count: int) -> Iterator[dict[str, Any]]:
        assert self._child.stdout is not None, "the child was started with pipes"
        for _ in range(count):
            line = self._child.stdout.readline()
            if not line:
                self._child.wait()
                raise WorkError(f"vLLM ended: {self._last_words()}; unset FRACTIONATE_VLLM to do without it")
            yield json.loads(line)

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = [line.strip() for line in self._said if line.strip()]
        return next((x for x in reversed(lines) if "Error" in x), lines[-1] if lines else "without a word")
