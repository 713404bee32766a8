"""Compile a dataset: every trace through a recipe into the rows of a trainer's format.

    order = Order(Path("anatomy.parquet"), "decision_points", "trl", Path("out"))
    compile_dataset(order)["examples"]            # out/data.jsonl, out/README.md, out/card.json

What a study or search has compiled already (`supervision.parquet`) becomes rows as it is, without a recipe. Traces
stream: a few hundred are held at once. Files are written beside and renamed, the card last; where the card is already
there for the same order and the same input, nothing is done. What makes no example is counted with its reason.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from fractionate.errors import InputError
from fractionate.models import Model, load_model
from fractionate.records import Anatomy, Supervision
from fractionate.storage import file_hash, write_rows, write_text
from fractionate.supervision.base import NotApplicable
from fractionate.supervision.choice import Choice
from fractionate.supervision.dataset.card import finish, finished
from fractionate.supervision.dataset.pairing import maker
from fractionate.supervision.dataset.source import Source, compiled_by, open_source
from fractionate.supervision.dataset.tally import Tally, due
from fractionate.supervision.encode import CONTROL, Example, asked_of, encode_all
from fractionate.supervision.export.base import EXPORTERS, Exporter, Item, Row, check
from fractionate.supervision.options import files
from fractionate.supervision.wrong import ends_wrong

CHUNK = 512
"""Traces that are tokenized together."""

Made = tuple[Supervision, ...]
"""What makes one row: one supervision, or the two of a preference pair."""
Watch = Callable[[int, int], None]
"""Told how many traces are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to compile. `max_tokens` leaves longer examples out; by default the student's context does for formats of
    tokens, and nothing for formats of text. `form` and `mapping` say how trace files are read. `recipe` is empty where
    the source was compiled already.
    """

    source: Path
    recipe: str
    format: str
    out: Path
    student: str = "smollm2-135m"
    seed: int = 0
    max_tokens: int | None = None
    licence: str = "unknown"
    form: str | None = None
    mapping: Mapping[str, str] | None = None
    keep: Literal["all", "right"] = "all"

    def settings(self) -> dict[str, Any]:
        """All that the rows depend on, and the hash of the input."""
        given = {name: value for name, value in asdict(self).items() if name not in ("source", "out")}
        if used := {str(path): file_hash(path) for path in files(self.recipe)}:
            given["files"] = used
        versions = {name: version(name) for name in ("fractionate", "transformers")}
        return given | {
            "input": {"path": str(self.source), "sha256": file_hash(self.source)},
            "versions": versions,
        }


def compile_dataset(order: Order, watch: Watch = lambda done, total: None) -> dict[str, Any]:
    """Write the dataset's folder; returns its card.

    Raises:
        InputError: a name or a file is wrong, the format cannot say what the recipe asks for, or nothing is left.
    """
    compiled = compiled_by(order.source)
    order = _with_recipe(order, compiled)
    settings = order.settings()
    if (done := finished(order.out, settings)) is not None:
        return done
    compilation = Compilation(order, bool(compiled))
    source = open_source(order.source, order.form, order.mapping)
    exporter = compilation.exporter
    with few_collections():
        write_rows(order.out / exporter.file, compilation.rows(source, watch), exporter.shape)
    for name, text in exporter.companions().items():
        write_text(order.out / name, text)
    counts = compilation.tally.summary() | {
        "rejected_rows": source.rejected,
        "warnings": [*compilation.choice.told(), *compilation.on_wrong()],
    }
    return finish(order.out, exporter, settings, counts)


def _with_recipe(order: Order, compiled: str) -> Order:
    """The order with the recipe of what was compiled already.

    Raises:
        InputError: a recipe is missing, or something is asked that can only be done to traces.
    """
    if not compiled:
        if order.recipe:
            return order
        raise InputError(
            f"{order.source}: name a recipe, such as decision_points (`fractionate list` has them)"
        )
    asked = {
        "recipe": order.recipe, "keep": order.keep != "all", "seed": order.seed, "read-as": order.form,
        "columns": order.mapping,
    }  # fmt: skip
    if extra := [name for name, given in asked.items() if given]:
        raise InputError(f"{order.source}: was compiled already, by {compiled}; leave out {', '.join(extra)}")
    return replace(order, recipe=compiled)


@contextmanager
def few_collections() -> Iterator[None]:
    """Within: no garbage collector but between chunks, and then for what is new.

    Records come and go by the million and hold no cycles, yet make it run often: two fifths of a text format's time.
    """
    gc.freeze()
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.unfreeze()


class Compilation:
    """One pass over the traces."""

    def __init__(self, order: Order, compiled: bool) -> None:
        self.name = order.format
        self.make = None if compiled else maker(order.recipe, order.seed)
        self.last = ""
        kind = EXPORTERS[order.format]
        self.model: Model = load_model(order.student, weights=False)
        self.exporter: Exporter = kind(self.model.chat)
        self.limit = order.max_tokens or (self.model.context if kind.tokens else None)
        self.whole = kind.tokens or self.limit is not None
        self.keep = order.keep
        self.offered = 0
        self.tally = Tally()
        self.choice = Choice(order.recipe)

    def rows(self, source: Source, watch: Watch) -> Iterator[Row]:
        """The rows of all traces.

        Raises:
            InputError: there is none, or the format cannot say what the recipe asks for.
        """
        records: Iterator[Anatomy | Supervision] = source.records()
        while chunk := list(islice(records, CHUNK)):
            yield from self._rows_of([made for record in chunk if (made := self._made(record)) is not None])
            gc.collect(0)
            watch(self.tally.traces, source.total)
        if not self.tally.rows:
            reasons = ", ".join(f"{reason} ({n})" for reason, n in self.tally.left_out.most_common(3))
            raise InputError(
                f"not one of {self.tally.traces} traces makes an example: {reasons or 'no traces'}"
            )

    def on_wrong(self) -> list[str]:
        """A warning where wrong endings are learned."""
        wrong, traces = self.tally.wrong, self.tally.traces
        if self.keep == "right" or not wrong:
            return []
        return [f"warning: {wrong:,} of {traces:,} traces end wrong; keep = right leaves them out"]

    def _made(self, record: Anatomy | Supervision) -> Made | None:
        """What the recipe makes of a trace, if it has something for it."""
        self.tally.traces += 1
        if isinstance(record, Supervision):
            if record.trace_id == self.last:
                raise InputError("several stages of one trace: no format holds a schedule; train on it here")
            self.last = record.trace_id
            check(self.name, self.exporter, (record,))
            return (record,)
        self.tally.teachers[record.trace.teacher or "unknown"] += 1
        if ends_wrong(record):
            self.tally.wrong += 1
            if self.keep == "right":
                self.tally.leave_out("ends wrong")
                return None
        assert self.make is not None, "what was not compiled has a recipe"
        try:
            made = self.make(record)
        except NotApplicable as reason:
            self.tally.leave_out(str(reason))
            return None
        check(self.name, self.exporter, made)
        self.choice.add(record, made[0])
        return made

    def _rows_of(self, rows: Sequence[Made]) -> Iterator[Row]:
        numbers = range(self.offered, self.offered + len(rows))
        self.offered = numbers.stop
        wanted = [self.whole or due(number) for number in numbers]
        coded = iter(
            encode_all(self.model.chat, [s for made, w in zip(rows, wanted, strict=True) if w for s in made])
        )
        for number, made, want in zip(numbers, rows, wanted, strict=True):
            found = [next(coded) for _ in made] if want else []
            try:
                item = Item(made, self._usable(made, found))
                row = self.exporter.row(item)
            except NotApplicable as reason:
                self.tally.leave_out(str(reason))
            else:
                self.tally.add(number, item.examples)
                yield row

    def _usable(self, made: Made, found: Sequence[Example | NotApplicable]) -> tuple[Example, ...]:
        """The examples, if this trace may be trained on."""
        if not self.whole:
            if any(self.model.chat.spells_control(_words(supervision)) for supervision in made):
                raise NotApplicable(CONTROL)
            return tuple(e for e in found if isinstance(e, Example))
        examples = []
        for example in found:
            if isinstance(example, NotApplicable):
                raise example
            if self.limit is not None and len(example.ids) > self.limit:
                raise NotApplicable(f"longer than {self.limit:,} tokens")
            examples.append(example)
        return tuple(examples)


def _words(supervision: Supervision) -> str:
    """All that the student reads and writes."""
    problem, history = asked_of(supervision)
    return "\n".join([problem, *(turn.content for turn in history), supervision.response()])
