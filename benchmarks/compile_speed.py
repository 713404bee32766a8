"""Speed and memory of compiling analyzed traces into every format, on one core.

    python -m benchmarks.compile_speed                # 100,000 traces
    python -m benchmarks.compile_speed --quick --json

Traces are of the ledger world, of the size of GSM8K's solutions (300 characters, plain, 2 to 5 steps); a few thousand
are taken apart and written many times over under other names. Each format is compiled from that file in a process of
its own; memory is compared with a run of a tenth of the traces: what streams does not grow.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.rounds import arguments, run_side
from fractionate.anatomy import analyze_all
from fractionate.records import Anatomy
from fractionate.storage import write_records
from fractionate.supervision.export.base import EXPORTERS
from fractionate.worlds import WORLDS, Dials

BARS = {"text": 5000, "tokens": 2500}
"""Traces a second that are asked for."""
DISTINCT = 4000


def main() -> None:
    """Measure, print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--recipe", default="decision_points")
    parser.add_argument("--formats", nargs="*", default=[n for n, e in EXPORTERS.items() if not e.pairs])
    options = parser.parse_args()
    count = 10_000 if options.quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder) / "few.parquet", Path(folder) / "many.parquet"
        distinct = analyzed(DISTINCT)
        for path, number in ((few, count // 10), (many, count)):
            write_records(path, Anatomy, repeated(distinct, number))
        found = {name: measured(name, options.recipe, few, many) for name in options.formats}
    summary = {"traces": count, "recipe": options.recipe, "bars": BARS, "formats": found}
    print(json.dumps(summary) if options.json else table(summary))


def measured(name: str, recipe: str, few: Path, many: Path) -> dict[str, Any]:
    """One format's rates, and how much more memory ten times the traces take."""
    small, large = (run_side("benchmarks.compile_side", path, [name, recipe]) for path in (few, many))
    kind = "tokens" if EXPORTERS[name].tokens else "text"
    return large | {"kind": kind, "grown_gb": large["peak_gb"] - small["peak_gb"]}


def analyzed(count: int) -> list[Anatomy]:
    """The world's traces, taken apart as files are."""
    dials = Dials(depth=(2, 5), distractors=(0, 2), verbosity="plain")
    return list(analyze_all(a.trace for a in WORLDS["ledger"].sample(count, seed=2, dials=dials)))


def repeated(distinct: Sequence[Anatomy], count: int) -> Iterator[Anatomy]:
    """The anatomies over and over, each under a name of its own."""
    for number in range(count):
        anatomy = distinct[number % len(distinct)]
        yield replace(anatomy, trace=replace(anatomy.trace, id=f"ledger#{number}"))


def table(summary: dict[str, Any]) -> str:
    """For people."""
    lines = [f"{summary['traces']:,} traces, recipe {summary['recipe']}, one core"]
    lines.append(f"{'format':24} {'traces/s':>9} {'bar':>6} {'of CPU':>8} {'peak GB':>8} {'grown':>6}")
    lines += [
        f"{name:24} {f['traces_per_s']:9.0f} {summary['bars'][f['kind']]:6} {f['traces_per_cpu_s']:8.0f} "
        f"{f['peak_gb']:8.2f} {f['grown_gb']:6.2f}"
        for name, f in summary["formats"].items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
