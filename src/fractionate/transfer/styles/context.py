"""Sentences added that the problem is not about.

prompted("irrelevant", problem, seed=0).text
# "Tom has 3 boxes of 4 pens. A radio was playing in the background. How many pens does he have?"
prompted("irrelevant_numbers", problem, seed=0).text
# "The old lighthouse is 31 meters tall. Tom has 3 boxes of 4 pens. How many pens does he have?"
"""

import re
from collections.abc import Sequence
from random import Random

from fractionate.transfer.benchmarks import Problem
from fractionate.transfer.styles.base import STYLES, Prompted
from fractionate.transfer.styles.order import PRONOUN, REFERS_BACK
from fractionate.transfer.styles.text import sentence_starts
from fractionate.worlds.remarks import NUMBERED, REMARKS, Remark, fitting

ADDED = 2
_DIGITS = re.compile(r"\d+")


@STYLES.register("irrelevant")
def irrelevant(problem: Problem, rng: Random, aside: Sequence[Problem]) -> Prompted:
    """Two sentences without numbers, in places where nothing refers back across them."""
    return _with(REMARKS, problem, rng)


@STYLES.register("irrelevant_numbers")
def irrelevant_numbers(problem: Problem, rng: Random, aside: Sequence[Problem]) -> Prompted:
    """Two sentences with numbers that neither the problem nor its answer holds."""
    return _with(NUMBERED, problem, rng)


def _with(remarks: Sequence[Remark], problem: Problem, rng: Random) -> Prompted:
    known = fitting(remarks, problem.text)
    taken = set(_DIGITS.findall(problem.text)) | {problem.gold}
    text = problem.text
    for remark in rng.sample(known, min(ADDED, len(known))):
        text = _insert(_numbered(remark, taken, rng), text, rng)
    return Prompted(text, problem.history)


def _numbered(remark: Remark, taken: set[str], rng: Random) -> str:
    if remark.numbers is None:
        return remark.text
    low, high = remark.numbers
    number = rng.choice([n for n in range(low, high + 1) if str(n) not in taken])
    return remark.text.format(n=number)


def _insert(sentence: str, text: str, rng: Random) -> str:
    """The sentence before one of plain words that refers to nothing said before it; none such, none added."""
    starts = [0, *sentence_starts(text)]
    ends = [*starts[1:], len(text)]
    free = [s for s, e in zip(starts, ends, strict=True) if _stands_alone(text[s:e], first=s == 0)]
    if not free:
        return text
    at = rng.choice(free)
    return f"{text[:at]}{sentence} {text[at:]}"


def _stands_alone(sentence: str, first: bool) -> bool:
    leans = PRONOUN.match(sentence) if first else REFERS_BACK.search(sentence)
    return leans is None and (first or sentence[0].isalnum())
