"""Alternatives: what a step would have given under another operator, and whether the answer would have noticed.

    others(computation(step))        # for "Tom has 3 * 4 = 12 pens.": [7], from 3 + 4; 3 - 4 and 3 / 4 count no pens
    graph.decides(step)              # whether at least half of them change the answer

A step's plausible alternatives are its own operands under every other operator, as in the worlds: positive, and whole
where the operands are. Whether one of them changes the answer is found by executing the graph of values again, from the
step to the answer. Most steps have one way only to the answer, through operations that are one-to-one in each operand:
then every other value changes it, and nothing is executed.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from fractionate.anatomy.draft import Draft, StepDraft
from fractionate.anatomy.expression import Token, UnreadableError, evaluate
from fractionate.worlds.graph import TAU

MOST_OPERATORS = 8
"""Operators of a computation that are tried; a longer one is a sum of many parts."""
MOST_VISITS = 20_000
"""Visits to steps of one trace in executing it again; beyond them, other values count as other answers."""

Expression = Sequence[Token]
Number = Fraction | int
OPERATORS = "+-*/"
_NUMBER = re.compile(r"-?\d{1,60}(?:/\d{1,60})?")


class ValueGraph:
    """The steps on all paths to the answer, with the values that pass between them."""

    def __init__(self, draft: Draft, certain: set[int], final: int) -> None:
        self.steps = draft.steps
        self.final = final
        self.left = MOST_VISITS
        self.users: dict[int, list[int]] = {}
        self.sources: dict[int, dict[int, str | None]] = {}
        for link in draft.links:
            if link.source_is == "step" and link.user in certain and link.source in certain:
                self.users.setdefault(link.source, []).append(link.user)
                self.sources.setdefault(link.user, {})[link.source] = link.value
        self.order = sorted(i for i in self.sources if i <= final)
        self.alone = self._one_way()

    def decides(self, step: StepDraft) -> bool | None:
        """Whether a share of TAU of its alternatives changes the answer; None if its computation cannot be read."""
        expression = computation(step)
        if expression is None or (made := _value(expression)) is None:
            return None
        found = others(expression)
        alone = step.index in self.alone
        changed = sum(v != made and (alone or self._reaches(step.index, v)) for v in found)
        return bool(found) and changed >= TAU * len(found)

    def _one_way(self) -> set[int]:
        """The steps from which one chain of users leads to the answer, none of them multiplying by zero."""
        found = {self.final}
        for index in sorted(self.users, reverse=True):
            users = self.users[index]
            if len(users) == 1 and users[0] in found:
                expression = computation(self.steps[users[0]])
                if expression is None or all(t.value != 0 for t in expression):
                    found.add(index)
        return found

    def _reaches(self, changed: int, value: Number) -> bool:
        """Whether the answer changes if step `changed` gives `value`."""
        values: dict[int, Number] = {changed: value}
        for index in self.order[bisect_right(self.order, changed) :] if self.left > 0 else ():
            self.left -= 1
            instead = {v: values[s] for s, v in self.sources[index].items() if s in values and v is not None}
            if not instead:
                continue
            outcome = _again(self.steps[index], instead)
            if outcome is None:
                return True  # it cannot be read, or not be done any more
            if outcome[0] != outcome[1]:
                values[index] = outcome[1]
        return self.final in values or self.left <= 0


def computation(step: StepDraft) -> Expression | None:
    """The one computation that a step writes; None if it writes several or none that can be read."""
    written = [e.expression for e in step.equations if e.expression]
    if len(written) > 1 and len({tuple(t.text for t in e) for e in written}) > 1:
        return None
    return written[0] if written else None


def others(expression: Expression) -> list[Number]:
    """The plausible values of the expression with one operator replaced."""
    if pair := _pair(expression):
        made = (_whole(pair.left, sign, pair.right) for sign in OPERATORS if sign != pair.sign)
        return [v for v in made if v is not None and v > 0]
    counts = all(t.value.denominator == 1 for t in expression if t.value is not None)
    places = [i for i, t in enumerate(expression) if i and t.kind == "op" and t.text in OPERATORS]
    values = [
        _value([*expression[:place], expression[place]._replace(text=sign), *expression[place + 1 :]])
        for place in places[:MOST_OPERATORS]
        for sign in OPERATORS
        if sign != expression[place].text
    ]
    return [v for v in values if v is not None and v > 0 and (v.denominator == 1 or not counts)]


def _again(step: StepDraft, instead: Mapping[str, Number]) -> tuple[Number, Number] | None:
    """What the step gives, and what it gives with other values for some of its operands."""
    expression = computation(step)
    if expression is None:
        return None if step.operations or len(instead) != 1 else _copied(instead)
    pending = dict(instead)
    # "2 / 2" halves the 2 of an earlier step: a value that stands twice is that step's once.
    replaced = [
        t
        if t.value is None or (value := pending.pop(str(t.value), None)) is None
        else t._replace(value=Fraction(value))
        for t in expression
    ]
    before, after = _value(expression), _value(replaced)
    return None if before is None or after is None else (before, after)


def _copied(instead: Mapping[str, Number]) -> tuple[Number, Number] | None:
    ((value, other),) = instead.items()
    return (Fraction(value), other) if _NUMBER.fullmatch(value) else None  # a date, a formula


def _value(expression: Expression) -> Number | None:
    if (pair := _pair(expression)) and (whole := _whole(*pair)) is not None:
        return whole
    try:
        return evaluate(expression)
    except UnreadableError:
        return None


class _Pair(NamedTuple):
    left: int
    sign: str
    right: int


def _pair(expression: Expression) -> _Pair | None:
    """Two whole numbers and an operator: most computations are no more, and need no fractions."""
    if len(expression) != 3 or expression[1].text not in OPERATORS:
        return None
    left, right = expression[0].value, expression[2].value
    if left is None or right is None or expression[0].percent or expression[2].percent:
        return None
    if left.denominator != 1 or right.denominator != 1:
        return None
    return _Pair(left.numerator, expression[1].text, right.numerator)


def _whole(left: int, sign: str, right: int) -> int | None:
    """The whole number that the operation gives, if it gives one."""
    if sign == "/":
        return None if right == 0 or left % right else left // right
    return left + right if sign == "+" else left - right if sign == "-" else left * right
