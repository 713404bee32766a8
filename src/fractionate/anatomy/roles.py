"""Roles: what each step does, by rule: wordings (`cues`), which values are new in it, what was said before (`view`).

A sentence that computes and ends with the answer is `compute`; only a bare statement of it is `conclude`. What comes
next is decomposition, a check or another way that is announced among it; a judgment on what came before is an error
signal; what the problem says, said again, is language.

    "Let's find the total first."       # decomposition, subgoal
    "So that is 3 * 4 = 12 pens."       # structure, compute
    "Wait, that's not right."           # error signal, mistake
"""

from collections.abc import Callable

from fractionate.anatomy import cues
from fractionate.anatomy.draft import Draft
from fractionate.anatomy.text import overlap
from fractionate.anatomy.view import RESTATES, Known, View
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
MOST_SOURCES = 5
"""Earlier steps among which the one that a sentence says again is looked for."""


Rule = Callable[[View], Kind | None]


def assign_roles(draft: Draft) -> None:
    """Kind and role of every step: the first rule that applies."""
    known = Known(draft)
    for step in draft.steps:
        view = View(step, known)
        step.kind = next(kind for rule in RULES if (kind := rule(view)) is not None)
        step.role = _role(step.kind, view)
        known.add(step)


def _role(kind: Kind, v: View) -> Role:
    """The role of a kind; a check or another way that is only announced says what comes next."""
    if kind in ("check", "backtrack") and _announces(v):
        return Role.DECOMPOSITION
    if kind == "correction" and v.computes:
        return Role.STRUCTURE
    return ROLE_OF[kind]


def _announces(v: View) -> bool:
    judged = v.computes or cues.OPINION.search(v.clause) or cues.VERDICT.search(v.words)
    return not judged


def _code(v: View) -> Kind | None:
    return "infer" if v.step.code else None


def _conclude(v: View) -> Kind | None:
    """A bare statement of the answer: said so, or the established answer in a short sentence of its own."""
    text = v.words
    said = cues.CONCLUDE.search(text)
    if said and not text[said.end() :].strip(" *:#_"):
        return None  # "**Final answer:**", and no answer yet
    if said and not v.computes and (len(text) <= 3 * SHORT or text.startswith("####")):
        return "conclude" if v.values or "boxed" in text or len(text) <= 2 * SHORT else None
    if v.computes or v.known.answer not in v.values or v.known.answer not in v.known.established:
        return None
    if v.last and not v.fresh:
        return "conclude"
    drawn = v.values == {v.known.answer} and cues.INFER.match(text) and not v.intends
    return "conclude" if drawn and len(text) <= 3 * SHORT else None


def _said(v: View) -> Kind | None:
    """What the problem says, word by word, or an equation that only copies."""
    if v.draws:
        return None
    if v.said and (v.step.equations or len(v.step.words) > 1):
        return "restate"
    if not v.computes or v.step.check != "unchecked" or cues.INFER.search(v.words):
        return None
    retold = v.paraphrases and not cues.FORMULA.match(v.clause)
    copied = v.given and (retold or cues.GIVEN.search(v.words))
    return "restate" if copied or (not v.fresh and cues.AGAIN.search(v.words)) else None


def _error_signal(v: View) -> Kind | None:
    text = v.words
    if cues.MISTAKE.search(text) and not cues.POSSIBLE.search(text):
        return "correction" if v.computes else "mistake"
    if cues.CORRECTION.search(v.clause):
        return "correction" if v.computes or v.values else "backtrack"
    if v.computes:
        if v.hesitates and v.fresh:
            return "correction"
        return "check" if cues.CHECK.search(text) and v.intends else None
    if cues.OPINION.search(v.clause) or cues.VERDICT.search(text):
        return "check"
    if cues.UNSURE.search(text) or cues.ASKS_BACK.search(v.clause):
        return "doubt"
    if v.hesitates and cues.ASKS_WHETHER.match(v.clause):
        return "doubt"
    return None


