"""Leaks: training problems that are benchmark problems, word for word or nearly.

    find_leaks(traces, benchmarks=["gsm8k_test", "my/questions.jsonl"])       # the traces that leak, each once
    [leak] = match_leaks(traces, {"gsm8k_test": problems})
    leak.trace.id, leak.benchmark, leak.problem, leak.similarity              # "t#7", "gsm8k_test", "…#12", 1.0

Problems are compared as in splits: word 3-grams in lower case, numbers masked (a short problem is known by its
numbers). A trace leaks if its problem is a near-duplicate of a benchmark's, or holds one of at least `LONG` 3-grams
nearly whole, as where a benchmark's question stands inside a longer prompt.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from fractionate.records import Trace
from fractionate.traces.clusters import SIMILAR, normalized, shingles
from fractionate.transfer.benchmarks import Problem, load_benchmark

WITHIN, LONG = 0.9, 12
"""The share of a benchmark problem's 3-grams with which it stands inside a trace's, and how many it must have."""
COMMON = 500
"""A 3-gram of more benchmark problems than this is a phrase of the benchmark's form and finds nothing."""

Grams = frozenset[tuple[str, ...]]


class Leak(NamedTuple):
    """A trace whose problem is a benchmark's, and how alike the two are (Jaccard or containment)."""

    trace: Trace
    benchmark: str
    problem: str
    similarity: float


def find_leaks(traces: Iterable[Trace], benchmarks: Sequence[str]) -> list[Trace]:
    """The traces whose problems are benchmark problems or near-duplicates of them, each once, in their order.

    `benchmarks` are names or paths as `load_benchmark` takes them; one may stand without a list.

    Raises:
        InputError: there is no such benchmark or file.
    """
    names = [benchmarks] if isinstance(benchmarks, str) else benchmarks
    return [leak.trace for leak in match_leaks(traces, {name: load_benchmark(name) for name in names})]


def match_leaks(traces: Iterable[Trace], benchmarks: Mapping[str, Sequence[Problem]]) -> list[Leak]:
    """The nearest benchmark problem of every trace that leaks; families of generated problems (`gym:`) are left out,
    whose questions are all alike but for their numbers."""
    index = _Index({name: found for name, found in benchmarks.items() if not name.startswith("gym:")})
    known: dict[str, tuple[str, str, float] | None] = {}
    leaks = []
    for trace in traces:
        asked = "\n".join([*(m.content for m in trace.history), trace.problem])
        if asked not in known:
            known[asked] = index.nearest(asked)
        found = known[asked]
        if found is not None:
            leaks.append(Leak(trace, *found))
    return leaks


def unseen(problems: Sequence[Problem], seen: Iterable[str]) -> list[Problem]:
    """The problems that no training problem of these texts asks, word for word or nearly."""
    learned = [Problem(str(i), text, "") for i, text in enumerate(seen)]
    if not learned:
        return list(problems)
    index = _Index({"training": learned})
    return [p for p in problems if index.nearest(p.text) is None]


class _Index:
    """Benchmark problems by their 3-grams."""

    def __init__(self, benchmarks: Mapping[str, Sequence[Problem]]) -> None:
        self.names: list[tuple[str, str]] = []
        self.sizes: list[int] = []
        self.holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for name, problems in benchmarks.items():
            for problem in problems:
                grams = _grams(problem.text)
                for gram in grams:
                    self.holders[gram].append(len(self.names))
                self.names.append((name, problem.id))
                self.sizes.append(len(grams))

    def nearest(self, asked: str) -> tuple[str, str, float] | None:
        """Benchmark, problem and similarity of what `asked` leaks; None if it leaks nothing."""
        grams = _grams(asked)
        shared: Counter[int] = Counter()
        for gram in grams:
            holders = self.holders.get(gram, ())
            if len(holders) <= COMMON:
                shared.update(holders)
        best = max(((self._similarity(i, n, len(grams)), -i) for i, n in shared.items()), default=(0.0, 0))
        return (*self.names[-best[1]], round(best[0], 3)) if best[0] > 0 else None

    def _similarity(self, item: int, shared: int, size: int) -> float:
        """Jaccard where it makes near-duplicates, else containment where that is nearly whole, else 0."""
        alike = shared / (size + self.sizes[item] - shared)
        if alike >= SIMILAR:
            return alike
        within = shared / self.sizes[item]
        return within if within >= WITHIN and self.sizes[item] >= LONG else 0.0


def _grams(text: str) -> Grams:
    return frozenset(shingles(normalized(text)))
