"""Solved examples before the question, as earlier turns of the chat; none at all is the style `plain`.

prompted("one_shot", problem, seed=0, aside=others).history
# (Message("user", "Ann has 2 hats and buys 3. How many hats?"), Message("assistant", "2 + 3 = 5.\\nThe answer is 5."))

Examples are drawn anew for each problem, from problems that nobody is asked.
"""

from collections.abc import Sequence
from random import Random

from fractionate.errors import InputError
from fractionate.records import Message
from fractionate.transfer.benchmarks import Problem
from fractionate.transfer.styles.base import STYLES, Prompted, Style

SHOTS = {"one_shot": 1, "two_shot": 2, "three_shot": 3, "four_shot": 4}


def worked(problem: Problem) -> str:
    """The problem's solution where one is known, ending in its answer."""
    end = f"The answer is {problem.gold}."
    solution = problem.solution.strip()
    if solution.endswith(end):
        return solution
    return f"{solution}\n{end}".lstrip()


def _shots(count: int) -> Style:
    def style(problem: Problem, rng: Random, aside: Sequence[Problem]) -> Prompted:
        others = [p for p in aside if p.id != problem.id and p.text != problem.text and not p.history]
        if len(others) < count:
            raise InputError(
                f"{count} solved examples are wanted, but only {len(others)} problems are not asked themselves; "
                "give more problems or ask fewer"
            )
        system = problem.history[:1] if problem.history[:1] and problem.history[0].role == "system" else ()
        turns = [turn for shown in rng.sample(others, count) for turn in _turns(shown)]
        return Prompted(problem.text, (*system, *turns, *problem.history[len(system) :]))

    style.__doc__ = f"{count} solved examples before the question."
    return style


def _turns(problem: Problem) -> tuple[Message, Message]:
    return Message("user", problem.text), Message("assistant", worked(problem))


for _name, _count in SHOTS.items():
    STYLES.register(_name)(_shots(_count))
