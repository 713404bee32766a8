"""From problems to items: one problem in one style under one cell, ready to be sent to every student.

    items_for(problems, cell="svamp/boxed", family="style", style="boxed", seed=0, limit=100)
    # Item(id="svamp/boxed/svamp#3", prompt="…", pair="svamp#3", cluster="svamp#3", family="style", …)

The same problems, seed and limit choose the same questions for every cell, so cells pair by question. What is not
drawn is left for styles that demonstrate.
"""

import random
from collections.abc import Sequence

from fractionate.errors import InputError
from fractionate.records import Item
from fractionate.traces.clusters import normalized
from fractionate.transfer.benchmarks import Problem
from fractionate.transfer.styles import prompted

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
    aside: Sequence[Problem] | None = None,
) -> list[Item]:
    """One item a problem, at most `limit` of them, drawn by `seed` and in the order of `problems`.

    Items of the family `at_once` ask for the answer without reasoning: the response is forced to begin with
    "The answer is" and ends after 16 tokens. `aside` are problems that no cell asks, from which styles take solved
    examples; by default those of `problems` that were not drawn. Near-duplicates of an asked problem are not taken.

    Raises:
        InputError: an unknown family or style, two problems with one id, or too few problems aside.
    """
    if family not in FAMILIES:
        raise InputError(f"cell {cell}: unknown family {family!r}; known: {', '.join(FAMILIES)}")
    if len({p.id for p in problems}) < len(problems):
        raise InputError(f"cell {cell}: two problems have the same id; ids must be unique")
    drawn = _drawn(problems, limit, seed)
    asked = [problems[i] for i in drawn]
    if aside is None:
        aside = [p for i, p in enumerate(problems) if i not in drawn]
    aside = _apart(aside, asked)
    try:
        prompts = [prompted(style, problem, seed=seed, aside=aside) for problem in asked]
    except InputError as error:
        raise InputError(f"cell {cell}: {error}") from error
    at_once = family == "at_once"
    return [
        Item(
            id=f"{cell}/{problem.id}",
            cell=cell,
            family=family,
            prompt=prompt.text,
            gold=problem.gold,
            checker=problem.checker,
            cluster=problem.cluster or problem.id,
            pair=problem.id,
            prefill=AT_ONCE_PREFILL if at_once else "",
            history=prompt.history,
            max_new_tokens=min(max_new_tokens, AT_ONCE_TOKENS) if at_once else max_new_tokens,
        )
        for problem, prompt in zip(asked, prompts, strict=True)
    ]


def _drawn(problems: Sequence[Problem], limit: int | None, seed: int) -> dict[int, None]:
    """Which problems are asked, in order."""
    if limit is None or limit >= len(problems):
        return dict.fromkeys(range(len(problems)))
    return dict.fromkeys(sorted(random.Random(seed).sample(range(len(problems)), limit)))


def _apart(aside: Sequence[Problem], asked: Sequence[Problem]) -> list[Problem]:
    """Those that neither a cluster nor their text, numbers masked, ties to an asked problem."""
    clusters = {p.cluster or p.id for p in asked}
    texts = {normalized(p.text) for p in asked} if aside else set()
    return [p for p in aside if (p.cluster or p.id) not in clusters and normalized(p.text) not in texts]
