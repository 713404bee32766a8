"""One contestant of the generation benchmark: `python -m benchmarks.generate_side WORK.json SIDE [SIZE]`.

SIDE is `ours`, `transformers` with a batch SIZE, `vllm` (through FRACTIONATE_VLLM), or `growth`: ours at
1, 4 and 16 times the work. Prints one JSON object: new tokens a second, greedy, bfloat16. No side may stop at its own
end-of-turn token: every answer ends at the length that the work sets, seen only when it is reached (vLLM is told it).
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks.rounds import peak_gb
from fractionate.models import Decoding, Model, Prompt, generate, keep_memory, load_model
from fractionate.models.load import model_folder
from fractionate.models.vllm_engine import VLLMEngine, vllm_interpreter


class Endless(Model):
    """A model that no token ends."""

    @property
    def stops(self) -> frozenset[int]:
        """None."""
        return frozenset()


def endless(weights: bool = True) -> Endless:
    """The student, which never stops."""
    loaded = load_model("smollm2-135m", dtype=torch.bfloat16, weights=weights)
    return Endless(loaded.name, loaded.network, loaded.tokenizer, loaded.chat, loaded.context)


def main() -> None:
    """Generate, print."""
    work, side, *size = sys.argv[1:]
    loaded = json.loads(Path(work).read_text())
    prompts, lengths = loaded["prompts"], loaded["lengths"]
    if side == "growth":
        print(json.dumps(growth(prompts)))
        return
    started = time.perf_counter()
    answer = vllm() if side == "vllm" else ours() if side == "ours" else transformers(int(size[0]))
    answer(prompts[:8], [4] * 8)
    start = time.perf_counter()
    tokens = answer(prompts, lengths)
    end = time.perf_counter()
    assert tokens == sum(lengths), f"{tokens} tokens instead of {sum(lengths)}"
    result = {
        "tokens_per_s": tokens / (end - start),
        "tokens_per_s_with_startup": tokens / (end - started),
        "startup_s": start - started,
        # vLLM's memory is that of its own processes.
        "peak_gb": None if side == "vllm" else peak_gb(),
    }
    print(json.dumps(result))


Answer = Callable[[Sequence[Sequence[int]], Sequence[int]], int]


def growth(prompts: Sequence[Sequence[int]]) -> dict[str, list[float]]:
    """Sizes and seconds: more prompts of 40 new tokens each, and longer answers of 64 prompts."""
    answer = ours()
    answer(prompts[:8], [4] * 8)
    found: dict[str, list[float]] = {"prompts": [48, 192, 768], "tokens": [16, 64, 256]}
    works = {
        "prompts_s": [(prompts[: int(n)], [40] * int(n)) for n in found["prompts"]],
        "tokens_s": [(prompts[:64], [int(n)] * 64) for n in found["tokens"]],
    }
    for name, given in works.items():
        found[name] = []
        for asked, lengths in given:
            start = time.perf_counter()
            answer(asked, lengths)
            found[name].append(time.perf_counter() - start)
    return found


def vllm() -> Answer:
    """vLLM through this package's own engine; the lengths are told to it."""
    folder = model_folder("smollm2-135m")
    interpreter = vllm_interpreter()
    assert interpreter is not None, "FRACTIONATE_VLLM names the Python that has vLLM"
    engine = VLLMEngine(endless(weights=False), folder, torch.bfloat16, interpreter)

    def answer(prompts: Sequence[Sequence[int]], lengths: Sequence[int]) -> int:
        asked = [Prompt(ids, length) for ids, length in zip(prompts, lengths, strict=True)]
        return sum(len(done.ids) for done in engine.generate(asked))

    return answer


def ours() -> Answer:
    """The built-in engine."""
    keep_memory()
    model = endless()

    def answer(prompts: Sequence[Sequence[int]], lengths: Sequence[int]) -> int:
        decoding = Decoding(stop_when=lambda index, ids: len(ids) >= lengths[index])
        asked = [Prompt(ids, max(lengths)) for ids in prompts]
        return sum(len(done.ids) for done in generate(model, asked, decoding))

    return answer


def transformers(size: int) -> Answer:
    """`model.generate` on batches of prompts of similar length."""
    from transformers import StoppingCriteria, StoppingCriteriaList

    model = load_model("smollm2-135m", dtype=torch.bfloat16)
    model.network.generation_config.eos_token_id = None

    class OwnLength(StoppingCriteria):
        def __init__(self, width: int, lengths: Sequence[int]) -> None:
            self.width = width
            self.lengths = torch.tensor(lengths)

        def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> torch.Tensor:
            return input_ids.shape[1] - self.width >= self.lengths

    def answer(prompts: Sequence[Sequence[int]], lengths: Sequence[int]) -> int:
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        total = 0
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            width = max(len(prompts[i]) for i in batch)
            ids = torch.tensor([[0] * (width - len(prompts[i])) + list(prompts[i]) for i in batch])
            mask = torch.tensor([[0] * (width - len(prompts[i])) + [1] * len(prompts[i]) for i in batch])
            own = [lengths[i] for i in batch]
            with torch.inference_mode():
                out = model.network.generate(
                    ids,
                    attention_mask=mask,
                    max_new_tokens=max(own),
                    do_sample=False,
                    pad_token_id=0,
                    stopping_criteria=StoppingCriteriaList([OwnLength(width, own)]),
                )
            assert out.shape[1] == width + max(own), "the batch ended early"
            total += sum(own)
        return total

    return answer


if __name__ == "__main__":
    main()
