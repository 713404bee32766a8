"""Intervals, tests, equivalence and power for scores: questions paired and clustered, seeds drawn at random.

estimates(scores, reference="full")["compact"].difference       # Interval(value=-0.01, low=-0.04, high=0.02)
compare(scores, "compact", "full", margin=0.02).verdict         # "not worse"
power_line(plan_of(items, seeds=3), margin=0.02)                # what can be seen, before anything is run
"""

from fractionate.transfer.statistics.bootstrap import bootstrap
from fractionate.transfer.statistics.comparisons import Comparison, compare, compare_arms, holm
from fractionate.transfer.statistics.estimates import (
    ArmEstimate,
    CellEstimate,
    Estimates,
    estimates,
    transfer_score,
    transfer_scores,
)
from fractionate.transfer.statistics.exact import sign_flip
from fractionate.transfer.statistics.intervals import Interval
from fractionate.transfer.statistics.power import (
    Needed,
    Plan,
    PlannedPart,
    minimum_detectable,
    minimum_margin,
    needed,
    plan_of,
    power,
    power_line,
    what_it_takes,
)
from fractionate.transfer.statistics.table import TRANSFER_FAMILIES

__all__ = [
    "TRANSFER_FAMILIES",
    "ArmEstimate",
    "CellEstimate",
    "Comparison",
    "Estimates",
    "Interval",
    "Needed",
    "Plan",
    "PlannedPart",
    "bootstrap",
    "compare",
    "compare_arms",
    "estimates",
    "holm",
    "minimum_detectable",
    "minimum_margin",
    "needed",
    "plan_of",
    "power",
    "power_line",
    "sign_flip",
    "transfer_score",
    "transfer_scores",
    "what_it_takes",
]
