"""Coverage: how much of a trace the analysis understood, by the best link that its steps have.

    coverage(anatomy).structural["discourse"]      # structural steps that are linked by guess only
    coverage(anatomy).share("structural", "value", "reference")
    coverage(anatomy).told()                       # "linked by value 60%, reference 10%, discourse 30%"

A computing step without a link by value or reference, or a trace in which most reasoning is linked by discourse alone,
was not understood: prose, proofs and code are handled as far as that goes, and `note_coverage` says so on the anatomy.
"""

from collections import Counter
from typing import Literal, NamedTuple, get_args

from fractionate.anatomy.draft import Draft
from fractionate.records import Anatomy, Link, Role, Via

Understood = Literal["value", "reference", "discourse", "none"]
Which = Literal["computing", "structural"]
RANKS: dict[Via, Understood] = {
    "gold": "value",
    "value": "value",
    "reference": "reference",
    "model": "reference",
    "discourse": "discourse",
}
UNDERSTOOD: tuple[Understood, ...] = get_args(Understood)
LOW = 0.5
"""A smaller share of reasoning steps with links by value or reference is low coverage."""
FEW = 3
"""Reasoning steps of which nothing is said: too few for a share."""


class Coverage(NamedTuple):
    """Numbers of steps by their best link."""

    computing: Counter[Understood]
    structural: Counter[Understood]

    def share(self, which: Which, *understood: Understood) -> float:
        """The share of the steps that are understood in one of these ways; 0 where there are none."""
        counts = self.computing if which == "computing" else self.structural
        return sum(counts[u] for u in understood) / max(counts.total(), 1)

    def told(self) -> str:
        """How the structural steps are linked, in words."""
        if not self.structural:
            return "no reasoning steps"
        shares = [f"{u} {self.share('structural', u):.0%}" for u in UNDERSTOOD if u != "none"]
        unlinked = [f"not at all {self.share('structural', 'none'):.0%}"] if self.structural["none"] else []
        return f"linked by {', '.join([*shares, *unlinked])}"


def coverage(anatomy: Anatomy) -> Coverage:
    """The coverage of one trace."""
    best = _best(anatomy.links)
    ranks = [(s, best.get(s.index, "none")) for s in anatomy.steps]
    computing = Counter(rank for s, rank in ranks if s.kind == "compute")
    return Coverage(computing, Counter(rank for s, rank in ranks if s.role is Role.STRUCTURE))


def note_coverage(draft: Draft) -> None:
    """Say on the anatomy where most links are guesses."""
    best = _best(draft.links)
    reasoning = [s.index for s in draft.steps if s.role is Role.STRUCTURE]
    guessed = sum(best.get(i, "none") in ("discourse", "none") for i in reasoning)
    if len(reasoning) >= FEW and guessed > LOW * len(reasoning):
        draft.note("mostly prose: most of its reasoning steps are linked by guesses")


def _best(links: tuple[Link, ...] | list[Link]) -> dict[int, Understood]:
    """The best kind of link of each step that has one."""
    best: dict[int, Understood] = {}
    for link in links:
        rank = RANKS[link.via]
        if link.user not in best or UNDERSTOOD.index(rank) < UNDERSTOOD.index(best[link.user]):
            best[link.user] = rank
    return best
