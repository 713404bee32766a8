"""One run of the compiling benchmark: `python -m benchmarks.compile_side ANATOMY.parquet FORMAT RECIPE`.

Compiles the file on one core into a folder that is thrown away, and prints one JSON object: traces a second between the
first few hundred and the last (starting up and the card's hashes are not in it), seconds in all, and peak memory.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.rounds import peak_gb
from fractionate.supervision.dataset import Order, compile_dataset


def main() -> None:
    """Compile, print."""
    work, form, recipe = sys.argv[1:]
    os.sched_setaffinity(0, [sorted(os.sched_getaffinity(0))[0]])
    times: list[tuple[int, float, float]] = []

    def watch(done: int, total: int) -> None:
        times.append((done, time.perf_counter(), time.process_time()))

    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        card = compile_dataset(Order(Path(work), recipe, form, Path(out) / "dataset"), watch)
    (first, *began), (last, *ended) = times[0], times[-1]
    print(
        json.dumps(
            {
                "traces_per_s": (last - first) / (ended[0] - began[0]),
                "traces_per_cpu_s": (last - first) / (ended[1] - began[1]),
                "seconds": time.perf_counter() - start,
                "examples": card["examples"],
                "peak_gb": peak_gb(),
            }
        )
    )


if __name__ == "__main__":
    main()
