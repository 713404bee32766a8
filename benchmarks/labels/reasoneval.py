"""ReasonEval: which given steps are redundant, and (in `*invalid*` files) which are wrong.

A step is redundant to us if it says nothing that the problem or an earlier step does not say. Clusters are questions;
baselines: all useful, all redundant; all right, all wrong.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.labels.score import Case, classes, macro_f1, row
from benchmarks.labels.suites import SUITES, Row, taken_apart


@SUITES.register("reasoneval")
def reasoneval(folder: Path) -> Iterator[tuple[str, Row]]:
    """A row a file."""
    for file in sorted(folder.glob("*.jsonl")):
        redundant = "redundant" in file.stem
        cases = [_case(line, redundant) for line in file.read_text(encoding="utf-8").splitlines() if line]
        name = "redundant_macro_f1" if redundant else "step_errors_f1"
        yield f"reasoneval/{file.stem}", row(name, cases, macro_f1)


def _case(line: str, redundant: bool) -> Case:
    trace = json.loads(line)
    steps = [" ".join(parts) for parts in trace["model_output_step_format"]]
    anatomy = taken_apart(
        str(trace["id"]), trace["question"], steps, str(trace.get("ground_truth_answer") or "")
    )
    truth = [rating == 0 for rating in trace["rating"]]
    ours = [s.redundant if redundant else s.check == "wrong" for s in anatomy.steps]
    constant = {str(value): classes([value] * len(truth), truth) for value in (False, True)}
    return Case(trace["question"], classes(ours, truth), constant)
