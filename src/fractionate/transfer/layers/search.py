"""Search: problems that are solved by trying, and by giving up what does not work out.

"Calculate 63 using all of these numbers: 14, 9, 2. …"                 # 14 * 9 / 2
"Amelia: Elizabeth is a hero. Elizabeth: … Who is a hero?"             # assume, derive, and take it back
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import NamedTuple

from scipy.stats import binom

from fractionate.records import Anatomy, Item
from fractionate.transfer.benchmarks import load_benchmark
from fractionate.transfer.interventions.base import valued
from fractionate.transfer.items import items_for
from fractionate.transfer.layers.base import FAMILY, LAYERS, Evidence, FromAnswers, LayerScore, cell_of
from fractionate.transfer.own import Answered
from fractionate.transfer.paired import UNKNOWN, share
from fractionate.transfer.statistics import Interval

NAME = "search"
TOKENS = 192


class Tried(NamedTuple):
    """A family: where its problems come from, and what a blind guess gets right."""

    benchmark: str
    chance: float


FAMILIES = {
    "countdown": Tried(
        "gym:countdown?min_numbers=3&max_numbers=3&max_value=20&min_target=10&max_target=99", 0.0
    ),
    "knights and knaves": Tried("gym:knights_knaves?n_people=2&depth_constraint=2&width_constraint=2", 0.25),
}
"""Short prompts, and no order against thinking aloud; answers are judged by the families' own scorers."""


class Search(FromAnswers):
    """Does the student find what must be searched for?

    Two families of reasoning-gym: `countdown` (make a number of three others, each used once) and `knights_knaves` (two
    speakers, one of whom may lie). Both may be tried aloud before the answer. Of each, accuracy above chance:
    max(0, (accuracy - chance) / (1 - chance)), where chance is that of a blind guess in the right form (0 and 1/4). The
    score is the mean of the families: to be worse than a guess in one takes nothing from the other.

    The interval puts those of the families' accuracies together (MOVER: Zou and Donner 2008, Statistics in Medicine
    27): each end is as far from the score as the root of the sum of the families' squared distances, divided by their
    number. None right of n leaves an upper end above 0, from a family where a blind guess is hardly ever right.

    Parts: each family's accuracy and its chance.

    Trivial: what a blind guess in the right form comes to by luck, with as many problems; a constant answer has 0.
    """

    name = NAME

    def items(self, home: Sequence[Anatomy], seed: int, limit: int) -> list[Item]:
        """`limit` items, as many of each family."""
        each = max(1, limit // len(FAMILIES))
        return [item for name in FAMILIES for item in _items(name, seed, each)]

    def score(self, evidence: Evidence) -> LayerScore:
        """The mean of the families' accuracy above chance."""
        asked = {name: [a for a in evidence.answered if a.item.cell == _cell(name)] for name in FAMILIES}
        asked = {name: known for name, found in asked.items() if (known := _checked(found))}
        if not asked:
            return LayerScore(NAME, UNKNOWN, 0, {}, 0.0)
        parts: dict[str, float] = {}
        for name, answers in asked.items():
            accuracy = fmean(a.score.right is True for a in answers)
            parts |= {name: accuracy, f"chance: {name}": FAMILIES[name].chance}
        value = _together([_above(name, answers) for name, answers in asked.items()])
        luck = fmean(_by_luck(FAMILIES[name].chance, len(answers)) for name, answers in asked.items())
        return LayerScore(NAME, value, sum(map(len, asked.values())), parts, luck)


LAYERS.register(NAME)(Search())


def _above(name: str, answers: Sequence[Answered]) -> Interval:
    """A family's accuracy above chance, and its interval, neither below 0."""
    accuracy = share([valued(a, a.score.right is True) for a in answers])
    return Interval(*(above(bound, FAMILIES[name].chance) for bound in accuracy))


def above(accuracy: float, chance: float) -> float:
    """0 at chance and below, 1 where all is right."""
    return max(0.0, (accuracy - chance) / (1 - chance))


def _together(families: Sequence[Interval]) -> Interval:
    """Their mean, and the ends that its families' ends give."""
    value, n = fmean(f.value for f in families), len(families)
    down = math.hypot(*(f.value - f.low for f in families)) / n
    up = math.hypot(*(f.high - f.value for f in families)) / n
    return Interval(value, value - down, value + up)


def _by_luck(chance: float, n: int) -> float:
    """The mean of what `n` blind guesses come to: luck counts, the lack of it does not."""
    return sum(float(binom.pmf(right, n, chance)) * above(right / n, chance) for right in range(n + 1))


def _cell(name: str) -> str:
    return f"{cell_of(NAME)}, {name}"


def _checked(answers: Sequence[Answered]) -> list[Answered]:
    return [a for a in answers if a.score.right is not None]


def _items(name: str, seed: int, count: int) -> list[Item]:
    family = FAMILIES[name]
    problems = load_benchmark(f"{family.benchmark}&seed={seed}", count)
    found = items_for(
        problems, cell=_cell(name), family="related", style="plain", seed=seed, max_new_tokens=TOKENS
    )
    return [replace(item, family=FAMILY) for item in found]
