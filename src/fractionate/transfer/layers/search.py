"""Search: problems that are solved by trying, and by giving up what does not work out.

"Calculate 63 using all of these numbers: 14, 9, 2. …"                 # 14 * 9 / 2
"Amelia: Elizabeth is a hero. Elizabeth: … Who is a hero?"             # assume, derive, and take it back
"""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import NamedTuple

from fractionate.records import Anatomy, Item
from fractionate.transfer.benchmarks import load_benchmark
from fractionate.transfer.interventions.base import valued
from fractionate.transfer.items import items_for
from fractionate.transfer.layers.base import FAMILY, LAYERS, Evidence, FromAnswers, LayerScore, cell_of
from fractionate.transfer.own import Answered
from fractionate.transfer.paired import UNKNOWN, above_chance

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
"""Short prompts; countdown has many right answers and is judged by the family's own scorer, the other has one."""


class Search(FromAnswers):
    """Does the student find what must be searched for?

    Two families of reasoning-gym: `countdown` (make a number of three others, each used once) and `knights_knaves` (two
    speakers, one of whom may lie). Of each, accuracy above chance: (accuracy - chance) / (1 - chance), where chance is
    that of a blind guess in the right form (0 and 1/4). The score is the mean of the families, not below 0.

    Parts: each family's accuracy and its chance.

    Trivial: 0, of a blind guess and of any constant answer.
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
        n = sum(map(len, asked.values()))
        parts: dict[str, float] = {}
        rows = []
        for name, answers in asked.items():
            chance, share = FAMILIES[name].chance, n / (len(asked) * len(answers))
            parts |= {name: fmean(a.score.right is True for a in answers), f"chance: {name}": chance}
            # Weighted, so that the mean over answers is the mean over families.
            rows += [valued(a, share * ((a.score.right is True) - chance) / (1 - chance)) for a in answers]
        value = above_chance(rows)
        return LayerScore(NAME, value, n, parts, 0.0)


LAYERS.register(NAME)(Search())


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
