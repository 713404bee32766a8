"""Budgets: what is held equal between arms, computed before anything is trained.

    costs = equal_costs(config, model, {"full": long, "decision_points": short}, seed=0)
    costs["decision_points"].epochs           # 5.2 of 2: the short targets are seen more often

Epochs need not be whole: of two and a half epochs the third shows half of the examples. Held equal means: within what
one optimizer update takes.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple

from rich.table import Table

from fractionate.config import StudyConfig
from fractionate.errors import InputError
from fractionate.models import Model
from fractionate.training import Lesson
from fractionate.training.batches import epochs_of
from fractionate.training.ledger import flops

Budget = Literal["examples", "updates", "supervised_tokens", "compute"]
UNITS: Mapping[Budget, str] = {
    "examples": "examples",
    "updates": "updates",
    "supervised_tokens": "tokens with loss",
    "compute": "training FLOPs",
}


class Cost(NamedTuple):
    """What training an arm takes."""

    examples: int
    updates: int
    tokens: int
    supervised_tokens: int
    compute: float
    epochs: float

    def of(self, budget: Budget) -> float:
        """What it takes of that which the budget holds equal."""
        return float(getattr(self, budget))


NOTHING = Cost(0, 0, 0, 0, 0.0, 0.0)
"""Of the arm that is not trained."""


def equal_costs(
    config: StudyConfig, model: Model, lessons: Mapping[str, Sequence[Lesson]], seed: int
) -> dict[str, Cost]:
    """The cost of each arm, its epochs chosen so that the study's budget is held equal.

    Raises:
        InputError: the arms cannot be made equal.
    """
    budget, epochs = config.arms.budget, config.training.epochs
    cost = partial(cost_of, model, batch_size=config.training.batch_size, seed=seed)
    costs = {name: cost(lessons[name], epochs) for name in lessons}
    if budget != "examples":
        costliest = max(costs, key=lambda name: costs[name].of(budget))
        target = costs[config.arms.reference or costliest].of(budget)
        for name in [name for name in costs if costs[name].of(budget) != target]:
            needed = _epochs_for(partial(cost, lessons[name]), len(lessons[name]), budget, target)
            costs[name] = cost(lessons[name], needed)
    check_equal(costs, budget)
    return costs


def cost_of(
    model: Model, lessons: Sequence[Lesson], epochs: float, *, batch_size: int, seed: int = 0
) -> Cost:
    """The cost of training on the lessons, exactly as training will count it."""
    shown = [list(epoch) for epoch in epochs_of(lessons, epochs=epochs, seed=seed)]
    flat = [example for epoch in shown for example in epoch]
    sizes = model.sizes()
    return Cost(
        examples=len(flat),
        updates=sum(math.ceil(len(epoch) / batch_size) for epoch in shown),
        tokens=sum(len(e.ids) for e in flat),
        supervised_tokens=sum(e.supervised for e in flat),
        compute=sum(flops(*sizes, len(e.ids), e.supervised) for e in flat),
        epochs=epochs,
    )


def _epochs_for(cost: Callable[[float], Cost], examples: int, budget: Budget, target: float) -> float:
    """The epochs that come nearest to the target, to the part of an epoch that one example is."""

    def taken(steps: int) -> float:
        return cost(steps / examples).of(budget)

    low, high = 1, examples
    while taken(high) < target:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if taken(middle) < target else (low, middle)
    return min((low, high), key=lambda steps: abs(taken(steps) - target)) / examples


def check_equal(costs: Mapping[str, Cost], budget: Budget) -> None:
    """Refuse arms that differ in what they claim to hold equal by more than an update takes.

    Raises:
        InputError: two arms differ; both are named with what they take.
    """
    least, most = (pick(costs, key=lambda name: costs[name].of(budget)) for pick in (min, max))
    low, high = costs[least].of(budget), costs[most].of(budget)
    update = max(cost.of(budget) / cost.updates for cost in costs.values())
    if high - low > update:
        raise InputError(
            f"arms are to be equal in {UNITS[budget]}, but {least} takes {low:,.0f} and {most} {high:,.0f}; "
            "give more problems, smaller batches or another arms.budget"
        )


def cost_table(costs: Mapping[str, tuple[int, Cost]]) -> Table:
    """What each arm will take, before anything is trained; teacher tokens stand beside each cost."""
    table = Table(box=None, title="costs before training", title_justify="left")
    for column in ("arm", "epochs", "updates", "teacher tokens", "tokens", "with loss", "FLOPs"):
        table.add_column(column, justify="left" if column == "arm" else "right")
    for name, (bought, cost) in costs.items():
        numbers = (cost.updates, bought, cost.tokens, cost.supervised_tokens)
        table.add_row(name, f"{cost.epochs:.3g}", *(f"{n:,}" for n in numbers), f"{cost.compute:.2e}")
    table.caption = "student tokens a right answer, the fifth cost, are known afterwards"
    return table
