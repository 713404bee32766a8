"""Coherence: how far a chain of steps goes before its first wrong one.

"3 * 14 = 42. 42 - 5 = 36. 36 * 2 = 72. The answer is 72."      # one step of four: 0.25
"""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from fractionate.records import Anatomy
from fractionate.transfer.interventions.base import valued
from fractionate.transfer.layers.base import LAYERS, Evidence, FromAnswers, LayerScore
from fractionate.transfer.layers.matching import graph_of, match, operations_of
from fractionate.transfer.own import Answered, OwnSteps, by_pair, own_steps
from fractionate.transfer.paired import UNKNOWN, share
from fractionate.worlds.graph import Graph

NAME = "coherence"
SHOWN = 6
"""Steps whose chances are shown apart."""


class Chain(NamedTuple):
    """The steps of one answer in order, right or not, the stated answer last; its due length; contradictions."""

    given: Answered
    rights: list[bool]
    length: int
    contradictions: int

    @property
    def share(self) -> float:
        """The share of the due length before the first wrong step; a chain of nothing but an answer has none."""
        held = self.rights.index(False) if False in self.rights else len(self.rights)
        return held / self.length if len(self.rights) > 1 else 0.0


class Coherence(FromAnswers):
    """Do the student's steps hold together to the end?

    The mean, over its own answers, of the share of the chain that stands before its first wrong step. The chain is its
    computing steps, in order, and the answer that it states; what it repairs itself and what only checks is left out.
    Of a world's problem a step is right if it computes a quantity of the problem and gives that quantity's value, and
    the chain is due to have at least as many steps as the answer needs. Of other problems a step is right if the
    analysis does not prove it wrong. Nothing but an answer is no chain, and counts 0.

    Parts: `step k` is the chance that step k is right given that all those before were, over the answers that have such
    a step, the stated answer counted as a step; `contradictions` are statements in an answer that say otherwise than an
    earlier one, or than the problem.

    Trivial: 0, of a constant answer.
    """

    name = NAME

    def score(self, evidence: Evidence) -> LayerScore:
        """The mean share, and how the chance to be right goes on from step to step."""
        chains = [
            _chain(given, evidence.gold.get(given.item.pair)) for given in by_pair(evidence.own).values()
        ]
        if not chains:
            return LayerScore(NAME, UNKNOWN, 0, {}, 0.0)
        parts = {f"step {k}": chance for k, chance in enumerate(chances(chains), start=1)}
        parts |= {"contradictions": fmean(c.contradictions for c in chains)}
        return LayerScore(NAME, share([valued(c.given, c.share) for c in chains]), len(chains), parts, 0.0)


LAYERS.register(NAME)(Coherence())


def chances(chains: Sequence[Chain]) -> list[float]:
    """Of each step, how often it is right where all before it were, as far as any answer goes."""
    found = []
    for k in range(SHOWN):
        reached = [c.rights[k] for c in chains if len(c.rights) > max(k, 1) and all(c.rights[:k])]
        if not reached:
            break
        found.append(fmean(reached))
    return found


def _chain(given: Answered, anatomy: Anatomy | None) -> Chain:
    own, graph = own_steps(given), graph_of(anatomy)
    if graph is None:
        rights, needed = [s.check != "wrong" for s in own.working], 0
    else:
        rights, needed = _against(graph, own), len(operations_of(graph))
    said = _said_otherwise(own)
    return Chain(given, [*rights, given.score.right is True], max(len(rights), needed) + 1, said)


def _against(graph: Graph, own: OwnSteps) -> list[bool]:
    """Each working step: whether all that it computes is a quantity of the problem, with its value.

    Inner operations need not be quantities ("14 + 14 + 14 = 42"): the last one of a step is what it states.
    """
    last = {m.step: m for m in match(graph, own.computed)}
    return [
        m.quantity is not None and m.operation.result == graph.quantities[m.quantity].value
        for m in last.values()
    ]


def _said_otherwise(own: OwnSteps) -> int:
    """Statements without a computation that the analysis proves wrong, and left sides with a second result."""
    stated = sum(s.check == "wrong" and not s.formulas for s in own.anatomy.steps)
    results: dict[str, str] = {}
    for step in own.working:
        for formula in step.formulas:
            left, _, result = formula.rpartition(" = ")
            stated += results.setdefault(left, result) != result
    return stated
