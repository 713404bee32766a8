"""What to hold against what a search says, and what it cannot say anything about.

list(caveats(seen))         # ["One fresh seed of compact and of full: …", …]
untested(seen)              # ["epochs were not tuned for each candidate", …]
"""

from collections.abc import Iterator

from fractionate.config import BASE
from fractionate.formats import decimal
from fractionate.report.conclusion import unlike_answers
from fractionate.report.search_told import Searched


def caveats(seen: Searched) -> Iterator[str]:
    """What to hold against it, gravest first."""
    found = seen.found
    if found.decision.outcome == "no decision":
        yield _no_decision(seen)
    if found.stopped:
        yield (
            f"The search ended early: {found.stopped}. What had looked not worse on fewer problems was not trained on "
            "all of them (search.stop_early)."
        )
    yield from (f"{sentence}." for sentence in found.asked_before)
    if not found.sure and seen.label != seen.reference and not found.confirmed.before:
        yield (
            f"{seen.label} was confirmed as the likeliest of what is cheaper, not because it had looked good: a "
            "smaller supervision that does as well may not have been among the candidates."
        )
    if not found.confirmed.found[seen.reference].over_seeds:
        yield (
            "One fresh seed of each: the intervals are about these students, not about what another seed would give. "
            "The bound that decides adds the spread between seeds that other studies have shown."
        )
    yield from unlike_answers({name: seen.efforts[name] for name in seen.students if name != BASE})
    equal = found.confirmed.equal_compute
    if equal is not None and found.decision.outcome == "smaller" and equal.verdict == "worse":
        yield (
            f"With as many training FLOPs as {seen.reference}, {seen.label} is worse: it gains less by longer "
            "training."
        )
    if found.ranking_held is not None and found.ranking_held < HELD:
        yield (
            f"The first rung ranked those that came to the end otherwise than the last does (rank correlation "
            f"{decimal(found.ranking_held, 2)}): what went early may have gone by chance."
        )


HELD = 0.5
"""A rank correlation below this says that the first rung was hardly a guide."""


def _no_decision(seen: Searched) -> str:
    if seen.found.decision.recipe is None:
        return (
            "There is no decision. What stands below was seen, but nothing follows from it: with a reference that has "
            "learned next to nothing, whatever learns nothing looks as good."
        )
    bound = seen.found.confirmed.found[seen.label].lower_bound
    if seen.found.confirmed.broken and bound is not None and bound > -seen.found.decision.margin:
        return (
            f"There is no decision: {seen.label} was shown to be not worse than {seen.reference}, but it cannot be "
            f"told whether it keeps within its constraints. What lies ready is {seen.reference}."
        )
    return (
        f"There is no decision: {seen.label} was shown neither to be as good as {seen.reference} nor to be worse. "
        f"What lies ready is {seen.reference}."
    )


def untested(seen: Searched) -> list[str]:
    """What this search cannot say anything about."""
    found, told = seen.found, list(seen.found.untested)
    if not found.fates:
        told.append("layers of reasoning: name some in transfer.layers")
    if not found.roles:
        told.append(
            "what each role does: no factorial of them was run with students enough that differ in anything "
            "(search.roles)"
        )
    return told
