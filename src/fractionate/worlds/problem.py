"""The text of a problem: one sentence a stated quantity or relation, mildly shuffled, and the question last.

problem = tell(grown, random.Random(0))
problem.text                 # "Mia has 14 shells. Noah has 3 times as many shells as Mia. How many ..."
problem.premises[1]          # Premise(1, Span(19, 62), ("3",))
problem.states[1]            # 1: the premise that states quantity 1 or says how it follows
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from fractionate.records import Premise, Span
from fractionate.worlds.english import English, sentence
from fractionate.worlds.graph import Graph, Quantity
from fractionate.worlds.grow import Grown
from fractionate.worlds.remarks import REMARKS, fitting


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with its graph, its wording, and where each quantity is stated (`states`, to premises).

    `clauses` are the problem's own words for each quantity that has a sentence.
    """

    graph: Graph
    english: English
    text: str
    premises: tuple[Premise, ...]
    states: Mapping[int, int]
    clauses: Mapping[int, str]


class Told(NamedTuple):
    """A problem's text, its sentences with the values that they state, and which of them states what."""

    text: str
    premises: tuple[Premise, ...]
    states: Mapping[int, int]


def tell(grown: Grown, rng: random.Random, order: Sequence[int] | None = None) -> Problem:
    """Write the problem of a graph; `order` is that of the quantities that have a sentence (by default `_order`)."""
    graph, english = grown.graph, English(grown.graph, grown.setting)
    order = _order(graph, rng) if order is None else order
    clauses = {i: english.relation(graph.quantities[i], rng) for i in order}
    texts = [_sentence(graph.quantities[i], clauses[i], rng) for i in order]
    texts.append(english.question(graph.quantities[graph.target], rng))
    values: list[tuple[str, ...]] = [_stated(graph.quantities[i]) for i in order]
    premises = premises_of(list(zip(texts, [*values, ()], strict=True)))
    return Problem(graph, english, " ".join(texts), premises, _states(graph, order), clauses)


def remarked(problem: Problem, count: int, rng: random.Random) -> Problem:
    """The problem with sentences about something else between its own, at most as many as fit it."""
    told = interspersed(Told(problem.text, problem.premises, problem.states), count, rng)
    return replace(problem, text=told.text, premises=told.premises, states=told.states)


def interspersed(told: Told, count: int, rng: random.Random) -> Told:
    """A text with sentences about something else between its own, at most as many as fit it."""
    known = fitting(REMARKS, told.text)
    added = [remark.text for remark in rng.sample(known, min(count, len(known)))]
    before = sorted(rng.randrange(len(told.premises)) for _ in added)
    sentences: list[tuple[str, tuple[str, ...]]] = []
    moved = {}
    for premise in told.premises:
        while before and before[0] == premise.index:
            sentences.append((added.pop(), ()))
            before.pop(0)
        moved[premise.index] = len(sentences)
        sentences.append((premise.span.of(told.text), premise.values))
    states = {stated: moved[place] for stated, place in told.states.items()}
    return Told(" ".join(text for text, _ in sentences), premises_of(sentences), states)


def premises_of(told: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[Premise, ...]:
    """The sentences with the values that they state, as they follow each other."""
    premises, start = [], 0
    for index, (text, values) in enumerate(told):
        premises.append(Premise(index, Span(start, start + len(text)), values))
        start += len(text) + 1
    return tuple(premises)


def _sentence(q: Quantity, clause: str, rng: random.Random) -> str:
    if q.op in ("left", "each") and rng.random() < 0.4:
        return sentence(f"later, {clause}")
    return sentence(clause)


def _stated(q: Quantity) -> tuple[str, ...]:
    return () if q.literal is None else (str(q.literal),)


def _has_sentence(q: Quantity) -> bool:
    return bool(q.owner)


def _order(graph: Graph, rng: random.Random) -> list[int]:
    """The quantities with a sentence: needed ones nearly in order, the others anywhere after their sources."""
    needed = graph.needed()
    order = [q.index for q in graph.quantities if _has_sentence(q) and q.index in needed]
    for i in range(len(order) - 1):
        second = graph.quantities[order[i + 1]]
        follows = second.op in ("left", "each", "rate") and order[i] in second.sources
        if not follows and rng.random() < 0.15:
            order[i], order[i + 1] = order[i + 1], order[i]
    for q in graph.quantities:
        if q.index not in needed:
            after = [order.index(s) + 1 for s in q.sources]
            order.insert(rng.randint(max(after, default=0), len(order)), q.index)
    return order


def _states(graph: Graph, order: Sequence[int]) -> dict[int, int]:
    """Quantity to premise. A total that nobody owns is told by the sentence that uses it, or the question."""
    states = {index: place for place, index in enumerate(order)}
    states.setdefault(graph.target, len(order))
    for q in reversed(graph.quantities):
        for source in q.sources:
            states.setdefault(source, states[q.index])
    return states
