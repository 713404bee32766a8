"""Students made of rules, for whom every layer's score is known: what measures must say of them can be tested.

world = World(ledger problems)
ask(oracle(world), world.items(), world)           # answers as a model would have given them
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fractionate.anatomy.values import canonical
from fractionate.records import Anatomy, Item, Response
from fractionate.transfer import Problem, items_for, score
from fractionate.transfer.layers import Answered
from fractionate.worlds import WORLDS, Dials, Graph, solve

Student = Callable[[Item], str]
"""From a question to what it writes after the item's prefill."""
NOTICED = "Wait, that is not right."


@dataclass(frozen=True)
class World:
    """Problems with their exact anatomy."""

    anatomies: Sequence[Anatomy]

    @classmethod
    def of(cls, count: int, depth: tuple[int, int] = (2, 4), seed: int = 0, **dials: object) -> "World":
        found = WORLDS["ledger"].sample(count, seed=seed, dials=Dials(depth=depth, **dials))  # type: ignore[arg-type]
        return cls(found)

    @property
    def gold(self) -> dict[str, Anatomy]:
        return {a.trace.id: a for a in self.anatomies}

    def items(self, **settings: int) -> list[Item]:
        traces = [a.trace for a in self.anatomies]
        problems = [Problem(t.id, t.problem, t.gold or "") for t in traces]
        return items_for(problems, cell="in-format", family="in_format", style="plain", seed=0, **settings)


def ask(student: Student, items: Sequence[Item]) -> list[Answered]:
    """What the student answers, scored."""
    return ask_all(lambda asked: [student(item) for item in asked], items)


def ask_all(student: Callable[[Sequence[Item]], Sequence[str]], items: Sequence[Item]) -> list[Answered]:
    """The same of a student that answers all questions together."""
    texts = student(items)
    responses = [Response(i.id, t, len(t) // 4 + 1, "end") for i, t in zip(items, texts, strict=True)]
    scores = score(items, responses, arm="student", seed=0)
    return [Answered(*row) for row in zip(items, responses, scores, strict=True)]


def constant(item: Item) -> str:
    """The same answer to everything."""
    return " 7." if item.prefill.endswith("The answer is") else " The answer is 7."


def oracle(world: World, repairs: bool = True, speaks: bool = True) -> Student:
    """Solves by the world's graph, in the teacher's words; after a mistake it says so and puts it right.

    Without `repairs` it goes on with the wrong value, every later step executed with it. Without `speaks` it writes
    nothing but answers.
    """

    def answer(item: Item) -> str:
        anatomy = world.gold.get(item.pair)
        if anatomy is None or item.prompt != anatomy.trace.problem or not speaks:
            return f" The answer is {item.gold}."
        if item.prefill.endswith("The answer is"):
            return f" {item.gold}."
        return goes_on(anatomy, item.prefill) if repairs else carries_on(anatomy, item.prefill)

    return answer


def reader(world: World) -> Student:
    """Knows nothing but what stands in its steps: asked at once, it says the last result that it reads there."""
    speaker = oracle(world, repairs=False)

    def answer(item: Item) -> str:
        if not item.prefill.endswith("The answer is"):
            return speaker(item)
        results = re.findall(r"= (\d+)", item.prefill)
        return f" {results[-1] if results else 0}."

    return answer


def intact(anatomy: Anatomy, prefill: str) -> int:
    """How many of the teacher's steps stand unchanged at the beginning."""
    text = anatomy.trace.text
    return sum(prefill.startswith(text[: s.span.end]) for s in anatomy.steps)


def goes_on(anatomy: Anatomy, prefill: str) -> str:
    """The rest of the teacher's text; if the last step is wrong, that is said and it is written again."""
    at = intact(anatomy, prefill)
    text = anatomy.trace.text
    if not prefill:
        return text
    return f" {NOTICED} {text[anatomy.steps[at].span.start :]}"


def carries_on(anatomy: Anatomy, prefill: str) -> str:
    """The remaining steps as equations, executed with the wrong value; the answer is what they give."""
    if not prefill:
        return anatomy.trace.text
    graph = Graph.of(anatomy.trace.metadata["graph"])
    steps = [q for q in graph.quantities if q.index in graph.needed() and q.op != "given"]
    wrong = Fraction(re.findall(r"= (\d+)", prefill)[-1])
    spoiled = steps[intact(anatomy, prefill)]
    result = solve(graph, known={spoiled.index: wrong})
    assert result is not None
    return f" The answer is {canonical(result)}."
