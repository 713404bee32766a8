"""The built-in generation engine: a stream of prompts through a fixed number of slots.

    prompts = [Prompt(model.chat.prompt("What is 2 + 3?"), max_new_tokens=64)]
    generate(model, prompts)          # → [Completion(ids=[...], text="5", stop="end")], in the order of the prompts

Prompts are read as packs, in which what they share is computed once. Every row writes one token a step; a row that has
ended leaves, and waiting prompts take the free slots, so that neither long answers nor short ones leave the machine
idle."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import torch

from fractionate.models.attention import attending, own_attention
from fractionate.models.load import Model
from fractionate.models.packing import PrefixTree
from fractionate.models.slots import ROOM, Slots

READ_TOKENS = 4096
"""Prompt tokens read at once, before what they share is counted once."""
CACHE_BYTES = 2 * 2**30
"""Bound of the cache on a CPU; on a GPU it is half of the free memory."""

Stop = Literal["end", "length", "stop"]


class Prompt(NamedTuple):
    """Token ids to continue, and how many new tokens at most."""

    ids: Sequence[int]
    max_new_tokens: int = 256


class Decoding(NamedTuple):
    """Greedy at temperature 0; otherwise sampled, reproducibly from `seed`.

    A response also ends where one of `stop_strings` appears, or where `stop_when` says so of a prompt's index and the
    tokens written for it. With `logprobs`, each token's log-probability under the
    model is returned (at temperature 1, whatever it was sampled at).
    """

    temperature: float = 0.0
    seed: int = 0
    stop_strings: tuple[str, ...] = ()
    stop_when: Callable[[int, Sequence[int]], bool] | None = None
    logprobs: bool = False


class Completion(NamedTuple):
    """Generated ids without the end-of-turn token, their text up to a stop string, and why generation stopped."""

    ids: list[int]
    text: str
    stop: Stop
    logprobs: list[float] | None = None


@dataclass(slots=True)
class Writing:
    """A row in progress: the prompt's index, its limit, and what is written so far."""

    index: int
    limit: int
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    stop: Stop | None = None


def generate(
    model: Model,
    prompts: Sequence[Prompt],
    decoding: Decoding = Decoding(),
    *,
    rows: int = 192,
    on_done: Callable[[int], None] = lambda rows: None,
) -> list[Completion]:
    """Continue every prompt, `rows` at a time; `on_done` is told how many have just ended.

    A prompt that leaves no room in the model's context gets an empty completion that stopped for `length`.

    Raises:
        InputError: the model's family has no pluggable attention.
    """
    limits = [min(p.max_new_tokens, model.context - len(p.ids)) for p in prompts]
    done = [Completion([], "", "length", [] if decoding.logprobs else None) for _ in prompts]
    waiting = deque(
        sorted(
            (i for i, limit in enumerate(limits) if limit > 0),
            key=lambda i: (limits[i], len(prompts[i].ids), prompts[i].ids),
        )
    )
    if not waiting:
        return done
    rows = min(rows, len(waiting), _affordable_rows(model, prompts, limits))
    engine = _Engine(model, decoding, rows)
    with torch.inference_mode(), own_attention(model.network):
        while waiting or engine.writing:
            free = rows - len(engine.writing)
            if waiting and (free * 8 >= rows or free >= len(waiting)):
                ended = engine.read(
                    [(i, prompts[i].ids, limits[i]) for i in _next_pack(waiting, prompts, free)]
                )
            else:
                ended = engine.write()
            for row in ended:
                done[row.index] = engine.completion(row)
            if ended:
                on_done(len(ended))
    return done


def cut_at(stop_strings: Sequence[str], text: str) -> str:
    """The text before the first stop string."""
    found = [at for string in stop_strings if (at := text.find(string)) >= 0]
    return text[: min(found)] if found else text


def _next_pack(waiting: deque[int], prompts: Sequence[Prompt], free: int) -> list[int]:
    """Take what is read at once from the waiting prompts: at least one."""
    taken = [waiting.popleft()]
    tokens = len(prompts[taken[0]].ids)
    while waiting and len(taken) < free and tokens + len(prompts[waiting[0]].ids) <= READ_TOKENS:
        tokens += len(prompts[waiting[0]].ids)
        taken.append(waiting.popleft())
    return taken


