"""Asking: a student's responses to items, in groups that an interruption cannot lose.

    student = LocalStudent("runs/x/checkpoint")
    responses = ask(student, items, Path("runs/eval/first.parquet"), Sampling())

Items are asked in fixed groups of similar length, each group's responses are kept as soon as they are complete, and the
grouping never depends on what is already there: an interrupted run ends with the same responses.
"""

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

from fractionate.models import Decoding, Engine, Prompt, choose_engine, identity, open_engine
from fractionate.records import Item, Response
from fractionate.storage import read_records, write_json, write_records
from fractionate.transfer.scoring import is_looping

Watch = Callable[[float, str], None]
"""Told how far a stage is (0 to 1), with a figure worth seeing."""


class Sampling(NamedTuple):
    """How often each item is asked, and how; `rows` prompts at a time."""

    samples: int = 1
    temperature: float = 0.0
    seed: int = 0
    rows: int = 192


GREEDY = Sampling()

NOTES = "notes.json"
NO_SYSTEM = "its chat has no system prompt, so that text stood before the question"


class Answering(Protocol):
    """A student ready to answer."""

    name: str

    def respond(
        self, items: Sequence[Item], sampling: Sampling, on_done: Callable[[int], None]
    ) -> list[Response]:
        """All samples of every item, in order; `on_done` is told how many have just ended."""


class Student(Protocol):
    """Someone who can be asked. `prefills` tells whether a response can be made to begin with given words, `identity`
    tells it from any other student: kept answers are of one identity."""

    name: str
    prefills: bool

    @property
    def identity(self) -> str:
        """Which model this is."""
        ...

    def open(self, items: Sequence[Item], sampling: Sampling) -> AbstractContextManager[Answering]:
        """Get ready for about these items."""


class LocalStudent:
    """A model in this process, or in vLLM's where that is faster; `folder` receives `engine.json`, which says why, and
    `notes.json`, what was asked in another way than the items say.
    """

    prefills = True

    def __init__(self, model: str, *, seed: int = 0, folder: Path | None = None) -> None:
        self.name = model
        self.seed = seed
        self.folder = folder

    @property
    def identity(self) -> str:
        """What the model's files hold."""
        return identity(self.name, seed=self.seed)

    def open(self, items: Sequence[Item], sampling: Sampling) -> "OpenStudent":
        """Load the model into the faster engine."""
        # Answers end long before their limits, but about half of the limits' sum is what a base model writes.
        tokens = sampling.samples * sum(i.max_new_tokens for i in items) // 2
        choice = choose_engine(self.name, tokens)
        if self.folder is not None:
            write_json(self.folder / "engine.json", {"why": choice.why, "new_tokens_expected": tokens})
        engine = open_engine(choice, self.name, seed=self.seed, rows=sampling.rows)
        return OpenStudent(engine, self.folder)


class OpenStudent:
    """An engine with a student in it; notes go to `folder`."""

    def __init__(self, engine: Engine, folder: Path | None = None) -> None:
        self.engine = engine
        self.folder = folder
        self.name = engine.name

    def __enter__(self) -> "OpenStudent":
        self.engine.__enter__()
        return self

    def __exit__(self, *problem: object) -> None:
        self.engine.__exit__(*problem)

    def respond(
        self, items: Sequence[Item], sampling: Sampling, on_done: Callable[[int], None] = lambda rows: None
    ) -> list[Response]:
        """Continue each item's prompt; a prefill is part of the prompt's tokens."""
        chat = self.engine.model.chat
        heads = chat.prompts([(i.prompt, i.history) for i in items])
        spoken = any(i.history and i.history[0].role == "system" for i in items)
        if self.folder is not None and spoken and not chat.knows_system:
            write_json(self.folder / NOTES, [NO_SYSTEM])
        prompts = [
            Prompt(head + (chat.encode(i.prefill) if i.prefill else []), i.max_new_tokens)
            for head, i in zip(heads, items, strict=True)
        ]
        asked = [
            (item, prompt, k)
            for item, prompt in zip(items, prompts, strict=True)
            for k in range(sampling.samples)
        ]
        completions = self.engine.generate(
            [prompt for _, prompt, _ in asked], Decoding(sampling.temperature, sampling.seed), on_done=on_done
        )
        return [
            Response(
                item.id, done.text, len(done.ids), done.stop, sample=sample, looping=is_looping(done.text)
            )
            for (item, _, sample), done in zip(asked, completions, strict=True)
        ]


def ask(
    student: Student,
    items: Sequence[Item],
    whole: Path,
    sampling: Sampling,
    watch: Watch = lambda share, note: None,
    spent: Callable[[float], None] = lambda seconds: None,
) -> list[Response]:
    """The student's responses to all items, in their order, kept in `whole`; groups of an earlier run stand.

    `spent` is told the seconds that each group's generation took, as soon as its responses are kept.
    """
    if whole.is_file():
        return read_records(whole, Response)
    parts = whole.with_suffix("")
    groups = _groups(items, 2 * sampling.rows)
    missing = [n for n in range(len(groups)) if not (parts / f"{n:04}.parquet").is_file()]
    total = len(items) * sampling.samples
    done = total - sampling.samples * sum(len(groups[n]) for n in missing)
    if missing:
        with student.open([item for n in missing for item in groups[n]], sampling) as answering:
            watch(done / total, answering.name)

            def tell(rows: int) -> None:
                nonlocal done
                done += rows
                watch(done / total, answering.name)

            for number in missing:
                start = time.monotonic()
                responses = answering.respond(groups[number], sampling, tell)
                write_records(parts / f"{number:04}.parquet", Response, responses)
                spent(time.monotonic() - start)
    found = [r for part in sorted(parts.glob("*.parquet")) for r in read_records(part, Response)]
    place = {item.id: i for i, item in enumerate(items)}
    found.sort(key=lambda r: (place[r.item], r.sample))
    write_records(whole, Response, found)
    shutil.rmtree(parts, ignore_errors=True)
    return found


def _groups(items: Sequence[Item], size: int) -> list[list[Item]]:
    """Items of similar length of prompt and of answer together; an interruption loses at most a group."""
    order = sorted(items, key=lambda i: (i.max_new_tokens, len(i.prompt), i.id))
    return [order[i : i + size] for i in range(0, len(order), size)]
