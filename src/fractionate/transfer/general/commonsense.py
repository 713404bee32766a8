"""Short questions of common knowledge: legs of animals (from reasoning-gym), days and months (from `calendar`).

    commonsense()[0].question     # "How many legs does a snake have?"

Animals are chosen so that no number of legs is right for more than a quarter of them; guessing gets `chance` of all.
"""

import calendar
from collections.abc import Sequence
from functools import cache

from reasoning_gym.arithmetic.leg_counting import ANIMALS

from fractionate.transfer.general.choices import Choice
from fractionate.transfer.general.facts import shuffled

ASKED = (
    "snake", "jellyfish", "leech", "chicken", "human", "duck", "dog", "horse", "elephant", "giraffe", "sheep", "ant",
    "butterfly", "beetle", "bee", "grasshopper", "spider", "scorpion", "crab", "lobster", "shrimp",
)  # fmt: skip


@cache
def commonsense() -> tuple[Choice, ...]:
    """The questions, the same ones each time."""
    months = calendar.month_name[1:]
    return (*map(_legs, ASKED), *_after("day", list(calendar.day_name)), *_after("month", months))


def _legs(animal: str) -> Choice:
    counts = tuple(str(n) for n in sorted({ANIMALS[a] for a in ASKED}))
    named = f"{'an' if animal[0] in 'aeiou' else 'a'} {animal}"
    question = f"How many legs does {named} have? Answer with a number."
    stem = f"The number of legs of {named} is"
    return Choice(
        "commonsense", f"legs of {named}", question, stem, counts, counts.index(str(ANIMALS[animal]))
    )


def _after(what: str, names: Sequence[str]) -> list[Choice]:
    questions = []
    for i, name in enumerate(names):
        after = names[(i + 1) % len(names)]
        options, right = shuffled(after, [n for n in names if n not in (name, after)], name)
        question, stem = f"Which {what} comes after {name}?", f"The {what} after {name} is"
        questions.append(Choice("commonsense", f"{what} after {name}", question, stem, options, right))
    return questions
