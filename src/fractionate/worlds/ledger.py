"""The world `ledger`: word problems over a random graph of quantities, with the teacher's exact anatomy.

    WORLDS["ledger"].sample(1, seed=0, dials=Dials(depth=(2, 2), verbosity="plain"))[0]
    # problem: "Mia has 14 shells. Noah has 3 times as many shells as Mia. How many shells does Noah have?"
    # text:    "Noah has 3 times as many shells as Mia, so Noah has 3 * 14 = 42 shells. The answer is 42."

What is needed is told nearly in order and little else is told, so that the computing steps suffice. Every dial is used.
"""

import random

from fractionate.records import Anatomy
from fractionate.worlds.base import WORLDS, Dials, Series
from fractionate.worlds.gold import anatomy_of
from fractionate.worlds.grow import grow
from fractionate.worlds.problem import remarked, tell
from fractionate.worlds.teacher import Teacher


class Ledger(Series):
    """Problems of one series; the same seed gives the same problems in every wording."""

    name = "ledger"

    def one(self, key: str, identity: str, dials: Dials) -> Anatomy:
        """The problem that `key` draws, told and solved."""
        world, voice = random.Random(f"{key}:world"), random.Random(f"{key}:voice")
        problem, aside = tell(grow(world, dials), world), random.Random(f"{key}:remarks")
        problem = remarked(problem, aside.randint(*dials.remarks), aside)
        mistaken = voice.random() < dials.mistakes
        said = Teacher(problem, dials.verbosity, voice).say(mistaken)
        return anatomy_of(
            problem, said, identity, domain="ledger", gap="\n" if dials.verbosity == "terse" else " ",
            aside=random.Random(f"{key}:questions"),
        )  # fmt: skip


WORLDS.register("ledger")(Ledger())
