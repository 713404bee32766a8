"""Train, development and confirmation sets, split by near-duplicate cluster before anything else happens.

    split = split_traces(traces, seed=0)
    len(split.train), len(split.development), len(split.confirmation)      # 80, 10, 10
    split.clusters["train#1"]                                              # 17

All traces of a problem, and of problems that are nearly the same, fall on one side. Which side depends on the
seed and on the set of traces, not on their order.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fractionate.errors import InputError
from fractionate.records import Trace
from fractionate.traces.clusters import near_duplicates


@dataclass(frozen=True, slots=True)
class Split:
    """Three sets of traces that share no cluster, and the cluster of each trace by its identifier."""

    train: tuple[Trace, ...]
    development: tuple[Trace, ...]
    confirmation: tuple[Trace, ...]
    clusters: Mapping[str, int]


def split_traces(
    traces: Sequence[Trace], *, seed: int, development: float = 0.1, confirmation: float = 0.1
) -> Split:
    """Split traces by cluster; each set keeps the order of `traces`.

    The shares are of traces, and are met as nearly as whole clusters allow: a cluster larger than a share stays
    in the training set, and where there are few clusters the other sets may be empty.

    Raises:
        InputError: the shares leave nothing to train on, or two traces have the same identifier.
    """
    if development < 0 or confirmation < 0 or development + confirmation >= 1:
        raise InputError(
            f"shares of {development} for development and {confirmation} for confirmation leave nothing to train "
            "on; choose shares that add up to less than 1"
        )
    repeated = [id for id, count in Counter(trace.id for trace in traces).items() if count > 1]
    if repeated:
        raise InputError(f"the trace {repeated[0]!r} occurs twice; give every trace an identifier of its own")
    labels = near_duplicates(["\n".join([*(m.content for m in t.history), t.problem]) for t in traces])
    clusters = {trace.id: label for trace, label in zip(traces, labels, strict=True)}
    side = _sides(clusters, seed, {"development": development, "confirmation": confirmation})
    chosen: dict[str, list[Trace]] = defaultdict(list)
    for trace in traces:
        chosen[side[clusters[trace.id]]].append(trace)
    return Split(
        train=tuple(chosen["train"]),
        development=tuple(chosen["development"]),
        confirmation=tuple(chosen["confirmation"]),
        clusters=clusters,
    )


def _sides(clusters: Mapping[str, int], seed: int, shares: Mapping[str, float]) -> dict[int, str]:
    """The side of each cluster: drawn in an order of hashes, into the first side with room for half of it."""
    sizes = Counter(clusters.values())
    room = {name: share * len(clusters) for name, share in shares.items()}
    sides: dict[int, str] = {}
    for cluster in sorted(sizes, key=lambda c: _draw(seed, c)):
        side = next((name for name, left in room.items() if sizes[cluster] / 2 <= left), "train")
        if side in room:
            room[side] -= sizes[cluster]
        sides[cluster] = side
    return sides


def _draw(seed: int, cluster: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{cluster}".encode(), digest_size=16).digest()
