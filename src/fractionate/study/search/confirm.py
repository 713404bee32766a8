"""What a confirmation says: fresh seeds, problems that nobody has looked at, one comparison, the decision.

    confirmed = decided(config, ground, Asked("compact", trial, "compact", "full", trial), 160)
    confirmed.decision.outcome            # "smaller"
    confirmed.use()                       # the trial and the recipe whose students are to be used

Whatever was chosen by its good figures looks better than it is; the decision rests on new ones alone (`confirming` has
the work).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from fractionate.config import BASE, StudyConfig
from fractionate.records import Score
from fractionate.study.decide import Decision, Evidence, decide, widened
from fractionate.study.search.bounds import bounds_of, chance, visible
from fractionate.study.search.constraints import Check, checks_of
from fractionate.study.search.ground import Ground
from fractionate.study.search.rungs import cost_of
from fractionate.study.search.trials import Trial
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

APART = 1000
"""From the fresh seeds of one draw to those of the next."""
MOST_TIMES = 20
"""More answers than so many times those that were given are not worth a number."""
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
    """What fresh students say. `label` is the chosen recipe, with its number of problems where that is smaller.

    `before` held and cost more; `failed` would have cost less and did not hold, or cost no less after all.
    """

    label: str
    traces: int
    asked: Asked
    decision: Decision
    found: Estimates
    costs: Mapping[str, Costs]
    checks: Sequence[Check] = ()
    equal_compute: Comparison | None = None
    before: tuple["Confirmed", ...] = ()
    failed: "Confirmed | None" = None

    @cached_property
    def efforts(self) -> dict[str, Effort]:
        """How long the answers are, and how many were cut off or not checked, by label."""
        return efforts(self.asked.scores())

    @property
    def broken(self) -> list[str]:
        """Constraints that it was not shown to keep."""
        return [check.name for check in self.checks if not check.holds]

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
    """Seeds that no rung has used, nor a confirmation of another draw."""
    first = max(config.seeds) + 1 + (config.search.confirm_draw - 1) * APART
    return tuple(range(first, first + config.search.confirm_seeds))


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
    """The decision, if it keeps all constraints. Otherwise one stays with the reference; until more is known, where
    nothing looks as if it broke one and the answers are too few to show that it keeps it."""
    broken = [check for check in checks if not check.holds]
    if decision.outcome != "smaller" or not broken:
        return decision
    reference, names = decision.reference, ", ".join(check.name for check in broken)
    kept = replace(decision, outcome="reference", recipe=reference, summary=f"Stay with {reference}.")
    if all(check.likely for check in broken):
        takes = max(check.takes for check in broken)
        times = f"about {math.ceil(takes)}" if takes <= MOST_TIMES else f"more than {MOST_TIMES}"
        return replace(
            kept, outcome="no decision", summary=f"No decision can be made; until then {reference}.",
            explanation=f"{decision.explanation} But whether it keeps within its constraints cannot be told: {names}. "
            f"If the differences stay what they are, it would take {times} times as many answers, from more questions "
            "and more seeds.",
        )  # fmt: skip
    told = f"But it was not shown to keep within its constraints: {names}."
    return replace(kept, explanation=f"{decision.explanation} {told}")


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
