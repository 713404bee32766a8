"""Suspicion: the first step that is likely wrong, by proof, by doubt and by a student's surprise at its numbers.

    suspects(model, [anatomy])       # [2]: step 2 is suspect; None where no step is

A small student cannot solve the problem, but it has read enough solutions to expect the numbers of the next step: the
quantities that this problem asks to be combined now, and their result. What is added up over a step is the surprise in
nats of every token with a digit. The first step is suspect that recomputing proves wrong, or whose numbers surprise by
more than the threshold; where a rule doubts the step, half as much is enough.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from fractionate.anatomy.shown import Shown, show
from fractionate.anatomy.surprise import surprise_passages
from fractionate.models.load import Model
from fractionate.models.score import score
from fractionate.records import Anatomy, Step

SURPRISING = 9.0
"""Nats that tell traces with a right final answer from traces with a wrong one best, for smollm2-135m on an LLM's short
solutions (docs/results/suspicion.md; `python -m studies.suspicion` measures it for another student)."""
DOUBTED = 0.5
"""The share of the threshold that is enough where a rule doubts the step."""


def suspects(
    model: Model,
    anatomies: Sequence[Anatomy],
    threshold: float = SURPRISING,
    on_done: Callable[[int], None] = lambda tokens: None,
) -> list[int | None]:
    """The first suspect step of each trace."""
    return [
        first_suspect(anatomy, surprises, threshold)
        for anatomy, surprises in zip(anatomies, number_surprises(model, anatomies, on_done), strict=True)
    ]


def first_suspect(anatomy: Anatomy, surprises: Iterable[float], threshold: float) -> int | None:
    """The first suspect step, given how much each step's numbers surprise."""
    pairs = zip(anatomy.steps, surprises, strict=True)
    return next((step.index for step, nats in pairs if nats > _enough(step, threshold)), None)


def _enough(step: Step, threshold: float) -> float:
    if step.check == "wrong":
        return -1.0
    return threshold if step.doubt is None else DOUBTED * threshold


def number_surprises(
    model: Model, anatomies: Sequence[Anatomy], on_done: Callable[[int], None] = lambda tokens: None
) -> list[list[float]]:
    """For each step of each trace the summed surprise of its tokens with digits; 0 where the model cannot be asked."""
    shown = [show(model.chat, anatomy) for anatomy in anatomies]
    passages = [surprise_passages(s, model.context) for s in shown]
    values = iter(score(model, list(chain.from_iterable(passages)), on_done=on_done))
    found: list[list[float]] = []
    for anatomy, tokens, mine in zip(anatomies, shown, passages, strict=True):
        logprobs = list(chain.from_iterable(next(values) for _ in mine)) or [0.0] * len(tokens.ids)
        digits = [_has_digit(anatomy, tokens, i) for i in range(len(tokens.ids))]
        found.append(
            [-sum(logprobs[i] for i in tokens.tokens_of(step.span) if digits[i]) for step in anatomy.steps]
        )
    return found


def _has_digit(anatomy: Anatomy, shown: Shown, token: int) -> bool:
    touched = anatomy.trace.text[shown.starts[token] : shown.ends[token]]
    return any(c.isdigit() for c in touched)
