"""The three importances side by side: structural, informational, counterfactual, and how far they agree.

    weights(anatomy)[1]       # Weight(step=1, dependence=3, collapse=0.4, surprise=1.9, effect=2.3)
    agreement = Agreement()
    for anatomy in agreement.watch(ask(model, anatomies, plan)): …
    agreement.summary()       # {"dependence/effect": {"rho": 0.31, "ci": [0.27, 0.35], "traces": 412}, …}

Agreement is Spearman's rank correlation within each trace, averaged over traces: traces differ in how surprising they
are as wholes, and that is not what is asked. A trace in which one of two importances is the same for every step says
nothing about that pair.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from math import sqrt
from statistics import fmean, stdev
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import rankdata

from fractionate.records import Anatomy, Step

PATHS = {"none": 0, "some": 1, "all": 2}
DECISION = 3
MEASURES = ("dependence", "collapse", "surprise", "effect")
FEWEST_STEPS = 3
"""Steps that a rank correlation within a trace needs."""


class Weight(NamedTuple):
    """One step, three ways. `dependence` and `collapse` are structural: 0 to 3 for paths none, some and all and for a
    decision point; and the share of the trace's steps that use the step, which fall with it.
    """

    step: int
    dependence: int
    collapse: float
    surprise: float | None
    effect: float | None


def weights(anatomy: Anatomy) -> list[Weight]:
    """A row for each step that a model was asked about."""
    asked = [s for s in anatomy.steps if s.surprise is not None or s.effect is not None]
    return [_weight(anatomy, step) for step in asked]


def _weight(anatomy: Anatomy, step: Step) -> Weight:
    dependence = DECISION if step.decision else PATHS[step.paths]
    collapse = len(anatomy.users(step.index)) / len(anatomy.steps)
    return Weight(step.index, dependence, collapse, step.surprise, step.effect)


class Agreement:
    """Rank correlations of a corpus; each anatomy is seen once and not kept."""

    def __init__(self) -> None:
        self.found: dict[str, list[float]] = defaultdict(list)

    def watch(self, anatomies: Iterable[Anatomy]) -> Iterator[Anatomy]:
        """Hand anatomies on and compare their importances."""
        for anatomy in anatomies:
            self.add(anatomy)
            yield anatomy

    def add(self, anatomy: Anatomy) -> None:
        """One trace's correlations, over the steps that have all importances."""
        rows = [w for w in weights(anatomy) if w.surprise is not None and w.effect is not None]
        if len(rows) < FEWEST_STEPS:
            return
        ranks = {m: rankdata([getattr(w, m) for w in rows]) for m in MEASURES}
        for a, b in combinations(MEASURES, 2):
            if np.ptp(ranks[a]) and np.ptp(ranks[b]):
                self.found[f"{a}/{b}"].append(float(np.corrcoef(ranks[a], ranks[b])[0, 1]))

    def summary(self) -> dict[str, dict[str, Any]]:
        """For each pair the mean over traces, its 95% interval (normal), and the number of traces."""
        return {pair: _mean(values) for pair, values in self.found.items()}


def _mean(values: list[float]) -> dict[str, Any]:
    mean = fmean(values)
    half = 1.96 * stdev(values) / sqrt(len(values)) if len(values) > 1 else 2.0
    interval = [round(max(mean - half, -1.0), 3), round(min(mean + half, 1.0), 3)]
    return {"rho": round(mean, 3), "ci": interval, "traces": len(values)}
