"""Suites: versioned definitions of what students are asked, so that a score can be compared years later.

    suite = load_suite("transfer-quick")        # the newest version; or a TOML file of your own
    items = suite.items(load_benchmark(suite.home), seed=0)
    suite.title                                 # "transfer-quick 2"
    load_suite("transfer-quick@2").title        # "transfer-quick 2", whatever comes after it

A version stays loadable once there is a newer one. Those before transfer 2, transfer-quick 2 and transfer-real 3 are
gone: the identifiers of their items did not tell problems of different difficulty apart.

A suite is a TOML file: cells in groups, what follows on the students' own responses, and the families that T averages.
`home` stands for the problems that look like the training data: those of a study's development split, or the suite's
own where there is no study. The fingerprint of the items says whether two scores are of the same questions.
"""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fractionate.errors import InputError, unknown_name
from fractionate.records import Item
from fractionate.storage import to_json
from fractionate.traces import near_duplicates
from fractionate.transfer.benchmarks import Problem, check_benchmark, load_benchmark
from fractionate.transfer.items import items_for
from fractionate.transfer.leaks import unseen
from fractionate.transfer.styles import STYLES
from fractionate.transfer.styles.shots import SHOTS

HOME = "home"
GENERATED = ("world:", "gym:")
FOLDER = "suites"
_FILE = re.compile(r"(?P<name>.+)-(?P<version>\d+)\.toml")
SPARE = 2
"""Problems of a world made for each one wanted: those that were seen in training are passed over."""

Family = Literal["in_format", "at_once", "style", "related", "difficulty"]


class Table(BaseModel):
    """A frozen table of the file; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CellGroup(Table):
    """A cell for each benchmark under each style, of at most `items` problems; `labels` name the benchmarks' cells."""

    family: Family
    benchmarks: Annotated[tuple[str, ...], Field(min_length=1)] = (HOME,)
    labels: tuple[str, ...] = ()
    styles: Annotated[tuple[str, ...], Field(min_length=1)] = ("plain",)
    items: int = Field(gt=0)
    max_new_tokens: int | None = Field(default=None, gt=0)

    @property
    def wanted(self) -> int:
        """The problems of a benchmark that are asked, and others that its styles show solved."""
        return self.items + SPARE * max(SHOTS.get(style, 0) for style in self.styles)


class FollowUps(Table):
    """What is asked on top of the student's own responses to the in-format problems, `items` of them."""

    items: int = Field(default=32, gt=0)
    interventions: tuple[str, ...] = ()


class Suite(Table):
    """A definition. `metric` is the transfer score T: its families, which count equally."""

    name: str = Field(min_length=1)
    version: int = Field(gt=0)
    about: str = ""
    home: str | None = None
    metric: tuple[Family, ...] = ("style", "related", "difficulty")
    max_new_tokens: int = Field(default=192, gt=0)
    cells: Annotated[tuple[CellGroup, ...], Field(min_length=1)]
    follow_ups: FollowUps = FollowUps()
    layers: tuple[str, ...] = ()
    layer_items: int = Field(default=32, gt=0)
    general: bool = False

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"

    def items(
        self, home: Sequence[Problem], *, seed: int, seen: Collection[str] = (), near: Collection[str] = ()
    ) -> list[Item]:
        """The items of every cell; generated problems whose text was `seen` in training are passed over, and those of
        benchmark files that are one of `near` or nearly.

        Raises:
            InputError: an unknown benchmark or style, or one of which every problem was seen.
        """
        labels = _labels(self.cells)
        items = []
        for group in self.cells:
            for benchmark in group.benchmarks:
                problems = list(home) if benchmark == HOME else _problems(benchmark, group.wanted, seen, near)
                for style in group.styles:
                    items += items_for(
                        problems, cell=_cell(group.family, benchmark, style, labels), family=group.family,
                        style=style, seed=seed, limit=group.items,
                        max_new_tokens=group.max_new_tokens or self.max_new_tokens,
                    )  # fmt: skip
        if len({i.id for i in items}) < len(items):
            raise InputError(f"suite {self.title}: two of its cells have one name; give each its own")
        return items

    def redrawn(self, seed: int) -> "Suite":
        """The same cells with other problems wherever they are generated: a world's and reasoning-gym's."""
        labels = _labels(self.cells)
        cells = [
            group.model_copy(
                update={
                    "benchmarks": tuple(_drawn_by(b, seed) for b in group.benchmarks),
                    "labels": tuple(labels.get(b, b) for b in group.benchmarks),
                }
            )
            for group in self.cells
        ]
        return self.model_copy(update={"cells": tuple(cells)})

    @property
    def home_items(self) -> int:
        """How many home problems its cells can ask, with those that are shown solved."""
        groups = [g for g in self.cells if HOME in g.benchmarks]
        shown = max((g.wanted - g.items for g in groups), default=0)
        return max((g.items for g in groups), default=0) + shown

    def style_places(self) -> dict[str, str]:
        """The benchmark of each style cell as the cell names it; "" is home."""
        labels = _labels(self.cells)
        return {
            _cell("style", benchmark, style, labels): "" if benchmark == HOME else labels[benchmark]
            for group in self.cells
            if group.family == "style"
            for benchmark in group.benchmarks
            for style in group.styles
        }

    def check(self) -> None:
        """Refuse a style, a benchmark, a layer or an intervention that does not exist.

        Raises:
            InputError: naming it.
        """
        from fractionate.transfer.interventions import INTERVENTIONS
        from fractionate.transfer.layers import LAYERS

        for layer in self.layers:
            LAYERS[layer]
        for intervention in self.follow_ups.interventions:
            INTERVENTIONS[intervention]
        for group in self.cells:
            for style in group.styles:
                STYLES[style]
        for benchmark in self.outside():
            check_benchmark(benchmark)

    def outside(self) -> list[str]:
        """The benchmarks that are not the home problems, each once."""
        named = dict.fromkeys(b for group in self.cells for b in group.benchmarks)
        return [b for b in named if b != HOME]


