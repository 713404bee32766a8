"""The built-in generation engine: batched greedy or sampled decoding on one device.

    prompts = [Prompt(model.chat.prompt("What is 2 + 3?"), max_new_tokens=64)]
    generate(model, prompts)          # → [Completion(ids=[...], stop="end")], in the order of the prompts

Rows are sorted by length into batches, the key-value cache is allocated once a batch, and rows that have
ended leave the batch, so that one long answer does not hold up the others.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import torch
from transformers.cache_utils import Cache, DynamicLayer

from fractionate.models.load import Model


class Prompt(NamedTuple):
    """Token ids to continue, and how many new tokens at most."""

    ids: Sequence[int]
    max_new_tokens: int = 256


class Decoding(NamedTuple):
    """Greedy at temperature 0; otherwise sampled, reproducibly from `seed`."""

    temperature: float = 0.0
    seed: int = 0


class Completion(NamedTuple):
    """Generated ids without the end-of-turn token, and why generation stopped."""

    ids: list[int]
    stop: Literal["end", "length"]


class RoomyLayer(DynamicLayer):  # type: ignore[misc]
    """One layer's keys and values in buffers with room for the whole answer: no copy at each token."""

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self.capacity = capacity
        self.length = 0

    def update(self, key_states: Any, value_states: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        """Append the new states; shapes (rows, heads, new, size) → (rows, heads, so far, size)."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
            rows, heads, _, size = key_states.shape
            self.buffers = [key_states.new_empty(rows, heads, self.capacity, size) for _ in range(2)]
        end = self.length + key_states.shape[-2]
        for buffer, states in zip(self.buffers, (key_states, value_states), strict=True):
            buffer[:, :, self.length : end] = states
        self.length = end
        self.keys, self.values = (buffer[:, :, :end] for buffer in self.buffers)
        return self.keys, self.values

    def keep_rows(self, rows: torch.Tensor) -> None:
        """Keep only these rows of the batch."""
        self.buffers = [buffer[rows] for buffer in self.buffers]
        self.keys, self.values = (buffer[:, :, : self.length] for buffer in self.buffers)


def generate(
    model: Model,
    prompts: Sequence[Prompt],
    decoding: Decoding = Decoding(),
    *,
    batch_rows: int = 64,
    on_done: Callable[[int], None] = lambda rows: None,
) -> list[Completion]:
    """Continue every prompt; `on_done` is told how many rows of a batch have just ended.

    A prompt that leaves no room in the model's context gets an empty completion that stopped for `length`.
    """
    room = [min(p.max_new_tokens, model.context - len(p.ids)) for p in prompts]
    done = {i: Completion([], "length") for i, left in enumerate(room) if left <= 0}
    prompts = [p._replace(max_new_tokens=left) for p, left in zip(prompts, room, strict=True)]
    order = sorted((i for i in range(len(prompts)) if i not in done), key=lambda i: len(prompts[i].ids))
    for start in range(0, len(order), batch_rows):
        batch = order[start : start + batch_rows]
        done |= dict(
            zip(batch, _generate_batch(model, [prompts[i] for i in batch], decoding, on_done), strict=True)
        )
    return [done[i] for i in range(len(prompts))]


@torch.inference_mode()
def _generate_batch(
    model: Model, prompts: Sequence[Prompt], decoding: Decoding, on_done: Callable[[int], None]
) -> list[Completion]:
    device = model.device
    ids, mask = _left_padded(prompts, pad=model.chat.end_of_turn[-1], device=device)
    ends = torch.tensor(sorted(model.stops), device=device)
    longest = max(p.max_new_tokens for p in prompts)
    width = ids.shape[1]
    layers = model.network.config.get_text_config().num_hidden_layers
    cache = Cache(layers=[RoomyLayer(width + longest) for _ in range(layers)])
    positions = (mask.cumsum(-1) - 1).clamp(min=0)
    full_mask = torch.ones(len(prompts), width + longest, dtype=mask.dtype, device=device)
    full_mask[:, :width] = mask
    limits = torch.tensor([p.max_new_tokens for p in prompts], device=device)
    written: list[list[int]] = [[] for _ in prompts]
    stops: list[Literal["end", "length"]] = ["length"] * len(prompts)
    rows = torch.arange(len(prompts), device=device)
    random = torch.Generator(device=device).manual_seed(decoding.seed)
    for count in range(longest):
        output = model.network(
            input_ids=ids,
            attention_mask=full_mask[rows, : width + count],
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        chosen = _choose(output.logits[:, -1], decoding, random)
        ended = torch.isin(chosen, ends)
        for row, token, stopped in zip(rows.tolist(), chosen.tolist(), ended.tolist(), strict=True):
            if stopped:
                stops[row] = "end"
            else:
                written[row].append(token)
        alive = ~(ended | (limits[rows] <= count + 1))
        ids, positions = chosen[:, None], positions[:, -1:] + 1
        if not bool(alive.all()):
            on_done(int((~alive).sum()))
            keep = alive.nonzero()[:, 0]
            if len(keep) == 0:
                break
            rows, ids, positions = rows[keep], ids[keep], positions[keep]
            for layer in cache.layers:
                layer.keep_rows(keep)
    return [Completion(w, s) for w, s in zip(written, stops, strict=True)]


def _left_padded(
    prompts: Sequence[Prompt], pad: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and attention mask, both (rows, longest prompt); the padding is known by position, not by its id."""
    width = max(len(p.ids) for p in prompts)
    ids = torch.full((len(prompts), width), pad, dtype=torch.long)
    mask = torch.zeros((len(prompts), width), dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, width - len(prompt.ids) :] = torch.tensor(list(prompt.ids))
        mask[row, width - len(prompt.ids) :] = 1
    return ids.to(device), mask.to(device)


def _choose(logits: torch.Tensor, decoding: Decoding, random: torch.Generator) -> torch.Tensor:
    """The next token of each row, (rows, words) → (rows,)."""
    if decoding.temperature == 0:
        return logits.argmax(-1)
    chances = torch.softmax(logits.float() / decoding.temperature, dim=-1)
    return torch.multinomial(chances, 1, generator=random)[:, 0]
