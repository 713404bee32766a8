"""Rungs: all candidates on few problems, those that are left on more, and how they stand after each.

    rungs = climb(config, candidates, folder, console)
    rungs[0].judged.kept.dropped     # {"answer_only": "worse than the reference: at best −8.1 points", …}
    rungs[-1].judged.standings       # of the last candidates, on all problems

The first rung is also where each candidate's learning rate is tuned: every candidate is trained with every rate, and
goes on with the one of its highest T. All rungs ask the same questions, those for development, so that what is seen
there is confirmed elsewhere.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from scipy.stats import norm

from fractionate.config import BASE, StudyConfig
from fractionate.records import Score
from fractionate.study.decide import GAIN_SHARE, WIDE_MARGIN
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.halving import Kept, Standing, survivors
from fractionate.study.search.trials import Sizes, Trial
from fractionate.study.summary import Costs
from fractionate.transfer.statistics import Comparison, Interval, compare_arms, estimates, transfer_scores
from fractionate.transfer.statistics.power import BETWEEN_SEEDS

Announce = Callable[[str], None]
DESTROYED = "compared only: it destroys on purpose"


class Judged(NamedTuple):
    """What a rung's scores say: the reference, the margin, how everyone stands, who goes on."""

    reference: str
    margin: float
    standings: tuple[Standing, ...]
    kept: Kept


@dataclass(frozen=True)
class Rung:
    """One rung when it is done: every candidate's scores with its own learning rate (`rates`, of those that were tuned)
    and the untouched student's, and every candidate's costs. `source` is the trial that a candidate's figures are from.
    """

    traces: int
    scores: Sequence[Score]
    costs: Mapping[str, Costs]
    judged: Judged
    rates: Mapping[str, float]
    source: Mapping[str, Trial]

    @cached_property
    def transfer(self) -> dict[str, Interval]:
        """T of every candidate."""
        found = estimates(self.scores, reference=self.judged.reference)
        return {arm.arm: arm.transfer for arm in found.arms}


def climb(
    config: StudyConfig, candidates: Candidates, folder: Path, problems: int, console: Console, tell: Announce
) -> list[Rung]:
    """All rungs, the last on all problems; trials that are done are read, not run again."""
    names, rates, rungs = list(candidates.names), dict[str, float](), list[Rung]()
    for number, share in enumerate(config.search.rungs, 1):
        sizes = Sizes(ceil(share * problems), config.seeds)
        tell(
            f"rung {number} of {len(config.search.rungs)}: {len(names)} candidates on {sizes.traces} problems"
        )
        untouched = next(iter(rungs[0].source.values())).untouched() if rungs else None
        if number == 1:
            source, rates = _tuned(config, folder, names, sizes, console)
        else:
            trial = Trial.of(config, folder / f"{number}-rung", names, sizes, rates)
            trial.run(console, untouched)
            source = dict.fromkeys(names, trial)
        scores, costs = scores_of(source), {name: trial.costs()[name] for name, trial in source.items()}
        judged = judge(config, candidates, scores, costs)
        own = {name: rates[name] for name in names if name in rates}
        rungs.append(Rung(ceil(share * problems), scores, costs, judged, own, source))
        names = judged.kept.go_on
    return rungs


def scores_of(source: Mapping[str, Trial]) -> list[Score]:
    """Each candidate's from its trial; the untouched student's once."""
    first = next(iter(source.values()))
    trials = {id(trial): trial for trial in source.values()}
    return [s for trial in trials.values() for s in trial.scores() if source.get(s.arm, first) is trial]


def _tuned(
    config: StudyConfig, folder: Path, names: Sequence[str], sizes: Sizes, console: Console
) -> tuple[dict[str, Trial], dict[str, float]]:
    """The first rung: every candidate with every rate, and of each the trial and the rate of its highest T."""
    trials: dict[float, Trial] = {}
    for times in config.search.rates:
        rate = times * config.training.learning_rate
        several = len(config.search.rates) > 1
        own = dict.fromkeys(names, rate) if several else {}
        trial = Trial.of(config, folder / f"1-rung{f'-rate-{rate:g}' * several}", names, sizes, own)
        trial.run(console, next(iter(trials.values())).untouched() if trials else None)
        trials[rate] = trial
    transfer = {rate: transfer_scores(trial.scores()) for rate, trial in trials.items()}
    best = {name: max(trials, key=lambda rate: transfer[rate][name]) for name in names}
    return {name: trials[best[name]] for name in names}, best if len(trials) > 1 else {}


def standing_of(found: Comparison, cost: float, margin: float) -> Standing:
    """How a candidate stands against the reference, by a normal distribution.

    With one seed the spread between seeds that studies have shown is added, for a student alone says nothing of it.
    """
    error = (found.difference.high - found.difference.low) / (2 * float(norm.ppf(0.975)))
    error = math.hypot(error, 0.0 if found.over_seeds else math.sqrt(2) * BETWEEN_SEEDS)
    value = found.difference.value
    upper = value + float(norm.ppf(0.95)) * error
    return Standing(found.arm, value, upper, float(norm.sf((value + margin) / error)), cost)


def cost_of(costs: Costs, what: str) -> float:
    """The cost that is to be small; infinite where nothing was right."""
    value = getattr(costs, what)
    return math.inf if value is None else float(value)


def judge(
    config: StudyConfig, candidates: Candidates, scores: Sequence[Score], costs: Mapping[str, Costs]
) -> Judged:
    """How the candidates of `costs` stand after a rung, and who goes on."""
    transfer = transfer_scores(scores)
    references = [name for name in candidates.references if name in costs]
    reference = max(references, key=lambda name: transfer[name])
    margin = _margin(config, transfer[reference] - transfer[BASE])
    compared = compare_arms(scores, reference, margin=margin, resamples=config.decision.resamples)
    standings = []
    for name in costs:
        cost = cost_of(costs[name], config.search.cost)
        if name == reference:
            standings.append(Standing(name, 0.0, 0.0, 0.5, cost, is_reference=True))
            continue
        found = standing_of(compared[name], cost, margin)
        # A reference that is clearly below the best one is a candidate like others.
        standings.append(found._replace(is_reference=name in references and found.upper_bound >= 0))
    running = [s for s in standings if candidates.eligible(s.name)]
    kept = survivors(running, keep=config.search.keep, margin=margin)
    apart = {s.name: DESTROYED for s in standings if not candidates.eligible(s.name)}
    return Judged(reference, margin, tuple(standings), replace(kept, dropped=kept.dropped | apart))


def _margin(config: StudyConfig, gain: float) -> float:
    """The decision's margin as far as it is known: never below the configured one here."""
    return min(WIDE_MARGIN, max(GAIN_SHARE * gain, config.decision.margin))
