"""The decision: the smallest recipe that is not worse than the reference, or "no decision".

The rule is the one that the project's numbers rest on: with margin Δ, an arm is not worse if the one-sided 95% lower
bound of T(arm) - T(reference) lies above -Δ. Δ is 2 points, 5 where the items are too few to see 2, and never more
than 20% of the reference's gain over the untouched base. If the reference does not beat the base by more than Δ,
nothing can be decided; nor if a cheaper arm is neither shown to be not worse nor to be worse, and the questions were
too few to see Δ. Then one goes on with the reference until more is known.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from fractionate.formats import points
from fractionate.transfer.statistics import Plan, minimum_margin, what_it_takes

WIDE_MARGIN = 0.05
GAIN_SHARE = 0.2
REFERENCES = ("full", "solution_only", "compact")
CONTROLS = ("random_drop", "shuffle_steps", "shuffle_links", "style_only", "wrong_answer", "filler")
"""Recipes that are compared and never chosen."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rule looks at for one recipe: T, the bounds of its difference, and what it costs."""

    transfer: float
    lower_bound: float
    cost: float
    upper_bound: float = 1.0


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome. `recipe` is the one to use, the reference while it is undecided whether a smaller one would do,
    None if the reference has not learned anything; `margin` is the Δ that applied."""

    outcome: Literal["smaller", "reference", "no decision"]
    recipe: str | None
    reference: str
    margin: float
    summary: str
    explanation: str

    def as_dict(self) -> dict[str, Any]:
        """The decision as plain data."""
        return asdict(self)


def choose_reference(configured: str | None, transfer: Mapping[str, float]) -> str:
    """The configured reference, else the best of `full`, `solution_only` and `compact`, else the best arm."""
    if configured is not None:
        return configured
    usual = [name for name in REFERENCES if name in transfer]
    return max(usual or list(transfer), key=lambda name: transfer[name])


def widened(margin: float, visible: float) -> float:
    """The margin, or 5 points where a plan cannot see it."""
    return max(margin, WIDE_MARGIN) if visible > margin else margin


def capped(margin: float, gain: float) -> float:
    """The margin, but never more than a fifth of the reference's gain over the untouched student."""
    return min(margin, max(GAIN_SHARE * gain, 0.0))


def decide(
    reference: str,
    base: float,
    evidence: Mapping[str, Evidence],
    *,
    margin: float,
    plan: Plan,
    unit: str = "tokens with loss",
    visible: float | None = None,
) -> Decision:
    """Apply the rule; `plan` says what was asked, `base` is the untouched student's T, `unit` what is to be small.

    `visible` is the difference that could be seen, where the plan alone does not say it.
    """
    visible, seeds = minimum_margin(plan) if visible is None else visible, plan.seeds
    wide = widened(margin, visible)
    gain = evidence[reference].transfer - base
    delta = capped(wide, gain)
    spread = f"{seeds} seeds" if seeds > 1 else "one seed, so the spread over seeds is unknown"
    limits = f"{plan.clusters} independent questions, {spread}"
    if gain <= wide:
        return Decision(
            "no decision", None, reference, wide, "No decision can be made.",
            f"{reference} is at {evidence[reference].transfer:.1%} on transfer, the untouched student at {base:.1%}: "
            f"a gain of {points(gain)} points, not more than the margin of {wide * 100:.0f}. It would take a "
            f"reference that learns something (more traces, more epochs, an easier task or a larger student); "
            f"{what_it_takes(plan, margin)} ({limits}).",
        )  # fmt: skip
    cheaper = {
        name: e
        for name, e in evidence.items()
        if name.partition("?")[0] not in CONTROLS and e.cost < evidence[reference].cost
    }
    smaller = {name: e for name, e in cheaper.items() if e.lower_bound > -delta}
    if smaller:
        name = min(smaller, key=lambda n: smaller[n].cost)
        share = smaller[name].cost / evidence[reference].cost
        return Decision(
            "smaller", name, reference, delta,
            f"Use {name}." if seeds > 1 else f"Use {name}, provisionally: one seed.",
            f"With {share:.0%} of the {unit} of {reference}, it is not worse on transfer: "
            f"{smaller[name].transfer:.1%} against {evidence[reference].transfer:.1%}, lower bound of the difference "
            f"{points(smaller[name].lower_bound)} points, margin {delta * 100:.1f} ({limits})."
            + ("" if seeds > 1 else " Trained again, a student moves by some points: add seeds before you rely on it."),
        )  # fmt: skip
    open_ = [name for name, e in cheaper.items() if e.upper_bound >= -delta]
    if open_ and visible > delta:
        return Decision(
            "no decision", reference, reference, delta,
            f"No decision can be made; until then {reference}.",
            f"Whether {_listed(open_)} would do as well, within {delta * 100:.1f} points, cannot be told: "
            f"{_visible(visible)} ({limits}). {what_it_takes(plan, round(delta, 3)).capitalize()}.",
        )  # fmt: skip
    return Decision(
        "reference", reference, reference, delta, f"Stay with {reference}.",
        f"No smaller supervision was shown to be not worse within {delta * 100:.1f} points ({limits}; "
        f"{_visible(visible)}).",
    )  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _visible(difference: float) -> str:
    if math.isinf(difference):
        return "too few items to see any difference"
    return f"a difference of {difference * 100:.1f} points could be seen"
