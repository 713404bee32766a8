"""What a search says in sentences: what to use, and what that rests on; see also `search_caveats`.

seen = searched(config, found)
seen.label                  # "compact, 160 problems": what was confirmed
facts(seen)                 # [Fact("Use", "compact on 160 of 320 problems, …"), …]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fractionate.config import BASE, StudyConfig
from fractionate.formats import MISSING, percent, points
from fractionate.report.conclusion import listed
from fractionate.report.shown import difference, share
from fractionate.study.search.candidates import Candidate, eligible
from fractionate.study.search.confirm import UNITS, Confirmed
from fractionate.study.search.fates import FATES
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
        Fact("Cheaper still", _cheaper(seen)),
        Fact("Equal FLOPs", _equal(seen)),
        Fact("Constraints", _constraints(seen)),
        Fact("Layers", _layers(seen)),
    ]
    return [fact for fact in told if fact.told]


def _use(seen: Searched) -> str:
    found, decision = seen.found, seen.found.decision
    if decision.recipe is None:
        return "nothing yet: the reference has not learned enough to be a measure for anything smaller."
    smaller = decision.outcome == "smaller"
    recipe = found.recipe if smaller else decision.recipe
    problems = found.traces if smaller else seen.problems
    ready = (
        "all the stages that it passed through"
        if is_schedule(Candidate(recipe).arm)
        else "what it learned: `fractionate compile dataset/supervision.parquet --format trl --out …` writes it for "
        "another trainer"
    )
    return (
        f"{recipe} on {_of(problems, seen.problems)} problems, learning rate {found.learning_rate:g}. Beside this "
        f"report, student/ is the checkpoint and dataset/ {ready}."
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
    first = [*seen.found.confirmed.before, seen.found.confirmed][0].label
    if seen.found.sure:
        return f"{first} had looked not worse on the questions for development, too."
    settings = seen.config.search
    within = " and within the constraints" if settings.not_worse or settings.longer is not None else ""
    whose = " of what was trained on all problems" if seen.found.stopped else ""
    return (
        f"nothing cheaper than {seen.reference}{whose} had looked not worse{within} on the questions for development; "
        f"{first} was the likeliest."
    )


def _cheaper(seen: Searched) -> str:
    """What was tried in turn, each because the one before held, and what was not."""
    confirmed, told = seen.found.confirmed, []
    if confirmed.before:
        told.append(f"{listed([_apart(c) for c in confirmed.before])} held before {seen.label} was tried.")
    if confirmed.failed is not None:
        told.append(
            f"{_apart(confirmed.failed)} was tried on the same questions because what stands above held, and "
            f"{_why(confirmed.failed)}."
        )
    if seen.found.open:
        names = [f"{name} ({percent(part)} of the {seen.unit})" for name, part in seen.found.open.items()]
        told.append(
            f"more likely not worse than worse on the questions for development, and not tried: {listed(names)}"
            f"{'' if confirmed.failed else ' (search.confirm_cheaper)'}."
        )
    return " ".join(told)


def _why(failed: Confirmed) -> str:
    """Why it did not take the place of what was confirmed before it."""
    bound = failed.found[failed.label].lower_bound
    if bound is None or bound <= -failed.decision.margin:
        return "was not shown to be not worse"
    if failed.broken:
        return f"was not shown to keep within its constraints ({listed(failed.broken)})"
    return "turned out to cost no less"


def _apart(confirmed: Confirmed) -> str:
    """A recipe beside the one that is decided on, with its difference to the reference."""
    found = confirmed.found[confirmed.label]
    apart = difference(found.difference).inline if found.difference else MISSING
    return f"{confirmed.label} ({apart} points, at least {points(found.lower_bound)})"


def _out_before(seen: Searched) -> list[str]:
    """Candidates that are cheaper than the reference and were dropped, by why."""
    gone: dict[str, list[str]] = {}
    for rung in seen.found.rungs:
        spent = {name: cost_of(costs, seen.config.search.cost) for name, costs in rung.costs.items()}
        limit = spent[rung.judged.reference]
        for name, why in rung.judged.kept.dropped.items():
            if eligible(name) and spent[name] < limit:
                gone.setdefault(f"after {rung.traces:,} problems: {why}", []).append(name)
    return [f"{listed(names)} ({why})" for why, names in gone.items()]


def _equal(seen: Searched) -> str:
    equal = seen.found.confirmed.equal_compute
    if equal is None:
        asked = seen.config.search.equal_compute
        return "" if asked or seen.label == seen.reference else "not compared (search.equal_compute)."
    return (
        f"{difference(equal.difference).inline} points if {seen.label} trains with as many as {seen.reference}, by "
        f"more epochs: {equal.verdict}."
    )


def _constraints(seen: Searched) -> str:
    checks, broken = seen.found.confirmed.checks, seen.found.confirmed.broken
    if not checks:
        return ""
    return f"not shown to be kept: {listed(broken)}." if broken else f"all {len(checks)} shown to be kept."


def _layers(seen: Searched) -> str:
    """What became of them, in the order in which one wants to know."""
    fates = {fate: [f.layer for f in seen.found.fates if f.fate == fate] for fate in FATES}
    told = [f"{fate}: {listed(layers)}" for fate, layers in fates.items() if layers]
    return f"{'; '.join(told)} (in students of {seen.label})." if told else ""