def load_suite(name_or_path: str) -> Suite:
    """A suite of this package, the newest of its name or the version that `NAME@VERSION` states, or of a TOML file.

    Raises:
        InputError: there is none, or its definition is wrong.
    """
    text = _text(name_or_path)
    try:
        return Suite.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"suite {name_or_path}: broken TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(f"suite {name_or_path}: {place}: {first['msg']}") from error


def suite_names() -> list[str]:
    """The suites of this package."""
    return sorted(suite_versions())


def suite_versions() -> dict[str, list[int]]:
    """The versions of every suite of this package, the newest last."""
    found: dict[str, list[int]] = {}
    for file in resources.files("fractionate.transfer").joinpath(FOLDER).iterdir():
        if named := _FILE.fullmatch(file.name):
            found.setdefault(named["name"], []).append(int(named["version"]))
    return {name: sorted(versions) for name, versions in found.items()}


def fingerprint(items: Sequence[Item]) -> str:
    """What was asked, in twelve characters: equal only for the same items."""
    return hashlib.sha256("\n".join(to_json(item) for item in items).encode()).hexdigest()[:12]


def _text(name_or_path: str) -> str:
    name, _, wanted = name_or_path.partition("@")
    if versions := suite_versions().get(name):
        if wanted not in ("", *map(str, versions)):
            known = ", ".join(f"{name}@{version}" for version in versions)
            raise InputError(f"suite {name}: there is no version {wanted} here; there are {known}")
        file = f"{name}-{wanted or versions[-1]}.toml"
        return resources.files("fractionate.transfer").joinpath(FOLDER, file).read_text(encoding="utf-8")
    path = Path(name_or_path)
    if path.suffix != ".toml":
        raise unknown_name("suite", name_or_path, suite_names())
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: this suite cannot be read ({error})") from error


def _problems(benchmark: str, wanted: int, seen: Collection[str], near: Collection[str]) -> list[Problem]:
    """The problems of a cell's benchmark; near-duplicates in files are tied into clusters."""
    if benchmark.startswith("world:"):
        return _asked(
            benchmark, [p for p in load_benchmark(benchmark, SPARE * wanted) if p.text not in seen]
        )[:wanted]
    problems = load_benchmark(benchmark)
    if benchmark.startswith("gym:"):  # a generated family's differ in their numbers alone
        fresh = [p for p in problems if p.text not in seen]
        if len(fresh) < min(wanted, len(problems)):
            fresh = [p for p in load_benchmark(benchmark, SPARE * len(problems)) if p.text not in seen]
        return _asked(benchmark, fresh)
    problems = _asked(benchmark, unseen(problems, near))
    labels = near_duplicates([p.text for p in problems])
    return [
        p if p.cluster else replace(p, cluster=f"{benchmark}-{label}")
        for p, label in zip(problems, labels, strict=True)
    ]


def _asked(benchmark: str, fresh: list[Problem]) -> list[Problem]:
    """The problems that were not learned.

    Raises:
        InputError: there are none.
    """
    if not fresh:
        raise InputError(f"{benchmark}: every problem was learned in training; ask another benchmark")
    return fresh


def _drawn_by(benchmark: str, seed: int) -> str:
    """A generated benchmark with another seed, which keeps series apart that had different ones."""
    if not benchmark.startswith(GENERATED):
        return benchmark
    name, _, query = benchmark.partition("?")
    options = dict(parse_qsl(query))
    return f"{name}?{urlencode(options | {'seed': str(int(options.get('seed', 0)) + seed)})}"


def _cell(family: str, benchmark: str, style: str, labels: Mapping[str, str]) -> str:
    """A cell's name: "in-format", "at once", "style: boxed", "svamp", "svamp, boxed"."""
    where = "" if benchmark == HOME else labels[benchmark]
    if family in _PLAIN:
        return f"{_PLAIN[family]} {where}".strip()
    if not where:
        return f"{family}: {style}"
    return where if style == "plain" else f"{where}, {style}"


_PLAIN = {"in_format": "in-format", "at_once": "at once"}


def _labels(groups: Sequence[CellGroup]) -> dict[str, str]:
    """The benchmarks' names: as labeled; else a file's stem, a family without its options; whole if not unique."""
    given = {b: label for g in groups for b, label in zip(g.benchmarks, g.labels, strict=False)}
    others = {b for g in groups for b in g.benchmarks} - given.keys() - {HOME}
    short = {b: Path(b).stem if Path(b).suffix else b.split("?")[0] for b in others}
    times = Counter([*short.values(), *given.values()])
    return given | {b: label if times[label] == 1 else b for b, label in short.items()}
