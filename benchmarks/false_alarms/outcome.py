"""What came out: in how many settings each bar is met, and the table of all."""

from collections.abc import Sequence

from benchmarks.false_alarms.settings import Setting
from benchmarks.false_alarms.simulation import Row

BARS = {"false_alarms": (0.0, 0.06), "coverage": (0.93, 0.97), "wrong": (0.0, 0.06), "power": (0.80, 1.0)}


def met(rows: Sequence[tuple[Setting, Row]]) -> dict[str, str]:
    """For each bar, in how many settings it is met."""
    bars = BARS | {"coverage_t": BARS["coverage"]}
    bars |= {f"old_{name}": BARS[name] for name in ("false_alarms", "coverage", "wrong")}
    found = {}
    for name, (low, high) in bars.items():
        values = [getattr(row, name) for _, row in rows]
        inside = sum(low <= v <= high for v in values)
        found[name] = (
            f"{inside} of {len(values)} settings within {low:.0%} to {high:.0%}; "
            f"from {min(values):.1%} to {max(values):.1%}"
        )
    return found


def table(rows: Sequence[tuple[Setting, Row]]) -> str:
    """Markdown; the old method's figures in brackets."""
    lines = [
        "| accuracy | questions | seeds | | called different | covered | T covered | width | margin | wrong | power |",
        "|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for s, r in rows:
        lines.append(
            f"| {s.accuracy:.0%} | {s.items} | {s.seeds} | {s.about} "
            f"| {r.false_alarms:.1%} ({r.old_false_alarms:.1%}) | {r.coverage:.1%} ({r.old_coverage:.1%}) "
            f"| {r.coverage_t:.1%} | {r.width * 100:.1f} ({r.old_width * 100:.1f}) | {r.margin * 100:.1f} "
            f"| {r.wrong:.1%} ({r.old_wrong:.1%}) | {r.power:.1%} |"
        )
    return "\n".join(lines)
