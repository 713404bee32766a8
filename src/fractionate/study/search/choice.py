"""The choice after the last rung: the cheapest recipe and number of problems that look not worse than the reference.

choice = choose(config, rungs)
choice          # Choice(name="decision_points", traces=160, sure=True)
cheaper_still(config, rungs, choice)        # [Choice(name="skeleton", traces=160, sure=False)]
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from fractionate.config import StudyConfig
from fractionate.records import Score
from fractionate.study.costs import tokens_per_right
from fractionate.study.decide import capped
from fractionate.study.search.bounds import standing_of
from fractionate.study.search.candidates import eligible
from fractionate.study.search.constraints import checks_of
from fractionate.study.search.halving import Standing
from fractionate.study.search.rungs import Rung, cost_of, on_same_questions
from fractionate.transfer.layers import LayerScore
from fractionate.transfer.statistics import compare_arms

SURE = 0.7
"""How likely not worse a candidate must look on the development questions to be confirmed."""
SURE_OF_FEWER = 0.95
"""The same for fewer problems: the recipe on all of them is a good choice already."""
PER_RIGHT = "student_tokens_per_right"
"""The cost that depends on the questions, of which smaller rungs ask a part."""
CANDIDATE = "candidate"
"""Stands for the one that is compared, which may be the reference with fewer problems."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be confirmed, and on how many problems; `sure` says whether it looked good enough."""

    name: str
    traces: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate at a size, how it stands against the reference on all problems, and the constraints it breaks."""

    traces: int
    whole: bool
    standing: Standing
    breaks: tuple[str, ...] = ()

    @property
    def fit(self) -> bool:
        """Whether it looks not worse, and within the constraints."""
        sure = SURE if self.whole else SURE_OF_FEWER
        return not self.breaks and self.standing.p_not_worse <= 1 - sure


def choose(config: StudyConfig, rungs: Sequence[Rung], among: Collection[str] | None = None) -> Choice:
    """The cheapest of all that look not worse, the reference on fewer problems among them.

    Where none does, the candidate on all problems that looks best of those cheaper than the reference; where none is
    cheaper, the reference. With `among`, only these are looked at, and only on all problems.
    """
    last = rungs[-1]
    reference = last.judged.reference
    limit = cost_of(last.costs[reference], config.search.cost)
    found = options(config, rungs if among is None else rungs[-1:])
    wanted = [o for o in found if among is None or o.standing.name in among]
    cheaper = [o for o in wanted if o.standing.cost < limit]
    fit = [option for option in cheaper if option.fit]
    if fit:
        best = min(fit, key=lambda o: (o.standing.cost, o.standing.p_not_worse))
        return Choice(best.standing.name, best.traces, True)
    likely = min(
        (o for o in cheaper if o.whole), key=lambda o: (len(o.breaks), o.standing.p_not_worse), default=None
    )
    return Choice(likely.standing.name if likely else reference, last.traces, False)


def cheaper_still(config: StudyConfig, rungs: Sequence[Rung], choice: Choice) -> list[Choice]:
    """What may be confirmed after the choice, in this order: more likely not worse than worse, each cheaper than the
    one before, and of these the one that promises most (the likelihood times the cost that it would save).
    """
    spent, left = cheaper(config, rungs, choice.name, choice.traces)
    order = list[Choice]()
    while left:
        now = spent
        best = max(left, key=lambda o: (1 - o.standing.p_not_worse) * (now - o.standing.cost))
        order.append(Choice(best.standing.name, best.traces, best.fit))
        spent = best.standing.cost
        left = [o for o in left if o.standing.cost < spent]
    return order


def cheaper(config: StudyConfig, rungs: Sequence[Rung], name: str, traces: int) -> tuple[float, list[Option]]:
    """The cost of this candidate at this size, and what is cheaper, more likely not worse than worse and breaks no
    constraint; nothing beside the reference on all problems.
    """
    found = {(o.standing.name, o.traces): o for o in options(config, rungs)}
    if (name, traces) not in found:
        return 0.0, []
    spent = found[name, traces].standing.cost
    likely = [o for o in found.values() if o.standing.promising and not o.breaks]
    return spent, [o for o in likely if o.standing.cost < spent]


def options(config: StudyConfig, rungs: Sequence[Rung]) -> Iterator[Option]:
    """Every eligible candidate of the last rung, at every size that it was trained at, on what it was asked there."""
    last = rungs[-1]
    reference = last.judged.reference
    margin = max(capped(last.judged.margin, last.judged.gain), 1e-6)
    for rung in rungs:
        whole = rung is last
        for name in (n for n in last.costs if n in rung.costs and eligible(n)):
            own = [s for s in rung.scores if s.arm == name]
            if (whole and name == reference) or not any(s.right is not None for s in own):
                continue
            both = on_same_questions(own, CANDIDATE, [s for s in last.scores if s.arm == reference])
            found = compare_arms(both, reference, margin=margin)[CANDIDATE]
            cost = cost_of(rung.costs[name], config.search.cost)
            if config.search.cost == PER_RIGHT:
                cost = cost_of(last.costs[reference], PER_RIGHT) * _times(both)
            standing = standing_of(found, cost)
            breaks = _broken(config, both, _layers(rung, name), _layers(last, reference))
            yield Option(rung.traces, whole, standing._replace(name=name), breaks)


def _times(scores: Sequence[Score]) -> float:
    """How many times the reference's tokens a right answer the candidate takes, on the questions that both answered."""
    own, reference = (
        tokens_per_right([s for s in scores if (s.arm == CANDIDATE) is mine]) for mine in (True, False)
    )
    return own / reference if own and reference else inf


def _broken(
    config: StudyConfig,
    scores: Sequence[Score],
    own: Sequence[dict[str, LayerScore]],
    taught: Sequence[dict[str, LayerScore]],
) -> tuple[str, ...]:
    """Constraints that it seems to break; chance is left to the confirmation."""
    reference = next(s.arm for s in scores if s.arm != CANDIDATE)
    checks = checks_of(config.search, scores, reference, CANDIDATE, own, taught)
    return tuple(check.name for check in checks if not check.likely)


def _layers(rung: Rung, name: str) -> list[dict[str, LayerScore]]:
    if name not in rung.source:
        return []
    return [dict(found.layers) for (of, _), found in rung.source[name].findings.items() if of == name]
