"""Chains look alike from their beginning, the plan goes back from the question, and steps follow it."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fractionate.records import Anatomy, Role
from fractionate.supervision import recipe
from fractionate.transfer import STYLES
from fractionate.transfer.styles import prompted
from fractionate.transfer.world import problem_of
from fractionate.worlds import WORLDS, Dials, Graph, solve
from fractionate.worlds.reparse import reparse

PLANNED = re.compile(r"For (\w+) I need (\w+)\.")


def chains(count: int, seed: int, **dials: object) -> list[Anatomy]:
    return WORLDS["chains"].sample(count, seed=seed, dials=Dials(**dials))  # type: ignore[arg-type]


def arms(graph: Graph) -> list[list[int]]:
    """The chains, from what follows the stated quantity to the end."""
    after = {
        s: [q.index for q in graph.quantities if q.sources == (s,)] for s in range(len(graph.quantities))
    }
    found = [[first] for first in after[0]]
    for arm in found:
        while after[arm[-1]]:
            (following,) = after[arm[-1]]
            arm.append(following)
    return found


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(0, 4))
def test_chains_of_one_length_begin_at_one_number_and_end_in_others(
    seed: int, depth: int, others: int
) -> None:
    (anatomy,) = chains(1, seed, depth=(depth, depth), distractors=(others, others), numbers=(2, 20))
    graph = Graph.of(anatomy.trace.metadata["graph"])
    found = arms(graph)
    assert [len(arm) for arm in found] == [depth] * (others + 1)
    assert sum(len(arm) for arm in found) == len(graph.quantities) - 1
    ends = [graph.quantities[arm[-1]].value for arm in found]
    assert ends.count(graph.quantities[graph.target].value) == 1
    assert anatomy.trace.gold == str(solve(graph))
    assert all(0 < q.value <= 99 for q in graph.quantities)


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from(["terse", "plain", "chatty"]))
def test_the_plan_goes_back_and_the_steps_forth(seed: int, depth: int, verbosity: str) -> None:
    (anatomy,) = chains(1, seed, depth=(depth, depth), distractors=(3, 3), verbosity=verbosity)
    graph = Graph.of(anatomy.trace.metadata["graph"])
    plan = PLANNED.findall(anatomy.trace.text)
    way = [q for q in graph.quantities if q.index in graph.needed()]
    assert [b for _, b in reversed(plan)] == [q.owner for q in way[:-1]]
    assert [a for a, _ in reversed(plan)] == [q.owner for q in way[1:]]
    computing = [s for s in anatomy.steps if s.kind == "compute"]
    assert [s.results for s in computing] == [(str(q.value),) for q in way[1:]]
    assert [s.role for s in anatomy.steps if s.kind == "plan"] == [Role.DECOMPOSITION] * (depth + 1)
    assert max(s.index for s in anatomy.steps if s.kind == "plan") < computing[0].index


def test_a_mistake_is_noticed_and_repaired() -> None:
    for anatomy in chains(20, 5, depth=(2, 4), mistakes=1.0):
        kinds = [s.kind for s in anatomy.steps]
        at = kinds.index("mistake")
        assert anatomy.first_wrong == at and kinds[at + 1 : at + 3] == ["backtrack", "correction"]


@pytest.mark.parametrize("style", sorted(STYLES))
def test_a_style_keeps_the_answer(style: str) -> None:
    problems = [problem_of(a) for a in chains(15, 2, depth=(1, 4), distractors=(2, 4))]
    for i, problem in enumerate(problems[5:]):
        text = prompted(style, problem, seed=i, aside=problems[:5]).text
        assert reparse(text) == Fraction(problem.gold), text


@pytest.mark.parametrize(
    ("name", "plans", "computes"),
    [
        ("full", True, True),
        ("roles?language=delete", True, True),
        ("plan", True, False),
        ("roles?decomposition=delete", False, True),
        ("compact", False, True),
        ("decision_points", False, True),
        ("answer_only", False, False),
    ],
)
def test_what_recipes_keep(name: str, plans: bool, computes: bool) -> None:
    for anatomy in chains(10, 3, depth=(3, 3), distractors=(3, 3), verbosity="chatty"):
        kept = recipe(name)(anatomy).response()
        assert len(PLANNED.findall(kept)) == (3 if plans else 0)
        assert len(re.findall(r", so [A-Z]", kept)) == (3 if computes else 0)
