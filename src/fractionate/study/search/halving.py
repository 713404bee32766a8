"""Which candidates go on after a rung: those that may still be the cheapest that is not worse.

    kept = survivors(standings, keep=0.5, margin=0.02)
    kept.go_on            # ["compact", "decision_points", "full"]
    kept.dropped          # {"answer_only": "worse than full by more than 2.0 points (at most −8.1)", …}

Successive halving (K. Jamieson, A. Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization",
AISTATS 2016) with two changes. A candidate that is shown to be worse than the reference by more than the margin goes
whatever the quota. And what is sought is not the best but the cheapest that is not worse, so that places are given by
turns to the likeliest and to the cheapest of the likely.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil
from typing import NamedTuple

from fractionate.formats import points


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
        return self.p_not_worse < 0.5


@dataclass(frozen=True, slots=True)
class Kept:
    """Who goes on, in the order of the standings, and why the others do not."""

    go_on: list[str]
    dropped: dict[str, str]


def survivors(standings: Sequence[Standing], *, keep: float, margin: float, informed: bool = True) -> Kept:
    """References always go on, and a share `keep` of the candidates, at least one; nobody that is shown to be worse.

    Half of the places go to those most likely not worse, half to the cheapest of those that are more likely not worse
    than worse. Where a rung has told nothing yet (not `informed`: the reference has not learned enough to tell a
    candidate that is as good from one that has learned nothing) no place is taken away.
    """
    candidates = [s for s in standings if not s.is_reference]
    dropped = {s.name: _worse(s) for s in candidates if s.upper_bound < -margin}
    left = [s for s in candidates if s.name not in dropped]
    places = max(1, ceil(keep * len(candidates))) if informed else len(left)
    first = {s.name for s in _placed(left, places)}
    dropped |= {s.name: _crowded_out(s) for s in left if s.name not in first}
    return Kept([s.name for s in standings if s.name not in dropped], dropped)


def _placed(left: Sequence[Standing], places: int) -> list[Standing]:
    """By turns the likeliest and the cheapest."""
    likely = sorted(left, key=lambda s: (s.p_not_worse, s.cost))
    cheap = sorted((s for s in left if s.promising), key=lambda s: (s.cost, s.p_not_worse))
    turns = [s for pair in zip_longest(likely, cheap) for s in pair if s is not None]
    return list(dict.fromkeys(turns))[:places]


def _worse(standing: Standing) -> str:
    return f"worse than the reference: at best {points(standing.upper_bound)} points"


def _crowded_out(standing: Standing) -> str:
    return f"others look better, or as good and cheaper ({points(standing.difference)} points)"
