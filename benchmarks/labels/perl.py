"""PERL (premise-augmented reasoning chains): the premises of given steps, and which steps are wrong.

A premise is an earlier step, or the question as a whole (number 0); our links of every confidence count. Clusters are
questions, which repeat over a folder's three files. Baselines: the question and the step before; the question alone.
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.labels.files import Fields, Unscored, attempt, label_files
from benchmarks.labels.score import Case, classes, f1, macro_f1, row, sets
from benchmarks.labels.suites import SUITES, Row, Scored, taken_apart
from fractionate.records import Anatomy


@SUITES.register("perl")
def perl(folder: Path) -> Iterator[Scored]:
    """A row a folder, and one a file."""
    for kind in sorted(p for p in folder.iterdir() if p.is_dir()):
        pairs: list[tuple[Case, Case]] = []
        for file in label_files(kind):
            found = attempt(file, _pairs)
            pairs += [] if isinstance(found, Unscored) else found
            yield f"perl/{kind.name}/{file.stem}", found if isinstance(found, Unscored) else _row(found)
        if pairs:
            yield f"perl/{kind.name}", _row(pairs)


def _pairs(rows: list[Fields]) -> list[tuple[Case, Case]]:
    return [_cases(trace, str(i)) for i, trace in enumerate(rows)]


def _row(pairs: list[tuple[Case, Case]]) -> Row:
    links, wrong = (list(cases) for cases in zip(*pairs, strict=True))
    return row("links_f1", links, f1) | row("step_errors_f1", wrong, macro_f1)


def _cases(trace: Fields, id: str) -> tuple[Case, Case]:
    steps, question = trace["steps"], trace["question"]
    anatomy = taken_apart(id, question, steps, str(trace["model_answer"]))
    numbers = range(1, len(steps) + 1)
    annotated = trace["premise_annotation"]["steps"]
    # One trace's own step numbers leave some out, and its premises go by them: the order is what counts.
    place = {n: i for i, n in enumerate(sorted({0, *(at["step_number"] for at in annotated)}))}
    gold = {
        (place[at["step_number"]], place[premise[0]])
        for at in annotated
        for premise in at["premises"]
        if place[at["step_number"]] in numbers and premise[0] in place and premise[0] < at["step_number"]
    }
    baselines = {
        "question and previous": {(n, m) for n in numbers for m in {0, n - 1}},
        "question": {(n, 0) for n in numbers},
    }
    links = Case(question, sets(premises(anatomy), gold), {k: sets(v, gold) for k, v in baselines.items()})
    wrong = {
        at["step_number"]
        for at in trace["error_annotation"]["error_annotations"]["step_level"]
        if at["has_error"]
    }
    truth = [n in wrong for n in numbers]
    erring = errors(anatomy)
    ours = [step.index in erring for step in anatomy.steps]
    guesses = {"all right": [False] * len(steps), "all wrong": [True] * len(steps)}
    return links, Case(question, classes(ours, truth), {k: classes(v, truth) for k, v in guesses.items()})


def errors(anatomy: Anatomy) -> set[int]:
    """Steps that are wrong, the first suspect among them, and those that inherit it (PERL's accumulation errors)."""
    wrong = {step.index for step in anatomy.steps if step.check == "wrong"}
    suspect = anatomy.first_suspect()
    own = wrong if suspect is None else wrong | {suspect}
    return own.union(*(anatomy.users(index) for index in own))


def premises(anatomy: Anatomy) -> set[tuple[int, int]]:
    """(step, source) as PERL numbers them."""
    return {(u.user + 1, 0 if u.source_is == "premise" else u.source + 1) for u in anatomy.links}
