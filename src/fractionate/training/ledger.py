"""What a run wrote down: its work before it starts, a row an update, and their sum.

    {"loss": 0.41, "tokens": 3120, "loss_by_role": {"structure": 0.2, …}, "loss_shares": {…}, "gradient_shares": {…}, …}

What each role takes is in every row. `loss_shares` are of the update's loss. `gradient_shares` are of the squared norm
of its gradient at the states before the output layer: each such state reaches its own token's logits alone, so there
each token's part of the gradient is known exactly, adds up to the whole, and costs nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import torch

from fractionate.models.load import Model
from fractionate.records import Role
from fractionate.storage import written_whole
from fractionate.supervision.encode import ANSWER
from fractionate.training.batches import Lesson, epochs_of

ROLES = (*(role.value for role in Role), ANSWER)


class Sums(NamedTuple):
    """An update's sums: by role those of `Losses`, and the auxiliary objective's loss (one number)."""

    by_role: torch.Tensor
    weight_by_role: torch.Tensor
    squares_by_role: torch.Tensor
    representation: torch.Tensor


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run cost and where it ended.

    `final_loss` is that of the last tenth of the updates, and so is `representation_loss` where there was such an
    objective. The roles' shares of the loss are over the whole run, those of the gradient the mean over its updates.
    """

    updates: int
    tokens: int
    supervised_tokens: int
    flops: float
    seconds: float
    final_loss: float
    loss_shares: dict[str, float]
    gradient_shares: dict[str, float] = field(default_factory=dict)
    representation_loss: float | None = None


def training_flops(model: Model, lessons: Sequence[Lesson], epochs: float, seed: int = 0) -> float:
    """6 × parameters × tokens (Kaplan et al. 2020, arXiv 2001.08361); the output layer only where there is loss.

    Under a schedule the seed decides what is shown when.
    """
    sizes = model.sizes()
    shown = epochs_of(lessons, epochs=epochs, seed=seed)
    return sum(flops(*sizes, len(e.ids), e.supervised) for epoch in shown for e in epoch)


def flops(body: int, head: int, tokens: int, supervised: int) -> float:
    """Of tokens through a body and a head of so many parameters, forward and backward."""
    return 6.0 * (body * tokens + head * supervised)


def by_role(sums: Sums) -> dict[str, dict[str, float]]:
    """Each role's mean loss, and its shares of the whole loss and of the whole gradient's squared norm."""
    losses, weights, squares = (s.tolist() for s in sums[:3])
    learned = [(role, i) for i, role in enumerate(ROLES) if weights[i] > 0]
    loss, square = max(sum(losses), 1e-9), max(sum(squares), 1e-30)
    return {
        "loss_by_role": {role: losses[i] / weights[i] for role, i in learned},
        "loss_shares": {role: losses[i] / loss for role, i in learned},
        "gradient_shares": {role: squares[i] / square for role, i in learned},
    }


def sum_up(rows: list[dict[str, Any]], model: Model) -> Trained:
    """The whole run from its rows."""
    body, head = model.sizes()
    tokens = sum(r["tokens"] for r in rows)
    supervised = sum(r["supervised_tokens"] for r in rows)
    last = rows[-max(1, len(rows) // 10) :]
    total = sum(r["loss"] * r["supervised_tokens"] for r in rows)
    known = [r["representation_loss"] for r in last if "representation_loss" in r]
    spent = {
        role: sum(r["loss"] * r["supervised_tokens"] * r["loss_shares"].get(role, 0.0) for r in rows)
        for role in ROLES
    }
    return Trained(
        updates=len(rows),
        tokens=tokens,
        supervised_tokens=supervised,
        flops=flops(body, head, tokens, supervised),
        seconds=sum(r["seconds"] for r in rows),
        final_loss=sum(r["loss"] for r in last) / len(last),
        loss_shares={role: s / max(total, 1e-9) for role, s in spent.items() if s > 0},
        gradient_shares=_mean_shares([r["gradient_shares"] for r in rows]),
        representation_loss=fmean(known) if known else None,
    )


def _mean_shares(shares: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of the roles that occur."""
    return {role: fmean(s.get(role, 0.0) for s in shares) for role in ROLES if any(role in s for s in shares)}


def write_rows(folder: Path, rows: list[dict[str, Any]]) -> None:
    """`train.jsonl`."""
    with written_whole(folder / "train.jsonl") as beside:
        lines = (json.dumps({"update": i + 1} | row) + "\n" for i, row in enumerate(rows))
        beside.write_text("".join(lines), encoding="utf-8")
