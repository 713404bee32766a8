"""Home: problems that look like the training data, with the teacher's traces of them where they are known.

home = home_of(load_suite("transfer"))
home.problems[0].text                       # asked in-format and under all prompt styles
home.anatomies[home.problems[0].id]         # the teacher's trace of it, taken apart
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fractionate.anatomy import analyze
from fractionate.errors import InputError
from fractionate.records import Anatomy, Span, Trace
from fractionate.traces.socratic import SUB_QUESTIONS
from fractionate.transfer.benchmarks import Problem, load_benchmark
from fractionate.transfer.suite import SPARE, Suite
from fractionate.transfer.world import problem_of, world_anatomies

SOLVED = 600
"""Solved problems in which hidden states are read; a world makes as many."""


@dataclass(frozen=True, slots=True)
class Home:
    """`anatomies` are by problem; of a benchmark whose problems come with sub-questions, the published solutions are.

    `solved` are of such problems too, more of them where a world makes them, and none of them learned; students read
    them. `seen` are the texts of training problems: no cell asks them.
    """

    problems: tuple[Problem, ...]
    anatomies: Mapping[str, Anatomy] = field(default_factory=dict)
    solved: tuple[Anatomy, ...] = ()
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
        problems = tuple(load_benchmark(suite.home))
        anatomies = {p.id: _solved(p) for p in problems if p.sub_questions}
        return Home(problems, anatomies, tuple(anatomies.values())[:SOLVED])
    solved = world_anatomies(suite.home.removeprefix("world:"), max(wanted, SOLVED))
    problems = tuple(map(problem_of, solved[:wanted]))
    return Home(problems, {p.id: a for p, a in zip(problems, solved, strict=False)}, tuple(solved[:SOLVED]))


def _solved(problem: Problem) -> Anatomy:
    """The published solution, taken apart."""
    text = problem.solution
    about = {SUB_QUESTIONS: [list(pair) for pair in problem.sub_questions]}
    return analyze(
        Trace(
            problem.id, problem.text, text, Span(0, len(text)), answer=problem.gold, gold=problem.gold,
            teacher="people", metadata=about,
        )
    )  # fmt: skip
