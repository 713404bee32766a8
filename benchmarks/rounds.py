"""Running contestants by turns, each in a process of its own, and reading what they measured.

    results = take_turns({"ours": ["ours"], "trl": ["trl", "default"]}, "benchmarks.train_side", rounds=3, work=file)
    median(r["examples_per_s"] for r in results["ours"])

A contestant is a module that is run as `python -m MODULE WORK ARGUMENT…` and prints one JSON object as its last line.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Result = dict[str, Any]


def take_turns(
    contestants: Mapping[str, Sequence[str]],
    module: str,
    *,
    rounds: int,
    work: Path,
) -> dict[str, list[Result]]:
    """Each contestant once a round, the order turned about from round to round; what each printed."""
    results: dict[str, list[Result]] = {name: [] for name in contestants}
    for number in range(rounds):
        order = list(contestants) if number % 2 == 0 else list(contestants)[::-1]
        for name in order:
            print(f"round {number + 1} of {rounds}: {name} …", file=sys.stderr, flush=True)
            results[name].append(run_side(module, work, contestants[name]))
    return results


def run_side(module: str, work: Path, arguments: Sequence[str]) -> Result:
    """One run in a process of its own.

    Raises:
        RuntimeError: it failed; its last words are in the message.
    """
    environment = os.environ | {
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",
        "WANDB_MODE": "disabled",
    }
    done = subprocess.run(
        [sys.executable, "-m", module, str(work), *arguments], capture_output=True, text=True, env=environment
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} {' '.join(arguments)}: {done.stderr.strip()[-2000:]}")
    result: Result = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def peak_gb() -> float:
    """The most memory that this process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def slope(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Least squares slope of log time over log size."""
    xs, ys = ([math.log(v) for v in values] for values in (sizes, times))
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sum((x - mx) ** 2 for x in xs)


def arguments(description: str) -> argparse.ArgumentParser:
    """What all benchmarks understand."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--quick", action="store_true", help="a first answer in about a minute")
    return parser
