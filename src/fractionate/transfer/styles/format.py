r"""The form in which the answer is wanted.

prompted("boxed", problem, seed=0).text       # "…\n\nPut the final answer in \boxed{}."
prompted("last_line", problem, seed=0).text   # "…\n\nEnd with a last line that holds the answer alone: only a number."
"""

from collections.abc import Sequence
from random import Random

from fractionate.checking.numbers import plain_number
from fractionate.transfer.benchmarks import Problem
from fractionate.transfer.styles.base import STYLES, Prompted, of_text


@STYLES.register("boxed")
@of_text
def boxed(text: str, rng: Random) -> str:
    """The answer is wanted in a box."""
    return f"{text}\n\nPut the final answer in \\boxed{{}}."


@STYLES.register("hash_format")
@of_text
def hash_format(text: str, rng: Random) -> str:
    """The answer is wanted after four hashes."""
    return f'{text}\n\nWrite the final answer on a line of its own, after "####".'


@STYLES.register("json_format")
@of_text
def json_format(text: str, rng: Random) -> str:
    """Reasoning and answer are wanted as JSON."""
    return f'{text}\n\nReply with JSON: {{"reasoning": "...", "answer": "..."}}'


@STYLES.register("last_line")
def last_line(problem: Problem, rng: Random, aside: Sequence[Problem]) -> Prompted:
    """The answer is wanted alone on the last line: a number bare, anything else after "Answer:"."""
    form = (
        "only a number, nothing else"
        if plain_number(problem.gold) is not None
        else '"Answer: ...", nothing else'
    )
    return Prompted(f"{problem.text}\n\nOn the last line of your reply, write {form}.", problem.history)
