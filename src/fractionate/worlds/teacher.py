"""The symbolic teacher: what it says about a problem, sentence by sentence, with what each sentence does.

    Teacher(problem, "terse", rng).say(mistake=False)
    # [Said("Noah: 3 * 14 = 42.", STRUCTURE, "compute", quantity=1), Said("The answer is 42.", ..., "conclude")]

Verbosity changes the wording and what is said around the computations, never the computations that the answer
needs. With a mistake, one needed computation first comes out wrong, is noticed and is repaired.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from fractionate.records import CheckResult, Kind, Role
from fractionate.worlds.base import Verbosity
from fractionate.worlds.english import English, sentence
from fractionate.worlds.graph import Graph, Quantity
from fractionate.worlds.problem import Problem

OPENERS = (
    "Sure, let's work through this one together!",
    "Okay, this is a nice little problem, so let's take it slowly.",
    "Alright, let me think about this carefully.",
    "Let's see what we have here.",
)
KNOWN = ("We are told that {fact}.", "The problem says that {fact}.", "We know that {fact}.")
NEXT = ("Okay, on to the next part.", "Good, that was the first piece.", "So far so good, let's keep going.")
UNNEEDED = (
    "There is also the detail that {fact}, but that does not matter here.",
    "It also says that {fact}, which we do not need for this question.",
)
NEEDLESS = (
    "By the way, {step}, though nobody asked about that.",
    "As a side note, {step}, but we do not need it.",
)
NOTICED = ("Wait, that is not right.", "Hold on, I made a mistake there.", "Hmm, that cannot be right.")
CHEERS = (
    "Great, that was not so hard after all!",
    "And that is all there is to it.",
    "Taking it step by step really pays off.",
)
INVERSE = {"+": "-", "-": "+", "*": "/", "/": "*"}


class Said(NamedTuple):
    """One sentence of the teacher; `quantity` is the one that it computes or speaks of, if it is one."""

    text: str
    role: Role
    kind: Kind
    quantity: int | None = None
    result: int | None = None
    check: CheckResult = "unchecked"


class Teacher:
    """Says things about one problem."""

    def __init__(self, problem: Problem, verbosity: Verbosity, rng: random.Random) -> None:
        self.problem = problem
        self.graph: Graph = problem.graph
        self.english: English = problem.english
        self.verbosity = verbosity
        self.chatty = verbosity == "chatty"
        self.rng = rng

    def say(self, mistake: bool) -> list[Said]:
        """The whole response, ending in "The answer is N."."""
        needed = self.graph.needed()
        steps = [q for q in self.graph.quantities if q.index in needed and q.op != "given"]
        wrong = self.rng.choice(steps).index if mistake else None
        said = list(self.opening(steps))
        for place, q in enumerate(steps):
            if self.chatty and place and self.rng.random() < 0.35:
                said.append(filler(self.rng.choice(NEXT)))
            said += self.computation(q, wrong=q.index == wrong)
        if self.chatty:
            said += self.closing(steps[-1])
        answer = steps[-1].value
        return [*said, Said(f"The answer is {answer}.", Role.STRUCTURE, "conclude", None, answer)]

    def opening(self, steps: list[Quantity]) -> Iterator[Said]:
        """Where the teacher chats: a pleasantry, the stated quantities, what does not matter, and the plan."""
        if not self.chatty:
            return
        yield from self.greeting()
        needed = self.graph.needed()
        for q in self.graph.quantities:
            if q.index not in needed:
                yield self.aside(q)
        yield Said(self.plan(steps), Role.DECOMPOSITION, "plan")

    def greeting(self) -> Iterator[Said]:
        """A pleasantry, and the stated quantities that the answer needs."""
        yield filler(self.rng.choice(OPENERS))
        needed = self.graph.needed()
        for q in self.graph.quantities:
            if q.op == "given" and q.index in needed:
                fact = self.english.fact(q)
                yield Said(self.rng.choice(KNOWN).format(fact=fact), Role.LANGUAGE, "restate", q.index)

    def aside(self, q: Quantity) -> Said:
        """A remark on a quantity that the answer does not need; sometimes it is computed all the same."""
        stated = all(self.graph.quantities[s].op == "given" for s in q.sources)
        if q.op == "given" or not stated or self.rng.random() < 0.5:
            text = self.rng.choice(UNNEEDED).format(fact=self.problem.clauses[q.index])
            return Said(text, Role.LANGUAGE, "restate", q.index)
        text = self.rng.choice(NEEDLESS).format(step=self.english.fact(q, self.equation(q, q.value)))
        return Said(text, Role.STRUCTURE, "compute", q.index, q.value, "right")

    def plan(self, steps: list[Quantity]) -> str:
        """What will be found, in order."""
        asked = [self.english.asked(q) for q in steps]
        if len(asked) == 1:
            return f"So I need to find {asked[0]}."
        return f"First I need to find {', then '.join(asked)}."

    def computation(self, q: Quantity, wrong: bool) -> Iterator[Said]:
        """The step that computes the quantity; with a mistake, its notice and its repair."""
        if not wrong:
            yield Said(self.step(q, q.value), Role.STRUCTURE, "compute", q.index, q.value, "right")
            return
        slip = max(1, q.value + self.rng.choice((-10, -3, -2, -1, 1, 2, 3, 10)))
        slip += slip == q.value
        yield Said(self.step(q, slip), Role.STRUCTURE, "mistake", q.index, slip, "wrong")
        yield Said(self.rng.choice(NOTICED), Role.ERROR_SIGNAL, "backtrack", q.index)
        repair = sentence(self.english.fact(q, self.equation(q, q.value)))
        yield Said(repair, Role.STRUCTURE, "correction", q.index, q.value, "right")

    def step(self, q: Quantity, value: int) -> str:
        """The sentence that computes the quantity as `value`."""
        equation = self.equation(q, value)
        if self.verbosity == "terse":
            return sentence(f"{self.english.label(q)}: {equation}")
        fact = self.english.fact(q, equation)
        clause = self.problem.clauses.get(q.index)
        return sentence(f"{clause}, so {fact}" if clause else f"so {fact}")

    def closing(self, last: Quantity) -> Iterator[Said]:
        """A check of the last step, now and then, and a cheer."""
        if self.rng.random() < 0.5:
            left, symbol, right = self.graph.expression(last.index)
            back = f"{last.value} {INVERSE[symbol]} {right} = {left}"
            yield Said(
                f"Let me double check: {back}, yes.", Role.ERROR_SIGNAL, "check", last.index, check="right"
            )
        yield filler(self.rng.choice(CHEERS))

    def equation(self, q: Quantity, value: int) -> str:
        """What gives the quantity, and `value`."""
        return f"{self.graph.expression(q.index)} = {value}"


def filler(text: str) -> Said:
    """A sentence that says nothing."""
    return Said(text, Role.LANGUAGE, "filler")
