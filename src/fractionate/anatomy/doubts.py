"""Doubts: steps that recomputing does not prove wrong, but that a careful reader would look at again, and why.

    "50 / 4 = 12.5 people."            # "whole numbers give a part of one: 25/2"
    "Let's assume 30 days."            # "its author is not sure: assume"
    (no step uses the given 12)        # "leaves out a given value: 12"

A doubt is a reason and not a verdict: `check` stays as it is. `Anatomy.first_suspect` is the first wrong step or, where
none is proved, the first doubtful one. What an author says of a step counts everywhere; the other rules are for
problems that ask for a quantity. Each rule has a reason of its own and no weight or threshold.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from fractionate.anatomy.draft import READ_LIMIT, Draft, PartDraft, StepDraft
from fractionate.anatomy.text import overlap
from fractionate.anatomy.values import Mention, canonical


class Doubt(NamedTuple):
    """A step and what makes it doubtful."""

    step: int
    reason: str


_ASKS = re.compile(r"how (?:many|much|long|far|old|tall|high|big|heavy|fast)\b")
_ASKS_WHAT = re.compile(
    r"what (?:\w+ ){0,3}(?:number|total|cost|price|percent\w*|age|average|amount|profit|sum|weight|length|distance)\b"
)
"""Two patterns that begin with their letters: these are found many times faster than what begins with a choice."""
_BELOW = re.compile(
    r"\bbelow\b|\bdebts?\b|\bowe[sd]?\b|\bnegative\b|\btemperature|\bdegrees\b|(?<![\w)])[-−]\d"
)
"""Words of problems in which a quantity may be less than nothing."""
_BELOW_PARTS = ("below", "debt", "owe", "negative", "temperature", "degrees", "-", "−")
_UNSURE = re.compile(
    r"\b(assum(?:e|ed|ing|ption)|however|seems?|appears? (?:that|to)|unclear|(?:can(?:not|['’]t)|impossible to)"
    r"|not (?:specified|given|stated|clear|mentioned|provided|possible|enough)|doesn['’]t (?:say|specify|state|make)"
    r"|mistake|typo|misunder\w+|misread\w*|interpret\w*|contradict\w*|approximat\w+|round(?:ed|ing)?|nearest"
    r"|more information)\b"
)
_UNSURE_PARTS = (
    "assum", "however", "seem", "appear", "unclear", "cannot", "can't", "can’t", "impossible", "not specified",
    "not given", "not stated", "not clear", "not mentioned", "not provided", "not possible", "not enough",
    "doesn't", "doesn’t", "mistake", "typo", "misunder", "misread", "interpret", "contradict", "approximat", "round",
    "nearest", "more information",
)  # fmt: skip
"""One of these stands in whatever the pattern above finds; looking for them is many times faster."""
_NAMES_SOMETHING = re.compile(r"\w|-[a-z]|:\d|\s?(?:[ap]\.?m\b|o'clock)", re.IGNORECASE)
"""What follows a number that is a time, an ordinal or part of a name: "3:30", "4 pm", "the 5th", "40k"."""
_RELATES = re.compile(
    r"\W*(?:times?|more|fewer|less|older|younger|each|every|per|as (?:many|much))\b", re.IGNORECASE
)
_EACH_BEFORE = re.compile(r"\b(?:each|every|per)\W+$", re.IGNORECASE)
_MEASURED = re.compile(
    r"[$€£%]|\b(?:per|average|rate|ratio|percent\w*|fraction|hours?|minutes?|dollars?|miles?|pounds?|ounces?|dozens?"
    r"|cups?|feet|inch|meters?|liters?|gallons?|grams?|km|cm|kg)\b"
)
"""What is measured and not counted may come in parts."""
SMALL = 5
"""Whole numbers up to this may only count what is listed ("three cousins"), so that no step need use them."""
MOST_PREMISES = 50
"""Sentences of the problem whose values are looked for in the steps; a longer text is hardly one problem."""
_CONVERSIONS = tuple(Fraction(k) for k in (7, 12, 24, 30, 52, 60, 100, 365, 1000))


def doubt_steps(draft: Draft) -> None:
    """`doubt` of every step: the first reason that a rule gives."""
    for step, reason in (*_unsure(draft), *_quantities(draft)):
        draft.steps[step].doubt = draft.steps[step].doubt or reason


def _unsure(draft: Draft) -> Iterator[Doubt]:
    """Its author assumes, rounds or wonders."""
    text = draft.trace.text.lower()
    if not any(part in text for part in _UNSURE_PARTS):
        return
    stated = {m[1] for m in _UNSURE.finditer(draft.trace.problem[:READ_LIMIT].lower())}
    for step in draft.steps:
        said = _UNSURE.search(step.text[:READ_LIMIT].lower())
        if said and said[1] not in stated:
            yield Doubt(step.index, f"its author is not sure: {said[1]}")


def _quantities(draft: Draft) -> Iterator[Doubt]:
    """What only problems that ask for a quantity allow to say."""
    problem = draft.trace.problem[:READ_LIMIT].lower()
    working = [s for s in draft.steps if s.kind == "compute" and s.operations and not s.algebraic]
    if not working or not (_ASKS.search(problem) or _ASKS_WHAT.search(problem)):
        return
    below = any(part in problem for part in _BELOW_PARTS) and _BELOW.search(problem) is not None
    for step in working:
        yield from _impossible(step, below)
    taken = [_taken_up(s) for s in draft.steps]
    repaired = {s.repairs for s in draft.steps}
    yield from _passed_over(taken, [s for s in working if s.index not in repaired])
    yield from _left_out(draft, taken)


def _impossible(step: StepDraft, below: bool) -> Iterator[Doubt]:
    """Less than nothing, or a part of one where only whole things were given."""
    for value in (m.number for m in step.results if m.value[0] == "-" or "/" in m.value):
        if value is None:
            continue
        if value < 0 and not below:
            yield Doubt(step.index, f"less than nothing: {canonical(value)}")
        whole = all(m.number is None or m.number.denominator == 1 for m in step.operands)
        counted = whole and not _MEASURED.search(step.text)
        if value.denominator != 1 and (counted or (100 * value).denominator != 1):
            yield Doubt(step.index, f"whole numbers give a part of one: {canonical(value)}")


def _passed_over(taken: list[list[str]], working: list[StepDraft]) -> Iterator[Doubt]:
    """A computation that follows one whose result nothing takes up."""
    later: set[str] = set()
    following: StepDraft | None = None
    at = len(taken)
    for step in reversed(working):
        later.update(*taken[step.index + 1 : at])
        at = step.index + 1
        if following is not None and step.results and all(later.isdisjoint(m.readings) for m in step.results):
            yield Doubt(following.index, f"passes over a result: {step.results[-1].value}")
        following = step


def _left_out(draft: Draft, taken: list[list[str]]) -> Iterator[Doubt]:
    """A value that the problem gives and no step takes up: the step that speaks of it most like the problem."""
    used = set().union(*taken)
    used.update([r for s in draft.steps for m in s.results for r in m.readings])
    computing = [s for s in draft.steps if s.kind == "compute"]
    for premise in draft.premises[:MOST_PREMISES]:
        for mention in premise.mentions:
            if (
                used.isdisjoint(mention.readings)
                and _expected(mention, premise)
                and used.isdisjoint(_forms(mention.value, mention.aliases))
            ):
                nearest = max(computing, key=lambda s: (overlap(premise.words, s.words), -s.index))
                yield Doubt(nearest.index, f"leaves out a given value: {mention.value}")


def _taken_up(step: StepDraft) -> list[str]:
    """The values that a step mentions or works on."""
    worked = [m for e in step.equations for m in e.operands]
    return [reading for mention in (*step.mentions, *worked) for reading in mention.readings]


def _expected(mention: Mention, premise: PartDraft) -> bool:
    """Whether a solution can be expected to use the value: no time of day, no ordinal, no count of things listed."""
    text, value = premise.text, mention.number
    if (
        value is None
        or value == 1
        or _NAMES_SOMETHING.match(text, mention.end)
        or text[: mention.start].endswith(":")
    ):
        return False
    small = value.denominator == 1 and value <= SMALL
    before = text[max(0, mention.start - 12) : mention.start]
    return (
        not small or _RELATES.match(text, mention.end) is not None or _EACH_BEFORE.search(before) is not None
    )


@lru_cache(maxsize=10_000)
def _forms(said: str, aliases: tuple[str, ...]) -> frozenset[str]:
    """Other numbers by which a computation may use a value: complements, shares, other units, one more for oneself."""
    value = Fraction(said)
    forms = {value + 1, *(value * k for k in _CONVERSIONS), *(value / k for k in _CONVERSIONS)}
    if aliases == (canonical(value / 100),):  # a percentage
        share = value / 100
        forms |= {100 - value, 1 - share, 100 + value, 1 + share, value / 10}
        forms |= {Fraction(s.denominator) for s in (share, 1 - share) if s.numerator == 1}
    if value.denominator != 1:
        forms |= {1 - value, 1 + value, 100 - 100 * value, Fraction(value.denominator)}
    return frozenset(canonical(f) for f in forms)
