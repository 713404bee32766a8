"""Importance by a model: what it will cost, then surprise and effect of every step of a stream of anatomies.

    plan = plan_asking(model, analyze_all(traces), limit=200_000)
    plan.says()              # "smollm2-135m reads 199,310 tokens: 412 of 900 traces (all would take 434,020)"
    for anatomy in ask(model, analyze_all(traces), plan):
        anatomy.steps[1].surprise, anatomy.steps[1].effect

The plan is made before anything is read by the model. Where not all traces fit into the budget, those asked about are
drawn at random, each with all its questions, so that within a trace every step's figures stand side by side.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import torch

from fractionate.anatomy.effects import Question, effect_questions, with_effects
from fractionate.anatomy.shown import Shown, show
from fractionate.anatomy.surprise import surprise_passages, with_surprise
from fractionate.models.load import Model, load_model
from fractionate.models.memory import keep_memory
from fractionate.models.score import PACK_TOKENS, Passage, score, tokens_to_read
from fractionate.records import Anatomy

AT_ONCE = 2 * PACK_TOKENS
"""Tokens handed to the model together, in several packs, so that traces of like size meet."""


class Plan(NamedTuple):
    """Which traces, by their place in the stream, and how many tokens the model reads at most for them.

    Without `effects` only the surprise is asked for, which takes a fraction of that.
    """

    model: str
    chosen: frozenset[int]
    tokens: int
    traces: int
    tokens_of_all: int
    effects: bool = True

    def says(self) -> str:
        """One line for people."""
        all_of_them = len(self.chosen) == self.traces
        rest = (
            ""
            if all_of_them
            else f" of {self.traces:,} traces (all would take {self.tokens_of_all:,} tokens)"
        )
        return f"{self.model} reads {self.tokens:,} tokens: {len(self.chosen):,}{rest or ' traces'}"


class Questions(NamedTuple):
    """What one trace asks of the model."""

    shown: Shown
    surprise: list[Passage]
    effects: list[Question]

    @property
    def passages(self) -> list[Passage]:
        """All of them: the surprise first."""
        return [*self.surprise, *(q.passage for q in self.effects)]

    @property
    def tokens(self) -> int:
        """How many tokens are read."""
        return tokens_to_read(self.passages)


def questions_of(model: Model, anatomy: Anatomy, effects: bool = True) -> Questions:
    """What there is to ask about a trace."""
    shown = show(model.chat, anatomy)
    return Questions(
        shown,
        surprise_passages(shown, model.context),
        effect_questions(model.chat, anatomy, shown, model.context) if effects else [],
    )


def plan_asking(
    model: Model,
    anatomies: Iterable[Anatomy],
    limit: int | None = None,
    seed: int = 0,
    *,
    effects: bool = True,
) -> Plan:
    """Count what every trace would take, and choose those that fit into `limit` tokens (None: all)."""
    costs = [questions_of(model, anatomy, effects).tokens for anatomy in anatomies]
    order = random.Random(seed).sample(range(len(costs)), len(costs))
    left = sum(costs) if limit is None else limit
    chosen: set[int] = set()
    for place in order:
        if costs[place] <= left:
            left -= costs[place]
            chosen.add(place)
    return Plan(model.name, frozenset(chosen), sum(costs[p] for p in chosen), len(costs), sum(costs), effects)


def asked_by(
    name: str,
    anatomies: Callable[[], Iterable[Anatomy]],
    limit: int | None,
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[Anatomy]:
    """Load the model, tell the plan by `say`, then ask; `anatomies` gives the same stream anew at each call.

    Raises:
        InputError: the model cannot be loaded.
    """
    keep_memory()
    model = load_model(name, dtype=torch.bfloat16)
    plan = plan_asking(model, anatomies(), limit)
    say(plan.says())
    yield from ask(model, anatomies(), plan)


def ask(
    model: Model,
    anatomies: Iterable[Anatomy],
    plan: Plan,
    on_done: Callable[[int], None] = lambda tokens: None,
) -> Iterator[Anatomy]:
    """The same anatomies in their order, those that the plan chose with `surprise` and (if it asks) `effect`."""
    waiting: list[tuple[Anatomy, Questions | None]] = []
    size = 0
    for place, anatomy in enumerate(anatomies):
        questions = questions_of(model, anatomy, plan.effects) if place in plan.chosen else None
        waiting.append((anatomy, questions))
        size += questions.tokens if questions else 0
        if size > AT_ONCE:
            yield from _answered(model, waiting, on_done)
            waiting, size = [], 0
    yield from _answered(model, waiting, on_done)


def _answered(
    model: Model, waiting: list[tuple[Anatomy, Questions | None]], on_done: Callable[[int], None]
) -> Iterator[Anatomy]:
    passages = [p for _, questions in waiting if questions for p in questions.passages]
    values = iter(score(model, passages, on_done=on_done))
    for anatomy, questions in waiting:
        yield _enriched(anatomy, questions, values) if questions else anatomy


def _enriched(anatomy: Anatomy, questions: Questions, values: Iterator[list[float]]) -> Anatomy:
    if questions.surprise:
        logprobs = list(chain.from_iterable(next(values) for _ in questions.surprise))
        anatomy = with_surprise(anatomy, questions.shown, logprobs)
    else:
        anatomy = replace(
            anatomy, notes=(*anatomy.notes, "the problem leaves no room in the model's context")
        )
    return with_effects(anatomy, questions.effects, [next(values) for _ in questions.effects])
