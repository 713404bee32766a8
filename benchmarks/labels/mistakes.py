"""Where the first mistake is: ProcessBench and BIG-Bench Mistake, with steps given.

ProcessBench's score is the harmonic mean of the accuracy on wrong traces (the exact step) and on right ones; the
best coin says "right" with a probability that makes this mean largest and otherwise names a step at random. BIG-
Bench Mistake's is exact location, "none" included; its baselines always say "none", or a fixed step.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.labels.score import Case, Counts, ratio, row
from benchmarks.labels.suites import SUITES, Row, taken_apart

COINS = tuple(p / 20 for p in range(1, 20))
FIXED = range(10)


@SUITES.register("processbench")
def processbench(folder: Path) -> Iterator[tuple[str, Row]]:
    """A row a file."""
    for file in sorted(folder.glob("*.json")):
        cases = []
        for trace in json.loads(file.read_text(encoding="utf-8")):
            gold = None if trace["label"] < 0 else trace["label"]
            found = taken_apart(trace["id"], trace["problem"], trace["steps"]).first_wrong
            coins = {f"coin {p}": _coin(p, gold, len(trace["steps"])) for p in COINS}
            cases.append(Case(trace["problem"], _located(found, gold), coins))
        scored = row("first_error_f1", cases, harmonic)
        sides = {f"accuracy_on_{s}": round(_accuracy(cases, s), 4) for s in ("wrong", "right")}
        yield f"processbench/{file.stem}", scored | sides


@SUITES.register("bigbench_mistake")
def bigbench_mistake(folder: Path) -> Iterator[tuple[str, Row]]:
    """A row a file."""
    for file in sorted(folder.glob("*.jsonl")):
        cases = []
        for i, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
            trace: dict[str, Any] = json.loads(line)
            gold = trace["mistake_index"]
            found = taken_apart(str(i), trace["input"], trace["steps"]).first_wrong
            guesses: list[int | None] = [None, *FIXED]
            fixed = {f"always {guess}": _located(guess, gold) for guess in guesses}
            cases.append(Case(trace["input"], _located(found, gold), fixed))
        yield f"bigbench_mistake/{file.stem}", row("first_error_location", cases, accuracy)


def _located(found: int | None, gold: int | None) -> Counts:
    side = "right" if gold is None else "wrong"
    return {f"n:{side}": 1, f"hit:{side}": found == gold}


def _coin(says_right: float, gold: int | None, steps: int) -> Counts:
    """What a coin hits in expectation."""
    if gold is None:
        return {"n:right": 1, "hit:right": says_right}
    return {"n:wrong": 1, "hit:wrong": (1 - says_right) / steps}


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
