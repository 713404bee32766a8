"""Multiple choice by log-probability: the option that a model finds likeliest after the beginning of an answer.

    question = Choice("facts", "capital of France", "What is the capital of France?",
                      "The capital of France is", ("Paris", "Rome", "Madrid", "Vienna"), right=0)
    choice_outcomes(model, [question])            # [Outcome("facts", "capital of France", 1.0)]

The student is asked in its chat template and its answer begun for it, so that nothing depends on the form in which it
likes to answer. Options are compared by log-probability a character, as options of several words are less likely than
options of one (`acc_norm` of lm-evaluation-harness).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from fractionate.models import Model, Passage
from fractionate.models import score as logprobs
from fractionate.transfer.general.outcome import Ability, Outcome


@dataclass(frozen=True, slots=True)
class Choice:
    """A question, how an answer to it begins, and ways to go on, of which one is right."""

    ability: Ability
    name: str
    question: str
    stem: str
    options: tuple[str, ...]
    right: int


def choice_outcomes(
    model: Model, questions: Sequence[Choice], *, on_done: Callable[[int], None] = lambda tokens: None
) -> list[Outcome]:
    """1 where the right option is the likeliest; `on_done` is told how many tokens were just read."""
    passages = [
        Passage((*prompt, *model.chat.encode(f" {option}.")), len(prompt))
        for question in questions
        for prompt in [model.chat.prompt(question.question) + model.chat.encode(question.stem)]
        for option in question.options
    ]
    found = iter(logprobs(model, passages, on_done=on_done))
    outcomes = []
    for question in questions:
        values = [sum(next(found)) / len(f" {option}.") for option in question.options]
        outcomes.append(
            Outcome(question.ability, question.name, float(values.index(max(values)) == question.right))
        )
    return outcomes


def chance(questions: Sequence[Choice]) -> float:
    """The share that guessing gets right."""
    return fmean(1 / len(q.options) for q in questions)
