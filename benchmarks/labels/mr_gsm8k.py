"""MR-GSM8K: the first wrong step of solutions that people judged, scored as ProcessBench's.

    {"uuid": …, "question": …, "model_output_steps": ["Step 1: …", …],
     "model_output_solution_correctness": "wrong", "model_output_solution_first_error_step": 2}

Steps count from 1; "N/A", 0 or -1 says that there is none. A solution that is wrong without a place is left out.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.labels.files import Fields
from benchmarks.labels.mistakes import RIGHT, Judge, Judged, by_rules, first_errors
from benchmarks.labels.suites import SUITES, Row, Scored, by_file

_NUMBER = re.compile(r"-?\d+")
_LABEL = re.compile(r"\A\s*Step \d+: ?")
"""The annotators' numbers; before a line of code they would hide that it is code."""


@SUITES.register("mr_gsm8k")
def mr_gsm8k(folder: Path, judge: Judge = by_rules) -> Iterator[Scored]:
    """A row a file."""

    def score(file: Path, rows: list[Fields]) -> Row:
        labels = [(row, first_error(row)) for row in rows]
        return first_errors([_judged(row, at) for row, at in labels if at is not None], judge)

    return by_file("mr_gsm8k", folder, score)


def _judged(row: Fields, first: int) -> Judged:
    return Judged(str(row.get("uuid", "")), row["question"], steps_of(row["model_output_steps"]), first)


def first_error(row: Fields) -> int | None:
    """The first wrong step from 0 on, or `RIGHT`; None where the solution is wrong and no place is named."""
    if str(row["model_output_solution_correctness"]).lower() == "correct":
        return RIGHT
    number = _NUMBER.search(str(row["model_output_solution_first_error_step"]))
    place = int(number[0]) if number else 0
    return place - 1 if place > 0 else None


def steps_of(given: Any) -> list[str]:
    """Steps that are strings, or lists of sentences, or a list that was written out as one string; unnumbered."""
    if isinstance(given, str):
        given = ast.literal_eval(given) if given.startswith("[") else given.strip().split("\n")
    steps = (step if isinstance(step, str) else " ".join(step) for step in given)
    return [_LABEL.sub("", step) for step in steps]
