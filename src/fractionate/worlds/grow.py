"""Growing a random graph of quantities with exactly so many operations on the way to its target.

    draft = grow(random.Random(0), Dials(depth=(2, 2), distractors=(1, 1)))
    draft.graph          # Graph(quantities=(... 14, 3 * 14, 42 - 5, a distractor ...), target=2)
    draft.setting        # the scene, and what each quantity's measure counts

A quantity is grown after its sources, so that every operation can be chosen to give a positive integer.
A quantity that is used up ("Mia gives away 6 shells", "Mia shares all of the shells") is never used again:
"as many shells as Mia" would then have two readings.
"""

import random
from dataclasses import dataclass, replace

from fractionate.errors import InputError
from fractionate.worlds.base import Dials
from fractionate.worlds.graph import Graph, Quantity
from fractionate.worlds.scenes import BELONGINGS, FURNISHINGS, PEOPLE, PLACES, SCENERY, SCENES, Measure, Scene

ATTEMPTS = 500
FACTORS = range(2, 10)
PARTS = range(2, 6)
FRIENDS = range(2, 9)


class _DeadEnd(Exception):  # noqa: N818 - no error: another attempt follows
    """This attempt cannot be finished within the limits; the next one may."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The scene of a problem and what its quantities count: `measures[quantity.measure]`."""

    scene: Scene
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Grown:
    """A graph, and what it is about."""

    graph: Graph
    setting: Setting


def grow(rng: random.Random, dials: Dials) -> Grown:
    """A random graph within the dials.

    Raises:
        InputError: the dials leave no room for such a graph.
    """
    depth, distractors = rng.randint(*dials.depth), rng.randint(*dials.distractors)
    for _ in range(ATTEMPTS):
        try:
            return _Grower(rng, dials).run(depth, distractors)
        except _DeadEnd:
            continue
    raise InputError(
        f"dials numbers={dials.numbers}, depth={dials.depth}: no problem of depth {depth} was found with all"
        f" quantities between 1 and {dials.largest}; widen numbers or lower depth"
    )


