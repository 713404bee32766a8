"""What every suite gives: a metric beside its best trivial baseline, with an interval over clusters.

    row = score([Case(cluster="q1", ours=Counts(3, 1, 0), baselines={"previous": Counts(2, 1, 1)})], f1)
    row["links_f1"], row["links_f1_baseline"], row["links_f1_ci"]

A metric is a function of summed counts, so that questions or documents can be drawn again as wholes.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

DRAWS = 1000

Counts = Mapping[str, float]
Metric = Callable[[Counts], float]


class Case(NamedTuple):
    """One trace: the cluster that it is drawn with, our counts, and each trivial baseline's."""

    cluster: str
    ours: Counts
    baselines: Mapping[str, Counts]


def row(name: str, cases: Sequence[Case], metric: Metric) -> dict[str, Any]:
    """`name`, its best baseline (and which it is), and a 95% interval over clusters.

    Raises:
        ValueError: there is no case.
    """
    if not cases:
        raise ValueError("not one of its rows can be scored")
    summed = {b: metric(total([c.baselines[b] for c in cases])) for b in cases[0].baselines}
    best = max(summed, key=lambda b: summed[b])
    return {
        "n": len(cases),
        name: round(metric(total([c.ours for c in cases])), 4),
        f"{name}_baseline": round(summed[best], 4),
        f"{name}_baseline_is": best,
        f"{name}_ci": interval(cases, metric),
    }


def total(counts: Sequence[Counts]) -> Counts:
    """Key by key."""
    summed: dict[str, float] = defaultdict(float)
    for one in counts:
        for key, value in one.items():
            summed[key] += value
    return summed


def interval(cases: Sequence[Case], metric: Metric) -> list[float]:
    """Percentiles 2.5 and 97.5 of the metric with clusters drawn with replacement."""
    clusters: dict[str, list[Counts]] = defaultdict(list)
    for case in cases:
        clusters[case.cluster].append(case.ours)
    pooled = [total(counts) for counts in clusters.values()]
    rng = random.Random(0)
    values = sorted(metric(total(rng.choices(pooled, k=len(pooled)))) for _ in range(DRAWS))
    return [round(values[round(q * (DRAWS - 1))], 4) for q in (0.025, 0.975)]


def sets(found: set[Any], gold: set[Any]) -> Counts:
    """True and false positives and false negatives of a set."""
    return {"tp": len(found & gold), "fp": len(found - gold), "fn": len(gold - found)}


def f1(counts: Counts) -> float:
    """Micro F1 of `tp`, `fp`, `fn`."""
    return ratio(2 * counts.get("tp", 0), 2 * counts.get("tp", 0) + counts.get("fp", 0) + counts.get("fn", 0))


def ratio(part: float, whole: float) -> float:
    """0 where there is nothing."""
    return part / whole if whole else 0.0


def classes(found: Sequence[Any], gold: Sequence[Any]) -> Counts:
    """Per class counts `tp:c`, `fp:c`, `fn:c` of labels side by side."""
    counts: dict[str, float] = defaultdict(float)
    for ours, theirs in zip(found, gold, strict=True):
        counts[f"tp:{ours}" if ours == theirs else f"fp:{ours}"] += 1
        counts[f"fn:{theirs}"] += ours != theirs
    return counts


def macro_f1(counts: Counts) -> float:
    """The mean F1 of the classes that the gold labels have."""
    names = sorted({key.split(":", 1)[1] for key in counts if key[:2] in ("tp", "fn") and counts[key]})
    each = [f1({key: counts.get(f"{key}:{name}", 0.0) for key in ("tp", "fp", "fn")}) for name in names]
    return ratio(sum(each), len(each))
