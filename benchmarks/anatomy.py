"""The analysis beside people's labels: every score with the best trivial baseline and a 95% interval.

    python -m benchmarks.anatomy --data DIR
    python -m benchmarks.anatomy --data DIR --json --only perl worlds

DIR holds folders `perl`, `reasoningflow`, `processbench`, `bigbench_mistake`, `reasoneval`, `mr_gsm8k`; what is absent
is skipped. The worlds are scored without any data. Intervals draw questions or documents again as wholes. With
`--model smollm2-135m` a student helps to find the first wrong steps of ProcessBench and MR-GSM8K. A file that cannot be
read is named on standard error, the others are scored, and the exit code is 1.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.labels.files import Unscored
from benchmarks.labels.mistakes import processbench
from benchmarks.labels.mr_gsm8k import mr_gsm8k
from benchmarks.labels.suites import SUITES, Row, Scored, Suite
from benchmarks.labels.worlds import worlds

for _module in ("perl", "reasoningflow", "reasoneval"):
    importlib.import_module(f"benchmarks.labels.{_module}")


def main() -> None:
    """Score, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="a folder laid out as described")
    parser.add_argument("--only", nargs="*", help="names of suites, `worlds` among them")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--model", help="a student that helps to judge ProcessBench's traces")
    options = parser.parse_args()
    suites = dict(SUITES)
    if options.model:
        from benchmarks.labels.student import student

        judge = student(options.model)
        suites |= {
            "processbench": partial(processbench, judge=judge),
            "mr_gsm8k": partial(mr_gsm8k, judge=judge),
        }
    found: dict[str, Row] = {}
    faults = False
    for name, scored in scores(options.data, options.only, suites):
        if isinstance(scored, Unscored):
            print(f"{scored.file}: not scored: {scored.reason}", file=sys.stderr)
            faults |= scored.faulty
        else:
            found[name] = scored
    if not found:
        sys.exit(f"{options.data}: nothing to score here; known folders: {', '.join(SUITES)}")
    print(json.dumps(found) if options.json else table(found))
    sys.exit(int(faults))


def scores(data: Path | None, only: list[str] | None, suites: Mapping[str, Suite]) -> Iterator[Scored]:
    """Every row of every suite that is there, and every file that has none."""
    folders = sorted(p.name for p in data.iterdir() if p.is_dir()) if data and data.is_dir() else []
    for name in folders:
        if name not in suites:
            print(f"{name}: no suite scores such labels", file=sys.stderr)
    for name, suite in suites.items():
        if data is not None and name in folders and (only is None or name in only):
            print(f"{name} …", file=sys.stderr)
            yield from suite(data / name)
    if only is None or "worlds" in only:
        print("worlds …", file=sys.stderr)
        yield from worlds()


def table(found: dict[str, Row]) -> str:
    """For people: a line a metric."""
    lines = [f"{'':48} {'n':>5} {'metric':22} {'ours':>6} {'95% interval':>15} {'trivial':>8}"]
    for name, scored in found.items():
        for metric in [key.removesuffix("_ci") for key in scored if key.endswith("_ci")]:
            low, high = scored[f"{metric}_ci"]
            trivial, which = scored[f"{metric}_baseline"], scored[f"{metric}_baseline_is"]
            lines.append(
                f"{name:48} {scored['n']:5} {metric:22} {scored[metric]:6.3f} {low:7.3f} {high:7.3f} "
                f"{trivial:8.3f} {which}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
