"""Informational importance: how surprising a student finds each step, and each piece of it.

    values = score(model, surprise_passages(shown, model.context))
    anatomy = with_surprise(anatomy, shown, list(chain.from_iterable(values)))
    anatomy.steps[1].surprise                  # mean negative log-probability in nats a token, given all before it

A trace is read once. What does not fit into the model's context is read in further passages, each with the tokens
before it that fill half of the room: the cost stays linear.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from fractionate.anatomy.shown import Shown
from fractionate.models.score import Passage
from fractionate.records import Anatomy, Span

LEAST_ROOM = 64
"""Tokens of a trace that must fit beside its problem; where the problem leaves less, the model is not asked."""


def surprise_passages(shown: Shown, context: int) -> list[Passage]:
    """What is read: together they ask for every token of the trace once, in order."""
    room = context - len(shown.prompt)
    if room < LEAST_ROOM:
        return []
    passages: list[Passage] = []
    begin = end = 0
    while end < len(shown.ids):
        ids = (*shown.prompt, *shown.ids[begin : begin + room])
        passages.append(Passage(ids, len(shown.prompt) + end - begin))
        end = min(begin + room, len(shown.ids))
        begin = end - room // 2
    return passages


def with_surprise(anatomy: Anatomy, shown: Shown, logprobs: Sequence[float]) -> Anatomy:
    """The anatomy with `surprise` on its steps and pieces; `logprobs` are those of all its tokens."""
    assert len(logprobs) == len(shown.ids), "every token was asked for once"
    sums = [0.0, *accumulate(logprobs)]

    def mean(span: Span) -> float | None:
        touching = shown.tokens_of(span)
        return (sums[touching.start] - sums[touching.stop]) / len(touching) if touching else None

    steps = [
        replace(
            step,
            surprise=mean(step.span),
            pieces=tuple(piece._replace(surprise=mean(piece.span)) for piece in step.pieces),
        )
        for step in anatomy.steps
    ]
    return replace(anatomy, steps=tuple(steps))