class _Grower:
    """One attempt."""

    def __init__(self, rng: random.Random, dials: Dials) -> None:
        self.rng = rng
        self.numbers = dials.numbers
        self.largest = dials.largest
        self.scene = scene = rng.choice(SCENES)
        names = [f"{p} {scene.place}" for p in PLACES] if scene.place else list(PEOPLE)
        rng.shuffle(names)
        self.names = names
        self.measures = [Measure(scene.verb, scene.base, rng.choice(scene.things))]
        if scene.rate:
            self.measures.append(Measure(*scene.rate[:3]))
        self.quantities: list[Quantity] = []
        self.used_up: set[int] = set()

    def run(self, depth: int, distractors: int) -> Grown:
        measure = 1 if self.scene.rate and self.rng.random() < 0.6 else 0
        target = self.asked(depth, measure)
        for _ in range(distractors):
            self.distract(measure)
        graph = Graph(tuple(self.quantities), target)
        return Grown(graph, Setting(self.scene, tuple(self.measures)))

    def asked(self, depth: int, measure: int) -> int:
        """Grow the target: now and then the question itself asks for a total or a difference."""
        chance = self.rng.random()
        if chance < 0.2:
            return self.total(depth, measure, owner="")
        if chance < 0.3:
            left, right = self.pair(depth - 1, measure)
            if self.value(left) == self.value(right):
                raise _DeadEnd
            larger, smaller = sorted((left, right), key=self.value, reverse=True)
            return self.add("difference", (larger, smaller), None, "", measure)
        return self.grown(depth, measure)

    def grown(self, depth: int, measure: int, named: bool = False) -> int:
        """Grow a quantity that takes `depth` operations; `named` if its owner's name alone must mean it."""
        if depth == 0:
            return self.given(self.rng.randint(*self.numbers), self.name(), measure)
        chance = self.rng.random()
        if measure == 1 and chance < 0.6:
            source = self.grown(depth - 1, 0, named=True)
            return self.add("rate", (source,), self.fit(source, "rate"), self.owner(source), 1)
        if chance > 0.85:
            return self.total(depth, measure, self.name())
        changes = measure == 0 and not named and chance < 0.3
        source = self.grown(depth - 1, measure, named=changes)
        return self.changed(source) if changes else self.related(source)

    def total(self, depth: int, measure: int, owner: str) -> int:
        """Grow a total of two, or of three by way of the sum of the first two, which nobody owns."""
        if depth < 2 or self.rng.random() < 0.6:
            return self.add("total", self.pair(depth - 1, measure), None, owner, measure)
        first = self.rng.randint(0, depth - 2)
        second = self.rng.randint(0, depth - 2 - first)
        parts = [self.grown(d, measure, named=True) for d in (first, second, depth - 2 - first - second)]
        some = self.add("total", (parts[0], parts[1]), None, "", measure)
        return self.add("total", (some, parts[2]), None, owner, measure)

    def pair(self, depth: int, measure: int) -> tuple[int, int]:
        """Grow two named quantities that take `depth` operations together; the second may lie on the way."""
        if depth and self.rng.random() < 0.5:
            last = self.grown(depth, measure, named=True)
            way = Graph(tuple(self.quantities), last).needed() - self.used_up - {last}
            known = [i for i in sorted(way) if self.names_one(i) and self.quantities[i].measure == measure]
            if known:
                return self.rng.choice(known), last
            raise _DeadEnd
        first = self.rng.randint(0, depth)
        return self.grown(first, measure, named=True), self.grown(depth - first, measure, named=True)

    def related(self, source: int) -> int:
        """A new owner's quantity, told by comparison with `source`."""
        fits = {
            op: k for op in ("more", "fewer", "times", "part") if (k := self.fit(source, op, strict=False))
        }
        if not fits:
            raise _DeadEnd
        op = self.rng.choice(sorted(fits))
        return self.add(op, (source,), fits[op], self.name(), self.quantities[source].measure)

    def changed(self, source: int) -> int:
        """What is left of `source`, or each friend's share of it: `source` is used up."""
        ops = ["left"] * bool(self.scene.losses) + ["each"] * self.scene.shares
        if not ops:
            return self.related(source)
        op = self.rng.choice(ops)
        literal = self.fit(source, op)
        self.used_up.add(source)
        return self.add(op, (source,), literal, self.owner(source), 0)

    def distract(self, measure: int) -> None:
        """Add one quantity that the target does not need."""
        chance = self.rng.random()
        number = self.rng.randint(*self.numbers)
        owners = sorted({q.owner for q in self.quantities if q.measure < 2 and q.owner})
        known = [
            q.index for q in self.quantities if q.owner and q.measure < 2 and q.index not in self.used_up
        ]
        if chance < 0.35:
            self.given(number, self.name(), measure)
        elif chance < 0.65:
            self.related(self.rng.choice(known))
        elif chance < 0.85 and (free := [o for o in owners if not self.has_belongings(o)]):
            noun = self.rng.choice(FURNISHINGS if self.scene.place else BELONGINGS)
            self.given(number, self.rng.choice(free), self.count(Measure("owns", "own", noun)))
        else:
            used = {q.owner for q in self.quantities}
            free_scenery = [s for s in SCENERY if s[0] not in used]
            if not free_scenery:
                raise _DeadEnd
            owner, what = self.rng.choice(free_scenery)
            self.given(number, owner, self.count(what))

    def fit(self, source: int, op: str, strict: bool = True) -> int | None:
        """A number with which `op` takes `source` to a positive integer within the limits; None if none does.

        Raises:
            _DeadEnd: none does, and `strict`.
        """
        value, (low, high) = self.value(source), self.numbers
        fitting = {
            "more": range(low, min(high, self.largest - value) + 1),
            "fewer": range(low, min(high, value - 1) + 1),
            "left": range(low, min(high, value - 1) + 1),
            "times": [k for k in FACTORS if k * value <= self.largest],
            "rate": [k for k in FACTORS if k * value <= self.largest],
            "part": [k for k in PARTS if value % k == 0],
            "each": [k for k in FRIENDS if value % k == 0],
        }[op]
        if fitting:
            return self.rng.choice(fitting)
        if strict:
            raise _DeadEnd
        return None

    def add(self, op: str, sources: tuple[int, ...], literal: int | None, owner: str, measure: int) -> int:
        new = Quantity(len(self.quantities), op, sources, literal, 0, owner, measure)
        if op == "given":
            assert literal is not None
            value = literal
        else:
            result = Graph((*self.quantities, new), new.index).expression(new.index).value()
            if result is None or result.denominator != 1 or not 0 < result <= self.largest:
                raise _DeadEnd
            value = int(result)
        self.quantities.append(replace(new, value=value))
        return new.index

    def given(self, number: int, owner: str, measure: int) -> int:
        return self.add("given", (), number, owner, measure)

    def count(self, what: Measure) -> int:
        self.measures.append(what)
        return len(self.measures) - 1

    def value(self, index: int) -> int:
        return self.quantities[index].value

    def owner(self, index: int) -> str:
        return self.quantities[index].owner

    def names_one(self, index: int) -> bool:
        q = self.quantities[index]
        return bool(q.owner) and q.op not in ("left", "each")

    def has_belongings(self, owner: str) -> bool:
        return any(q.owner == owner and q.measure >= 2 for q in self.quantities)

    def name(self) -> str:
        if not self.names:
            raise _DeadEnd
        return self.names.pop()
