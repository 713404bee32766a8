"""Confirming what was chosen: fresh seeds, problems that nobody has looked at, one comparison.

    confirmed = confirm(config, "compact", 160, reference="full", problems=320, …)
    confirmed.decision.outcome            # "smaller"

Whatever was chosen by its good figures looks better than it is; the decision rests on new ones alone. There is one
test, of the recipe that was chosen against the reference, so that its 5% stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from fractionate.config import BASE, StudyConfig
from fractionate.records import Item, Score
from fractionate.storage import read_records
from fractionate.study.decide import Decision, Evidence, decide
from fractionate.study.search.rungs import Announce, cost_of
from fractionate.study.search.trials import Sizes, Trial
from fractionate.study.summary import Costs
from fractionate.transfer.findings import Findings
from fractionate.transfer.statistics import Estimates, Plan, estimates, plan_of, transfer_scores

CONFIRMING = 0.87
"""The power of the confirmation that a plan promises 80% of the whole search with: what is chosen on the development
questions is not always what is right (`python -m benchmarks.search_decisions`)."""

UNITS = {
    "teacher_tokens": "teacher tokens",
    "trained_tokens": "tokens processed",
    "supervised_tokens": "tokens with loss",
    "training_flops": "training FLOPs",
    "student_tokens_per_right": "student tokens a right answer",
}


class Asked:
    """The recipe that is confirmed and the reference: trials, and the labels under which they are compared."""

    def __init__(self, chosen: str, trial: Trial, label: str, reference: str, of_reference: Trial) -> None:
        self.chosen, self.trial, self.label = chosen, trial, label
        self.reference, self.of_reference = reference, of_reference

    def scores(self) -> list[Score]:
        """The reference's, the chosen recipe's and the untouched student's."""
        kept = [s for s in self.of_reference.scores() if s.arm in (self.reference, BASE)]
        if self.label == self.reference:
            return kept
        return [*kept, *(replace(s, arm=self.label) for s in self.trial.scores() if s.arm == self.chosen)]

    def costs(self) -> dict[str, Costs]:
        """All five of both."""
        reference = self.of_reference.costs()[self.reference]
        return {self.reference: reference, self.label: self.trial.costs()[self.chosen]}


@dataclass(frozen=True)
class Confirmed:
    """What fresh students say. `label` is the chosen recipe, with its number of problems where that is smaller."""

    label: str
    traces: int
    asked: Asked
    decision: Decision
    found: Estimates
    costs: Mapping[str, Costs]

    def findings(self) -> tuple[list[Findings], list[Findings], list[Findings]]:
        """Of the chosen recipe, the reference and the untouched student, one each seed."""
        own, reference = self.asked.trial.findings(), self.asked.of_reference.findings()
        return (
            [f for (name, _), f in own.items() if name == self.asked.chosen],
            [f for (name, _), f in reference.items() if name == self.asked.reference],
            [f for (name, _), f in reference.items() if name == BASE],
        )


def fresh_seeds(config: StudyConfig) -> tuple[int, ...]:
    """Seeds that no rung has used."""
    first = max(config.seeds) + 1
    return tuple(range(first, first + config.search.confirm_seeds))


def confirm(
    config: StudyConfig,
    chosen: str,
    traces: int,
    *,
    reference: str,
    problems: int,
    rates: Mapping[str, float],
    folder: Path,
    console: Console,
    tell: Announce,
) -> Confirmed:
    """Train both on fresh seeds, ask the confirmation questions, decide."""
    seeds = fresh_seeds(config)
    tell(
        f"confirmation: {chosen} on {traces} problems against {reference} on {problems}, {len(seeds)} fresh seeds"
    )
    together = traces == problems
    names = [reference, *([chosen] if together and chosen != reference else [])]
    whole = Trial.of(config, folder / "confirm", names, Sizes(problems, seeds), rates, confirming=True)
    whole.run(console)
    own = whole
    if not together:
        own = Trial.of(
            config, folder / "confirm-fewer", [chosen], Sizes(traces, seeds), rates, confirming=True
        )
        own.run(console, whole.untouched())
    label = chosen if together else f"{chosen}, {traces} problems"
    return decided(config, Asked(chosen, own, label, reference, whole), traces)


def decided(config: StudyConfig, asked: Asked, traces: int) -> Confirmed:
    """The decision rule on the confirmation's scores."""
    scores, costs = asked.scores(), asked.costs()
    plan = plan_of(_items(asked.of_reference), config.search.confirm_seeds)
    decision, found = rule(config, scores, costs, asked.reference, plan)
    return Confirmed(asked.label, traces, asked, decision, found, costs)


def rule(
    config: StudyConfig, scores: Sequence[Score], costs: Mapping[str, Costs], reference: str, plan: Plan
) -> tuple[Decision, Estimates]:
    """Decide between the reference and the one other arm of `costs`, by their scores and the untouched student's."""
    found = estimates(scores, reference=reference, resamples=config.decision.resamples)
    transfer = transfer_scores(scores)
    evidence = {
        name: Evidence(transfer[name], found[name].lower_bound or 0.0, cost_of(cost, config.search.cost))
        for name, cost in costs.items()
    }
    unit = UNITS[config.search.cost]
    return decide(
        reference, transfer[BASE], evidence, margin=config.decision.margin, plan=plan, unit=unit
    ), found


def _items(trial: Trial) -> Sequence[Item]:
    study = next(iter(trial.studies.values()))
    return read_records(study.folder.root / "items.parquet", Item)
