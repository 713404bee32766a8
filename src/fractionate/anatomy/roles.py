"""Roles: what each step does, by rule: wordings (`cues`), and which values are new in it.

A sentence that computes and ends with the answer is `compute`; only a bare statement of it is `conclude`.

    "Let's find the total first."       # decomposition, subgoal
    "So that is 3 * 4 = 12 pens."       # structure, compute
    "Wait, that's not right."           # error signal, mistake
"""

from collections.abc import Callable

from fractionate.anatomy import cues
from fractionate.anatomy.draft import READ_LIMIT, Draft, StepDraft
from fractionate.anatomy.text import overlap
from fractionate.anatomy.values import canonical_answer
from fractionate.records import Kind, Role

ROLE_OF: dict[Kind, Role] = {
    "plan": Role.DECOMPOSITION,
    "subgoal": Role.DECOMPOSITION,
    "check": Role.ERROR_SIGNAL,
    "doubt": Role.ERROR_SIGNAL,
    "mistake": Role.ERROR_SIGNAL,
    "backtrack": Role.ERROR_SIGNAL,
    "correction": Role.ERROR_SIGNAL,
    "restate": Role.LANGUAGE,
    "filler": Role.LANGUAGE,
    "fact": Role.STRUCTURE,
    "assumption": Role.STRUCTURE,
    "infer": Role.STRUCTURE,
    "compute": Role.STRUCTURE,
    "case": Role.STRUCTURE,
    "conclude": Role.STRUCTURE,
}
SHORT = 60
"""Characters of a sentence that may be a remark or a bare statement."""
RESTATES = 0.6
"""Share of a step's content words that stand in the problem, for it to restate the problem."""


class _View:
    """A step as the rules see it: its own words without labels, and what is known before it."""

    def __init__(self, draft: Draft, step: StepDraft, established: set[str], answer: str | None) -> None:
        text = step.text[:READ_LIMIT]
        self.step = step
        self.words = text[step.head :]
        self.last = step.index == len(draft.steps) - 1
        self.computes = any(e.operations or (e.symbolic and e.operands) for e in step.equations)
        self.assigns = bool(step.equations) and not self.computes
        self.fresh = bool(step.fresh)
        self.values = {m.value for m in step.mentions}
        self.answer = answer
        self.established = established
        self.likeness = overlap(step.words, draft.problem_words)


Rule = Callable[[_View], Kind | None]


def assign_roles(draft: Draft) -> None:
    """Kind and role of every step: the first rule that applies."""
    answer = canonical_answer(draft.trace.answer)
    established: set[str] = set()
    for step in draft.steps:
        view = _View(draft, step, established, answer)
        step.kind = next(kind for rule in RULES if (kind := rule(view)) is not None)
        step.role = ROLE_OF[step.kind]
        if step.role is not Role.LANGUAGE:
            established.update(m.value for m in step.results)


def _conclude(v: _View) -> Kind | None:
    """A bare statement of the answer: said so, or the established answer in a short sentence of its own."""
    text = v.words
    said = cues.CONCLUDE.search(text)
    if said and not v.computes and (len(text) <= 3 * SHORT or text.startswith("####")):
        return "conclude" if v.values or "boxed" in text or len(text) <= 2 * SHORT else None
    if v.computes or v.answer not in v.values or v.answer not in v.established:
        return None
    if v.last and not v.fresh:
        return "conclude"
    drawn = v.values == {v.answer} and cues.INFER.match(text) and not cues.SUBGOAL.search(text)
    return "conclude" if drawn and len(text) <= 3 * SHORT else None


def _error_signal(v: _View) -> Kind | None:
    text = v.words
    if cues.MISTAKE.search(text):
        return "correction" if v.computes else "mistake"
    if cues.CORRECTION.search(text):
        return "correction" if v.computes or v.values else "backtrack"
    if cues.DOUBT.search(text):
        return "correction" if v.computes and v.fresh else "doubt"
    if cues.BACKTRACK.search(text):
        return "backtrack"
    return "check" if cues.CHECK.search(text) else None


def _case(v: _View) -> Kind | None:
    if v.computes:
        return None
    if cues.ASSUME.search(v.words):
        return "assumption"
    return "case" if cues.CASE.search(v.words) and not v.values else None


def _compute(v: _View) -> Kind | None:
    return "compute" if v.computes else None


def _given(v: _View) -> Kind | None:
    """ "We know that Tom has 5 apples." """
    return "restate" if cues.GIVEN.search(v.words) and not v.fresh else None


def _decomposition(v: _View) -> Kind | None:
    if v.fresh and not (v.step.text.endswith(("?", ":")) or cues.HEADING.match(v.words)):
        return None
    if cues.PLAN.search(v.words):
        return "plan"
    return "subgoal" if cues.SUBGOAL.search(v.words) or cues.HEADING.match(v.words.strip()) else None


def _new_values(v: _View) -> Kind | None:
    """A sentence with a new value computes it, infers it or states it."""
    if not v.fresh:
        return None
    if v.step.operations or (len(v.step.operands) > 1 and cues.COMPUTE.search(v.words)):
        return "compute"
    return "infer" if v.step.operands or cues.INFER.search(v.words) else "fact"


def _known_values(v: _View) -> Kind | None:
    """A sentence whose values are all known says again, unless it sets them against each other."""
    if not v.values:
        return None
    if v.likeness >= RESTATES or not cues.INFER.search(v.words):
        return "restate"
    return "infer" if len(v.values) > 1 or v.assigns else "restate"


def _wordy(v: _View) -> Kind | None:
    """A sentence without values: a remark, a restatement, or reasoning in words."""
    text = v.words
    if "=" in text and text[:4] != "####":
        return "infer"  # a formula in words or letters
    if (cues.FILLER.search(text) and len(text) <= 2 * SHORT) or len(v.step.words) < 2:
        return "filler"
    if v.likeness >= RESTATES:
        return "restate"
    if cues.INFER.search(text):
        return "infer"
    telling = len(v.step.words) > (3 if v.likeness else 5)  # a remark shares no word with the problem
    return "fact" if telling else "filler"


def _filler(v: _View) -> Kind | None:
    return "filler"


RULES: tuple[Rule, ...] = (
    _conclude, _error_signal, _case, _compute, _given, _decomposition, _new_values, _known_values, _wordy, _filler,
)  # fmt: skip
"""In order; the last one always applies."""
