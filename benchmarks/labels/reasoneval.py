"""ReasonEval: which given steps are redundant, and (in other files, `*invalid*`) which are wrong.

    {"question": …, "model_output_step_format": [["One step."], …], "rating": [1, 0, …]}

A step is redundant to us if it says nothing that the problem or an earlier step does not say; it is wrong if that is
proved, or if it is the first one in doubt. Files of wrong steps may name the first one in place of ratings, as
MR-GSM8K does: what comes after it was not judged and does not count. Clusters are questions; baselines: all
useful, all redundant; all right, all wrong.
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.labels.files import Fields
from benchmarks.labels.mistakes import RIGHT
from benchmarks.labels.mr_gsm8k import first_error, steps_of
from benchmarks.labels.score import Case, classes, macro_f1, row
from benchmarks.labels.suites import SUITES, Row, Scored, by_file, taken_apart
from fractionate.records import Anatomy


@SUITES.register("reasoneval")
def reasoneval(folder: Path) -> Iterator[Scored]:
    """A row a file."""
    return by_file("reasoneval", folder, _score)


def _score(file: Path, rows: list[Fields]) -> Row:
    redundant = "redundant" in file.stem.lower()
    cases = [case for trace in rows if (case := _case(trace, redundant)) is not None]
    return row("redundant_macro_f1" if redundant else "step_errors_f1", cases, macro_f1)


def _case(trace: Fields, redundant: bool) -> Case | None:
    """One trace's steps as far as people judged them, if they judged any."""
    steps = steps_of(trace.get("model_output_step_format") or trace["model_output_steps"])
    truth = [r <= 0 for r in trace["rating"]] if redundant or "rating" in trace else _wrong(trace, len(steps))
    if not truth:
        return None
    anatomy = taken_apart(str(trace.get("id", "")), trace["question"], steps)
    ours = [s.redundant for s in anatomy.steps] if redundant else errors(anatomy)[: len(truth)]
    constant = {str(value): classes([value] * len(truth), truth) for value in (False, True)}
    return Case(trace["question"], classes(ours, truth), constant)


def _wrong(trace: Fields, steps: int) -> list[bool]:
    """For each step up to the first wrong one, whether it is wrong; nothing where no step of them is named."""
    first = first_error(trace)
    if first == RIGHT:
        return [False] * steps
    return [False] * first + [True] if first is not None and first < steps else []


def errors(anatomy: Anatomy) -> list[bool]:
    """For each step whether it is proved wrong or the first suspect."""
    suspect = anatomy.first_suspect()
    return [step.check == "wrong" or step.index == suspect for step in anatomy.steps]
