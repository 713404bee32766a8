"""Killed at random moments, does a search end with the same decision, and is no student trained twice?

    python -m studies.killed studies/killed.toml --out runs/killed --kills 10

The search runs once undisturbed. Then it is begun anew in another folder and killed (SIGKILL) so many times, each after
a random time of up to 1.3 times that share of the whole, and goes on to its end. Compared are the two decisions, to the
character, and which finished trainings were written again. The script itself can be killed; it then begins anew.
"""

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

Trained = Mapping[str, tuple[int, int]]


def main() -> None:
    """Run it whole, run it killed, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("study", type=Path)
    parser.add_argument("--out", type=Path, default=Path("runs/killed"))
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    whole, killed = options.out / "whole", options.out / "killed"
    for folder in (whole, killed):
        shutil.rmtree(folder, ignore_errors=True)
    seconds = run(options.study, whole, None)
    assert seconds is not None, "the undisturbed search failed"
    print(f"undisturbed: {seconds:.0f} s, {len(trained(whole))} students", flush=True)
    rng, again = random.Random(options.seed), 0
    for number in range(options.kills):
        before = trained(killed)
        limit = rng.uniform(0.0, 1.3 * seconds / options.kills) + STARTING
        ended = run(options.study, killed, limit)
        after = trained(killed)
        again += sum(after[place] != known for place, known in before.items())
        said = "had ended" if ended is not None else f"killed after {limit:.0f} s"
        print(f"{number + 1}: {said}, {len(after)} students trained", flush=True)
    before = trained(killed)
    assert run(options.study, killed, None) is not None, "the killed search failed in the end"
    again += sum(trained(killed)[place] != known for place, known in before.items())
    one, other = (json.loads((folder / "decision.json").read_text()) for folder in (whole, killed))
    print(f"students trained twice to completion: {again}")
    print(f"same students: {trained(whole).keys() == trained(killed).keys()}")
    print(f"same decision, to the character: {one == other}")


STARTING = 5.0
"""Seconds in which nothing happens but imports."""


def run(study: Path, out: Path, limit: float | None) -> float | None:
    """The seconds that the search took, or None if it was killed after `limit` of them or failed."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "fractionate", "search", str(study), "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        code = process.wait(limit)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return None
    return time.monotonic() - begun if code == 0 else None


def trained(folder: Path) -> Trained:
    """Every finished training under a folder: its file by place, and when it was written."""
    files = sorted(folder.rglob("arms/*/trained.json"))
    return {str(f.relative_to(folder)): (f.stat().st_mtime_ns, f.stat().st_ino) for f in files}


if __name__ == "__main__":
    main()
