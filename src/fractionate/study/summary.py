"""What a finished study says, as records: the one source of the terminal table and of the page.

`study.summarize` computes a `Summary` from a study's folder; `report` draws it and computes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fractionate.transfer.statistics import Interval

__all__ = ["ArmSummary", "CellSummary", "Costs", "Inside", "Interval", "Sample", "Summary"]


@dataclass(frozen=True, slots=True)
class Costs:
    """What an arm cost, always all five (None where it does not apply: the untouched base trains nothing).

    `student_tokens_per_right` is infinite (JSON: null, here None) if nothing was right.
    """

    teacher_tokens: int
    trained_tokens: int
    supervised_tokens: int
    training_flops: float
    student_tokens_per_right: float | None


@dataclass(frozen=True, slots=True)
class Inside:
    """What an arm's hidden states give away of the next result, on held-out problems.

    `readable` is the share of values read right, `commonest` what saying the commonest value would give, `loss` in
    nats a digit; `gain` is over the untouched base. Of an arm with the auxiliary objective, `objective_gain` and
    `transfer_gain` are what it has more than the same arm without: in `readable`, and in T.
    """

    readable: Interval
    commonest: float
    loss: float
    gain: Interval | None
    objective_gain: Interval | None = None
    transfer_gain: Interval | None = None


@dataclass(frozen=True, slots=True)
class ArmSummary:
    """One arm. `transfer` is the score T; `difference` is T minus the reference's T, paired by item.

    `loss_shares` and `gradient_shares` say what each role takes of training; `representation_loss` is where the
    auxiliary objective ended, in nats a digit.
    """

    arm: str
    recipe: str
    seeds: tuple[int, ...]
    transfer: Interval
    difference: Interval | None
    in_format: Interval
    reasoning_gain: Interval | None
    costs: Costs
    examples: int
    left_out: float
    mean_tokens: float
    truncated: float
    looping: float
    unchecked: float
    final_loss: float | None
    train_seconds: float
    loss_shares: Mapping[str, float]
    gradient_shares: Mapping[str, float] = field(default_factory=dict)
    representation_loss: float | None = None
    inside: Inside | None = None


@dataclass(frozen=True, slots=True)
class CellSummary:
    """One arm's accuracy in one cell, over `n` checked answers."""

    arm: str
    cell: str
    family: str
    n: int
    accuracy: Interval


@dataclass(frozen=True, slots=True)
class Sample:
    """One item with every arm's whole response: arm → (response, right)."""

    cell: str
    prompt: str
    gold: str
    responses: Mapping[str, tuple[str, bool | None]]


@dataclass(frozen=True, slots=True)
class Summary:
    """A finished study. `held_equal`, `facts` and `notes` are short sentences for the reader.

    `notes` say what numbers of the arms mean together.
    """

    name: str
    question: str
    student: str
    data: str
    held_equal: str
    reference: str
    verdict: str
    explanation: str
    arms: tuple[ArmSummary, ...]
    cells: tuple[CellSummary, ...]
    samples: tuple[Sample, ...]
    facts: tuple[str, ...]
    notes: tuple[str, ...] = ()
