"""Repairs: where the trace notices a mistake and puts it right.

    "3 * 4 = 13."  "Wait, that is not right."  "It should be 3 * 4 = 12."      # the third repairs the first
    "3 * 4 = 13."  "Wait, 3 * 4 is 12, not 13."                                # the second repairs the first

A repair computes with the same operands and comes to another result, or says of an earlier result that it is not so;
and either the trace signals an error, or the earlier result is wrong and the operators are the same. The earlier step
stays wrong.
"""

import re
from collections.abc import Sequence

from fractionate.anatomy.arithmetic import Equation
from fractionate.anatomy.draft import READ_LIMIT, Draft, StepDraft
from fractionate.anatomy.values import mentions

NEAR = 12
"""Steps back in which a repaired step is looked for."""
_DENIED = re.compile(
    r"(?:\bnot|n['’]t|\binstead\s+of|\brather\s+than)\s+(?:be\s+|just\s+)?(\W{0,4}\d[\d,.]*)", re.I
)
_SIGNALS = frozenset(("doubt", "mistake", "backtrack", "correction"))


def find_repairs(draft: Draft) -> None:
    """`repairs` of every step."""
    signals = [s.index for s in draft.steps if s.kind in _SIGNALS or (s.check == "wrong")]
    if not signals:
        return
    for step in draft.steps[signals[0] :]:
        earlier = draft.steps[max(0, step.index - NEAR) : step.index]
        repaired = _denied(step, earlier)
        if repaired is None and step.operations and step.check != "wrong":
            repaired = _computed_again(step, earlier)
        step.repairs = None if repaired is None else repaired.index


def _denied(step: StepDraft, earlier: Sequence[StepDraft]) -> StepDraft | None:
    """The latest step that gives the value of which this one says, working on the same, that it is not so."""
    if step.kind not in _SIGNALS:
        return None
    denied = {m.value for found in _DENIED.findall(step.text[:READ_LIMIT]) for m in mentions(found)}
    if not denied or not step.operations or denied.issuperset(m.value for m in step.mentions):
        return None
    operands = {m.value for m in step.operands}
    for other in reversed(earlier):
        if denied.intersection(m.value for m in other.results):
            return other if operands.intersection(m.value for m in other.operands) else None
    return None


def _computed_again(step: StepDraft, earlier: Sequence[StepDraft]) -> StepDraft | None:
    """The latest step that computes the same otherwise, if that was wrong or an error was signalled since."""
    noticed = step.kind in _SIGNALS
    for other in reversed(earlier):
        pairs = [(a, b) for a in other.equations for b in step.equations if _differ(a, b)]
        if pairs:
            again = any(a.signs == b.signs for a, b in pairs)
            return other if noticed or (again and other.check == "wrong") else None
        noticed = noticed or other.kind in _SIGNALS
    return None


def _differ(one: Equation, other: Equation) -> bool:
    """Whether two computations have the same operands and another result."""
    computed = [e.operations and e.results and not e.symbolic for e in (one, other)]
    if not all(computed):
        return False
    operands = [sorted(m.value for m in e.operands) for e in (one, other)]
    return operands[0] == operands[1] and one.results[-1].value != other.results[-1].value
