"""Speed of taking traces apart, beside cotstruct and a plain splitter, and how it grows with number and length.

    python -m benchmarks.analyze_speed                # a table
    python -m benchmarks.analyze_speed --quick --json

Traces are written by the ledger world's teacher: `short` ones of the size of GSM8K's solutions (300 characters, plain,
2 to 5 steps), `long` ones chatty, of 12 to 20 steps. All contestants run in this process on one core, by turns.
cotstruct splits and labels sentences by rule; the plain splitter only cuts at sentence ends. Ours finds segments,
values, roles, links, verdicts and importance. The exponents are slopes of log time over log size.
"""

import json
import re
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from benchmarks.rounds import arguments, slope
from fractionate.anatomy import analyze
from fractionate.records import Trace
from fractionate.worlds import WORLDS, Dials
from fractionate.worlds.base import Verbosity


def main() -> None:
    """Measure, print."""
    parser = arguments(__doc__ or "")
    options = parser.parse_args()
    count, rounds = (60, 3) if options.quick else (250, 5)
    short, long = traces(count, (2, 5), "plain"), traces(max(10, count // 5), (12, 20), "chatty")
    sides: dict[str, Callable[[Trace], Any]] = {"ours": analyze, "cotstruct": cotstruct(), "splitter": split}
    for trace in short[:5]:
        for side in sides.values():
            side(trace)
    rates: dict[str, dict[str, list[float]]] = {name: {"short": [], "long": []} for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            for size, given in (("short", short), ("long", long)):
                rates[name][size].append(len(given) / seconds(side, given))
    summary = {
        "short_traces_per_s": median(rates["ours"]["short"]),
        "long_traces_per_s": median(rates["ours"]["long"]),
        "exponent": exponent_of_number(short),
        "exponent_of_length": exponent_of_length(),
        "rates": {
            name: {size: median(found) for size, found in both.items()} for name, both in rates.items()
        },
        "characters": {"short": size_of(short), "long": size_of(long)},
    }
    print(json.dumps(summary) if options.json else table(summary))


def traces(count: int, depth: tuple[int, int], verbosity: Verbosity) -> list[Trace]:
    """The world's traces of this many steps."""
    dials = Dials(depth=depth, distractors=(0, 2), verbosity=verbosity)
    return [anatomy.trace for anatomy in WORLDS["ledger"].sample(count, seed=2, dials=dials)]


def seconds(side: Callable[[Trace], Any], given: Sequence[Trace]) -> float:
    """How long one pass over the traces takes."""
    start = time.perf_counter()
    for trace in given:
        side(trace)
    return time.perf_counter() - start


def split(trace: Trace) -> list[str]:
    """A plain splitter: sentence ends and line breaks."""
    return re.split(r"(?<=[.!?])\s+|\n+", trace.text)


def cotstruct() -> Callable[[Trace], Any]:
    """The peer's sentences and their types."""
    from cotstruct import StepClassifier

    classifier = StepClassifier()
    return lambda trace: classifier.classify(trace.text)


def size_of(given: Sequence[Trace]) -> int:
    """Mean length in characters."""
    return round(sum(len(t.text) for t in given) / len(given))


def exponent_of_number(given: Sequence[Trace]) -> float:
    """How time grows with the number of traces."""
    few = given[: max(1, len(given) // 16)]
    works = [[*few] * times for times in (1, 4, 16)]
    return slope([len(w) for w in works], [best_seconds(w) for w in works])


def exponent_of_length() -> float:
    """How time grows with a trace's length: whole texts one after another in one trace."""
    piece = traces(1, (4, 4), "chatty")[0]
    works = [[lengthened(piece, times)] for times in (4, 16, 64)]
    return slope([len(w[0].text) for w in works], [best_seconds(w) for w in works])


def lengthened(trace: Trace, times: int) -> Trace:
    """The same trace with its text said many times over."""
    from dataclasses import replace

    from fractionate.records import Span

    text = "\n".join([trace.text] * times)
    return replace(trace, text=text, solution=Span(0, len(text)))


def best_seconds(given: Sequence[Trace]) -> float:
    """The least of five passes."""
    return min(seconds(analyze, given) for _ in range(5))


def table(summary: dict[str, Any]) -> str:
    """For people."""
    lines = [f"{'traces/s':12} {'short':>8} {'long':>8}"]
    lines += [
        f"{name:12} {both['short']:8.0f} {both['long']:8.0f}" for name, both in summary["rates"].items()
    ]
    lines.append(f"characters a trace: {summary['characters']['short']}, {summary['characters']['long']}")
    lines.append(f"time grows with the number of traces to the power {summary['exponent']:.2f}")
    lines.append(f"and with the length of a trace to the power {summary['exponent_of_length']:.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
