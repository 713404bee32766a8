"""Constraints on what may be chosen: not worse in one style, one benchmark, one layer, and not longer.

    validate(config, items)                 # before anything is trained
    checks_of(config.search, scores, "full", "compact", own, reference)
    # [Check(name="style: boxed", allowed=-0.05, value=0.01, found=-0.02, holds=True)]

A constraint holds if the one-sided 95% lower bound of the difference to the reference lies above what is allowed: what
cannot be told does not hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, inf, nan, sqrt
from statistics import fmean
from typing import NamedTuple

from scipy.stats import norm, t

from fractionate.config import SearchConfig, StudyConfig
from fractionate.errors import InputError
from fractionate.records import Item, Score
from fractionate.study.asked import suite_of
from fractionate.study.search.bounds import bounds_of
from fractionate.study.search.fates import measured
from fractionate.transfer.layers import LayerScore
from fractionate.transfer.statistics import bootstrap, compare
from fractionate.transfer.statistics.power import BETWEEN_SEEDS

LAYER, WORST = "layer: ", "worst style"
LENGTH = "length of answers"
_TWO_SIDED = float(norm.ppf(0.975))


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint: `found` is the bound, or for length the ratio, that is held against what is `allowed`.

    `value` is the difference itself.
    """

    name: str
    allowed: float
    value: float
    found: float
    holds: bool

    @property
    def likely(self) -> bool:
        """Whether it would hold if nothing were left to chance."""
        return self.holds or (self.name != LENGTH and self.value > self.allowed)

    @property
    def takes(self) -> float:
        """How many times as many answers would show it, if the difference stayed: its error falls with their root."""
        return max(((self.value - self.found) / (self.value - self.allowed)) ** 2, 1.0)


class Below(NamedTuple):
    """A difference to the reference and its one-sided 95% lower bound."""

    value: float
    bound: float


def validate(config: StudyConfig, items: Sequence[Item]) -> None:
    """Check that all constraints are about something that will be asked.

    Raises:
        InputError: one is not.
    """
    cells, families = dict.fromkeys(i.cell for i in items), {i.family for i in items}
    for name in config.search.not_worse:
        layer = name.removeprefix(LAYER)
        if name.startswith(LAYER):
            if layer not in suite_of(config).layers:
                raise InputError(
                    f"search.not_worse: the layer {layer!r} is not asked; name it in transfer.layers"
                )
        elif name == WORST:
            if "style" not in families:
                raise InputError('search.not_worse: "worst style" needs styles among the cells')
        elif name not in cells and name not in families:
            known = ", ".join([*cells, *sorted(families)])
            raise InputError(f"search.not_worse: no cell, family or layer {name!r}; there are {known}")


def checks_of(
    settings: SearchConfig,
    scores: Sequence[Score],
    reference: str,
    label: str,
    own: Sequence[Mapping[str, LayerScore]],
    taught: Sequence[Mapping[str, LayerScore]],
) -> list[Check]:
    """All constraints of the search; `own` and `taught` are the layers of both, one mapping a seed."""
    checks = []
    for name, allowed in settings.not_worse.items():
        below = (
            _of_layer(name.removeprefix(LAYER), own, taught)
            if name.startswith(LAYER)
            else _of_cells(name, scores, reference, label)
        )
        checks.append(Check(name, -allowed, below.value, below.bound, below.bound > -allowed))
    if settings.longer is not None:
        ratio = _length(scores, label) / max(_length(scores, reference), 1e-9)
        checks.append(Check(LENGTH, settings.longer, ratio, ratio, ratio <= settings.longer))
    return checks


def _of_cells(name: str, scores: Sequence[Score], reference: str, label: str) -> Below:
    if name == WORST:
        return _worst(scores, reference, label)
    some = [s for s in scores if name in (s.cell, s.family)]
    if not _comparable(some, reference, label):
        return Below(nan, -inf)
    families = tuple(dict.fromkeys(s.family for s in some))
    found = compare(some, label, reference, margin=0.01, families=families)
    return Below(found.difference.value, bounds_of(found)[0])


def _worst(scores: Sequence[Score], reference: str, label: str) -> Below:
    """The worst style of each; taken as independent, which makes the bound rather too low.

    Seeds count as they do for T: a few by Student's distribution, a single one with the spread that others have shown.
    """
    styled = [s for s in scores if s.family == "style"]
    if not _comparable(styled, reference, label):
        return Below(nan, -inf)
    styles = list(dict.fromkeys(s.cell for s in styled))
    found = bootstrap(scores, lambda cells: min(cells.values()), cells=styles)
    error = hypot(*((found[a].high - found[a].low) / (2 * _TWO_SIDED) for a in (label, reference)))
    more = len({s.seed for s in scores if s.arm == label}) - 1
    reach = float(t.ppf(0.95, 2 * more if more else inf)) * hypot(
        error, 0 if more else sqrt(2) * BETWEEN_SEEDS
    )
    difference = found[label].value - found[reference].value
    return Below(difference, difference - reach)


def _comparable(scores: Sequence[Score], reference: str, label: str) -> bool:
    """Whether both have an answer that was checked to the same question in every cell."""
    checked = [
        {(s.cell, s.item) for s in scores if s.arm == arm and s.right is not None}
        for arm in (reference, label)
    ]
    return {s.cell for s in scores} == {cell for cell, _ in checked[0] & checked[1]}


def _of_layer(
    name: str, own: Sequence[Mapping[str, LayerScore]], taught: Sequence[Mapping[str, LayerScore]]
) -> Below:
    one, other = measured(name, own), measured(name, taught)
    if one is None or other is None:
        return Below(nan, -inf)
    found = one.minus(other)
    return Below(found.value, found.at_least)


def _length(scores: Sequence[Score], arm: str) -> float:
    return fmean(s.tokens for s in scores if s.arm == arm and s.family != "at_once")
