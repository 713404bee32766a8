"""Constraints on what may be chosen: not worse in one style, one benchmark, one layer, and not longer.

    checks_of(config, scores, "full", "compact", own, reference)
    # [Check(name="style: boxed", allowed=0.05, found=-0.02, holds=True)]

A constraint holds if the one-sided 95% lower bound of the difference to the reference lies above what is allowed: what
cannot be told does not hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from statistics import fmean

from scipy.stats import norm

from fractionate.config import SearchConfig
from fractionate.errors import InputError
from fractionate.records import Score
from fractionate.study.search.fates import measured
from fractionate.transfer.layers import LayerScore
from fractionate.transfer.statistics import bootstrap, compare

LAYER, WORST = "layer: ", "worst style"
LENGTH = "length of answers"
_TWO_SIDED, _ONE_SIDED = float(norm.ppf(0.975)), float(norm.ppf(0.95))


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint: `found` is the bound, or for length the ratio, that is held against what is `allowed`."""

    name: str
    allowed: float
    found: float
    holds: bool


def checks_of(
    settings: SearchConfig,
    scores: Sequence[Score],
    reference: str,
    label: str,
    own: Sequence[Mapping[str, LayerScore]],
    taught: Sequence[Mapping[str, LayerScore]],
) -> list[Check]:
    """All constraints of the search; `own` and `taught` are the layers of both, one mapping a seed.

    Raises:
        InputError: a constraint names nothing that was measured.
    """
    checks = []
    for name, allowed in settings.not_worse.items():
        bound = (
            _of_layer(name.removeprefix(LAYER), own, taught)
            if name.startswith(LAYER)
            else _of_cells(name, scores, reference, label)
        )
        checks.append(Check(name, -allowed, bound, bound > -allowed))
    if settings.longer is not None:
        ratio = _length(scores, label) / max(_length(scores, reference), 1e-9)
        checks.append(Check(LENGTH, settings.longer, ratio, ratio <= settings.longer))
    return checks


def _of_cells(name: str, scores: Sequence[Score], reference: str, label: str) -> float:
    if name == WORST:
        return _worst(scores, reference, label)
    some = [s for s in scores if name in (s.cell, s.family)]
    if not some:
        known = ", ".join(dict.fromkeys(s.cell for s in scores))
        raise InputError(f"search.not_worse: no cell, family or layer {name!r}; there are {known}")
    families = tuple(dict.fromkeys(s.family for s in some))
    return compare(some, label, reference, margin=0.01, families=families).lower_bound


def _worst(scores: Sequence[Score], reference: str, label: str) -> float:
    """The worst style of each; taken as independent, which makes the bound rather too low."""
    styles = list(dict.fromkeys(s.cell for s in scores if s.family == "style"))
    if not styles:
        raise InputError('search.not_worse: "worst style" needs styles among the cells')
    found = bootstrap(scores, lambda cells: min(cells.values()), cells=styles)
    error = hypot(*((found[a].high - found[a].low) / (2 * _TWO_SIDED) for a in (label, reference)))
    return found[label].value - found[reference].value - _ONE_SIDED * error


def _of_layer(
    name: str, own: Sequence[Mapping[str, LayerScore]], taught: Sequence[Mapping[str, LayerScore]]
) -> float:
    if not all(name in layers for layers in (*own, *taught)):
        raise InputError(f"search.not_worse: the layer {name!r} is not asked; name it in transfer.layers")
    return measured(name, own).minus(measured(name, taught)).at_least


def _length(scores: Sequence[Score], arm: str) -> float:
    return fmean(s.tokens for s in scores if s.arm == arm and s.family != "at_once")
