"""Which candidates go on after a rung: those that may still be the cheapest that is not worse.

    kept = survivors(standings, keep=0.5, margin=0.02)
    kept.go_on            # ["compact", "decision_points", "full"]
    kept.dropped          # {"answer_only": "worse than full by more than 2.0 points (at most −8.1)", …}

Successive halving (K. Jamieson, A. Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization",
AISTATS 2016) with two changes. A candidate that is shown to be worse than the reference by more than the margin goes
whatever the quota. And what is sought is not the best but the cheapest that is not worse: those more likely not worse
than worse come first, the cheaper the earlier, the others after them by how likely they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

ALPHA = 0.05
EVEN = 0.5


class Standing(NamedTuple):
    """A candidate after a rung: T minus the reference's T, its one-sided 95% upper bound, and its cost.

    `p_not_worse` is the p-value of "worse by more than the margin": small where the candidate is shown to be not worse.
    """

    name: str
    difference: float
    upper_bound: float
    p_not_worse: float
    cost: float
    is_reference: bool = False

    @property
    def promising(self) -> bool:
        """More likely not worse than worse."""
        return self.p_not_worse < EVEN


@dataclass(frozen=True, slots=True)
class Kept:
    """Who goes on, in the order of the standings, and why the others do not."""

    go_on: list[str]
    dropped: dict[str, str]


def survivors(standings: Sequence[Standing], *, keep: float, margin: float) -> Kept:
    """References always go on; of the candidates at most a share `keep` of all, and at least one that may still win."""
    candidates = [s for s in standings if not s.is_reference]
    dropped = {s.name: _worse(s) for s in candidates if s.upper_bound < -margin}
    ordered = sorted((s for s in candidates if s.name not in dropped), key=_order)
    places = max(1, ceil(keep * len(candidates)))
    dropped |= {s.name: _crowded_out(s, ordered[:places]) for s in ordered[places:]}
    return Kept([s.name for s in standings if s.name not in dropped], dropped)


def chosen(standings: Sequence[Standing], sure: float) -> str | None:
    """The cheapest candidate that is not worse with a chance of `sure` by these standings; None if there is none."""
    fit = [s for s in standings if not s.is_reference and s.p_not_worse <= 1 - sure]
    return min(fit, key=lambda s: (s.cost, s.p_not_worse)).name if fit else None


def _order(standing: Standing) -> tuple[bool, float]:
    return (False, standing.cost) if standing.promising else (True, standing.p_not_worse)


def _worse(standing: Standing) -> str:
    return f"worse than the reference: at best {standing.upper_bound * 100:+.1f} points"


def _crowded_out(standing: Standing, first: Sequence[Standing]) -> str:
    if standing.promising:
        return f"{sum(s.promising for s in first)} cheaper ones look as good ({standing.difference * 100:+.1f} points)"
    return f"others look better ({standing.difference * 100:+.1f} points)"
