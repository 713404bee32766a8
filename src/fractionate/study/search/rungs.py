"""Rungs: all candidates on few problems, those that are left on more, and how they stand after each.

    source, rates = tuned(config, ground, folder, names, sizes, console)
    first = rung_of(config, ground, 80, source, rates)
    first.judged.kept.dropped        # {"answer_only": "worse than the reference: at best −8.1 points", …}
    first.judged.standings           # of all candidates

The first rung is also where each candidate's learning rate is tuned: every candidate is trained with every rate, and
goes on with the one of its highest T. All rungs ask questions for development, the smaller ones a part of those of the
larger ones, so that what is seen there is confirmed elsewhere.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from fractionate.config import BASE, StudyConfig
from fractionate.errors import InputError
from fractionate.records import Score
from fractionate.study.decide import widened
from fractionate.study.search.bounds import standing_of, visible
from fractionate.study.search.candidates import Candidates, eligible
from fractionate.study.search.ground import Ground
from fractionate.study.search.halving import Kept, Standing, survivors
from fractionate.study.search.trials import Sizes, Trial
from fractionate.study.summary import Costs
from fractionate.transfer.statistics import (
    Interval,
    Plan,
    compare_arms,
    estimates,
    plan_of,
    transfer_scores,
)

Announce = Callable[[str], None]
DESTROYED = "compared only: it destroys on purpose"


class Judged(NamedTuple):
    """What a rung's scores say: the reference and its gain over the untouched student, the margin, how everyone stands,
    who goes on. `informed` is whether the reference was seen to gain more than the margin.
    """

    reference: str
    margin: float
    gain: float
    standings: tuple[Standing, ...]
    kept: Kept
    informed: bool = True


@dataclass(frozen=True)
class Rung:
    """One rung when it is done: every candidate's scores with its own learning rate (`rates`, of those that were tuned)
    and the untouched student's, and every candidate's costs. `source` is the trial that a candidate's figures are from.
    `stopped` is why the search went no further, though candidates were left.
    """

    traces: int
    scores: Sequence[Score]
    costs: Mapping[str, Costs]
    judged: Judged
    rates: Mapping[str, float]
    source: Mapping[str, Trial]
    stopped: str = ""

    @cached_property
    def transfer(self) -> dict[str, Interval]:
        """T of every candidate."""
        found = estimates(self.scores, reference=self.judged.reference)
        return {arm.arm: arm.transfer for arm in found.arms}

    def untouched(self) -> Path:
        """The folder of an untouched student that was asked this rung's questions."""
        return next(iter(self.source.values())).untouched()


def rung_of(
    config: StudyConfig, ground: Ground, traces: int, source: Mapping[str, Trial], rates: Mapping[str, float]
) -> Rung:
    """What trials that are done say together."""
    scores, costs = scores_of(source), {name: trial.costs[name] for name, trial in source.items()}
    plan = plan_of(ground.confirmation.items, config.search.confirm_seeds)
    last = traces == ground.train
    judged = judge(config, ground.candidates, scores, costs, plan, last=last)
    return Rung(traces, scores, costs, judged, rates, source)


def sizes_of(config: StudyConfig, problems: int) -> list[int]:
    """The problems of each rung; rungs that would be the same are one."""
    return list(dict.fromkeys(ceil(share * problems) for share in config.search.rungs))


def scores_of(source: Mapping[str, Trial]) -> list[Score]:
    """Each candidate's from its trial; the untouched student's once."""
    first = next(iter(source.values()))
    trials = {id(trial): trial for trial in source.values()}
    return [s for trial in trials.values() for s in trial.scores if source.get(s.arm, first) is trial]


def on_same_questions(own: Sequence[Score], label: str, others: Sequence[Score]) -> list[Score]:
    """Some scores under a label, and of others those that answer the same questions."""
    asked = {s.item for s in own}
    return [*(replace(s, arm=label) for s in own), *(s for s in others if s.item in asked)]


def tuned(
    config: StudyConfig,
    ground: Ground,
    folder: Path,
    names: Sequence[str],
    sizes: Sizes,
    console: Console,
) -> tuple[dict[str, Trial], dict[str, float]]:
    """The first rung: every candidate with every rate, and of each the trial and the rate of its highest T."""
    trials: dict[float, Trial] = {}
    for times in config.search.rates:
        rate = times * config.training.learning_rate
        several = len(config.search.rates) > 1
        own = {} if rate == config.training.learning_rate else dict.fromkeys(names, rate)
        trial = Trial.of(config, ground, folder / f"1-rung{f'-rate-{rate!r}' * several}", names, sizes, own)
        trial.run(console, next(iter(trials.values())).untouched() if trials else None)
        trials[rate] = trial
    transfer = {rate: transfer_scores(trial.scores) for rate, trial in trials.items()}
    # Without a checked answer T is not a number, and never the best.
    best = {
        name: max(trials, key=lambda rate: (transfer[rate][name] >= 0, transfer[rate][name]))
        for name in names
    }
    tuned = config.search.rates != (1.0,)
    return {name: trials[best[name]] for name in names}, best if tuned else {}


def cost_of(costs: Costs, what: str) -> float:
    """The cost that is to be small; infinite where nothing was right."""
    value = getattr(costs, what)
    return math.inf if value is None else float(value)


def judge(
    config: StudyConfig,
    candidates: Candidates,
    scores: Sequence[Score],
    costs: Mapping[str, Costs],
    plan: Plan,
    *,
    last: bool = False,
) -> Judged:
    """How the candidates of `costs` stand after a rung, and who goes on; `plan` is of the confirmation.

    After the last one nobody has to make room for others.

    The margin is the decision's, but for its cap: what the reference gains is not known yet.

    Raises:
        InputError: no answer of the references or of the untouched student could be checked.
    """
    transfer = transfer_scores(scores)
    silent = [name for name in (*costs, BASE) if math.isnan(transfer[name])]
    references = [name for name in candidates.references if name in costs and name not in silent]
    if not references or BASE in silent:
        who = "the untouched student" if references else " or ".join(candidates.references)
        raise InputError(
            f"no answer of {who} could be checked: there is nothing to compare with (data.checker)"
        )
    reference = max(references, key=lambda name: transfer[name])
    margin = widened(config.decision.margin, visible(plan))
    known = [s for s in scores if s.arm not in silent]
    compared = compare_arms(known, reference, margin=margin, resamples=config.decision.resamples)
    standings = []
    for name in (name for name in costs if name not in silent):
        cost = cost_of(costs[name], config.search.cost)
        if name == reference:
            standings.append(Standing(name, 0.0, 0.0, 0.5, cost, is_reference=True))
            continue
        found = standing_of(compared[name], cost)
        # A reference that is clearly below the best one is a candidate like others.
        standings.append(found._replace(is_reference=name in references and found.upper_bound >= 0))
    running = [s for s in standings if eligible(s.name)]
    gain = standing_of(compared[BASE], 0.0)
    informed = gain.upper_bound < -margin
    kept = survivors(running, keep=config.search.keep, margin=margin, informed=informed and not last)
    apart = {s.name: DESTROYED for s in standings if not eligible(s.name)}
    apart |= dict.fromkeys(silent, "none of its answers could be checked")
    kept = replace(kept, dropped=kept.dropped | apart)
    return Judged(reference, margin, transfer[reference] - transfer[BASE], tuple(standings), kept, informed)
