"""Contradiction: a step that says again what was said before, with another value.

    "Tom has 3 boxes of 4 blue pens." … "Tom has 9 boxes of 4 blue pens."      # the problem says 3
    "That makes 3 * 4 = 12 pens." "The answer is 13."                   # 13 comes from nowhere

A value that one operation on known values gives may be right all the same, so it contradicts nothing.
"""

from collections.abc import Iterable, Sequence

from fractionate.anatomy.draft import Draft, PartDraft, StepDraft
from fractionate.anatomy.establish import combination
from fractionate.anatomy.text import overlap
from fractionate.anatomy.values import Mention

ALIKE, ALIKE_WORDS = 0.8, 4
"""Share of the content words, both ways, and their number, from which two sentences say the same of two values."""
NEAR, MOST_PREMISES, MOST_KNOWN = 12, 50, 15
"""Steps back and sentences of the problem that a step may say again, and known values that it may combine."""


def check_contradictions(draft: Draft) -> None:
    """Marks the steps that contradict the problem or an earlier step."""
    premises = draft.premises[:MOST_PREMISES]
    for step in draft.steps:
        if not step.fresh or step.equations or step.check != "unchecked":
            continue
        earlier = draft.steps[max(0, step.index - NEAR) : step.index]
        parts = (*premises, *earlier)
        if _concludes_otherwise(step, earlier) or any(_says_otherwise(step, part) for part in parts):
            known = {m.value: m for part in parts for m in (*part.mentions, *_results(part))}
            if combination(list(known.values())[-MOST_KNOWN:], step.fresh) is None:
                step.check = "wrong"


def _results(part: PartDraft) -> Sequence[Mention]:
    return part.results if isinstance(part, StepDraft) else ()


def _concludes_otherwise(step: StepDraft, earlier: Iterable[StepDraft]) -> bool:
    """Whether a bare statement of the answer gives one value where the steps before computed another."""
    if step.kind != "conclude" or len({m.value for m in step.mentions}) != 1:
        return False
    computed = [m for s in earlier if s.kind == "compute" for m in s.results]
    return bool(computed) and not any(_rounds(m, step.fresh[0]) for m in computed)


def _rounds(computed: Mention, stated: Mention) -> bool:
    one, other = computed.number, stated.number
    return (
        one is not None and other is not None and (abs(one - other) < 1 or one in (100 * other, other / 100))
    )


def _says_otherwise(step: StepDraft, part: PartDraft) -> bool:
    """Whether a step repeats a sentence's words with exactly one of its values changed."""
    if len(step.words) < ALIKE_WORDS or not part.mentions:
        return False
    stated = {r for m in part.mentions for r in m.readings}
    repeated = {r for m in step.mentions for r in m.readings}
    changed = [m for m in step.mentions if stated.isdisjoint(m.readings)]
    missing = [m for m in part.mentions if repeated.isdisjoint(m.readings)]
    if len(changed) != 1 or len(missing) != 1 or changed[0].number is None or missing[0].number is None:
        return False  # two dates may both be so
    return min(overlap(step.words, part.words), overlap(part.words, step.words)) >= ALIKE
