"""Where the first mistake is: ProcessBench and BIG-Bench Mistake, with steps given.

ProcessBench's score is the harmonic mean of the accuracy on wrong traces (the exact step) and on right ones. What is
scored is `Anatomy.first_suspect`: the first step proved wrong, else the first doubtful one; what is proved alone is
in `proved_f1`. The best coin says "right" with a probability that makes the mean largest and otherwise names a fixed
step, or one at random. BIG-Bench Mistake's score is exact location of what is proved, "none" included; its baselines
always say "none", or a fixed step.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.labels.files import Fields
from benchmarks.labels.score import Case, Counts, ratio, row, total
from benchmarks.labels.suites import SUITES, Row, Scored, by_file, taken_apart
from fractionate.records import Anatomy

COINS = tuple(p / 20 for p in range(1, 20))
FIXED = range(10)
RIGHT = -1
"""The label of a trace without a wrong step."""

Judge = Callable[[Sequence[Anatomy]], Sequence[int | None]]
"""Names the first wrong step of each trace, or None."""


class Judged(NamedTuple):
    """One trace with people's first wrong step, or `RIGHT`."""

    id: str
    problem: str
    steps: list[str]
    label: int


def by_rules(anatomies: Sequence[Anatomy]) -> list[int | None]:
    """What the analysis says without a model."""
    return [anatomy.first_suspect() for anatomy in anatomies]


@SUITES.register("processbench")
def processbench(folder: Path, judge: Judge = by_rules) -> Iterator[Scored]:
    """A row a file."""

    def score(file: Path, rows: list[Fields]) -> Row:
        return first_errors([Judged(t["id"], t["problem"], t["steps"], t["label"]) for t in rows], judge)

    return by_file("processbench", folder, score)


def first_errors(traces: Sequence[Judged], judge: Judge) -> Row:
    """ProcessBench's score, the accuracy on either side, and what is proved alone."""
    cases: list[Case] = []
    proved: list[Counts] = []
    anatomies = [taken_apart(t.id, t.problem, t.steps) for t in traces]
    for trace, anatomy, found in zip(traces, anatomies, judge(anatomies), strict=True):
        gold = None if trace.label < 0 else trace.label
        cases.append(Case(trace.problem, _located(found, gold), _coins(gold, len(trace.steps))))
        proved.append(_located(anatomy.first_wrong, gold))
    scored = row("first_error_f1", cases, harmonic)
    sides = {f"accuracy_on_{s}": round(_accuracy(cases, s), 4) for s in ("wrong", "right")}
    return scored | sides | {"proved_f1": round(harmonic(total(proved)), 4)}


@SUITES.register("bigbench_mistake")
def bigbench_mistake(folder: Path) -> Iterator[Scored]:
    """A row a file."""
    return by_file("bigbench_mistake", folder, _locations)


def _locations(file: Path, rows: list[Fields]) -> Row:
    cases = []
    for i, trace in enumerate(rows):
        gold = trace["mistake_index"]
        found = taken_apart(str(i), trace["input"], trace["steps"]).first_wrong
        guesses: list[int | None] = [None, *FIXED]
        fixed = {f"always {guess}": _located(guess, gold) for guess in guesses}
        cases.append(Case(trace["input"], _located(found, gold), fixed))
    return row("first_error_location", cases, accuracy)


def _located(found: int | None, gold: int | None) -> Counts:
    side = "right" if gold is None else "wrong"
    return {f"n:{side}": 1, f"hit:{side}": found == gold}


def _coins(gold: int | None, steps: int) -> dict[str, Counts]:
    """What coins hit in expectation: "right" with some probability, else a fixed step or any."""
    coins: dict[str, Counts] = {}
    for p in COINS:
        for step in (None, *FIXED):
            chance = ratio(1, steps) if step is None else float(step == gold)
            hit = (
                {"n:right": 1, "hit:right": p}
                if gold is None
                else {"n:wrong": 1, "hit:wrong": (1 - p) * chance}
            )
            coins[f"coin {p}, {'any step' if step is None else f'step {step}'}"] = hit
    return coins


def harmonic(counts: Counts) -> float:
    """ProcessBench's F1 (Zheng et al. 2024, arXiv 2412.06559)."""
    wrong, right = (ratio(counts.get(f"hit:{s}", 0), counts.get(f"n:{s}", 0)) for s in ("wrong", "right"))
    return ratio(2 * wrong * right, wrong + right)


def accuracy(counts: Counts) -> float:
    """Of all traces."""
    hits, n = (sum(counts.get(f"{key}:{s}", 0) for s in ("wrong", "right")) for key in ("hit", "n"))
    return ratio(hits, n)


def _accuracy(cases: Sequence[Case], side: str) -> float:
    hits, n = (sum(c.ours.get(f"{key}:{side}", 0) for c in cases) for key in ("hit", "n"))
    return ratio(hits, n)
