"""What a search says in sentences: what to use, what that rests on, and what to hold against it.

seen = searched(config, found)
seen.label                  # "compact, 160 problems": what was confirmed
facts(seen)                 # [Fact("Use", "compact on 160 of 320 problems, …"), …]
list(caveats(seen))         # ["One fresh seed of compact and of full: …", …]
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fractionate.config import BASE, StudyConfig
from fractionate.formats import decimal, percent
from fractionate.report.conclusion import listed, unlike_answers
from fractionate.report.shown import difference, share
from fractionate.study.search.candidates import Candidate, eligible
from fractionate.study.search.confirm import UNITS
from fractionate.study.search.outcome import SearchDecision
from fractionate.study.search.rungs import cost_of
from fractionate.supervision.course import is_schedule
from fractionate.transfer.effort import Effort


class Fact(NamedTuple):
    """A sentence under its heading."""

    name: str
    told: str


@dataclass(frozen=True, slots=True)
class Searched:
    """A search that has ended; `efforts` are of the answers that confirm, by student."""

    config: StudyConfig
    found: SearchDecision
    efforts: Mapping[str, Effort]

    @property
    def label(self) -> str:
        """What was confirmed, as it is named beside the reference."""
        return self.found.confirmed.label

    @property
    def reference(self) -> str:
        """What nothing may be worse than."""
        return self.found.decision.reference

    @property
    def students(self) -> list[str]:
        """Who answered the questions that confirm."""
        return list(dict.fromkeys([self.label, self.reference, BASE]))

    @property
    def problems(self) -> int:
        """How many there are to learn from."""
        return self.found.rungs[-1].traces

    @property
    def unit(self) -> str:
        """The cost that was to be small."""
        return UNITS[self.config.search.cost]


def searched(config: StudyConfig, found: SearchDecision) -> Searched:
    """What a report is made of."""
    return Searched(config, found, found.confirmed.efforts)


def facts(seen: Searched) -> list[Fact]:
    """What the verdict means, line by line."""
    told = [
        Fact("Use", _use(seen)),
        Fact("Transfer T", _transfer(seen)),
        Fact("It takes" if seen.found.decision.outcome == "smaller" else "Tried", _savings(seen)),
        Fact("Confirmed on", _confirmed(seen)),
        Fact("Before that", _before(seen)),
        Fact("Equal FLOPs", _equal(seen)),
        Fact("Constraints", _constraints(seen)),
    ]
    return [fact for fact in told if fact.told]


def _use(seen: Searched) -> str:
    found, decision = seen.found, seen.found.decision
    if decision.recipe is None:
        return "nothing yet: the reference has not learned enough to be a measure for anything smaller."
    smaller = decision.outcome == "smaller"
    recipe = found.recipe if smaller else decision.recipe
    problems = found.traces if smaller else seen.problems
    rate = found.rungs[-1].rates.get(recipe, seen.config.training.learning_rate)
    ready = (
        "all the stages that it passed through"
        if is_schedule(Candidate(recipe).arm)
        else "what it learned: `fractionate compile dataset/supervision.parquet --format trl --out …` writes it for "
        "another trainer"
    )
    return (
        f"{recipe} on {_of(problems, seen.problems)} problems, learning rate {rate:g}. Beside this report, student/ is "
        f"the checkpoint and dataset/ {ready}."
    )


def _of(some: int, whole: int) -> str:
    return f"all {whole:,}" if some == whole else f"{some:,} of {whole:,}"


def _transfer(seen: Searched) -> str:
    estimates = seen.found.confirmed.found
    told = [
        f"{share(estimates[name].transfer).inline} for {'the untouched student' if name == BASE else name}"
        for name in seen.students
    ]
    apart = estimates[seen.label].difference
    return f"{'; '.join(told)}." + (f" Difference {difference(apart).inline} points." if apart else "")


def _savings(seen: Searched) -> str:
    if seen.label == seen.reference:
        return ""
    shares = [f"{percent(part)} of the {UNITS[name]}" for name, part in seen.found.savings.items()]
    whose = "" if seen.found.decision.outcome == "smaller" else f"{seen.label}, which takes "
    return f"{whose}{listed(shares)} of {seen.reference}." if shares else ""


def _confirmed(seen: Searched) -> str:
    own = [s for s in seen.found.confirmed.asked.scores() if s.arm == seen.reference]
    seeds = len({s.seed for s in own})
    return (
        f"{len({s.item for s in own}):,} questions that the search had not looked at; "
        f"{seeds} fresh {'seed' if seeds == 1 else 'seeds'} of each student."
    )


def _before(seen: Searched) -> str:
    if seen.label == seen.reference:
        gone = _out_before(seen)
        if not gone:
            return f"no candidate was cheaper than {seen.reference}: it stands alone."
        return f"all that is cheaper than {seen.reference} was out before the last rung: {'; '.join(gone)}."
    if seen.found.sure:
        return f"{seen.label} had looked not worse on the questions for development, too."
    return (
        f"nothing cheaper than {seen.reference} had looked not worse on the questions for development; {seen.label} "
        "was the likeliest."
    )


def _out_before(seen: Searched) -> list[str]:
    """Candidates that are cheaper than the reference and were dropped, and why."""
    told = []
    for rung in seen.found.rungs:
        spent = {name: cost_of(costs, seen.config.search.cost) for name, costs in rung.costs.items()}
        limit = spent[rung.judged.reference]
        for name, why in rung.judged.kept.dropped.items():
            if eligible(name) and spent[name] < limit:
                told.append(f"{name} (after {rung.traces:,} problems: {why})")
    return told


def _equal(seen: Searched) -> str:
    equal = seen.found.confirmed.equal_compute
    if equal is None:
        return "" if seen.label == seen.reference else "not compared (search.equal_compute)."
    return (
        f"{difference(equal.difference).inline} points if {seen.label} trains with as many as {seen.reference}, by "
        f"more epochs: {equal.verdict}."
    )


def _constraints(seen: Searched) -> str:
    checks = seen.found.confirmed.checks
    broken = [check.name for check in checks if not check.holds]
    if not checks:
        return ""
    return f"not shown to be kept: {listed(broken)}." if broken else f"all {len(checks)} shown to be kept."


def caveats(seen: Searched) -> Iterator[str]:
    """What to hold against it, gravest first."""
    found = seen.found
    if found.decision.outcome == "no decision":
        yield _no_decision(seen)
    if not found.sure and seen.label != seen.reference:
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
    return (
        f"There is no decision: {seen.label} was shown neither to be as good as {seen.reference} nor to be worse. "
        f"What lies ready is {seen.reference}."
    )


def untested(seen: Searched) -> list[str]:
    """What this search cannot say anything about."""
    found, told = seen.found, list(seen.found.untested)
    if not found.fates:
        told.append("layers of reasoning: name some in transfer.layers")
    if not found.effects:
        told.append("what each role does: no factorial of them was run with enough students (search.roles)")
    return told
