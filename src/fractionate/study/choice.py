"""Choice: whether the recipes that choose steps had anything to choose by.

told({"compact": supervisions}, anatomies)
# ["warning: compact keeps 97% of the steps, hardly a choice"]
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from fractionate.anatomy.coverage import LOW, Coverage, coverage
from fractionate.records import Anatomy, Supervision
from fractionate.supervision.base import quotable

CHOOSING = ("compact", "decision_points")
"""Recipes that keep steps by what the analysis found."""
NEARLY_ALL = 0.9


def told(learned: Mapping[str, Sequence[Supervision]], anatomies: Sequence[Anatomy]) -> list[str]:
    """Warnings about the supervisions that each recipe made of these anatomies."""
    steps = sum(len(quotable(a)) for a in anatomies)
    facts = []
    for name in CHOOSING:
        kept = sum(len({i for segment in s.segments for i in segment.steps}) for s in learned.get(name, ()))
        if steps and kept > NEARLY_ALL * steps:
            facts.append(f"warning: {name} keeps {kept / steps:.0%} of the steps, hardly a choice")
    structural = sum((coverage(a).structural for a in anatomies), Counter())
    understood = Coverage(Counter(), structural).share("structural", "value", "reference")
    if structural and understood < LOW and not learned.keys().isdisjoint(CHOOSING):
        facts.append(
            f"warning: only {understood:.0%} of the reasoning steps are linked by value or reference; "
            "what the answers depend on is mostly guessed"
        )
    return facts
