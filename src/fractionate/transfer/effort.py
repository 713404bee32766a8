"""Quality against length: what answers cost, and whether more words make them better.

    found = efforts(scores, seconds={"full": 61.0})
    found["full"].curve[2]          # AtBudget(tokens=64, accuracy=Interval(0.21, 0.14, 0.3))
    found["full"].tokens_per_right  # 312.5

The curve gives every arm the same budget of tokens: an answer that takes more counts as wrong. No answer is forced at
the budget, so this is no accuracy of thinking cut short: a student that writes long loses by length alone.
Cells that ask for the answer at once are not part of it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import NamedTuple

import numpy as np

from fractionate.records import Score
from fractionate.transfer.statistics import Interval, estimates

BUDGETS = (16, 32, 64, 96, 128, 192, 256, 512, 1024)
"""Tokens an answer may take; those beyond the longest answer are left out."""
BINS = 4
BUDGET = "budget"
UNKNOWN = Interval(math.nan, math.nan, math.nan)


class AtBudget(NamedTuple):
    """Accuracy if an answer may take at most `tokens`."""

    tokens: int
    accuracy: Interval


class Bin(NamedTuple):
    """Answers of similar length: their tokens, how many they are, and the share that is right."""

    low: int
    high: int
    n: int
    accuracy: float


@dataclass(frozen=True, slots=True)
class Effort:
    """One arm. `seconds_per_right` are of generating these answers; infinite where nothing is right.

    What rests on checked answers is NaN, and the curve unknown, where there are none.

    `tokens_right` and `tokens_wrong` are means over right and wrong answers, None where there are none; `truncated`,
    `looping` and `unchecked` are shares of all answers.
    """

    tokens: float
    tokens_right: float | None
    tokens_wrong: float | None
    tokens_per_right: float
    seconds_per_right: float | None
    truncated: float
    looping: float
    unchecked: float
    curve: tuple[AtBudget, ...]
    by_length: tuple[Bin, ...]


def efforts(scores: Sequence[Score], seconds: Mapping[str, float] | None = None) -> dict[str, Effort]:
    """Every arm's effort, its curve paired with the others' by question."""
    free = [s for s in scores if s.family != "at_once"]
    reasoned = [s for s in free if s.right is not None]
    longest = max((s.tokens for s in reasoned), default=0)
    budgets = [b for n, b in enumerate(BUDGETS) if not n or BUDGETS[n - 1] < longest]
    cut = [
        replace(s, cell=f"{b}", family=BUDGET, item=f"{b}/{s.item}", right=bool(s.right and s.tokens <= b))
        for s in reasoned
        for b in budgets
    ]
    arms = list(dict.fromkeys(s.arm for s in free))
    found = estimates(cut, reference=cut[0].arm, families=(BUDGET,)) if cut else None
    known = {estimate.arm: estimate.cells for estimate in found.arms} if found else {}
    return {
        arm: _effort(
            [s for s in free if s.arm == arm],
            tuple(AtBudget(b, known[arm][f"{b}"].accuracy if arm in known else UNKNOWN) for b in budgets),
            (seconds or {}).get(arm),
        )
        for arm in arms
    }


def _effort(answers: Sequence[Score], curve: tuple[AtBudget, ...], seconds: float | None) -> Effort:
    scores = [s for s in answers if s.right is not None]
    right = [s.tokens for s in scores if s.right]
    wrong = [s.tokens for s in scores if not s.right]
    count = len(right) or (0.0 if scores else math.nan)
    return Effort(
        tokens=fmean(s.tokens for s in scores) if scores else math.nan,
        tokens_right=fmean(right) if right else None,
        tokens_wrong=fmean(wrong) if wrong else None,
        tokens_per_right=_for_each(sum(s.tokens for s in scores), count),
        seconds_per_right=None if seconds is None else _for_each(seconds, count),
        truncated=fmean(s.truncated for s in answers),
        looping=fmean(s.looping for s in answers),
        unchecked=fmean(s.right is None for s in answers),
        curve=curve,
        by_length=_bins(scores),
    )


def _for_each(spent: float, count: float) -> float:
    return spent / count if count else math.inf


def _bins(scores: Sequence[Score]) -> tuple[Bin, ...]:
    """Answers in quarters by length; fewer where many are of one length."""
    if not scores:
        return ()
    tokens = np.array([s.tokens for s in scores])
    edges = np.unique(np.quantile(tokens, np.linspace(0, 1, BINS + 1)[1:], method="higher"))
    place = np.searchsorted(edges, tokens)
    found = []
    for n in range(len(edges)):
        own = [s for s, at in zip(scores, place, strict=True) if at == n]
        if own:
            lengths = [s.tokens for s in own]
            found.append(Bin(min(lengths), max(lengths), len(own), fmean(bool(s.right) for s in own)))
    return tuple(found)
