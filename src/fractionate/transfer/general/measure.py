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
from fractionate.transfer.means import mean, share, share_difference
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
    values = {
        ability: list(_of(outcomes, ability).values()) for ability in ("instruction", "facts", "commonsense")
    }
    return General(_exp(mean(list(_of(outcomes, "text").values()))), *(share(v) for v in values.values()))


def paid(before: Sequence[Outcome], after: Sequence[Outcome]) -> Paid:
    """What training has changed, on the items that both were asked."""

    def pairs(ability: Ability) -> list[tuple[float, float]]:
        first, second = _of(before, ability), _of(after, ability)
        return [(first[item], second[item]) for item in first if item in second]

    return Paid(
        _exp(mean([second - first for first, second in pairs("text")])),
        share_difference(pairs("instruction")),
        share_difference(pairs("facts")),
        share_difference(pairs("commonsense")),
    )


def _of(outcomes: Sequence[Outcome], ability: Ability) -> dict[str, float]:
    return {o.item: o.value for o in outcomes if o.ability == ability}


def _exp(nats: Interval | None) -> Interval | None:
    return None if nats is None else Interval(*(math.exp(value) for value in nats))
