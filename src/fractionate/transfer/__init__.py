"""Does performance hold when the prompt changes, on related benchmarks, and does reasoning help the answer?

problems = load_benchmark("svamp", limit=200)
items = items_for(problems, cell="svamp", family="related", style="plain", seed=0)
scores = score(items, responses, arm="full", seed=0)      # one Score an answer
estimates(scores, reference="full")["compact"].difference  # Interval(value=-0.01, low=-0.04, high=0.02)
compare(scores, "compact", "full", margin=0.02).verdict    # "not worse"
"""

from fractionate.transfer.benchmarks import BENCHMARKS, Problem, load_benchmark
from fractionate.transfer.curves import Point, curve
from fractionate.transfer.items import items_for
from fractionate.transfer.robustness import StyleReport, style_report
from fractionate.transfer.scoring import is_looping, score
from fractionate.transfer.statistics import (
    ArmEstimate,
    CellEstimate,
    Comparison,
    Estimates,
    Interval,
    Plan,
    bootstrap,
    compare,
    compare_arms,
    estimates,
    minimum_detectable,
    plan_of,
    power_line,
    transfer_score,
)
from fractionate.transfer.styles import STYLES, Prompted, Style, share_changed

__all__ = [
    "BENCHMARKS",
    "STYLES",
    "ArmEstimate",
    "CellEstimate",
    "Comparison",
    "Estimates",
    "Interval",
    "Plan",
    "Point",
    "Problem",
    "Prompted",
    "Style",
    "StyleReport",
    "bootstrap",
    "compare",
    "compare_arms",
    "curve",
    "estimates",
    "is_looping",
    "items_for",
    "load_benchmark",
    "minimum_detectable",
    "plan_of",
    "power_line",
    "score",
    "share_changed",
    "style_report",
    "transfer_score",
]
