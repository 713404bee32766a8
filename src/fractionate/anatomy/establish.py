"""Establish: what each step works on, what it establishes, and whether its arithmetic holds.

Reads marks and equations, then goes through the steps in order with the values known so far. A step without an
equation establishes the values that are new in it ("which leaves nine eggs"); if two values that it mentions
give the new one by one operation, it computes it.

    "She uses 3 eggs and 4 eggs, which totals 7."     # operands 3 and 4, operations 1, results 7
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from operator import add, mul, sub, truediv

from fractionate.anatomy import cues
from fractionate.anatomy.arithmetic import Equation, equations, marks
from fractionate.anatomy.draft import READ_LIMIT, Draft, StepDraft
from fractionate.anatomy.values import Mention, canonical, mentions
from fractionate.records import CheckResult, Span

_OWN_RULES = re.compile(
    r"\b(?:in\s+base|base[- ](?:\d|[a-z]\b|two\b|three\b|five\b|six\b|seven\b|eight\b))|\bmod(?:ulo)?\b|\\p?mod\b"
    r"|\boperations?\b.{0,60}\bdefin|\bdefin\w+.{0,60}\boperation|\bdefined?\s+\$?(?:\\\()?\s?a\s?[^\w\s]",
    re.IGNORECASE,
)
"""A problem that gives signs or numerals a meaning of its own: bases, remainders, invented operations."""
MOST_OPERANDS = 6
"""Values of one sentence among which an unwritten operation is looked for."""


def read_premises(draft: Draft) -> None:
    """The values that each part of the problem states."""
    for premise in draft.premises:
        premise.mentions = _values(premise.text[:READ_LIMIT])


def read_arithmetic(draft: Draft) -> None:
    """The equations and calculator marks of each step, and the values that it mentions."""
    for step in draft.steps:
        text = step.text
        if len(text) > READ_LIMIT:
            draft.note(
                f"a step is longer than {READ_LIMIT} characters: only its beginning was read for values"
            )
            text = text[:READ_LIMIT]
        step.head = label.end() if (label := cues.LABEL.match(text)) and not text.startswith("####") else 0
        text = " " * step.head + text[step.head :]
        spans, marked = marks(text)
        step.asides = tuple(Span(step.span.start + s.start, step.span.start + s.end) for s in spans)
        step.equations = (*marked, *equations(text))
        step.mentions = _outside(_values(text), spans)


def establish(draft: Draft) -> None:
    """Operands, results and the check of each step, in order."""
    known = {r for p in draft.premises for m in p.mentions for r in m.readings}
    for step in draft.steps:
        if step.equations:
            _from_equations(step, known)
        else:
            _from_mentions(step, known)
        known.update(r for m in (*step.results, *step.mentions) for r in m.readings)


def excuse(draft: Draft) -> None:
    """Takes back what was called wrong where the problem gives signs or numerals a meaning of its own."""
    wrong = [s for s in draft.steps if s.check == "wrong"]
    if wrong and _OWN_RULES.search(draft.trace.problem[:READ_LIMIT]):
        draft.note("the problem gives signs or numerals a meaning of its own: arithmetic is not judged")
        for step in wrong:
            step.check = "unchecked"


def check_steps(draft: Draft) -> None:
    """The first step that is wrong."""
    draft.first_wrong = next((s.index for s in draft.steps if s.check == "wrong"), None)


def _values(text: str) -> tuple[Mention, ...]:
    """The values of a text; an exponent and an index are none."""
    found = mentions(text)
    if "^" not in text and "_" not in text:
        return found
    return tuple(m for m in found if not text[max(0, m.start - 2) : m.start].rstrip("{").endswith(("^", "_")))


def _outside(found: tuple[Mention, ...], spans: tuple[Span, ...]) -> tuple[Mention, ...]:
    return tuple(m for m in found if not any(s.start <= m.start < s.end for s in spans)) if spans else found


def _from_equations(step: StepDraft, known: set[str]) -> None:
    checks = {e.check for e in step.equations}
    check: CheckResult = "wrong" if "wrong" in checks else "right" if "right" in checks else "unchecked"
    step.check = check
    results = _distinct([m for e in step.equations for m in e.results])
    inner = {r for e in step.equations for m in e.results for r in m.readings if e.operations}
    operands = [m for e in step.equations for m in _with_ratios(e, known)]
    first = {r for m in step.equations[0].operands for r in m.readings}
    step.operands = _distinct([m for m in operands if m.value in first or m.value not in inner])
    step.operations = max((e.operations for e in step.equations), default=0)
    solved = not all(e.symbolic and e.operations for e in step.equations)
    step.results = results if solved else _new(results, known)
    step.fresh = _new(results, known)


def _new(found: tuple[Mention, ...], known: set[str]) -> tuple[Mention, ...]:
    return tuple(m for m in found if not any(r in known for r in m.readings))


def _with_ratios(equation: Equation, known: set[str]) -> list[Mention]:
    """The operands, with "1/4" as one of them where the fraction is what is known, and not 1 and 4.

    "3/6" is a division where 3 and 6 are known: nobody would leave a known half so.
    """
    operands = list(equation.operands)
    for ratio in equation.ratios:
        value, values = canonical(ratio.value), [m.value for m in operands]
        divided = not ratio.reduced and ratio.top in known and ratio.bottom in known
        if value in known and not divided and ratio.top in values:
            at = values.index(ratio.top)
            operands[at : at + 2] = [operands[at]._replace(value=value, aliases=())]
    return operands


def _from_mentions(step: StepDraft, known: set[str]) -> None:
    found = _distinct(list(step.mentions))
    step.fresh = _new(found, known)
    fresh = {m.value for m in step.fresh}
    step.operands = tuple(m for m in found if m.value not in fresh)
    step.results = step.fresh
    formula = combination(step.operands[-MOST_OPERANDS:], step.fresh) if step.fresh else None
    if formula is not None:
        step.operations, step.formulas = 1, (formula,)


def combination(operands: Sequence[Mention], values: Sequence[Mention]) -> str | None:
    """The operation on two of the operands that gives one of the values, as a formula; None if there is none."""
    fresh = {m.value for m in values}
    for a, b in combinations(operands, 2):
        for left in _numbers(a):
            for right in _numbers(b):
                for sign, first, second in _pairings(left, right):
                    result = canonical(_OPERATE[sign](first, second))
                    if result in fresh:
                        return f"{_side(first)} {sign} {_side(second)} = {result}"
    return None


_OPERATE = {"+": add, "-": sub, "*": mul, "/": truediv}


def _pairings(left: Fraction, right: Fraction) -> Iterator[tuple[str, Fraction, Fraction]]:
    """The operations on two numbers, in the order of what is said most."""
    yield from (("+", left, right), ("*", left, right), ("-", left, right), ("-", right, left))
    if right:
        yield "/", left, right
    if left:
        yield "/", right, left


def _side(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"({value})"


def _numbers(mention: Mention) -> list[Fraction]:
    return [Fraction(r) for r in mention.readings if r.count("/") < 2]


def _distinct(found: list[Mention]) -> tuple[Mention, ...]:
    """The mentions of different values, each where it first stands."""
    return tuple({m.value: m for m in reversed(found)}.values())[::-1]
