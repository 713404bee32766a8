"""The five costs of an arm, from what training its students took and how they answered.

costs = costs_of(teacher_tokens, trained, scores)
costs.supervised_tokens
"""

from collections.abc import Sequence
from statistics import fmean

from fractionate.records import Score
from fractionate.study.summary import Costs
from fractionate.training import Trained


def costs_of(teacher_tokens: int, trained: Sequence[Trained], scores: Sequence[Score]) -> Costs:
    """Means over seeds, tokens per right answer over all cells but the at-once one.

    `trained` is empty for an untouched student.
    """
    return Costs(
        teacher_tokens=teacher_tokens,
        trained_tokens=round(fmean(t.tokens for t in trained)) if trained else 0,
        supervised_tokens=round(fmean(t.supervised_tokens for t in trained)) if trained else 0,
        training_flops=fmean(t.flops for t in trained) if trained else 0.0,
        student_tokens_per_right=tokens_per_right(scores),
    )


def tokens_per_right(scores: Sequence[Score]) -> float | None:
    """What students wrote for each right answer, over all cells but the at-once one; None where nothing is right."""
    asked = [s for s in scores if s.family != "at_once"]
    right = sum(s.right is True for s in asked)
    return sum(s.tokens for s in asked) / right if right else None
