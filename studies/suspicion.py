"""How surprising may the numbers of a step be? The threshold of `fractionate.anatomy.suspicion`, measured.

    python -m studies.suspicion --traces ../shared/data/traces/easy_math_llm

Traces whose final answer is known to be right or wrong, as many of the one as of the other, are judged at every
threshold. A judgment is good where it suspects traces that end wrong and no others: the difference of the two shares
(Youden's J) is largest over a range of thresholds, and the middle of those within .01 of the largest is taken. No label
of a step is used.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.progress import track

from fractionate.anatomy import analyze
from fractionate.anatomy.suspicion import first_suspect, number_surprises
from fractionate.checking import same_answer
from fractionate.models import Model, keep_memory, load_model
from fractionate.records import Anatomy
from fractionate.traces import read_traces

THRESHOLDS = np.arange(2, 24.01, 0.25)
NEAR = 0.01
AT_ONCE = 32

Judged = list[tuple[Anatomy, list[float]]]


def main() -> None:
    """Read, print the table and the threshold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--traces", type=Path, required=True, help="traces with an answer and a right one")
    parser.add_argument("--model", default="smollm2-135m")
    parser.add_argument("--most", type=int, default=300, help="traces of each side")
    options = parser.parse_args()
    keep_memory()
    sides = by_outcome(options.traces, options.most)
    model = load_model(options.model, dtype=torch.bfloat16)
    right, wrong = (judged(model, side) for side in sides)
    shares = np.array([[suspected(side, t) for side in (right, wrong)] for t in THRESHOLDS])
    gains = shares[:, 1] - shares[:, 0]
    best = THRESHOLDS[gains >= gains.max() - NEAR]
    print(f"{len(right)} traces end right, {len(wrong)} wrong")
    print("| nats | suspected of those that end right | wrong | difference |\n|---:|---:|---:|---:|")
    for t, (a, b), gain in list(zip(THRESHOLDS, shares, gains, strict=True))[::4]:
        print(f"| {t:g} | {a:.1%} | {b:.1%} | {gain:+.3f} |")
    print(f"best {gains.max():+.3f}; within {NEAR} of it {best.min():g} to {best.max():g} nats")
    print(f"threshold: {(best.min() + best.max()) / 2:g} nats")


def by_outcome(folder: Path, most: int) -> tuple[list[Anatomy], list[Anatomy]]:
    """As many traces that end right as end wrong, drawn at random."""
    sides: dict[bool, list[Anatomy]] = {True: [], False: []}
    for trace in read_traces(folder):
        same = None if trace.gold is None else same_answer(trace.gold, trace.answer).same
        if same is not None and trace.answer is not None:
            sides[same].append(analyze(trace))
    size = min(most, *map(len, sides.values()))
    rng = random.Random(0)
    return rng.sample(sides[True], size), rng.sample(sides[False], size)


def judged(model: Model, anatomies: Sequence[Anatomy]) -> Judged:
    """The traces with how much each step's numbers surprise."""
    found: Judged = []
    for start in track(range(0, len(anatomies), AT_ONCE), "reading", console=Console(stderr=True)):
        batch = anatomies[start : start + AT_ONCE]
        found += zip(batch, number_surprises(model, batch), strict=True)
    return found


def suspected(side: Judged, threshold: float) -> float:
    """The share of traces with a suspect step."""
    return float(np.mean([first_suspect(a, s, threshold) is not None for a, s in side]))


if __name__ == "__main__":
    main()
