"""The world `chains`: many chains of comparisons begin at one stated number; the question is the end of one of them.

    WORLDS["chains"].sample(1, seed=0, dials=Dials(depth=(2, 2), distractors=(1, 1), verbosity="plain"))[0]
    # problem: "Ava has 2 fewer coins than Ben. Mia has 4 more coins than Noah. Zoe has 3 more coins than Ava.
    #           Noah has 6 more coins than Ben. Ben has 5 coins. How many coins does Mia have?"
    # text:    "For Mia I need Noah. For Noah I need Ben. Ben is known. Noah has 6 more coins than Ben, so Noah has
    #           5 + 6 = 11 coins. Mia has 4 more coins than Noah, so Mia has 11 + 4 = 15 coins. The answer is 15."

Forwards nothing tells which of the chains leads to the question: the first step alone asks for a look-ahead of `depth`
hops (the path-star task of Bachmann and Nagarajan 2024, "The pitfalls of next-token prediction"). Backwards, as the
plan goes, each word is one look-up away, and the steps then follow the plan. So plan and steps are needed: whoever
guesses the chain is right one time in `distractors` + 1.

Here `distractors` is the number of other chains, each as long as the right one and with another number at its end; the
plan is said in every wording; stated amounts and differences are in `numbers`, all others at most 99 or twice the
largest of them. Every dial is used. The problems are ledger problems, so that `reparse` reads them.
"""

import random
from collections.abc import Iterator, Sequence

from fractionate.errors import InputError
from fractionate.records import Anatomy, Role
from fractionate.worlds.base import WORLDS, Dials, Series
from fractionate.worlds.gold import anatomy_of
from fractionate.worlds.graph import Graph, Quantity
from fractionate.worlds.grow import Grown, Setting
from fractionate.worlds.problem import remarked, tell
from fractionate.worlds.scenes import PEOPLE, SCENES, Measure
from fractionate.worlds.teacher import Said, Teacher

ATTEMPTS = 200
SCENE = SCENES[0]
TWO_DIGITS = 99


class Chains(Series):
    """Problems of one series; the same seed gives the same problems in every wording."""

    name = "chains"

    def one(self, key: str, identity: str, dials: Dials) -> Anatomy:
        """The problem that `key` draws, told and solved."""
        world, voice = random.Random(f"{key}:world"), random.Random(f"{key}:voice")
        grown, aside = star(world, dials), random.Random(f"{key}:remarks")
        places = range(len(grown.graph.quantities))
        problem = tell(grown, world, order=world.sample(places, len(places)))
        problem = remarked(problem, aside.randint(*dials.remarks), aside)
        mistaken = voice.random() < dials.mistakes
        said = Planner(problem, dials.verbosity, voice).say(mistaken)
        return anatomy_of(
            problem, said, identity, domain="chains", gap="\n" if dials.verbosity == "terse" else " ",
            aside=random.Random(f"{key}:questions"),
        )  # fmt: skip


WORLDS.register("chains")(Chains())


def star(rng: random.Random, dials: Dials) -> Grown:
    """Chains of equal length that begin at one stated quantity; the target is the end of one of them.

    Raises:
        InputError: there are not enough names, or the other chains cannot end in other numbers.
    """
    depth, others = rng.randint(*dials.depth), rng.randint(*dials.distractors)
    if 1 + depth * (1 + others) > len(PEOPLE):
        raise InputError(
            f"dials depth={dials.depth}, distractors={dials.distractors}: {1 + others} chains of {depth} need more "
            f"than the {len(PEOPLE)} names that there are; lower one of them"
        )
    target = depth * (1 + rng.randint(0, others))
    for _ in range(ATTEMPTS):
        quantities = _chains(rng, dials.numbers, depth, 1 + others)
        ends = [q.value for q in quantities[depth::depth]]
        if ends.count(quantities[target].value) == 1:
            measure = Measure(SCENE.verb, SCENE.base, rng.choice(SCENE.things))
            return Grown(Graph(tuple(quantities), target), Setting(SCENE, (measure,)))
    raise InputError(
        f"dials numbers={dials.numbers}, distractors={dials.distractors}: {others} other chains that end in other "
        "numbers were not found; widen numbers or lower distractors"
    )


def _chains(rng: random.Random, numbers: tuple[int, int], depth: int, count: int) -> list[Quantity]:
    """The stated quantity, then chain by chain the others."""
    largest = max(TWO_DIGITS, 2 * numbers[1])
    names = rng.sample(PEOPLE, 1 + depth * count)
    stated = rng.randint(*numbers)
    quantities = [Quantity(0, "given", (), stated, stated, names[0])]
    for index in range(1, len(names)):
        source = quantities[0 if index % depth == 1 % depth else -1]
        changes = {op: k for op in ("more", "fewer") if (k := _fit(rng, op, source.value, numbers, largest))}
        op = rng.choice(sorted(changes))
        value = source.value + (changes[op] if op == "more" else -changes[op])
        quantities.append(Quantity(index, op, (source.index,), changes[op], value, names[index]))
    return quantities


def _fit(rng: random.Random, op: str, value: int, numbers: tuple[int, int], largest: int) -> int:
    """A difference in `numbers` that takes `value` to a number from 1 to `largest`; 0 if none does."""
    low, high = numbers
    most = min(high, largest - value if op == "more" else value - 1)
    return rng.randint(low, most) if low <= most else 0


class Planner(Teacher):
    """Goes back from the question to what is known before it computes."""

    def opening(self, steps: Sequence[Quantity]) -> Iterator[Said]:
        """A pleasantry where it chats, and for each quantity from the last to the first what it takes."""
        if self.chatty:
            yield from self.greeting()
        for q in reversed(steps):
            source = self.graph.quantities[q.sources[0]]
            yield Said(f"For {q.owner} I need {source.owner}.", Role.DECOMPOSITION, "plan", q.index)
        known = self.graph.quantities[steps[0].sources[0]]
        yield Said(f"{known.owner} is known.", Role.DECOMPOSITION, "plan", known.index)
