"""Mazes have one way out that nothing gives away, and the teacher searches them depth first."""

import re
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fractionate.records import Anatomy, Role
from fractionate.supervision import recipe
from fractionate.transfer import STYLES
from fractionate.transfer.styles import prompted
from fractionate.transfer.world import problem_of
from fractionate.worlds import WORLDS, Dials
from fractionate.worlds.maze import lay_out
from fractionate.worlds.plaintext import sentences

BEHIND = re.compile(r"behind (\d+) (?:is|are) (.+)")
FORK = re.compile(r"Behind \d+ are ")
WAY = re.compile(r"\d[\d-]*")
ASKED = re.compile(r".*from (\d+) to (?:the )?exit")
SEEDS = st.integers(0, 10_000)
VERBOSITIES = st.sampled_from(["terse", "plain", "chatty"])


def mazes(count: int, seed: int, **dials: object) -> list[Anatomy]:
    dials = {"numbers": (10, 99), **dials}
    return WORLDS["mazes"].sample(count, seed=seed, dials=Dials(**dials))  # type: ignore[arg-type]


def ways_out(prompt: str) -> list[str]:
    """Every way to the exit that the text of a problem allows."""
    read = sentences(prompt)
    behind = {m[1]: m[2] for s in read if (m := BEHIND.fullmatch(s))}
    (entrance,) = {m[1] for s in read if (m := ASKED.fullmatch(s))}
    ahead, found = [[entrance]], []
    while ahead:
        way = ahead.pop()
        if behind[way[-1]].endswith("exit"):
            found.append("-".join(way))
        ahead += [[*way, door] for door in re.findall(r"\d+", behind[way[-1]])]
    return found


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 5), st.integers(0, 5), VERBOSITIES)
def test_the_text_allows_one_way_and_it_is_the_answer(
    seed: int, depth: int, walls: int, verbosity: str
) -> None:
    (anatomy,) = mazes(1, seed, depth=(depth, depth), distractors=(walls, walls), verbosity=verbosity)
    trace = anatomy.trace
    assert ways_out(trace.problem) == [trace.gold] and trace.gold.count("-") == depth
    assert trace.problem.count("is a wall") == walls == trace.metadata["distractors"]
    assert re.findall(r"\d+", trace.problem) == [v for p in anatomy.premises for v in p.values]


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 5), st.integers(0, 5), VERBOSITIES)
def test_the_search_is_depth_first(seed: int, depth: int, walls: int, verbosity: str) -> None:
    dials = {"depth": (depth, depth), "distractors": (walls, walls)}
    (anatomy,) = mazes(1, seed, verbosity=verbosity, **dials)
    trace, seen = anatomy.trace, set[int]()
    behind = {int(door): doors for door, doors in trace.metadata["behind"].items()}
    for step in anatomy.steps:
        if step.check != "right":
            continue
        way = [int(door) for door in WAY.findall(step.span.of(trace.text))[0].split("-")]
        for before, door in pairwise(way):
            doors = behind[before]
            assert seen.issuperset(doors[: doors.index(door)]), "doors are tried in their order"
        assert len(behind[way[-1]]) != 1 and way[-1] not in seen
        seen.update(way)
        at_a_wall = not behind[way[-1]] and way[-1] != trace.metadata["exit"]
        assert (step.role is Role.ERROR_SIGNAL) == (step.kind == "backtrack") == at_a_wall
    assert way[-1] == trace.metadata["exit"] and len(way) == depth + 1


def test_the_exit_may_be_behind_any_door() -> None:
    """Of five ways each is right as often: the first one that is tried, one time in five."""
    found = mazes(1000, 3, depth=(3, 3), distractors=(4, 4))
    at_once = sum(not any(s.kind == "backtrack" for s in a.steps) for a in found)
    assert 160 < at_once < 240


def test_forks_are_far_from_the_exit() -> None:
    for seed in range(50):
        maze = lay_out(Random(seed), Dials(depth=(5, 5), distractors=(4, 4), numbers=(10, 99)))
        forks = [place for place, door in enumerate(maze.way()) if len(maze.behind[door]) > 1]
        assert forks[0] <= forks[-1] <= 2


@pytest.mark.parametrize("style", sorted(STYLES))
def test_a_style_keeps_the_answer(style: str) -> None:
    problems = [problem_of(a) for a in mazes(15, 2, depth=(1, 4), distractors=(2, 4))]
    for i, problem in enumerate(problems[5:]):
        text = prompted(style, problem, seed=i, aside=problems[:5]).text
        assert ways_out(text) == [problem.gold], text


@pytest.mark.parametrize(
    ("name", "walls", "forks"),
    [
        ("full", True, True),
        ("roles?language=delete", True, True),
        ("roles?error_signals=learn&decomposition=delete&language=delete", True, True),
        ("roles?structure=delete", True, False),
        ("roles?error_signals=delete", False, True),
        ("errors", False, True),
        ("compact", False, True),
        ("decision_points", False, False),
        ("answer_only", False, False),
    ],
)
def test_what_recipes_keep(name: str, walls: bool, forks: bool) -> None:
    found = mazes(20, 3, depth=(3, 3), distractors=(4, 4), verbosity="chatty")
    for anatomy in found:
        kept, said = recipe(name)(anatomy).response(), anatomy.trace.text
        assert kept.count("is a wall") == (said.count("is a wall") if walls else 0)
        assert len(FORK.findall(kept)) == forks
    assert sum(a.trace.text.count("is a wall") for a in found) > 20
