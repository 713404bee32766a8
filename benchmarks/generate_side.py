"""One contestant of the generation benchmark: `python -m benchmarks.generate_side WORK.json ours|transformers [SIZE]`.

Prints one JSON object: new tokens a second, greedy, bfloat16. Neither side may stop at its own end-of-turn token: every
answer ends at the length that the work sets, seen only when it is reached.
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


class Endless(Model):
    """A model that no token ends."""

    @property
    def stops(self) -> frozenset[int]:
        """None."""
        return frozenset()


def main() -> None:
    """Generate, print."""
    work, side, *size = sys.argv[1:]
    loaded = json.loads(Path(work).read_text())
    prompts, lengths = loaded["prompts"], loaded["lengths"]
    answer = ours() if side == "ours" else transformers(int(size[0]))
    answer(prompts[:8], [4] * 8)
    start = time.perf_counter()
    tokens = answer(prompts, lengths)
    seconds = time.perf_counter() - start
    assert tokens == sum(lengths), f"{tokens} tokens instead of {sum(lengths)}"
    print(json.dumps({"tokens_per_s": tokens / seconds, "seconds": seconds, "peak_gb": peak_gb()}))


Answer = Callable[[Sequence[Sequence[int]], Sequence[int]], int]


def ours() -> Answer:
    """The built-in engine."""
    keep_memory()
    loaded = load_model("smollm2-135m", dtype=torch.bfloat16)
    model = Endless(loaded.name, loaded.network, loaded.tokenizer, loaded.chat, loaded.context)

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
