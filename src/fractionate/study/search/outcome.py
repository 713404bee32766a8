"""What a search ends with: a decision in plain words, its evidence, the student and the dataset, ready to use.

`decision.json` holds everything that is known, `report.html` and `report.md` say it; `student/` is the checkpoint of
the recipe to use with the first fresh seed, `dataset/` what it learned. Where nothing can be decided there are none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from scipy.stats import spearmanr

from fractionate.config import StudyConfig
from fractionate.storage import plain_json, write_json
from fractionate.study.decide import Decision
from fractionate.study.search.choice import Choice, cheaper
from fractionate.study.search.confirm import UNITS, Confirmed, fresh_seeds
from fractionate.study.search.effects import Attribution
from fractionate.study.search.fates import Fate, fates_of, shown_roles, with_effects
from fractionate.study.search.ground import Ground
from fractionate.study.search.plan import FITTED
from fractionate.study.search.ready import lay_ready, taught
from fractionate.study.search.rungs import Rung, cost_of
from fractionate.study.search.sizes import Grain, Size, curve_of, flattening, grains_of
from fractionate.study.search.tasks import Task, tasks_of
from fractionate.transfer.adaptability import Adaptability
from fractionate.transfer.effort import Effort


@dataclass(frozen=True)
class SearchDecision:
    """Everything that a search says.

    `sure` is whether what was confirmed first had looked not worse before; otherwise it was the likeliest.
    `open` are cheaper candidates that might do as well and were not confirmed, and what each takes of the reference.
    `learning_rate` is that of the recipe to use. `tasks` are of the last rung, `first_tasks` of the first, from which
    nobody had gone yet. `asked_before` are sentences on other searches that have asked the same questions to confirm.
    `savings` is what the chosen recipe costs of the reference, by cost; `ranking_held` the rank correlation of T in the
    first rung with T in the last, of the candidates that came so far. `roles` are what each does, first over the whole
    factorial.
    """

    decision: Decision
    recipe: str
    traces: int
    learning_rate: float
    confirmed: Confirmed
    savings: Mapping[str, float]
    fates: Sequence[Fate]
    roles: Sequence[Attribution]
    curves: Mapping[str, Sequence[Size]]
    flat: Mapping[str, str]
    grains: Sequence[Grain]
    tasks: Sequence[Task]
    first_tasks: Sequence[Task]
    sure: bool
    open: Mapping[str, float]
    asked_before: Sequence[str]
    ranking_held: float | None
    rungs: Sequence[Rung]
    untested: Sequence[str]
    adapted: Mapping[str, Mapping[int, Adaptability]]

    @property
    def stopped(self) -> str:
        """Why candidates that might have done were not trained on all problems; empty where they were."""
        return self.rungs[-1].stopped

    def as_dict(self) -> dict[str, Any]:
        """The decision as JSON values; a number that does not exist is null."""
        found = self.confirmed.found[self.confirmed.label]
        reference = self.confirmed.found[self.decision.reference]
        told = {
            "decision": self.decision.as_dict(),
            "recipe": self.recipe if self.decision.outcome == "smaller" else self.decision.recipe,
            "confirmed": {"recipe": self.recipe, "traces": self.traces},
            "learning_rate": self.learning_rate,
            "transfer": {self.confirmed.label: found.transfer, self.decision.reference: reference.transfer},
            "difference": found.difference,
            "lower_bound": found.lower_bound,
            "costs": {name: asdict(costs) for name, costs in self.confirmed.costs.items()},
            "share_of_reference": dict(self.savings),
            "answers": {name: _answered(e) for name, e in self.confirmed.efforts.items()},
            "constraints": [asdict(check) for check in self.confirmed.checks],
            "equal_compute": asdict(equal) if (equal := self.confirmed.equal_compute) else None,
            "layers": [asdict(fate) for fate in self.fates],
            "roles": [asdict(attribution) for attribution in self.roles],
            "sizes": {name: [point._asdict() for point in points] for name, points in self.curves.items()},
            "more_problems": dict(self.flat),
            "tokens_a_trace": [grain._asdict() for grain in self.grains],
            "tasks": [asdict(task) for task in self.tasks],
            "tasks_of_first_rung": [asdict(task) for task in self.first_tasks],
            "looked_good_before": self.sure,
            "confirmed_before": [_tested(before) for before in self.confirmed.before],
            "cheaper_but_not_confirmed": _tested(failed) if (failed := self.confirmed.failed) else None,
            "open": dict(self.open),
            "asked_before": list(self.asked_before),
            "stopped": self.stopped or None,
            "adaptability": {
                label: {seed: asdict(a) for seed, a in seeds.items()} for label, seeds in self.adapted.items()
            },
            "ranking_of_first_rung_held": self.ranking_held,
            "rungs": [_rung(rung) for rung in self.rungs],
            "not_tested": list(self.untested),
        }
        plain: dict[str, Any] = plain_json(told)
        return plain


def conclude(
    config: StudyConfig,
    root: Path,
    ground: Ground,
    rungs: Sequence[Rung],
    roles: Sequence[Attribution],
    confirmed: Confirmed,
    adapted: Mapping[str, Mapping[int, Adaptability]],
    choice: Choice,
    asked_before: Sequence[str],
) -> SearchDecision:
    """Put everything together, and lay the student and the dataset ready."""
    asked, use = confirmed.asked, confirmed.use()
    place = asked.trial.student(asked.chosen, fresh_seeds(config)[0])
    shown = shown_roles(taught(place))
    of_reference = shown_roles(taught(asked.of_reference.student(asked.reference, fresh_seeds(config)[0])))
    own, reference, base = ([f.layers for f in some] for some in confirmed.findings())
    both = dict.fromkeys([asked.reference, asked.chosen])
    found = SearchDecision(
        decision=confirmed.decision,
        recipe=asked.chosen,
        traces=confirmed.traces,
        learning_rate=rungs[-1].rates.get(use[1] if use else asked.chosen, config.training.learning_rate),
        confirmed=confirmed,
        savings=_savings(confirmed),
        fates=with_effects(fates_of(shown, of_reference, own, reference, base), roles),
        roles=roles,
        curves={name: curve_of(rungs, name) for name in both},
        flat={name: flattening(rungs, name) for name in both},
        grains=grains_of(rungs),
        tasks=tasks_of(config, rungs[-1]),
        first_tasks=tasks_of(config, rungs[0]) if len(rungs) > 1 else [],
        sure=choice.sure,
        open=untried(config, rungs, confirmed),
        asked_before=asked_before,
        ranking_held=ranking_held(rungs),
        rungs=rungs,
        untested=_untested(config, ground, rungs),
        adapted=adapted,
    )
    if use is not None:
        lay_ready(use[0].student(use[1], fresh_seeds(config)[0]), root)
    write_json(root / "decision.json", found.as_dict())
    return found


def _savings(confirmed: Confirmed) -> dict[str, float]:
    own, reference = confirmed.costs[confirmed.label], confirmed.costs[confirmed.asked.reference]
    shares = {}
    for name in UNITS:
        spent, whole = getattr(own, name), getattr(reference, name)
        if spent is not None and whole and isfinite(spent / whole):
            shares[name] = spent / whole
    return shares


def untried(config: StudyConfig, rungs: Sequence[Rung], confirmed: Confirmed) -> dict[str, float]:
    """What looks more likely not worse than worse, is cheaper than what was confirmed, and was not tried."""
    if confirmed.decision.outcome != "smaller":
        return {}
    last = rungs[-1]
    limit = cost_of(last.costs[last.judged.reference], config.search.cost)
    tried = {(c.asked.chosen, c.traces) for c in (confirmed, confirmed.failed) if c is not None}
    _, left = cheaper(config, rungs, confirmed.asked.chosen, confirmed.traces)
    return {
        o.standing.name if o.whole else f"{o.standing.name}, {o.traces} problems": o.standing.cost / limit
        for o in sorted(left, key=lambda o: o.standing.cost)
        if (o.standing.name, o.traces) not in tried and isfinite(o.standing.cost / limit)
    }


def _tested(tested: Confirmed) -> dict[str, Any]:
    """A recipe beside the one that is decided on, and how it came out on the same questions."""
    found = tested.found[tested.label]
    return {
        "recipe": tested.label,
        "difference": found.difference,
        "lower_bound": found.lower_bound,
        "constraints": [asdict(check) for check in tested.checks],
        "costs": asdict(tested.costs[tested.label]),
        "outcome": tested.decision.outcome,
    }


def ranking_held(rungs: Sequence[Rung]) -> float | None:
    """Rank correlation of T, first rung with last; None with fewer than three candidates in both.

    What was tried around the best was not in the first rung.
    """
    first, last = rungs[0].transfer, rungs[-1].transfer
    both = [name for name in rungs[-1].costs if name in rungs[0].costs]
    if len(rungs) < 2 or len(both) < 3:
        return None
    before, after = [first[n].value for n in both], [last[n].value for n in both]
    if len(set(before)) == 1 or len(set(after)) == 1:
        return None
    return round(float(spearmanr(before, after).statistic), 6)


def _untested(config: StudyConfig, ground: Ground, rungs: Sequence[Rung]) -> list[str]:
    untested = [fact for fact in ground.facts if fact.startswith(("left out", "these traces", FITTED))]
    if len(config.search.rates) == 1:
        untested.append("learning rate and epochs were not tuned for each candidate")
    else:
        untested.append("epochs were not tuned for each candidate")
        if any(arm.recipe in rungs[-1].costs for arm in ground.candidates.around):
            untested.append("learning rates of what was tried around the best: they are the best one's")
    if config.search.adapt == "none":
        untested.append("adaptability: how the students take up families never seen (search.adapt)")
    untested.append(f"students other than {config.student.model}, and tasks that the questions do not ask")
    if not config.search.equal_compute:
        untested.append("equal training FLOPs: the comparison holds the problems and the epochs equal")
    return untested


def _rung(rung: Rung) -> dict[str, Any]:
    return {
        "problems": rung.traces,
        "reference": rung.judged.reference,
        "margin": rung.judged.margin,
        "standings": [s._asdict() for s in rung.judged.standings],
        "transfer": dict(rung.transfer),
        "learning_rates": dict(rung.rates),
        "dropped": dict(rung.judged.kept.dropped),
    }


def _answered(effort: Effort) -> dict[str, float]:
    """What might make answers unlike: their length, and the shares cut off, repeating and not checked."""
    return {name: getattr(effort, name) for name in ("tokens", "truncated", "looping", "unchecked")}
