"""Budgets are held equal, or the comparison is refused."""

from functools import partial

import pytest

from fractionate.config import StudyConfig, parse_config
from fractionate.errors import InputError
from fractionate.models import Model
from fractionate.study.budget import Cost, check_equal, equal_costs
from fractionate.study.compile import Arm, not_learned
from fractionate.study.rows import build_rows
from fractionate.supervision import recipe, schedule
from fractionate.training import Lesson
from fractionate.training.batches import epochs_of
from fractionate.worlds import WORLDS, Dials


def study(budget: str, recipes: str = '"full", "decision_points"') -> StudyConfig:
    text = 'name = "x"\n[data]\nworld = "ledger"\n[training]\nepochs = 2\nbatch_size = 4\n'
    text += f'[arms]\nbudget = "{budget}"\n'
    return parse_config(f"{text}recipes = [{recipes}]\n", "s.toml")


def lessons(config: StudyConfig, model: Model) -> dict[str, list[Lesson]]:
    anatomies = WORLDS["ledger"].sample(24, seed=4, dials=Dials(depth=(1, 3), verbosity="chatty"))
    build = partial(build_rows, config, seed=0, model=model, anatomies=anatomies)
    return {n: [row.lesson for row in build(n) if row is not None] for n in config.arms.recipes}


@pytest.mark.parametrize("budget", ["examples", "updates", "supervised_tokens", "compute"])
def test_arms_are_equal_in_what_the_budget_names(tiny: Model, budget: str) -> None:
    config = study(budget)
    costs = equal_costs(config, tiny, lessons(config, tiny), seed=0)
    full, points = costs["full"], costs["decision_points"]
    assert full.epochs == 2
    update = max(cost.of(budget) / cost.updates for cost in costs.values())  # type: ignore[arg-type]
    assert abs(full.of(budget) - points.of(budget)) <= update  # type: ignore[arg-type]
    assert (points.epochs > 2) == (budget in ("supervised_tokens", "compute"))


def test_costs_are_those_of_training(tiny: Model) -> None:
    config = study("supervised_tokens", '"full", "ramp?short=answer_only&long=full"')
    taught = lessons(config, tiny)
    for name, cost in equal_costs(config, tiny, taught, seed=3).items():
        shown = [e for epoch in epochs_of(taught[name], epochs=cost.epochs, seed=3) for e in epoch]
        assert (cost.examples, cost.supervised_tokens) == (len(shown), sum(e.supervised for e in shown))


def test_a_part_of_an_epoch_shows_a_part_of_the_examples(tiny: Model) -> None:
    taught = lessons(study("examples"), tiny)["full"]
    sizes = [len(epoch) for epoch in epochs_of(taught, epochs=2.5, seed=0)]
    assert sizes == [24, 24, 12]


def test_unequal_arms_are_refused() -> None:
    costs = {
        "long": Cost(100, 10, 9000, 8000, 1e9, 1),
        "short": Cost(100, 10, 3000, 2000, 1e8, 1),
    }
    check_equal(costs, "examples")
    with pytest.raises(InputError, match="equal in tokens with loss, but short takes 2,000 and long 8,000"):
        check_equal(costs, "supervised_tokens")


def test_what_a_student_will_not_have_is_told() -> None:
    anatomies = WORLDS["ledger"].sample(8, seed=4, dials=Dials(verbosity="chatty"))
    names = ("full", "roles?language=mask", "roles?decomposition=prompt")
    arms = [Arm(n, n, 0, tuple(recipe(n)(a) for a in anatomies)) for n in names]
    withdrawn = Arm("w", "withdraw", 0, tuple(schedule("withdraw")(a).at(1.0) for a in anatomies))
    masked, hinted = not_learned([*arms, withdrawn])
    assert masked.startswith("roles?language=mask shows ") and "without loss" in masked
    assert hinted.startswith("roles?decomposition=prompt gives a hint beside 100% of the questions")
