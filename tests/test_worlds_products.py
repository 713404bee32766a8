"""The world of products: every sentence is true, and deeper problems take a step more."""

import re

import pytest

from fractionate.records import Anatomy
from fractionate.supervision import recipe
from fractionate.worlds import WORLDS, Dials


def one(depth: int, verbosity: str = "plain", seed: int = 3) -> Anatomy:
    dials = Dials(depth=(depth, depth), numbers=(10, 999), verbosity=verbosity)  # type: ignore[arg-type]
    return WORLDS["products"].sample(1, seed=seed, dials=dials)[0]


@pytest.mark.parametrize("depth", [1, 2, 3, 6])
@pytest.mark.parametrize("verbosity", ["terse", "plain", "chatty"])
def test_what_is_said_is_true_and_ends_with_the_product(depth: int, verbosity: str) -> None:
    for seed in range(20):
        anatomy = one(depth, verbosity, seed)
        computed = [s for s in anatomy.steps if s.kind == "compute"]
        assert len(computed) == 2 * depth - 1
        for step in computed:
            (formula,) = step.formulas
            left, right = formula.split(" = ")
            assert eval(left) == int(right) == int(step.results[0])
        first, second = map(int, re.findall(r"\d+", anatomy.trace.problem))
        assert int(anatomy.trace.gold or "") == first * second


def test_only_the_computing_is_needed() -> None:
    anatomy = one(3, "chatty")
    short = recipe("compact")(anatomy).response()
    assert "by each digit" in anatomy.trace.text and "by each digit" not in short
    assert all(step.span.of(anatomy.trace.text) in short for step in anatomy.steps if step.kind == "compute")
