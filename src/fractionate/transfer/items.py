"""From problems to items: one problem in one style under one cell, ready to be sent to every student.

    items_for(problems, cell="svamp/boxed", family="style", style="boxed", seed=0, limit=100)
    # Item(id="svamp/boxed/svamp#3", prompt="…", pair="svamp#3", cluster="svamp#3", family="style", …)

The same problems, seed and limit choose the same questions for every cell, so cells pair by question.
"""

import random
from collections.abc import Sequence

from fractionate.errors import InputError
from fractionate.records import Item
from fractionate.transfer.benchmarks import Problem
from fractionate.transfer.styles import STYLES

FAMILIES = ("in_format", "style", "related", "difficulty", "at_once")
AT_ONCE_PREFILL = "The answer is"
AT_ONCE_TOKENS = 16


def items_for(
    problems: Sequence[Problem],
    *,
    cell: str,
    family: str,
    style: str,
    seed: int,
    limit: int | None = None,
    max_new_tokens: int = 256,
) -> list[Item]:
    """One item a problem, at most `limit` of them, drawn by `seed` and in the order of `problems`.

    Items of the family `at_once` ask for the answer without reasoning: the response is forced to begin with
    "The answer is" and ends after 16 tokens.

    Raises:
        InputError: an unknown family or style, or two problems with one id.
    """
    if family not in FAMILIES:
        raise InputError(f"cell {cell}: unknown family {family!r}; known: {', '.join(FAMILIES)}")
    if len({p.id for p in problems}) < len(problems):
        raise InputError(f"cell {cell}: two problems have the same id; ids must be unique")
    chosen: Sequence[int] = range(len(problems))
    if limit is not None and limit < len(problems):
        chosen = sorted(random.Random(seed).sample(chosen, limit))
    restyle, at_once = STYLES[style], family == "at_once"
    return [
        Item(
            id=f"{cell}/{problem.id}",
            cell=cell,
            family=family,
            prompt=restyle(problem.text, random.Random(f"{seed}/{style}/{problem.id}")),
            gold=problem.gold,
            checker=problem.checker,
            cluster=problem.cluster or problem.id,
            pair=problem.id,
            prefill=AT_ONCE_PREFILL if at_once else "",
            history=problem.history,
            max_new_tokens=min(max_new_tokens, AT_ONCE_TOKENS) if at_once else max_new_tokens,
        )
        for problem in (problems[i] for i in chosen)
    ]
