"""Choice: whether a recipe had anything to choose by, counted while its supervisions pass by.

    choice = Choice("compact")
    choice.add(anatomy, supervision)
    choice.told()         # ["warning: compact keeps 97% of the steps, hardly a choice"]

A recipe that finds next to nothing to leave out falls back to the whole trace, one that finds nothing to keep to the
answer alone; neither shows in a loss.
"""

from collections import Counter

from fractionate.anatomy.coverage import LOW, Coverage, Understood, coverage
from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import quotable

CHOOSING = ("compact", "decision_points")
"""Recipes that keep steps by what the analysis found."""
NEARLY_ALL = 0.9
MANY = 0.1
"""A larger share of traces of which the answer alone is left is told."""


class Choice:
    """Running counts of what one recipe, named with its options, kept."""

    def __init__(self, recipe: str) -> None:
        self.recipe = recipe
        self.chooses = recipe.partition("?")[0] in CHOOSING
        self.traces = self.bare = self.steps = self.kept = 0
        self.structural: Counter[Understood] = Counter()

    def add(self, anatomy: Anatomy, supervision: Supervision) -> None:
        """Count what was made of one trace."""
        self.traces += 1
        # The answer line is a segment too.
        self.bare += len(supervision.segments) == 1
        if self.chooses:
            self.steps += len(quotable(anatomy))
            self.kept += len({i for segment in supervision.segments for i in segment.steps})
            self.structural.update(coverage(anatomy).structural)

    def told(self) -> list[str]:
        """Warnings, a line each."""
        return [*self._on_much(), *self._on_nothing(), *self._on_guesses()]

    def _on_much(self) -> list[str]:
        if self.kept <= NEARLY_ALL * self.steps:
            return []
        return [f"warning: {self.recipe} keeps {self.kept / self.steps:.0%} of the steps, hardly a choice"]

    def _on_nothing(self) -> list[str]:
        if self.recipe == "answer_only" or self.bare <= MANY * self.traces:
            return []
        share = self.bare / self.traces
        return [
            f"warning: {self.recipe} keeps nothing but the answer of {self.bare:,} of {self.traces:,} traces "
            f"({share:.0%})"
        ]

    def _on_guesses(self) -> list[str]:
        understood = Coverage(Counter(), self.structural).share("structural", "value", "reference")
        if not self.structural or understood >= LOW:
            return []
        return [
            f"warning: only {understood:.0%} of the reasoning steps are linked by value or reference; "
            "what the answers depend on is mostly guessed"
        ]
