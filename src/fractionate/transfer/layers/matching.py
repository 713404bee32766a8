"""Which quantities of a problem a student has computed: its operations matched to the gold graph.

    match(graph, own.computed)
    # [Match(quantity=2, step=0, operation=Operation(3, "*", 14, 43)), Match(quantity=3, …)]

An operation is matched by what it combines and not by what it gives: "3 * 14 = 43" finds the right quantity with a
slip, and a later "43 - 5" is recognized as using it. Where the operands do not fit any quantity, one that has just
that value and was not computed yet is taken ("14 + 14 + 14 = 42").
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from fractionate.anatomy.operations import Operation
from fractionate.records import Anatomy
from fractionate.transfer.own import Computed
from fractionate.worlds.graph import SYMBOLS, Graph, Quantity


class Match(NamedTuple):
    """An operation and the quantity that it computes, None for one that the problem does not have."""

    quantity: int | None
    step: int
    operation: Operation


def graph_of(anatomy: Anatomy | None) -> Graph | None:
    """The graph of a problem that a world has made; None of any other."""
    plain = None if anatomy is None else anatomy.trace.metadata.get("graph")
    return None if plain is None else Graph.of(plain)


def computes(anatomy: Anatomy | None) -> bool:
    """Whether a problem is solved by computing, so that steps can be judged; True where no solution is known."""
    return anatomy is None or graph_of(anatomy) is not None or any(step.formulas for step in anatomy.steps)


def operations_of(graph: Graph) -> set[int]:
    """The quantities that the answer needs computed."""
    return {i for i in graph.needed() if graph.quantities[i].op != "given"}


def match(graph: Graph, done: Sequence[Computed]) -> list[Match]:
    """Each operation in order, with its quantity; needed quantities before others, new ones before known ones."""
    needed = graph.needed()
    order = sorted(
        (q for q in graph.quantities if q.op != "given"), key=lambda q: (q.index not in needed, q.index)
    )
    stated: dict[int, Fraction] = {}
    found: list[Match] = []
    for step, operation in done:
        fitting = [q for q in order if _fits(graph, q, operation, stated)]
        alike = [q for q in order if q.index not in stated and operation.result == q.value]
        chosen = next(iter([*(q for q in fitting if q.index not in stated), *fitting, *alike]), None)
        if chosen is not None:
            stated[chosen.index] = operation.result
        found.append(Match(None if chosen is None else chosen.index, step, operation))
    return found


def _fits(graph: Graph, q: Quantity, done: Operation, stated: dict[int, Fraction]) -> bool:
    """Whether the operation is that of the quantity, on the right values or on those that the student has stated."""
    symbol = SYMBOLS[q.op]
    if done.symbol != symbol:
        return False
    operands = [{Fraction(graph.quantities[s].value), stated.get(s)} for s in q.sources]
    if q.literal is not None:
        operands.append({Fraction(q.literal)})
    first, second = operands
    straight = done.left in first and done.right in second
    return straight or (symbol in "+*" and done.left in second and done.right in first)
