"""Many traces over all cores: anatomies in order, while the traces are still being read.

    for anatomy in analyze_all(read_traces("traces.jsonl")):
        …

Processes are forked, so that passes registered in a script are there too; where the platform cannot fork safely (it is
not Linux), and for a handful of traces, one process does the work.
"""

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context

from fractionate.anatomy.passes import analyze
from fractionate.records import Anatomy, Trace

FEW = 256
"""Traces that are done before processes would have started."""
CHUNK = 64
"""Traces handed over at once."""


def analyze_all(traces: Iterable[Trace], workers: int | None = None) -> Iterator[Anatomy]:
    """Each trace's anatomy, in their order; at most a few chunks a worker are held in memory.

    `workers` is the number of processes; by default that of the cores, or none for a few traces.
    """
    stream = iter(traces)
    head = list(islice(stream, FEW)) if workers is None else []
    count = workers or _cores()
    if count < 2 or sys.platform != "linux" or (workers is None and len(head) < FEW):
        yield from map(analyze, chain(head, stream))
        return
    with ProcessPoolExecutor(count, mp_context=get_context("fork")) as pool:
        waiting: deque[Future[list[Anatomy]]] = deque()
        for chunk in _chunks(chain(head, stream)):
            waiting.append(pool.submit(_analyze_chunk, chunk))
            if len(waiting) > 2 * count:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _chunks(traces: Iterator[Trace]) -> Iterator[list[Trace]]:
    while chunk := list(islice(traces, CHUNK)):
        yield chunk


def _analyze_chunk(traces: list[Trace]) -> list[Anatomy]:
    return [analyze(trace) for trace in traces]
