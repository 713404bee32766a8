"""The world `products`: a number times another of `depth` digits, one partial product a digit, added up one by one.

    WORLDS["products"].sample(1, seed=0, dials=Dials(depth=(2, 2), numbers=(10, 99), verbosity="plain"))[0]
    # problem: "What is 47 times 36?"
    # text:    "47 times 6 is 282. 47 times 30 is 1410. 282 plus 1410 is 1692. The answer is 1692."

Every step is needed and nothing is chosen, so that this is about how much computation can be done without saying it:
products of growing length are where steps were first taken away one by one (Y. Deng, Y. Choi, S. Shieber, "From
explicit CoT to implicit CoT: learning to internalize CoT step by step", arXiv 2405.14838).

Here `depth` is the number of digits of the second factor, none of them 0, and `numbers` are the first factor's own. The
dials `distractors` and `mistakes` are ignored. Only a chatty teacher says its plan.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from fractionate.records import Anatomy, Kind, Link, Role, Span, Step, Trace
from fractionate.worlds.base import WORLDS, Dials, Series, Verbosity
from fractionate.worlds.gold import joined
from fractionate.worlds.problem import Told, interspersed, premises_of
from fractionate.worlds.teacher import CHEERS, OPENERS

QUESTION = "What is {first} times {second}?"
PLAN = "I multiply {first} by each digit of {second}, beginning with the ones, and add up what I get."
SAID = {"terse": "{formula}", "plain": "{words}.", "chatty": "So {words}."}
WORDS = {"*": "times", "+": "plus"}


class Products(Series):
    """Problems of one series; the same seed gives the same problems in every wording."""

    name = "products"

    def one(self, key: str, identity: str, dials: Dials) -> Anatomy:
        """The problem that `key` draws, told and solved."""
        world, voice, aside = (random.Random(f"{key}:{part}") for part in ("world", "voice", "remarks"))
        first, digits = world.randint(*dials.numbers), world.randint(*dials.depth)
        second = int("".join(str(world.randint(1, 9)) for _ in range(digits)))
        said = list(multiply(first, second, dials.verbosity, voice))
        factors = Factors(first, second)
        told = interspersed(_question(factors), aside.randint(*dials.remarks), aside)
        return _anatomy(identity, factors, told, said, "\n" if dials.verbosity == "terse" else " ")


WORLDS.register("products")(Products())


class Factors(NamedTuple):
    """What is multiplied."""

    first: int
    second: int


class Spoken(NamedTuple):
    """One sentence of the teacher; where it computes, the formula, the result, and the earlier results that it adds."""

    text: str
    role: Role
    kind: Kind
    formula: str = ""
    result: int | None = None
    adds: tuple[int, ...] = ()


def multiply(first: int, second: int, verbosity: Verbosity, rng: random.Random) -> Iterator[Spoken]:
    """What the teacher says: partial products from the ones on, then their sums."""
    chatty = verbosity == "chatty"
    if chatty:
        yield Spoken(rng.choice(OPENERS), Role.LANGUAGE, "filler")
        yield Spoken(PLAN.format(first=first, second=second), Role.DECOMPOSITION, "plan")
    factors = [int(digit) * 10**place for place, digit in enumerate(reversed(str(second)))]
    parts = [first * factor for factor in factors]
    for factor, part in zip(factors, parts, strict=True):
        yield _computed(f"{first} * {factor}", part, (), verbosity)
    sums = list(accumulate(parts))
    for before, part, whole in zip(sums, parts[1:], sums[1:], strict=False):
        yield _computed(f"{before} + {part}", whole, (before, part), verbosity)
    if chatty:
        yield Spoken(rng.choice(CHEERS), Role.LANGUAGE, "filler")
    yield Spoken(f"The answer is {sums[-1]}.", Role.STRUCTURE, "conclude", result=sums[-1], adds=(sums[-1],))


def _computed(expression: str, result: int, adds: tuple[int, ...], verbosity: Verbosity) -> Spoken:
    left, sign, right = expression.split()
    formula, words = f"{expression} = {result}", f"{left} {WORDS[sign]} {right} is {result}"
    text = SAID[verbosity].format(formula=formula, words=words)
    return Spoken(text, Role.STRUCTURE, "compute", formula, result, adds)


def _question(factors: Factors) -> Told:
    text = QUESTION.format(**factors._asdict())
    return Told(text, premises_of([(text, tuple(map(str, factors)))]), {0: 0})


def _anatomy(identity: str, factors: Factors, told: Told, said: Sequence[Spoken], gap: str) -> Anatomy:
    text, spans = joined([spoken.text for spoken in said], gap)
    answer = str(said[-1].result)
    trace = Trace(
        identity, told.text, text, Span(0, len(text)),
        answer=answer, gold=answer, teacher="symbolic", domain="products",
        metadata={"depth": len(str(factors.second)), "distractors": 0, **factors._asdict()},
    )  # fmt: skip
    steps = [_step(i, spoken, span) for i, (spoken, span) in enumerate(zip(said, spans, strict=True))]
    links = tuple(_links(said, factors, told))
    return Anatomy(trace, told.premises, tuple(steps), links, coverage=1.0, annotator="world")


def _step(index: int, spoken: Spoken, span: Span) -> Step:
    computes = spoken.kind == "compute"
    return Step(
        index, span, spoken.role, spoken.kind,
        results=() if spoken.result is None else (str(spoken.result),),
        check="right" if computes else "unchecked",
        paths="all" if spoken.role is Role.STRUCTURE else "none",
        decision=computes,
        formulas=(spoken.formula,) if computes else (),
    )  # fmt: skip


def _links(said: Sequence[Spoken], factors: Factors, told: Told) -> Iterator[Link]:
    """A partial product uses the question; a sum the latest steps that gave what it adds."""
    computed: dict[int, int] = {}
    for index, spoken in enumerate(said):
        if spoken.kind == "compute" and not spoken.adds:
            yield Link(index, told.states[0], "premise", "gold", str(factors.first))
        for value in spoken.adds:
            yield Link(index, computed[value], "step", "gold", str(value))
        if spoken.kind == "compute" and spoken.result is not None:
            computed[spoken.result] = index
