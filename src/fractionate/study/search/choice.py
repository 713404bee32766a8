"""The choice after the last rung: the cheapest recipe and number of problems that look not worse than the reference.

choice = choose(config, candidates, rungs)
choice          # Choice(name="decision_points", traces=160, sure=True)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fractionate.config import StudyConfig
from fractionate.study.decide import capped
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.halving import Standing
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


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate at a size, and how it stands against the reference on all problems."""

    traces: int
    whole: bool
    standing: Standing

    @property
    def fit(self) -> bool:
        """Whether it looks not worse."""
        return self.standing.p_not_worse <= 1 - (SURE if self.whole else SURE_OF_FEWER)


def choose(config: StudyConfig, candidates: Candidates, rungs: Sequence[Rung]) -> Choice:
    """The cheapest of all that look not worse, the reference on fewer problems among them.

    Where none does, the candidate on all problems that looks best of those cheaper than the reference; where none is
    cheaper, the reference.
    """
    last = rungs[-1]
    reference = last.judged.reference
    limit = cost_of(last.costs[reference], config.search.cost)
    cheaper = [o for o in options(config, candidates, rungs) if o.standing.cost < limit]
    fit = [option for option in cheaper if option.fit]
    if fit:
        best = min(fit, key=lambda o: (o.standing.cost, o.standing.p_not_worse))
        return Choice(best.standing.name, best.traces, True)
    likely = min((o for o in cheaper if o.whole), key=lambda o: o.standing.p_not_worse, default=None)
    return Choice(likely.standing.name if likely else reference, last.traces, False)


def options(config: StudyConfig, candidates: Candidates, rungs: Sequence[Rung]) -> Iterator[Option]:
    """Every eligible candidate of the last rung, at every size that it was trained at."""
    last = rungs[-1]
    reference = last.judged.reference
    margin = capped(last.judged.margin, last.judged.gain)
    others = [s for s in last.scores if s.arm == reference]
    for rung in rungs:
        whole = rung is last
        for name in (n for n in last.costs if n in rung.costs and candidates.eligible(n)):
            own = [replace(s, arm=CANDIDATE) for s in rung.scores if s.arm == name]
            if (whole and name == reference) or not any(s.right is not None for s in own):
                continue
            found = compare_arms([*others, *own], reference, margin=max(margin, 1e-6))[CANDIDATE]
            standing = standing_of(found, cost_of(rung.costs[name], config.search.cost))
            yield Option(rung.traces, whole, standing._replace(name=name))


CANDIDATE = "candidate"
"""Stands for the one that is compared, which may be the reference with fewer problems."""
