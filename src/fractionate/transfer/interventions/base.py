"""What an intervention is: second-round items made of the student's own answers, and the effects that are read off.

    item = forced(given, "intervention: filler", own.rewritten(". . . ."))
    # Item(prefill=". . . . The answer is", family="intervention", pair="svamp#3", max_new_tokens=16, …)

The control of all that is forced is the cell "intervention: own steps": the student's steps as they were, and the same
"The answer is" after them. Several interventions give the same control item, with one id: it is asked once.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from fractionate.checking import same_answer
from fractionate.records import Item
from fractionate.registry import Registry
from fractionate.transfer.items import AT_ONCE_TOKENS
from fractionate.transfer.own import Answered, OwnSteps, by_pair, own_steps
from fractionate.transfer.paired import Valued, change, share
from fractionate.transfer.statistics import Interval

FAMILY = "intervention"
SCORED = "gym:"
"""Checkers that begin so judge one answer by itself."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an intervention changes: `value` with its 95% interval, over `n` answers, against what `compared` says.

    `meaning` is one sentence that says how the value is to be read; `signed` values are differences, others shares.
    """

    name: str
    value: Interval
    n: int
    compared: str
    meaning: str
    signed: bool = False


class Intervention(Protocol):
    """A change of the student's own steps."""

    def items(self, answered: Sequence[Answered], seed: int) -> list[Item]:
        """What to ask next; nothing of an answer that has no steps that could be changed so."""
        ...

    def effects(self, original: Sequence[Answered], after: Sequence[Answered]) -> list[Effect]:
        """What changed; `after` may hold the answers to other interventions too. Empty where nothing was asked."""
        ...


INTERVENTIONS: Registry[Intervention] = Registry(FAMILY, home="fractionate.transfer.interventions")


def cell_of(name: str) -> str:
    """The cell of an intervention's items."""
    return f"{FAMILY}: {name}"


OWN_STEPS = cell_of("own steps")
"""The cell of the control: its own steps unchanged, then the answer at once."""


class Asked(NamedTuple):
    """An answer with the student's own steps in it."""

    given: Answered
    own: OwnSteps


def with_steps(answered: Sequence[Answered]) -> Iterator[Asked]:
    """One answer a question: those that were completed, state an answer, and have steps before it."""
    for given in by_pair(answered).values():
        if given.score.answer is not None and not given.score.truncated and own_steps(given).steps:
            yield Asked(given, own_steps(given))


def ask_again(given: Answered, cell: str, prefill: str, tokens: int, suffix: str = "") -> Item:
    """The question of an answer again, the response forced to begin with `prefill`."""
    item = given.item
    identity = f"{cell}/{item.pair}{suffix}"
    return replace(item, id=identity, cell=cell, family=FAMILY, prefill=prefill, max_new_tokens=tokens)


def forced(given: Answered, cell: str, prefill: str, suffix: str = "") -> Item:
    """The same where the answer is wanted at once."""
    return ask_again(given, cell, prefill, AT_ONCE_TOKENS, suffix)


def control(asked: Asked) -> Item:
    """The student's own steps as they were, and the answer at once."""
    return forced(asked.given, OWN_STEPS, asked.own.forced(len(asked.own.steps)))


def agrees(original: Answered, after: Answered) -> bool | None:
    """Whether the student answers what it had answered; None where it cannot be told."""
    own = original.score.answer
    assert own is not None, "only what was answered is asked again"
    return same_said(own, after.score.answer, original.item.checker)


def same_said(one: str, other: str | None, checker: str) -> bool | None:
    """Whether two answers of the student's are the same; None where it cannot be told.

    A family's scorer only says whether an answer is right, so answers to its problems are compared as texts and values.
    """
    if not checker.startswith(SCORED):
        return same_answer(one, other, checker).same
    return any(same_answer(one, other, plain).same for plain in ("exact", "math"))


def in_cell(after: Sequence[Answered], cell: str) -> dict[str, Answered]:
    """The answers of one cell, by question."""
    return by_pair(a for a in after if a.item.cell == cell)


class Change(NamedTuple):
    """What holds of an answer before and after; None where it cannot be told."""

    given: Answered
    before: bool | None
    after: bool | None


def changes(found: Iterable[Change]) -> list[Valued]:
    """After minus before, of the questions where both can be told."""
    return [
        valued(given, float(after) - float(before))
        for given, before, after in found
        if before is not None and after is not None
    ]


def valued(given: Answered, value: float) -> Valued:
    """A value of the question that was answered."""
    return Valued(given.item.cluster or given.item.pair, value)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """An intervention that exchanges all the steps for another text and asks for the answer at once.

    `changed` says of an answer's steps which share of them the other text changes, where that is not all.
    """

    name: str
    rewrite: "Rewrite"
    meaning: str
    changed: Callable[[OwnSteps], float] | None = None

    def items(self, answered: Sequence[Answered], seed: int) -> list[Item]:
        """The changed steps and the control, for each answer with steps that can be changed so."""
        found = []
        for asked in with_steps(answered):
            body = self.rewrite(asked.own, random.Random(f"{seed}:{asked.given.item.pair}"))
            if body is not None:
                changed = asked.own.rewritten(body)
                found += [control(asked), forced(asked.given, cell_of(self.name), changed)]
        return found

    def effects(self, original: Sequence[Answered], after: Sequence[Answered]) -> list[Effect]:
        """How accuracy and agreement with its own answer differ from the control."""
        firsts = by_pair(original)
        controls, changed = in_cell(after, OWN_STEPS), in_cell(after, cell_of(self.name))
        pairs = [pair for pair in changed if pair in controls]
        rights = [Change(firsts[p], controls[p].score.right, changed[p].score.right) for p in pairs]
        agreed = [
            Change(firsts[p], agrees(firsts[p], controls[p]), agrees(firsts[p], changed[p])) for p in pairs
        ]
        told = {"accuracy": changes(rights), AGREEMENT: changes(agreed)}
        return [
            Effect(f"{self.name}: {what}", change(rows), len(rows), UNCHANGED, self.meaning, signed=True)
            for what, rows in told.items()
            if rows
        ] + self._reached([firsts[p] for p in pairs])

    def _reached(self, asked: Sequence[Answered]) -> list[Effect]:
        """How much of the steps was changed at all."""
        if self.changed is None or not asked:
            return []
        reached = share([valued(given, self.changed(own_steps(given))) for given in asked])
        meaning = "The share of its steps that were changed; the others stood as they were."
        return [Effect(f"{self.name}: steps changed", reached, len(asked), "its own steps", meaning)]


AGREEMENT = "agreement with its own answer"
UNCHANGED = "its own steps as they were, the answer asked for in the same way"

Rewrite = Callable[[OwnSteps, random.Random], str | None]
"""From the student's own steps to the text that takes their place; None where there is no other."""


def rewriting(
    name: str, meaning: str, changed: Callable[[OwnSteps], float] | None = None
) -> Callable[[Rewrite], Rewrite]:
    """Decorator: register the intervention that rewrites the steps so."""

    def add(rewrite: Rewrite) -> Rewrite:
        INTERVENTIONS.register(name)(Rewriting(name, rewrite, meaning, changed))
        return rewrite

    return add
