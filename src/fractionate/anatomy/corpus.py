"""What a corpus of traces is made of, counted while its anatomies pass by.

corpus = Corpus()
write_records(path, Anatomy, corpus.watch(analyze_all(traces)))
corpus.summary()["roles"]         # {"decomposition": 0.04, "structure": 0.61, …}, shares of the steps' characters
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from fractionate.records import Anatomy, Role


class Corpus:
    """Running counts; each anatomy is seen once and not kept."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.characters: Counter[str] = Counter()

    def watch(self, anatomies: Iterable[Anatomy]) -> Iterator[Anatomy]:
        """Hand anatomies on and count them."""
        for anatomy in anatomies:
            self.add(anatomy)
            yield anatomy

    def add(self, anatomy: Anatomy) -> None:
        """Count one anatomy."""
        self.counts["traces"] += 1
        self.counts["with_wrong_step"] += anatomy.first_wrong is not None
        for step in anatomy.steps:
            size = step.span.end - step.span.start
            self.counts["steps"] += 1
            self.counts["decision_points"] += step.decision
            self.characters["all"] += size
            self.characters[step.role.value] += size
            self.characters["needed"] += size * (step.paths != "none")

    def summary(self) -> dict[str, Any]:
        """Counts, and shares of the steps' characters."""
        total = max(self.characters["all"], 1)
        return {
            "traces": self.counts["traces"],
            "steps": self.counts["steps"],
            "roles": {role.value: round(self.characters[role.value] / total, 4) for role in Role},
            "needed_share": round(self.characters["needed"] / total, 4),
            "decision_points": self.counts["decision_points"],
            "with_wrong_step": self.counts["with_wrong_step"],
        }
