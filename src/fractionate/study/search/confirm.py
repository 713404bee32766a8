"""Confirming what was chosen: fresh seeds, problems that nobody has looked at, one comparison.

    confirmed = confirm(config, "compact", 160, reference="full", problems=320, …)
    confirmed.decision.outcome            # "smaller"

Whatever was chosen by its good figures looks better than it is; the decision rests on new ones alone. There is one
test, of the recipe that was chosen against the reference, so that its 5% stand.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from rich.console import Console

from fractionate.config import BASE, StudyConfig
from fractionate.records import Score
from fractionate.study.decide import Decision, Evidence, decide, widened
from fractionate.study.search.bounds import bounds_of, chance, seeded, visible
from fractionate.study.search.choice import Choice
from fractionate.study.search.constraints import Check, checks_of
from fractionate.study.search.ground import Ground
from fractionate.study.search.rungs import Announce, cost_of
from fractionate.study.search.trials import Sizes, Trial
from fractionate.study.summary import Costs
from fractionate.transfer.effort import Effort, efforts
from fractionate.transfer.findings import Findings
from fractionate.transfer.statistics import (
    Comparison,
    Estimates,
    Plan,
    compare_arms,
    estimates,
    plan_of,
    transfer_scores,
)

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


def promise(plan: Plan, margin: float) -> str:
    """What the search as a whole will find, and what its confirmation will within the margin, as a clause."""
    seen, allowed = visible(plan, CONFIRMING), widened(margin, visible(plan))
    if not math.isfinite(seen):
        return "too few questions and seeds to find any recipe that is as good as the reference"
    found = f"a recipe as good as the reference is found with 80% power within a margin of {seen * 100:.1f} points"
    if seen <= allowed:
        return found
    alone = f"its confirmation alone has {chance(plan, allowed):.0%}"
    return f"{found}; {alone} within the {allowed * 100:g} that are allowed"


class Asked:
    """The recipe that is confirmed and the reference: trials, and the labels under which they are compared."""

    def __init__(self, chosen: str, trial: Trial, label: str, reference: str, of_reference: Trial) -> None:
        self.chosen, self.trial, self.label = chosen, trial, label
        self.reference, self.of_reference = reference, of_reference

    def scores(self) -> list[Score]:
        """The reference's, the chosen recipe's and the untouched student's."""
        kept = [s for s in self.of_reference.scores if s.arm in (self.reference, BASE)]
        if self.label == self.reference:
            return kept
        return [*kept, *(replace(s, arm=self.label) for s in self.trial.scores if s.arm == self.chosen)]

    def costs(self) -> dict[str, Costs]:
        """All five of both."""
        reference = self.of_reference.costs[self.reference]
        return {self.reference: reference, self.label: self.trial.costs[self.chosen]}


@dataclass(frozen=True)
class Confirmed:
    """What fresh students say. `label` is the chosen recipe, with its number of problems where that is smaller."""

    label: str
    traces: int
    asked: Asked
    decision: Decision
    found: Estimates
    costs: Mapping[str, Costs]
    checks: Sequence[Check] = ()
    equal_compute: Comparison | None = None

    @cached_property
    def efforts(self) -> dict[str, Effort]:
        """How long the answers are, and how many were cut off or not checked, by label."""
        return efforts(self.asked.scores())

    def use(self) -> tuple[Trial, str] | None:
        """The recipe to use, and the trial that its students are of; None where the reference learned nothing."""
        if self.decision.outcome == "smaller":
            return self.asked.trial, self.asked.chosen
        return None if self.decision.recipe is None else (self.asked.of_reference, self.asked.reference)

    def findings(self) -> tuple[list[Findings], list[Findings], list[Findings]]:
        """Of the chosen recipe, the reference and the untouched student, one each seed."""
        own, reference = self.asked.trial.findings, self.asked.of_reference.findings
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
    ground: Ground,
    choice: Choice,
    reference: str,
    rates: Mapping[str, float],
    folder: Path,
    console: Console,
    tell: Announce,
) -> Confirmed:
    """Train both on fresh seeds, ask the confirmation questions, decide."""
    seeds, problems, chosen = fresh_seeds(config), ground.train, choice.name
    tell(
        f"confirmation: {chosen} on {choice.traces} problems, {reference} on {problems}; {len(seeds)} fresh seeds"
    )
    together = choice.traces == problems
    names = list(dict.fromkeys([reference, *([chosen] if together else [])]))
    whole = Trial.of(
        config, ground, folder / "confirm", names, Sizes(problems, seeds), rates, confirming=True
    )
    whole.run(console)
    own, sizes = whole, Sizes(choice.traces, seeds)
    if not together:
        own = Trial.of(config, ground, folder / "confirm-fewer", [chosen], sizes, rates, confirming=True)
        own.run(console, whole.untouched())
    label = chosen if together else f"{chosen}, {choice.traces} problems"
    confirmed = decided(config, ground, Asked(chosen, own, label, reference, whole), choice.traces)
    if not config.search.equal_compute or label == reference:
        return confirmed
    tell(f"the same for equal training FLOPs: {label} with more epochs")
    compared = _equal(config, ground, confirmed, sizes, rates, folder / "confirm-equal-compute", console)
    return replace(confirmed, equal_compute=compared)


