"""Decomposition: the needed quantities, and only those, in a workable order.

    "Noah has 3 * 14 = 42 shells. 42 - 5 = 37."      # both needed quantities, nothing else, in order: 1.0

A student that does not speak its steps is asked for them: the same problem, with the question for an intermediate
quantity at its end.
"""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from fractionate.records import Anatomy, Item
from fractionate.transfer.interventions.base import valued
from fractionate.transfer.layers.base import LAYERS, Evidence, FromAnswers, Gold, LayerScore, cell_of
from fractionate.transfer.layers.matching import computes, graph_of, match, operations_of
from fractionate.transfer.layers.sub_questions import NAME, follows, has_parts, sub_questions
from fractionate.transfer.own import Answered, OwnSteps, by_pair, own_steps
from fractionate.transfer.paired import UNKNOWN, share
from fractionate.worlds.graph import Graph


class Broken(NamedTuple):
    """How well one problem was broken into its parts, each from 0 to 1."""

    given: Answered
    value: float
    spoken: bool


class Decomposition(FromAnswers):
    """Does the student break a problem into the right parts?

    Of each problem that takes two operations or more. Where the student speaks its steps: F1 of the quantities that it
    computes against those that the answer needs, times the share of the computed ones that stand after all of their own
    sources. Quantities are told by what is combined, so that slips in arithmetic cost nothing here; a computation of
    anything else counts against precision. Where it only answers: the share of the problem's sub-questions that it
    answers right, if its answer to the whole is what its own answers to the parts give, and 0 if it is not. The score
    is the mean over problems.

    A problem that no world made: where some step computes, of a right answer the share of computing steps that the
    answer depends on, and of a wrong one 0. Where the student only answers: the sub-questions that come with the
    problem, by the same rule; whether the answers agree is told from the last operations of the solution, and where
    those do not tell (they use no part, or a value that stands for something else too) the share right counts alone.
    Without sub-questions 0. A problem whose known solution computes nothing (a maze) is left out: what its parts are
    cannot be told.

    Trivial: computing everything that the problem allows to compute, needed or not, in order.
    """

    name = NAME

    def follow_ups(self, own: Sequence[Answered], gold: Gold, seed: int) -> list[Item]:
        """The sub-questions of the problems to which the student gave nothing but an answer."""
        return [
            item
            for given in by_pair(own).values()
            if given.item.pair in gold and not own_steps(given).computed
            for item in sub_questions(given.item, gold[given.item.pair]).values()
        ]

    def score(self, evidence: Evidence) -> LayerScore:
        """The mean over problems; parts say how many were spoken, and the mean of each kind."""
        answers = {a.item.id: a for a in evidence.answered if a.item.cell == cell_of(NAME)}
        found = [
            broken
            for given in by_pair(evidence.own).values()
            if (broken := _broken(given, evidence.gold.get(given.item.pair), answers)) is not None
        ]
        if not found:
            return LayerScore(NAME, UNKNOWN, 0, {})
        spoken = [b.value for b in found if b.spoken]
        silent = [b.value for b in found if not b.spoken]
        parts = {"spoken": len(spoken) / len(found)}
        parts |= {"by its steps": fmean(spoken)} if spoken else {}
        parts |= {"by sub-questions": fmean(silent)} if silent else {}
        value = share([valued(b.given, b.value) for b in found])
        return LayerScore(NAME, value, len(found), parts, _trivial(evidence))


LAYERS.register(NAME)(Decomposition())


def _broken(given: Answered, anatomy: Anatomy | None, answers: Mapping[str, Answered]) -> Broken | None:
    """None of a problem that has no parts, or whose parts were not asked for."""
    own = own_steps(given)
    graph = graph_of(anatomy)
    if graph is not None and len(operations_of(graph)) < 2:
        return None
    if not computes(anatomy) and anatomy is not None and not has_parts(anatomy):
        return None
    if graph is not None and own.computed:
        return Broken(given, by_graph(graph, own), True)
    if own.computed or anatomy is None or not has_parts(anatomy):
        return Broken(given, _by_text(given, own), bool(own.computed))
    asked = sub_questions(given.item, anatomy)
    told = {place: answers[item.id] for place, item in asked.items() if item.id in answers}
    return Broken(given, _by_parts(given, anatomy, told), False) if told else None


def by_graph(graph: Graph, own: OwnSteps) -> float:
    """F1 of the computed quantities, times the share of them in workable order."""
    needed, found, others = operations_of(graph), set[int](), set[object]()
    matched, workable = match(graph, own.computed), 0
    useful = {m.step for m in matched if m.quantity in needed}
    for quantity, step, operation in matched:
        if quantity is None and step not in useful:
            others.add(operation[:3])
        elif quantity is not None and quantity not in needed:
            others.add(quantity)
        elif quantity is not None and quantity not in found:
            workable += (set(graph.quantities[quantity].sources) & needed) <= found
            found.add(quantity)
    if not found:
        return 0.0
    return 2 * len(found) / (len(needed) + len(found) + len(others)) * workable / len(found)


def _by_text(given: Answered, own: OwnSteps) -> float:
    working = own.working
    if not working or not given.score.right:
        return 0.0
    return sum(s.paths != "none" for s in working) / len(working)


def _by_parts(given: Answered, anatomy: Anatomy, told: Mapping[int, Answered]) -> float:
    """The share of sub-questions answered right, unless the answer to the whole does not follow from the student's."""
    if follows(given, anatomy, told) is False:
        return 0.0
    return fmean(a.score.right is True for a in told.values())


def _trivial(evidence: Evidence) -> float | None:
    graphs = [graph_of(evidence.gold.get(pair)) for pair in by_pair(evidence.own)]
    shares = []
    for graph in graphs:
        if graph is not None and (needed := len(operations_of(graph))) > 1:
            everything = sum(q.op != "given" for q in graph.quantities)
            shares.append(2 * needed / (needed + everything))
    return fmean(shares) if shares else None
