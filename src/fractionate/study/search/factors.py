"""The roles of a trace as factors that are switched: a balanced factorial of recipes.

    arms = factorial(("decomposition", "structure", "content", "language"), half=True)
    arms[0].recipe         # "roles?decomposition=delete&structure=break&content=swap&language=delete"
    arms[0].on             # frozenset(): everything off
    len(arms)              # 8

A full factorial has every combination. The half fraction leaves out the last factor's own column and takes the product
of the others for it (G. E. P. Box, J. S. Hunter, "The 2^(k-p) fractional factorial designs, Part I", Technometrics 3
(1961), 311-351): with five factors no two-way interaction is mixed up with another (resolution V), with four each is
mixed up with one other (resolution IV).
"""

from collections import Counter
from collections.abc import Sequence
from itertools import product
from math import prod
from typing import NamedTuple

from fractionate.records import Anatomy, Role

OFF = {
    "decomposition": "delete",
    "structure": "break",
    "content": "swap",
    "error_signals": "delete",
    "language": "delete",
}
"""Each factor, and what becomes of it where it is off. On, it is learned as the teacher wrote it."""

SPANS = {
    "decomposition": Role.DECOMPOSITION,
    "structure": Role.STRUCTURE,
    "error_signals": Role.ERROR_SIGNAL,
    "language": Role.LANGUAGE,
}
"""Factors that are roles of spans; content is in all of them."""

LEAST_SHARE = 0.02
"""Of the steps: a role that has less cannot be switched to any effect."""
EVERYTHING = "full"


class FactorialArm(NamedTuple):
    """One combination: the recipe, and the factors that are on."""

    recipe: str
    on: frozenset[str]


def factorial(factors: Sequence[str], *, half: bool) -> list[FactorialArm]:
    """All combinations, or (from four factors on) a balanced half of them; the one with everything on is `full`."""
    free = list(factors[:-1]) if half and len(factors) > 3 else list(factors)
    arms = []
    for levels in product((-1, 1), repeat=len(free)):
        chosen = dict(zip(free, levels, strict=True))
        if len(free) < len(factors):
            # The sign with which the arm that has everything on belongs to the half.
            chosen[factors[-1]] = prod(levels)
        on = frozenset(factor for factor, level in chosen.items() if level > 0)
        arms.append(FactorialArm(recipe_of(factors, on), on))
    return arms


def recipe_of(factors: Sequence[str], on: frozenset[str]) -> str:
    """The recipe that has these on and the other factors off."""
    off = [f"{factor}={OFF[factor]}" for factor in OFF if factor in factors and factor not in on]
    return f"roles?{'&'.join(off)}" if off else EVERYTHING


def switchable(anatomies: Sequence[Anatomy]) -> tuple[list[str], list[str]]:
    """The factors that these traces have, and those that they have next to nothing of."""
    counts = Counter(step.role for anatomy in anatomies for step in anatomy.steps)
    whole = max(sum(counts.values()), 1)
    absent = [factor for factor, role in SPANS.items() if counts[role] / whole < LEAST_SHARE]
    return [factor for factor in OFF if factor not in absent], absent