def _announced(v: View) -> Kind | None:
    """A test or another way that the trace says it will take."""
    if v.computes:
        return None
    if cues.BACKTRACK.search(v.clause):
        return "backtrack"
    tests = cues.CHECK.search(v.clause)
    return "check" if tests and (v.intends or tests.start() == 0) else None


def _case(v: View) -> Kind | None:
    """What is supposed: an equation in it is set, and neither recomputed nor drawn from something."""
    if v.computes and (v.checked or cues.INFER.search(v.clause)):
        return None
    supposed = cues.ASSUME.search(v.clause)
    if supposed and not (v.computes and "=" in v.clause[: supposed.start()]):
        return "assumption"
    if cues.CASE.match(v.step.text):
        return "case"
    return "case" if cues.IF.match(v.words) and not v.values and not v.computes else None


def _compute(v: View) -> Kind | None:
    """An equation that computes, in numbers or in names."""
    return "compute" if v.computes or (cues.FORMULA.match(v.clause) and not v.intends) else None


def _given(v: View) -> Kind | None:
    """ "We know that Tom has 5 apples", "as we saw before"."""
    if v.fresh:
        return None
    if cues.AGAIN.search(v.words):
        return "restate"
    if not cues.GIVEN.search(v.words):
        return None
    return "restate" if v.given or v.likeness >= RESTATES / 2 else None


def _decomposition(v: View) -> Kind | None:
    text = v.clause.rstrip()
    ahead = text.endswith(("?", ":")) or bool(cues.HEADING.match(v.step.text.strip()))
    told = bool(cues.IMPERATIVE.search(text)) and not cues.ATTAINS.search(text)
    if v.fresh and not ahead and not (told and not v.step.operations):
        return None
    if cues.PLAN.search(v.words):
        return "plan"
    if v.intends or ahead or told or cues.IMPERATIVE.search(text):
        return "subgoal"
    return "subgoal" if not v.values and cues.NEEDS.search(text) else None


def _new_values(v: View) -> Kind | None:
    """A sentence with a new value computes it, infers it or states it."""
    if not v.fresh:
        return None
    if v.step.operations or (len(v.step.operands) > 1 and cues.COMPUTE.search(v.words)):
        return "compute"
    return "infer" if v.step.operands or cues.INFER.search(v.words) else "fact"


def _known_values(v: View) -> Kind | None:
    """A sentence whose values are all known says again what one place says, or puts several together."""
    if not v.values:
        return None
    infers = v.concludes or cues.INFER.search(v.words)
    if v.given:
        return "restate" if v.paraphrases and not infers else "infer"
    named = dict.fromkeys(
        m.value for m in v.step.mentions
    )  # in the order of the text: every run gives the same
    sources = [v.known.established[value] for value in named if value in v.known.established]
    again = any(overlap(v.step.words, s.words) >= RESTATES for s in sources[:MOST_SOURCES])
    return "restate" if again and not v.concludes else "infer"


def _wordy(v: View) -> Kind | None:
    """A sentence without values: a remark, a restatement, or reasoning in words."""
    text = v.words
    if v.hesitates and len(v.step.words) < 4:
        return "doubt"
    if "=" in text and text[:4] != "####":
        return "infer"  # a formula in words or letters
    states = cues.STATEMENT.match(v.clause) is not None
    chats = len(v.step.words) < 2 or (cues.FILLER.search(text) and len(text) <= 2 * SHORT)
    if chats and not states:
        return "filler"
    if v.paraphrases and not v.concludes:
        return "restate"
    if v.concludes or cues.INFER.search(text):
        return "infer"
    telling = len(v.step.words) > (3 if v.likeness else 5)  # a remark shares no word with the problem
    return "fact" if states or telling else "filler"


def _filler(v: View) -> Kind | None:
    return "filler"


RULES: tuple[Rule, ...] = (
    _code, _conclude, _said, _error_signal, _announced, _case, _compute, _given, _decomposition, _new_values,
    _known_values, _wordy, _filler,
)  # fmt: skip
"""In order; the last one always applies."""
