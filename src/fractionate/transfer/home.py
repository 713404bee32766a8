"""Home: problems that look like the training data, with the teacher's traces of them where they are known.

home = home_of(load_suite("transfer"))
home.problems[0].text                       # asked in-format and under all prompt styles
home.anatomies[home.problems[0].id]         # the teacher's trace of it, taken apart
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fractionate.errors import InputError
from fractionate.records import Anatomy
from fractionate.transfer.benchmarks import Problem, load_benchmark
from fractionate.transfer.suite import SPARE, Suite
from fractionate.transfer.world import problem_of, world_anatomies

TAUGHT = 200
"""Solved problems of a suite's own world that heads are fitted to."""
TAUGHT_SEED = 777_001


@dataclass(frozen=True, slots=True)
class Home:
    """`anatomies` are by problem; `taught` are of other problems, which were learned or may be.

    `seen` are the texts of training problems: no cell asks them.
    """

    problems: tuple[Problem, ...]
    anatomies: Mapping[str, Anatomy] = field(default_factory=dict)
    taught: tuple[Anatomy, ...] = ()
    seen: frozenset[str] = frozenset()


def home_of(suite: Suite) -> Home:
    """The home problems that the suite itself names.

    Raises:
        InputError: it names none.
    """
    if suite.home is None:
        raise InputError(
            f"suite {suite.title} has no home problems of its own; evaluate a study's folder with it"
        )
    wanted = SPARE * suite.home_items
    if not suite.home.startswith("world:"):
        return Home(tuple(load_benchmark(suite.home)))
    world = suite.home.removeprefix("world:")
    anatomies = world_anatomies(world, wanted)
    problems = tuple(map(problem_of, anatomies))
    asked = {p.text for p in problems}
    others = world_anatomies(_with_seed(world, TAUGHT_SEED), TAUGHT)
    return Home(
        problems,
        {p.id: a for p, a in zip(problems, anatomies, strict=True)},
        tuple(a for a in others if a.trace.problem not in asked),
    )


def _with_seed(world: str, seed: int) -> str:
    name, _, query = world.partition("?")
    options = [part for part in query.split("&") if part and not part.startswith("seed=")]
    return f"{name}?{'&'.join([*options, f'seed={seed}'])}"
