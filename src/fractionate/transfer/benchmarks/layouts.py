"""Layouts: how the rows of a published benchmark become problems. Each is a function from a row to a `Draft`.

    @layout("riddles", file="riddles.jsonl")
    def riddles(row: Row) -> Draft:
        return Draft(row.text("riddle"), row.text("solution"), kind=row.get("topic"))

    load_benchmark("riddles?type=animals")     # the rows of that kind alone

A row without a question or an answer is an `InputError` that names file, row and fields.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from fractionate.errors import InputError, unknown_name
from fractionate.traces.socratic import SubQuestion
from fractionate.transfer.benchmarks.base import BENCHMARKS, Problem, fitting_checker
from fractionate.transfer.benchmarks.files import data_folder, parse_source, rows

QUESTION_FIELDS = ("question", "problem", "input", "Question")
ANSWER_FIELDS = ("answer", "target", "gold", "Answer")
SOURCE_OPTIONS = ("type", "split", "config")
_FLOAT = re.compile(r"\A(-?\d+)\.0+\Z")
_MARKS = re.compile(r"<<[^<>]*>>")
_PLAIN = re.compile(r"\W+")


class Draft(NamedTuple):
    """What a row says of a problem; an empty checker is chosen by the answer."""

    text: str
    gold: str
    checker: str = ""
    cluster: str = ""
    kind: str = ""
    choices: tuple[str, ...] = ()
    solution: str = ""
    sub_questions: tuple[SubQuestion, ...] = ()


class Row(NamedTuple):
    """A row and its place, for messages."""

    fields: Mapping[str, Any]
    place: str

    def get(self, *names: str) -> str:
        """The first of the fields that holds something, as text; empty if none does."""
        for name in names:
            value = self.fields.get(name)
            if value is not None and str(value).strip():
                return str(value).strip()
        return ""

    def text(self, *names: str) -> str:
        """The first of the fields that holds something.

        Raises:
            InputError: none does.
        """
        if found := self.get(*names):
            return found
        wanted = " or ".join(names)
        raise InputError(f"{self.place}: no {wanted} in this row; rename the field that holds it")


Layout = Callable[[Row], Draft]


def layout(
    name: str, file: str = "", groups: Mapping[str, tuple[str, ...]] = {}
) -> Callable[[Layout], Layout]:
    """Decorator: register the benchmark `name` whose rows the function reads.

    `file` is its place in the data folder where none is named, with `{task}` for the option of that name; `groups` are
    further names for several kinds at once.
    """

    def add(read: Layout) -> Layout:
        def load(argument: str, limit: int | None) -> list[Problem]:
            source = parse_source(argument)
            task = ("task",) if "{task}" in file else ()
            for option in source.options:
                if option not in (*SOURCE_OPTIONS, *task):
                    raise unknown_name(f"option of benchmark {name}", option, (*SOURCE_OPTIONS, *task))
            place = source.place or _in_data_folder(name, file, source.options)
            label = name if name != "rows" else Path(place).stem
            found = problems(rows(place, source.options), read, label, place)
            return _of_kind(found, source.options.get("type"), groups, name)[:limit]

        load.__doc__ = read.__doc__
        BENCHMARKS.register(name)(load)
        return read

    return add


def read_problems(path: Path, limit: int | None = None) -> list[Problem]:
    """The problems of a local file of plain rows; a row's own `checker`, `cluster` and `kind` are kept.

    Raises:
        InputError: the file cannot be read, or a row has no question or no answer.
    """
    return BENCHMARKS["rows"](str(path), limit)


def problems(found: list[Mapping[str, Any]], read: Layout, name: str, place: str) -> list[Problem]:
    """A problem a row, in order; its id is the benchmark's name and the number of the row."""
    return [
        _problem(read(Row(fields, f"{place}:{number}")), f"{name}#{number - 1}")
        for number, fields in enumerate(found, start=1)
    ]


def final_answer(text: str) -> str:
    """What follows the last `####`, and `145.0` as `145`."""
    return _FLOAT.sub(r"\1", text.rpartition("####")[2].strip())


def solution_before(text: str) -> str:
    """What precedes the last `####`, without GSM8K's marks for a calculator, which nobody reads."""
    return _MARKS.sub("", text.rpartition("####")[0]).strip()


def with_body(body: str, question: str) -> str:
    """A question after its story; a story that breaks off goes on in it."""
    if not body:
        return question
    if body[-1] in ".?!":
        return f"{body} {question}"
    return f"{body.rstrip(',')}, {question[0].lower()}{question[1:]}"


def _problem(draft: Draft, id: str) -> Problem:
    return Problem(
        id=id,
        text=" ".join(draft.text.split(" ")),
        gold=draft.gold,
        checker=draft.checker or fitting_checker(draft.gold),
        cluster=draft.cluster,
        kind=draft.kind,
        choices=draft.choices,
        solution=draft.solution,
        sub_questions=draft.sub_questions,
    )


def _in_data_folder(name: str, file: str, options: Mapping[str, str]) -> str:
    if "{task}" in file and "task" not in options:
        raise InputError(f"benchmark {name}: say which task, as in {name}?task=navigate")
    path = data_folder() / file.format(task=options.get("task", ""))
    if not path.exists():
        raise InputError(
            f"benchmark {name}: {path} is missing; set FRACTIONATE_DATA to the folder that holds it, or name the file "
            f"or data set ({name}:FILE, {name}:hf:ORG/NAME)"
        )
    return str(path)


def _of_kind(
    found: list[Problem], wanted: str | None, groups: Mapping[str, tuple[str, ...]], name: str
) -> list[Problem]:
    if wanted is None:
        return found
    key = _key(wanted)
    accepted = set(groups.get(key, (key,)))
    chosen = [problem for problem in found if _key(problem.kind) in accepted]
    if not chosen:
        known = {_key(problem.kind) for problem in found} | set(groups)
        raise unknown_name(f"type of benchmark {name}", wanted, known - {""})
    return chosen


def _key(kind: str) -> str:
    return _PLAIN.sub("_", kind.strip().lower())


@layout("rows")
def plain_rows(row: Row) -> Draft:
    """Rows with a question and an answer under their usual names, and a `checker`, `cluster` or `kind` if they like."""
    answer = row.text(*ANSWER_FIELDS)
    return Draft(
        with_body(row.get("body", "Body"), row.text(*QUESTION_FIELDS)),
        final_answer(answer),
        row.get("checker"),
        row.get("cluster"),
        row.get("kind"),
        solution=solution_before(answer),
    )
