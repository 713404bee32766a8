"""The choice after the last rung: the cheapest candidate that looks not worse, on the fewest problems that look enough.

choice = choose(config, candidates, rungs)
choice          # Choice(name="decision_points", traces=160, sure=True)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fractionate.config import StudyConfig
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.halving import chosen
from fractionate.study.search.rungs import Rung, cost_of, standing_of
from fractionate.transfer.statistics import compare_arms

SURE = 0.7
"""How likely not worse a candidate must look on the development questions to be confirmed."""
SURE_OF_FEWER = 0.95
"""The same for fewer problems: the recipe on all of them is a good choice already."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be confirmed, and on how many problems; `sure` says whether it looked good enough."""

    name: str
    traces: int
    sure: bool


def choose(config: StudyConfig, candidates: Candidates, rungs: Sequence[Rung]) -> Choice:
    """The cheapest candidate of the last rung that looks not worse, on the fewest problems that look enough.

    Where none does, the one of those cheaper than the reference that looks best; where none is cheaper, the reference.
    """
    last, reference = rungs[-1].judged, rungs[-1].judged.reference
    limit = next(s.cost for s in last.standings if s.name == reference)
    cheaper = [
        s._replace(is_reference=False)
        for s in last.standings
        if candidates.eligible(s.name) and s.name != reference and s.cost < limit
    ]
    name = chosen(cheaper, SURE)
    if name is None:
        best = min(cheaper, key=lambda s: s.p_not_worse, default=None)
        return Choice(best.name if best else reference, rungs[-1].traces, False)
    return Choice(name, _fewest(config, rungs, name), True)


def _fewest(config: StudyConfig, rungs: Sequence[Rung], name: str) -> int:
    """The smallest size at which the candidate looks not worse than the reference at the largest."""
    last = rungs[-1]
    for rung in rungs[:-1]:
        if name in rung.costs:
            small = [s for s in rung.scores if s.arm == name]
            large = [s for s in last.scores if s.arm != name]
            margin = last.judged.margin
            found = compare_arms([*large, *small], last.judged.reference, margin=margin)[name]
            cost = cost_of(rung.costs[name], config.search.cost)
            if standing_of(found, cost, margin).p_not_worse <= 1 - SURE_OF_FEWER:
                return rung.traces
    return last.traces
