"""The rows of the table of arms: what is told of an arm, under which heading, and how it is written.

A row more is an entry more in `GROUPS`; the page draws whatever stands here.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from fractionate.formats import (
    MISSING,
    compact,
    decimal,
    duration,
    percent,
    spread,
    whole,
)
from fractionate.records import Role
from fractionate.report.shown import Shown, difference, share
from fractionate.study.summary import ArmSummary, Inside


class Measure(NamedTuple):
    """One row: its name, what it means in a line, and how an arm's number is written."""

    name: str
    meaning: str
    show: Callable[[ArmSummary], Shown]


def _readable(inside: Inside | None) -> Shown:
    """What can be read inside, and what saying the commonest value would give."""
    if inside is None:
        return Shown(MISSING)
    return Shown(
        percent(inside.readable.value),
        f"{spread(inside.readable)}; saying the commonest {percent(inside.commonest)}; "
        f"{decimal(inside.loss, 2)} nats a digit",
    )


def _wording(shares: Mapping[str, float]) -> Shown:
    """How much of training goes into wording."""
    return Shown(percent(shares.get(Role.LANGUAGE, 0.0)) if shares else MISSING)


GROUPS: dict[str, tuple[Measure, ...]] = {
    "Scores": (
        Measure("Transfer T", "on cells unlike the training data", lambda a: share(a.transfer)),
        Measure(
            "Difference to the reference", "points of T, items paired", lambda a: difference(a.difference)
        ),
        Measure("In-format", "on cells like the training data", lambda a: share(a.in_format)),
        Measure("Reasoning gain", "points over answering at once", lambda a: difference(a.reasoning_gain)),
        Measure(
            "Next result readable", "from hidden states, on held-out problems", lambda a: _readable(a.inside)
        ),
        Measure(
            "Gain of the probe",
            "points of what is readable over the untouched base",
            lambda a: difference(a.inside.gain if a.inside else None),
        ),
        Measure(
            "Objective's gain in the probe",
            "points over the same arm without it",
            lambda a: difference(a.inside.objective_gain if a.inside else None),
        ),
        Measure(
            "Objective's gain in transfer",
            "points of T over the same arm without it",
            lambda a: difference(a.inside.transfer_gain if a.inside else None),
        ),
    ),
    "Answers": (
        Measure("Tokens an answer", "", lambda a: Shown(decimal(a.mean_tokens, 1))),
        Measure("Truncated", "", lambda a: Shown(percent(a.truncated))),
        Measure("Looping", "", lambda a: Shown(percent(a.looping))),
        Measure("Unchecked", "", lambda a: Shown(percent(a.unchecked))),
    ),
    "Costs": (
        Measure("Teacher tokens bought", "", lambda a: Shown(whole(a.costs.teacher_tokens))),
        Measure("Tokens processed", "", lambda a: Shown(whole(a.costs.trained_tokens))),
        Measure("Tokens with loss", "", lambda a: Shown(whole(a.costs.supervised_tokens))),
        Measure("Training FLOPs", "", lambda a: Shown(compact(a.costs.training_flops))),
        Measure(
            "Student tokens a right answer",
            "",
            lambda a: Shown(decimal(a.costs.student_tokens_per_right, 1)),
        ),
    ),
    "Training": (
        Measure("Examples", "", lambda a: Shown(whole(a.examples))),
        Measure("Examples left out", "", lambda a: Shown(percent(a.left_out))),
        Measure("Seeds", "", lambda a: Shown(", ".join(map(str, a.seeds)) or MISSING)),
        Measure("Final loss", "", lambda a: Shown(decimal(a.final_loss, 3))),
        Measure(
            "Loss on wording", "share of the loss; by role, see above", lambda a: _wording(a.loss_shares)
        ),
        Measure(
            "Gradient on wording",
            "share of its squared norm at the states before the output layer",
            lambda a: _wording(a.gradient_shares),
        ),
        Measure(
            "Next result inside",
            "final loss of the auxiliary objective, nats a digit",
            lambda a: Shown(decimal(a.representation_loss, 3)),
        ),
        Measure("Time", "", lambda a: Shown(duration(a.train_seconds))),
    ),
}
