"""What every benchmark has in common: its problems, the registry, and how a benchmark is named.

load_benchmark("gsm_plus?type=digit_expansion", limit=100)
# [Problem(id="gsm_plus#1", text="…", gold="1800", cluster="gsm_plus/4f1c…", kind="digit expansion"), …]
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fractionate.checking.numbers import CLOCK, plain_number
from fractionate.errors import InputError
from fractionate.records import Message
from fractionate.registry import Registry
from fractionate.traces.socratic import SubQuestion

FILES = (".jsonl", ".json", ".parquet", ".csv")
"""Names of the files that hold rows."""
_NAME = re.compile(r"([\w-]+)(?::|(?=\?)|$)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Problem:
    """A question and its right answer. `cluster` ties near-duplicates; empty means that it stands alone.

    `history` are earlier turns of the chat that the question ends; `solution` is a right way to the answer in words,
    where the data has one, for demonstrations. `kind` is what the benchmark divides its problems by: a perturbation, a
    subject, a subtask. `choices` are the options of a multiple choice, which the text lists too. `sub_questions` lead
    to the answer, where the data has them.
    """

    id: str
    text: str
    gold: str
    checker: str = "math"
    cluster: str = ""
    history: tuple[Message, ...] = ()
    solution: str = ""
    kind: str = ""
    choices: tuple[str, ...] = ()
    sub_questions: tuple[SubQuestion, ...] = ()


Loader = Callable[[str, int | None], list[Problem]]
"""From what follows the name (after a colon, or from a question mark on), and the number of problems wanted (None:
all)."""

BENCHMARKS: Registry[Loader] = Registry("benchmark", home="fractionate.transfer")


def load_benchmark(name_or_path: str, limit: int | None = None) -> list[Problem]:
    """The first `limit` problems of a registered benchmark, of a file, or of a data set (`hf:org/name`).

    Raises:
        InputError: no such benchmark or file, or a row without a question or an answer.
    """
    named = _NAME.fullmatch(name_or_path)
    if named and named[1] in BENCHMARKS:
        return BENCHMARKS[named[1]](named[2], limit)
    path, _, _ = name_or_path.partition("?")
    if path.startswith("hf:") or path.endswith(FILES) or Path(path).exists():
        return BENCHMARKS["rows"](name_or_path, limit)
    return BENCHMARKS[named[1] if named else name_or_path](
        name_or_path, limit
    )  # fails, and names the nearest


def check_benchmark(name_or_path: str) -> None:
    """Refuse a benchmark that does not exist, by loading one problem of it."""
    if not load_benchmark(name_or_path, limit=1):
        raise InputError(f"benchmark {name_or_path}: there is no problem in it")


def fitting_checker(gold: str) -> str:
    """`math` for numbers, clock times, ratios and formulas in LaTeX, otherwise `exact`."""
    mathematical = plain_number(gold) is not None or CLOCK.match(gold) or "\\" in gold
    return "math" if mathematical else "exact"
