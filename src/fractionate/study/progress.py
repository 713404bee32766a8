"""Progress of a whole study: the stage at hand, how far it is, and the time left for everything.

Work is counted in estimated seconds at nominal rates; the time left scales them by how the machine has kept up so
far, with training and asking apart. On a terminal it is a live bar, elsewhere one line every few seconds.
"""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from fractionate.storage import write_json

LINE_EVERY_SECONDS = 10.0


TOO_SHORT = 5.0
"""Nominal seconds of work that say nothing yet about the pace."""


class Stage(NamedTuple):
    """A stage of work: its name, which begins with its kind, and its estimated seconds at nominal speed."""

    name: str
    seconds: float


class Kind:
    """All stages of one kind: the nominal seconds that this run has done of them, and what it took."""

    def __init__(self) -> None:
        self.done = self.spent = 0.0

    def pace(self, otherwise: float) -> float:
        """Seconds for each nominal one."""
        return self.spent / self.done if self.done > TOO_SHORT else otherwise


class StudyProgress:
    """Shows stages; `at(name, share)` says how far one is, 0 to 1."""

    def __init__(self, console: Console, stages: Sequence[Stage]) -> None:
        self.console = console
        self.nominal = {s.name: s.seconds for s in stages}
        self.shares = dict.fromkeys(self.nominal, 0.0)
        self.kinds = {_kind(name): Kind() for name in self.nominal}
        self.begun: set[str] = set()
        self.last = time.monotonic()
        self.last_line = 0.0
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"), console=console,
            disable=not console.is_terminal,
        )  # fmt: skip
        self.task: TaskID = self.bar.add_task("starting", total=1.0, left="")

    def __enter__(self) -> "StudyProgress":
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def skip(self, name: str) -> None:
        """The stage was done by an earlier run: it says nothing about this run's speed."""
        self.begun.discard(name)
        self.at(name, 1.0)

    def at(self, name: str, share: float, note: str = "") -> None:
        """The stage is at `share`; `note` is a figure worth seeing, such as the loss.

        Its first report says how far an earlier run had come, and nothing about this run's pace.
        """
        now = time.monotonic()
        if name in self.begun and share > self.shares[name]:
            kind = self.kinds[_kind(name)]
            kind.done += self.nominal[name] * (share - self.shares[name])
            kind.spent += now - self.last
        if name not in self.begun or share > self.shares[name]:
            self.last = now
        self.begun.add(name)
        self.shares[name] = share
        left = f"{clock(self.seconds_left())} left"
        text = f"{name} {share:4.0%} {note}".rstrip()
        whole = self._done() / max(sum(self.nominal.values()), 1e-9)
        self.bar.update(self.task, description=text, completed=whole, left=left)
        if not self.console.is_terminal and (share >= 1 or now - self.last_line > LINE_EVERY_SECONDS):
            self.console.print(f"{whole:4.0%}  {text}  {left}", highlight=False)
            self.last_line = now

    def seconds_left(self) -> float:
        """Nominal seconds left, those of each kind scaled by how fast this run has been with it."""
        whole = Kind()
        for kind in self.kinds.values():
            whole.done, whole.spent = whole.done + kind.done, whole.spent + kind.spent
        paces = {name: kind.pace(whole.pace(1.0)) for name, kind in self.kinds.items()}
        return sum(s * (1 - self.shares[n]) * paces[_kind(n)] for n, s in self.nominal.items())

    def _done(self) -> float:
        return sum(self.nominal[n] * share for n, share in self.shares.items())


def _kind(name: str) -> str:
    return name.partition(" ")[0]


class Stopwatch:
    """The wall time of a study over all its runs, kept in `seconds.json` from stage to stage."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before = float(json.loads(path.read_text())) if path.is_file() else 0.0
        self.started = time.monotonic()

    def lap(self) -> None:
        """Write down the time so far."""
        write_json(self.path, self.before + time.monotonic() - self.started)


def clock(seconds: float) -> str:
    """75 → "1:15"."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