def _affordable_rows(model: Model, prompts: Sequence[Prompt], limits: Sequence[int]) -> int:
    """How many of the longest rows the cache has room for, growth counted; at least one."""
    config = model.network.config.get_text_config()
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    token = 2 * config.num_hidden_layers * heads * size * model.network.dtype.itemsize
    longest = max(len(p.ids) + limit for p, limit in zip(prompts, limits, strict=True))
    room = CACHE_BYTES if model.device.type == "cpu" else torch.cuda.mem_get_info(model.device)[0] // 2
    return max(1, int(room / (token * (longest + ROOM))))


class _Engine:
    """The rows in progress, in the order of their slots."""

    def __init__(self, model: Model, decoding: Decoding, rows: int) -> None:
        self.model = model
        self.decoding = decoding
        self.slots = Slots(rows, model.device)
        self.writing: list[Writing] = []
        # Enough of the last tokens to hold a stop string that the newest one completes.
        self._tail = 8 + max(map(len, decoding.stop_strings), default=0)
        self._random = torch.Generator(device=model.device).manual_seed(decoding.seed)

    def read(self, prompts: Sequence[tuple[int, Sequence[int], int]]) -> list[Writing]:
        """Read new prompts (index, ids, limit) and write their first token; returns the rows that have ended."""
        tree = PrefixTree([ids for _, ids, _ in prompts])
        first = len(self.writing)
        self.writing += [Writing(index, limit) for index, _, limit in prompts]
        ends = torch.tensor([places[-1] for places in tree.places], device=self.model.device)
        with attending(self.slots.admit(tree)):
            logits = self._forward(tree.ids, tree.positions, ends)
        return self._take(logits, first)

    def write(self) -> list[Writing]:
        """One more token of every row; returns the rows that have ended."""
        last, lengths = [row.ids[-1] for row in self.writing], self.slots.lengths
        with attending(self.slots.step()):
            logits = self._forward(last, lengths)
        return self._take(logits, 0)

    def completion(self, row: Writing) -> Completion:
        """What has become of a row that has ended."""
        assert row.stop is not None, "the row is still being written"
        ids = row.ids[:-1] if row.stop == "end" else row.ids
        logprobs = row.logprobs[: len(ids)] if self.decoding.logprobs else None
        text = cut_at(self.decoding.stop_strings, self.model.chat.decode(ids))
        return Completion(ids, text, row.stop, logprobs)

    def _forward(
        self, ids: Sequence[int], positions: Sequence[int], keep: torch.Tensor | int = 0
    ) -> torch.Tensor:
        """Logits (rows, words) at the flat positions `keep` (0: all)."""
        ids_N, positions_N = (torch.tensor(v, device=self.model.device) for v in (ids, positions))
        output = self.model.network(
            input_ids=ids_N[None], position_ids=positions_N[None], use_cache=False, logits_to_keep=keep
        )
        logits: torch.Tensor = output.logits[0]
        return logits

    def _take(self, logits: torch.Tensor, first: int) -> list[Writing]:
        """Give the rows from `first` on their next token; those that have ended leave their slots."""
        chosen = self._choose(logits)
        if self.decoding.logprobs:
            known = torch.log_softmax(logits.float(), -1).gather(1, chosen[:, None])[:, 0]
            for row, value in zip(self.writing[first:], known.tolist(), strict=True):
                row.logprobs.append(value)
        for row, token in zip(self.writing[first:], chosen.tolist(), strict=True):
            row.ids.append(token)
            row.stop = self._why_stop(row)
        ended = [slot for slot, row in enumerate(self.writing) if row.stop is not None]
        gone = [self.writing[slot] for slot in ended]
        self.slots.drop(ended)
        for slot in reversed(ended):
            self.writing[slot] = self.writing[-1]
            self.writing.pop()
        return gone

    def _choose(self, logits: torch.Tensor) -> torch.Tensor:
        """The next token of each row, (rows, words) → (rows,)."""
        if self.decoding.temperature == 0:
            return logits.max(-1).indices  # argmax takes six times as long in bfloat16
        chances = torch.softmax(logits.float() / self.decoding.temperature, dim=-1)
        return torch.multinomial(chances, 1, generator=self._random)[:, 0]

    def _why_stop(self, row: Writing) -> Stop | None:
        if row.ids[-1] in self.model.stops:
            return "end"
        if self.decoding.stop_strings:
            text = self.model.chat.decode(row.ids[-self._tail :])
            if any(string in text for string in self.decoding.stop_strings):
                return "stop"
        if self.decoding.stop_when is not None and self.decoding.stop_when(row.index, row.ids):
            return "stop"
        return "length" if len(row.ids) >= row.limit else None
