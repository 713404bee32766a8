"""General abilities before and after training: what was paid elsewhere.

before = scored_outcomes(base) + instruction_outcomes(base_responses)
after = scored_outcomes(student) + instruction_outcomes(student_responses)
general(after).perplexity                 # Interval(value=24.1, low=20.3, high=28.6)
paid(before, after).instruction           # Interval(value=-0.17, low=-0.31, high=-0.02)
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fractionate.models import Model
from fractionate.transfer.general.choices import choice_outcomes
from fractionate.transfer.general.commonsense import commonsense
from fractionate.transfer.general.facts import facts
from fractionate.transfer.general.outcome import Ability, Outcome
from fractionate.transfer.general.text import text_outcomes
from fractionate.transfer.paired import Valued, change, mean, share
from fractionate.transfer.statistics import Interval


@dataclass(frozen=True, slots=True)
class General:
    """What a student still can do, with 95% intervals over items; None where it was not asked.

    `perplexity` is of held-out prose, a token of the student's own tokenizer; the others are shares of instructions
    followed and of questions answered right.
    """

    perplexity: Interval | None
    instruction: Interval | None
    facts: Interval | None
    commonsense: Interval | None


@dataclass(frozen=True, slots=True)
class Paid:
    """After minus before, on the same items; of the perplexity the ratio of after to before (1: nothing was paid)."""

    perplexity: Interval | None
    instruction: Interval | None
    facts: Interval | None
    commonsense: Interval | None


def scored_outcomes(model: Model, *, on_done: Callable[[int], None] = lambda tokens: None) -> list[Outcome]:
    """Everything that is read off log-probabilities: held-out text, facts and commonsense."""
    questions = (*facts(), *commonsense())
    return text_outcomes(model, on_done=on_done) + choice_outcomes(model, questions, on_done=on_done)


def general(outcomes: Sequence[Outcome]) -> General:
    """One student's abilities."""

    def shared(ability: Ability) -> Interval | None:
        rows = [Valued(item, value) for item, value in _of(outcomes, ability).items()]
        return share(rows) if rows else None

    surprise = mean(list(_of(outcomes, "text").values()))
    return General(_exp(surprise), shared("instruction"), shared("facts"), shared("commonsense"))


def paid(before: Sequence[Outcome], after: Sequence[Outcome]) -> Paid:
    """What training has changed, on the items that both were asked."""

    def changes(ability: Ability) -> list[Valued]:
        first, second = _of(before, ability), _of(after, ability)
        return [Valued(item, second[item] - first[item]) for item in first if item in second]

    def changed(ability: Ability) -> Interval | None:
        rows = changes(ability)
        return change(rows) if rows else None

    surprise = mean([row.value for row in changes("text")])
    return Paid(_exp(surprise), changed("instruction"), changed("facts"), changed("commonsense"))


def _of(outcomes: Sequence[Outcome], ability: Ability) -> dict[str, float]:
    return {o.item: o.value for o in outcomes if o.ability == ability}


def _exp(nats: Interval | None) -> Interval | None:
    return None if nats is None else Interval(*(math.exp(value) for value in nats))
