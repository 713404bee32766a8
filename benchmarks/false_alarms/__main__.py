"""The command: simulate every setting, print a table or one JSON object."""

import argparse
import json
from dataclasses import asdict

from tqdm import tqdm

from benchmarks import false_alarms
from benchmarks.false_alarms.outcome import BARS, met, table
from benchmarks.false_alarms.settings import settings
from benchmarks.false_alarms.simulation import simulate


def main() -> None:
    """Simulate every setting, print a table or one JSON object."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.false_alarms",
        description=false_alarms.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--runs", type=int, default=2000, help="comparisons a setting")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options = parser.parse_args()
    runs = options.runs
    rows = [(setting, simulate(setting, runs)) for setting in tqdm(settings(), unit="setting")]
    if options.json:
        found = [asdict(setting) | row._asdict() for setting, row in rows]
        print(json.dumps({"runs": runs, "bars": BARS, "settings": found, "met": met(rows)}))
    else:
        print(table(rows), *(f"{name}: {text}" for name, text in met(rows).items()), sep="\n")


if __name__ == "__main__":
    main()
