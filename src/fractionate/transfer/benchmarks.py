"""Benchmarks: problems with right answers, from a file or a generator, registered by name.

    load_benchmark("svamp", limit=100)             # a file of $FRACTIONATE_DATA/benchmarks
    load_benchmark("my/questions.jsonl")           # {question|problem|input, answer|target|gold} rows
    load_benchmark("gym:chain_sum?min_terms=2&max_terms=3", limit=50)    # a reasoning-gym family

    Problem(id="svamp#0", text="There are 87 oranges … how big is each group?", gold="145", checker="math")

A benchmark of your own is a function `(argument, limit) -> list[Problem]`, registered with
`@BENCHMARKS.register("name")` or by the entry-point group "fractionate.benchmark"; `argument` is what follows
the name and a colon.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fractionate.checking.numbers import CLOCK, plain_number
from fractionate.errors import InputError
from fractionate.records import Message
from fractionate.registry import Registry

QUESTION_FIELDS = ("question", "problem", "input", "Question")
ANSWER_FIELDS = ("answer", "target", "gold", "Answer")
_MARKS = re.compile(r"<<[^<>]*>>")
"""GSM8K's marks for a calculator, which nobody reads."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A question and its right answer. `cluster` ties near-duplicates; empty means that it stands alone.

    `history` are earlier turns of the chat that the question ends; `solution` is a right way to the answer in words,
    where the data has one, for demonstrations.
    """

    id: str
    text: str
    gold: str
    checker: str = "math"
    cluster: str = ""
    history: tuple[Message, ...] = ()
    solution: str = ""


Loader = Callable[[str, int | None], list[Problem]]
"""From what follows the name and a colon, and the number of problems wanted (None: all)."""

BENCHMARKS: Registry[Loader] = Registry("benchmark", home="fractionate.transfer")


def load_benchmark(name_or_path: str, limit: int | None = None) -> list[Problem]:
    """The first `limit` problems of a registered benchmark, or of a .jsonl, .json or .parquet file.

    Raises:
        InputError: no such benchmark or file, or a row without a question or an answer.
    """
    name, _, argument = name_or_path.partition(":")
    if name in BENCHMARKS:
        return BENCHMARKS[name](argument, limit)
    path = Path(name_or_path)
    if path.suffix in _ROWS or path.exists():
        return read_problems(path, limit)
    return BENCHMARKS[name](argument, limit)  # fails, and names the nearest benchmark


def check_benchmark(name_or_path: str) -> None:
    """Refuse a benchmark that does not exist, by loading one problem of it."""
    load_benchmark(name_or_path, limit=1)


def read_problems(path: Path, limit: int | None = None, name: str | None = None) -> list[Problem]:
    """The problems of a local file; a row's own `checker` and `cluster` fields are kept.

    Raises:
        InputError: the file cannot be read, or a row has no question or no answer.
    """
    rows = _rows(path)
    return [
        _problem(row, f"{name or path.stem}#{i}", f"{path}:{i + 1}") for i, row in enumerate(rows[:limit])
    ]


def fitting_checker(gold: str) -> str:
    """`math` for numbers, clock times, ratios and formulas in LaTeX, otherwise `exact`."""
    mathematical = plain_number(gold) is not None or CLOCK.match(gold) or "\\" in gold
    return "math" if mathematical else "exact"


def _problem(row: Mapping[str, Any], id: str, place: str) -> Problem:
    text, gold = _first(row, QUESTION_FIELDS, place), _first(row, ANSWER_FIELDS, place)
    if body := str(row.get("body") or row.get("Body") or "").strip():
        text = f"{body} {text}" if body[-1] in ".?!" else f"{body.rstrip(',')}, {text[0].lower()}{text[1:]}"
    solution = ""
    if "####" in gold:
        solution, _, gold = (part.strip() for part in gold.rpartition("####"))
    gold = re.sub(r"^(-?\d+)\.0$", r"\1", gold)
    checker = str(row.get("checker") or fitting_checker(gold))
    cluster = str(row.get("cluster") or "")
    return Problem(id, " ".join(text.split(" ")), gold, checker, cluster, solution=_MARKS.sub("", solution))


def _first(row: Mapping[str, Any], fields: tuple[str, ...], place: str) -> str:
    for field in fields:
        value = row.get(field)
        if value is not None and str(value).strip():
            return str(value).strip()
    raise InputError(f"{place}: no {' or '.join(fields[:-1])} in this row; rename the field that holds it")


def _read_jsonl(path: Path) -> list[Any]:
    rows = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                rows += [json.loads(line)] if line.strip() else []
            except ValueError as error:
                raise InputError(f"{path}:{number}: this line is not JSON ({error})") from error
    return rows


def _read_json(path: Path) -> list[Any]:
    content = json.loads(path.read_text(encoding="utf-8"))
    return content if isinstance(content, list) else [content]


def _read_parquet(path: Path) -> list[Any]:
    return pq.read_table(path).to_pylist()


_ROWS: dict[str, Callable[[Path], list[Any]]] = {
    ".jsonl": _read_jsonl,
    ".json": _read_json,
    ".parquet": _read_parquet,
}


def _rows(path: Path) -> list[Mapping[str, Any]]:
    if path.suffix not in _ROWS:
        raise InputError(f"{path}: not a benchmark file; give a {', '.join(_ROWS)} file")
    try:
        rows = _ROWS[path.suffix](path)
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: this benchmark cannot be read ({reason})") from error
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            raise InputError(f"{path}:{number}: not an object with a question and an answer")
    return rows


def data_folder() -> Path:
    """Where the named benchmark files lie: `$FRACTIONATE_DATA/benchmarks`, or `../shared/data/benchmarks`."""
    return Path(os.environ.get("FRACTIONATE_DATA") or Path("..") / "shared" / "data") / "benchmarks"


def _named(
    name: str, file: str, gold: Callable[[str], str], argument: str, limit: int | None
) -> list[Problem]:
    """A benchmark file of the data folder; `gold` makes its answers plain."""
    if argument:
        raise InputError(f"benchmark {name} takes nothing after a colon, but was given {argument!r}")
    path = data_folder() / file
    if not path.exists():
        raise InputError(
            f"benchmark {name}: {path} is missing; set FRACTIONATE_DATA to the folder that holds it"
        )
    problems = []
    for problem in read_problems(path, limit, name):
        answer = gold(problem.gold)
        checker = _FIXED_CHECKER.get(name) or fitting_checker(answer)
        problems.append(replace(problem, gold=answer, checker=checker))
    return problems


def _without_unit(answer: str) -> str:
    """`9 (apples)` → `9`."""
    return re.sub(r"(?<=[\w.)])\s*\([^()\d]*\)\s*$", "", answer).strip()


_FIXED_CHECKER = {"math500": "math"}
_FILES: dict[str, tuple[str, Callable[[str], str]]] = {
    "gsm8k_test": ("gsm8k_test.jsonl", str),
    "svamp": ("svamp.jsonl", str),
    "asdiv": ("asdiv.jsonl", _without_unit),
    "mawps_multiarith": ("mawps_multiarith.jsonl", str),
    "math500": ("math500.jsonl", str),
    "prosqa": ("prosqa_valid.json", str),
}
for _name, (_file, _gold) in _FILES.items():
    BENCHMARKS.register(_name)(partial(_named, _name, _file, _gold))
