"""What became of each layer under a recipe: imitated, rebuilt, lost, or undecided.

    fates_of(taught, own, reference, base)["decomposition"]
    # Fate(layer="decomposition", fate="rebuilt", score=0.61, reference=0.58, base=0.15, why="…")

Imitated: the layer's spans were learned. Rebuilt: none of them was shown or learned, and the layer's score is not worse
than that of the student that was taught it (the reference), better than the untouched one's, and more than a student
without the layer has, where that is known. Lost: not shown, and clearly worse than where it was taught, or no better
than untouched. Otherwise undecided; so is a layer whose spans are learned in less than a tenth of the examples: it was
hardly taught. All of it is about one layer by itself: with five of them one in four would look lost by chance at a
one-sided 5% if nothing were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot, inf, sqrt
from statistics import fmean, stdev
from typing import Literal, NamedTuple, get_args

from scipy.stats import norm, t

from fractionate.formats import difference_spread, points
from fractionate.records import Role, Supervision
from fractionate.study.search.effects import Attribution
from fractionate.study.search.factors import SPANS as FACTORS
from fractionate.transfer.layers import LayerScore
from fractionate.transfer.statistics.power import BETWEEN_SEEDS

FateName = Literal["imitated", "rebuilt", "lost", "undecided"]
FATES: tuple[FateName, ...] = get_args(FateName)
LEAST_LEARNED = 0.1
"""The share of examples that have to teach a layer before it counts as taught."""
SPANS = {
    "decomposition": Role.DECOMPOSITION,
    "search": Role.ERROR_SIGNAL,
    "error correction": Role.ERROR_SIGNAL,
    "coherence": Role.STRUCTURE,
    "representation": Role.STRUCTURE,
}
"""The role of spans that show a layer. Trying and taking back are error signals; results combined in an order are
structure, which is also what makes a student hold intermediate values."""

MARGIN = 0.1
"""How far below the taught student's a layer's score may lie and still not be worse."""
_TWO_SIDED = float(norm.ppf(0.975))


class Shown(NamedTuple):
    """The shares of examples in which spans of a role stand at all, and in which they are learned."""

    stands: float
    learned: float


@dataclass(frozen=True, slots=True)
class Fate:
    """One layer under one recipe; scores are means over seeds, None where the layer was not measured.

    `trivial` is what a student without the layer scores, the most that any of the students' questions give; None where
    that is not known.
    """

    layer: str
    fate: FateName
    score: float | None
    reference: float | None
    base: float | None
    why: str
    trivial: float | None = None


class Measured(NamedTuple):
    """A mean over students, its standard error, and on how many degrees of freedom that rests."""

    value: float
    error: float
    df: float = inf

    def minus(self, other: "Measured") -> "Measured":
        """The difference, as of independent students; seeds of both add up."""
        known = [m.df for m in (self, other) if m.df < inf]
        error = hypot(self.error, other.error)
        return Measured(self.value - other.value, error, sum(known) if known else inf)

    @property
    def _reach(self) -> float:
        return float(t.ppf(0.95, self.df)) * self.error

    @property
    def at_least(self) -> float:
        """The one-sided 95% lower bound."""
        return self.value - self._reach

    @property
    def at_most(self) -> float:
        """The one-sided 95% upper bound."""
        return self.value + self._reach


def shown_roles(supervisions: Sequence[Supervision]) -> dict[Role, Shown]:
    """Of each role, in how many examples it stands and is learned."""
    n = max(len(supervisions), 1)
    segments = [[s for s in supervision.segments if s.text] for supervision in supervisions]
    return {
        role: Shown(
            sum(any(s.role is role for s in some) for some in segments) / n,
            sum(any(s.role is role and s.weight > 0 for s in some) for some in segments) / n,
        )
        for role in Role
    }


def fates_of(
    shown: Mapping[Role, Shown],
    taught: Mapping[Role, Shown],
    own: Sequence[Mapping[str, LayerScore]],
    reference: Sequence[Mapping[str, LayerScore]],
    base: Sequence[Mapping[str, LayerScore]],
) -> list[Fate]:
    """Every layer that all students were measured on.

    `shown` is what the recipe shows, `taught` what the reference does; the others hold one mapping a seed.
    """
    layers = [name for name in SPANS if all(name in scores for scores in (*own, *reference, *base))]
    return [
        _fate(
            name,
            shown[SPANS[name]],
            taught[SPANS[name]].learned >= LEAST_LEARNED,
            measured(name, own),
            measured(name, reference),
            measured(name, base, trained=False),
            _trivial(name, (*own, *reference)),
        )
        for name in layers
    ]


def _trivial(layer: str, students: Sequence[Mapping[str, LayerScore]]) -> float | None:
    """Of students that have no answer to measure it on nothing is known."""
    scores = [student[layer] for student in students if student[layer].n]
    return max((score.trivial for score in scores if score.trivial is not None), default=None)


def _fate(
    layer: str,
    shown: Shown,
    was_taught: bool,
    own: Measured | None,
    reference: Measured | None,
    base: Measured | None,
    trivial: float | None,
) -> Fate:
    if own is None or reference is None or base is None:
        score, taught, untouched = (None if m is None else m.value for m in (own, reference, base))
        why = "it could not be measured on any answer of one of the students"
        return Fate(layer, "undecided", score, taught, untouched, why, trivial)
    to_reference, to_base = own.minus(reference), own.minus(base)
    told = f"{own.value:.2f} against {reference.value:.2f} where it was taught and {base.value:.2f} untouched"
    fate: FateName
    if shown.learned >= LEAST_LEARNED:
        fate, why = "imitated", f"its spans are learned in {shown.learned:.0%} of the examples; {told}"
    elif shown.learned > 0:
        fate, why = "undecided", f"its spans are learned in {shown.learned:.1%} of the examples alone; {told}"
    elif shown.stands > 0:
        fate, why = "undecided", f"its spans stand in {shown.stands:.0%} of the examples without loss; {told}"
    elif not was_taught:
        fate, why = "undecided", f"never shown, and the reference was hardly taught it either; {told}"
    elif to_reference.at_least > -MARGIN and to_base.at_least > 0:
        shows = trivial is None or own.value > trivial
        fate, without = ("rebuilt", "") if shows else ("undecided", f", and {trivial:.2f} without the layer")
        why = f"never shown; {told}{without}"
    elif to_reference.at_most < 0 or (to_base.at_most < MARGIN and reference.minus(base).at_least > 0):
        fate, why = "lost", f"never shown; {told}"
    else:
        fate, why = "undecided", f"never shown; {told}"
    return Fate(layer, fate, own.value, reference.value, base.value, why, trivial)


def with_effects(fates: Sequence[Fate], roles: Sequence[Attribution]) -> list[Fate]:
    """The same with what the layer's own role does to it, where that was measured: on as many problems as it was."""
    factor = {role: name for name, role in FACTORS.items()}
    told = []
    for fate in fates:
        own = factor[SPANS[fate.layer]]
        found = [
            (attribution.problems, effect.value)
            for attribution in roles
            for effect in attribution.effects.get(fate.layer, ())
            if effect.term == own and not effect.mixed_with
        ]
        if not found:
            told.append(fate)
            continue
        problems, adds = max(found, key=lambda one: one[0])
        why = f"{points(adds.value)} points ({difference_spread(adds)})"
        why = f"learned from {problems:,} problems its role ({own.replace('_', ' ')}) adds {why}"
        told.append(replace(fate, why=f"{fate.why}; {why}"))
    return told


def measured(
    layer: str, students: Sequence[Mapping[str, LayerScore]], *, trained: bool = True
) -> Measured | None:
    """The mean over students, and its standard error: what answers or what seeds make of it, whichever is more.

    Of a single trained student the spread between seeds is taken that other studies have shown; the untouched one has
    none. Students without an answer that the layer can be measured on do not count; None where none has one.
    """
    intervals = [student[layer].value for student in students if student[layer].n]
    if not intervals:
        return None
    values, n = [i.value for i in intervals], len(intervals)
    answers = sqrt(sum(((i.high - i.low) / (2 * _TWO_SIDED)) ** 2 for i in intervals)) / n
    if n == 1 or not trained:
        return Measured(fmean(values), hypot(answers, BETWEEN_SEEDS * trained))
    return Measured(fmean(values), max(answers, stdev(values) / sqrt(n)), n - 1)