def decided(config: StudyConfig, ground: Ground, asked: Asked, traces: int) -> Confirmed:
    """The decision rule on the confirmation's scores."""
    scores, costs = asked.scores(), asked.costs()
    plan = plan_of(ground.confirmation.items, config.search.confirm_seeds)
    decision, found = rule(config, scores, costs, asked.reference, plan)
    confirmed = Confirmed(asked.label, traces, asked, decision, found, costs)
    if asked.label == asked.reference:
        return confirmed
    own, taught, _ = ([f.layers for f in some] for some in confirmed.findings())
    checks = checks_of(config.search, scores, asked.reference, asked.label, own, taught)
    return replace(confirmed, decision=constrained(decision, checks), checks=checks)


def constrained(decision: Decision, checks: Sequence[Check]) -> Decision:
    """The decision, if it keeps all constraints; otherwise one stays with the reference."""
    broken = [check.name for check in checks if not check.holds]
    if decision.outcome != "smaller" or not broken:
        return decision
    return replace(
        decision, outcome="reference", recipe=decision.reference, summary=f"Stay with {decision.reference}.",
        explanation=f"{decision.explanation} But it was not shown to keep within its constraints: {', '.join(broken)}.",
    )  # fmt: skip


def _equal(
    config: StudyConfig,
    ground: Ground,
    confirmed: Confirmed,
    sizes: Sizes,
    rates: Mapping[str, float],
    folder: Path,
    console: Console,
) -> Comparison:
    """The chosen recipe trained with as many FLOPs as the reference, by more epochs, against it."""
    asked, costs = confirmed.asked, confirmed.costs
    times = costs[asked.reference].training_flops / costs[asked.label].training_flops
    epochs = round(config.training.epochs * times, 2)
    trial = Trial.of(config, ground, folder, [asked.chosen], sizes, rates, confirming=True, epochs=epochs)
    trial.run(console, asked.of_reference.untouched())
    longer = Asked(asked.chosen, trial, asked.label, asked.reference, asked.of_reference)
    margin = confirmed.decision.margin
    return seeded(compare_arms(longer.scores(), asked.reference, margin=margin)[asked.label])


def rule(
    config: StudyConfig, scores: Sequence[Score], costs: Mapping[str, Costs], reference: str, plan: Plan
) -> tuple[Decision, Estimates]:
    """Decide between the reference and the one other arm of `costs`, by their scores and the untouched student's."""
    resamples, margin = config.decision.resamples, config.decision.margin
    found = estimates(scores, reference=reference, resamples=resamples)
    compared = compare_arms(scores, reference, margin=margin, resamples=resamples)
    bounds = {name: bounds_of(compared[name]) for name in costs if name != reference}
    seen = [
        replace(a, lower_bound=bounds[a.arm][0], upper_bound=bounds[a.arm][1]) if a.arm in bounds else a
        for a in found.arms
    ]
    transfer = transfer_scores(scores)
    evidence = {
        name: Evidence(transfer[name], low, cost_of(cost, config.search.cost), high)
        for name, cost in costs.items()
        for low, high in [bounds.get(name, (0.0, 0.0))]
    }
    return decide(
        reference, transfer[BASE], evidence, margin=margin, plan=plan, unit=UNITS[config.search.cost],
        visible=visible(plan),
    ), replace(found, arms=tuple(seen))  # fmt: skip
