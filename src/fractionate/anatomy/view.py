"""View: a step as the rules for roles see it, and what the problem and the earlier steps have said.

view = View(step, known)
view.opening, view.clause        # "Okay, but wait, ", "that is not what was asked."
view.given                       # whether the problem states all of its values
"""

from functools import cached_property

from fractionate.anatomy import cues
from fractionate.anatomy.draft import READ_LIMIT, Draft, StepDraft
from fractionate.anatomy.text import overlap, squeezed
from fractionate.anatomy.values import canonical_answer
from fractionate.records import Role

RESTATES = 0.6
"""Share of a step's content words that stand in the problem, for it to restate the problem."""
MOST_PREMISES = 50
"""Parts of the problem that are compared with each step."""
HALF = 0.5
"""Share of them that one part of the problem must have (names may be pronouns there)."""


class Known:
    """What the problem and the earlier steps say."""

    def __init__(self, draft: Draft) -> None:
        self.answer = canonical_answer(draft.trace.answer)
        self.last = len(draft.steps) - 1
        self.words = draft.problem_words
        self.problem = squeezed(draft.trace.problem[: 10 * READ_LIMIT])
        self.given = {r for p in draft.premises for m in p.mentions for r in m.readings}
        self.premises = draft.premises[:MOST_PREMISES]
        self.established: dict[str, StepDraft] = {}

    def one_says(self, words: frozenset[str]) -> bool:
        """Whether one part of the problem has half of the words (names may be pronouns there)."""
        return any(overlap(words, p.words) >= HALF for p in self.premises)

    def says(self, clause: str) -> bool:
        """Whether the problem has the same text."""
        text = squeezed(clause)
        return len(text) > 5 and text in self.problem

    def add(self, step: StepDraft) -> None:
        """The step has been read."""
        if step.role is not Role.LANGUAGE:
            self.established.update((m.value, step) for m in step.results)


class View:
    """A step as the rules see it: its own clause without labels and markers, and what is known before it."""

    def __init__(self, step: StepDraft, known: Known) -> None:
        self.step = step
        self.known = known
        self.words = step.text[:READ_LIMIT][step.head :]
        opening = cues.OPENING.match(self.words)
        at = opening.end() if opening else 0
        self.opening, self.clause = self.words[:at], self.words[at:]
        self.last = step.index == known.last
        self.checked = step.check != "unchecked"
        self.computes = any(e.operations or (e.symbolic and e.operands) for e in step.equations)
        self.fresh = bool(step.fresh)
        self.values = {m.value for m in step.mentions}
        self.given = bool(self.values) and self.values <= known.given
        self.said = known.says(self.clause)
        self.hesitates = bool(self.opening) and cues.HESITATES.search(self.opening) is not None
        self.draws = bool(self.opening) and cues.DRAWS.search(self.opening) is not None
        self.concludes = bool(self.opening) and cues.CONCLUDES.search(self.opening) is not None

    @cached_property
    def likeness(self) -> float:
        """The share of its words that stand in the problem."""
        return overlap(self.step.words, self.known.words)

    @cached_property
    def paraphrases(self) -> bool:
        """Whether it has the words of one part of the problem."""
        return self.likeness >= RESTATES and self.known.one_says(self.step.words)

    @cached_property
    def intends(self) -> bool:
        """Whether it says what will be done next."""
        return bool(cues.INTENT.search(self.clause))
