"""Coherence: how far a chain of steps goes before its first wrong one.

"3 * 14 = 42. 42 - 5 = 36. 36 * 2 = 72. The answer is 72."      # one step of four: 0.25
"""

from collections.abc import Sequence
from itertools import groupby
from statistics import fmean
from typing import NamedTuple

from fractionate.anatomy.operations import operations
from fractionate.records import DEPENDS, Anatomy, Step
from fractionate.transfer.interventions.base import valued
from fractionate.transfer.layers.base import LAYERS, Evidence, FromAnswers, LayerScore
from fractionate.transfer.layers.matching import Match, computes, graph_of, match, operations_of
from fractionate.transfer.own import Answered, OwnSteps, by_pair, own_steps
from fractionate.transfer.paired import UNKNOWN, share
from fractionate.worlds.graph import Graph

NAME = "coherence"
SHOWN = 6
"""Steps whose chances are shown apart."""


class Chain(NamedTuple):
    """What one answer's steps establish, in order, right or not, the stated answer last.

    `due` is the length of a right chain, None where that is not known.
    """

    given: Answered
    rights: list[bool]
    due: int | None
    contradictions: int

    @property
    def share(self) -> float:
        """The share of the due length before the first wrong entry; a chain of nothing but an answer has none."""
        if len(self.rights) < 2:
            return 0.0
        if self.due is None:
            return float(all(self.rights))
        return (self.rights.index(False) if False in self.rights else len(self.rights)) / self.due


class Coherence(FromAnswers):
    """Do the student's steps hold together to the end?

    The mean over its own answers. The chain of an answer is what its computing steps establish, in order, and then the
    answer that it states; what it repairs itself and what only checks is left out.

    Of a world's problem the chain counts each quantity that the answer needs once, right if it has that quantity's
    value, and every step that computes no quantity of the problem, or another value, as wrong. Repeats, and right
    quantities that the answer does not need, neither help nor harm. The answer's share is what stands before the first
    wrong entry, of the needed quantities and the answer: a right chain has all of it, and no other chain more.

    Of other problems it is not known what is needed, so a chain holds or does not: 1 if the answer is right, no step is
    proved wrong, and the answer depends on computations of which one at least starts from a value of the problem;
    otherwise 0. Computations give another value than they start from ("37 + 0 = 37" is none). Nothing but an answer is
    no chain, and counts 0.

    Where the teacher's own solution computes nothing (a maze), steps cannot be judged, and the problem is left out.

    Parts: `step k` is the chance that entry k of the chain is right given that all those before were, over the chains
    that have such an entry; `contradictions` are statements in an answer that say otherwise than an earlier one, or
    than the problem.

    Trivial: 0, of a constant answer.
    """

    name = NAME

    def score(self, evidence: Evidence) -> LayerScore:
        """The mean share, and how the chance to be right goes on from step to step."""
        chains = [
            _chain(given, evidence.gold.get(given.item.pair))
            for given in by_pair(evidence.own).values()
            if computes(evidence.gold.get(given.item.pair))
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
    rights = _by_text(own) if graph is None else _against(graph, own)
    due = None if graph is None else len(operations_of(graph)) + 1
    return Chain(given, [*rights, given.score.right is True], due, _said_otherwise(own))


def _against(graph: Graph, own: OwnSteps) -> list[bool]:
    """An entry for each needed quantity when it is first computed, and for each wrong step.

    Inner operations need not be quantities ("14 + 14 + 14 = 42"): the last one of a step is what it states.
    """
    needed, known, rights = operations_of(graph), set[int](), list[bool]()
    for _, group in groupby(match(graph, own.computed), key=lambda m: m.step):
        done = list(group)
        if not _is_right(graph, done[-1]):
            rights.append(False)
            continue
        new = {m.quantity for m in done if m.quantity in needed and _is_right(graph, m)} - known
        known |= new
        rights += [True] * len(new)
    return rights


def _is_right(graph: Graph, found: Match) -> bool:
    return found.quantity is not None and found.operation.result == graph.quantities[found.quantity].value


def _by_text(own: OwnSteps) -> list[bool]:
    """An entry for each different computation that the stated answer depends on, if not all are made up.

    And one for each that is proved wrong.
    """
    sourced = {u.user for u in own.anatomy.links if u.source_is == "premise" and u.confidence >= DEPENDS}
    counted = {s.index for s in own.working if s.paths != "none" and _tells(s)}
    counted = counted if counted & sourced else set()
    found: dict[tuple[str, ...], bool] = {}
    for step in own.working:
        if step.check == "wrong" or step.index in counted:
            found[step.formulas] = found.get(step.formulas, True) and step.check != "wrong"
    return list(found.values())


def _tells(step: Step) -> bool:
    """Whether it gives a value that it does not start from."""
    done = [o for formula in step.formulas for o in operations(formula)]
    return bool(done) and any(done[-1].result not in (o.left, o.right) for o in done)


def _said_otherwise(own: OwnSteps) -> int:
    """Statements without a computation that the analysis proves wrong, and left sides with a second result."""
    stated = sum(s.check == "wrong" and not s.formulas for s in own.anatomy.steps)
    results: dict[str, str] = {}
    for step in own.working:
        for formula in step.formulas:
            left, _, result = formula.rpartition(" = ")
            stated += results.setdefault(left, result) != result
    return stated
