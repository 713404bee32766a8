"""Selection: which of the usable traces are learned, and in what order they are taken.

    chosen = select(anatomies, "varied", per_problem=1)

- `random`: as they come (a study shuffles them by its seed);
- `short`, `long`: by the length of the trace;
- `varied`: shapes of anatomy in turn (how many needed steps, how they combine, whether a mistake is repaired), so that
  a few traces show many shapes;
- `hard`: as they come, once `hardest_first` has put the problems that the student answers least often in front.

Several traces of a problem are taken one after the other's turn: first one of each problem, then a second.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from fractionate.records import Anatomy
from fractionate.registry import Registry

Order = Callable[[Sequence[Anatomy]], list[Anatomy]]
ORDERS: Registry[Order] = Registry("selection")
"""Orders in which traces are taken. Entry-point group `fractionate.selection`."""


def select(anatomies: Iterable[Anatomy], how: str, *, per_problem: int | None = None) -> list[Anatomy]:
    """The traces in the order in which they are to be taken, at most `per_problem` of a problem.

    Raises:
        InputError: there is no such order.
    """
    return _problems_in_turn(ORDERS[how](list(anatomies)), per_problem)


def hardest_first(anatomies: Sequence[Anatomy], rates: Mapping[str, float]) -> list[Anatomy]:
    """By the student's pass rate of the problem, the lowest first; problems without a rate come last."""
    return sorted(anatomies, key=lambda a: rates.get(a.trace.problem, 1.0))


def shape(anatomy: Anatomy) -> tuple[int, ...]:
    """What makes two anatomies alike: needed steps, how many sources each combines, and repairs."""
    needed = {s.index for s in anatomy.needed()}
    sources = Counter(u.user for u in anatomy.links if u.user in needed and u.via != "discourse")
    repairs = sum(s.repairs is not None or s.check == "wrong" for s in anatomy.steps)
    return (len(needed), min(repairs, 1), *sorted(sources.values()))


@ORDERS.register("hard")
@ORDERS.register("random")
def _as_they_come(anatomies: Sequence[Anatomy]) -> list[Anatomy]:
    return list(anatomies)


@ORDERS.register("short")
def _short(anatomies: Sequence[Anatomy]) -> list[Anatomy]:
    return sorted(anatomies, key=lambda a: len(a.trace.text))


@ORDERS.register("long")
def _long(anatomies: Sequence[Anatomy]) -> list[Anatomy]:
    return sorted(anatomies, key=lambda a: -len(a.trace.text))


@ORDERS.register("varied")
def _varied(anatomies: Sequence[Anatomy]) -> list[Anatomy]:
    """One trace of each shape, then a second of each, rare shapes and common ones alike."""
    seen: Counter[tuple[int, ...]] = Counter()
    turns = []
    for anatomy in anatomies:
        kind = shape(anatomy)
        turns.append(seen[kind])
        seen[kind] += 1
    order = sorted(range(len(anatomies)), key=lambda i: turns[i])
    return [anatomies[i] for i in order]


def _problems_in_turn(ordered: list[Anatomy], per_problem: int | None) -> list[Anatomy]:
    """The first trace of every problem, then the second ones, and so on."""
    rounds: dict[int, list[Anatomy]] = defaultdict(list)
    seen: Counter[tuple[object, str]] = Counter()
    for anatomy in ordered:
        problem = (anatomy.trace.history, anatomy.trace.problem)
        if per_problem is None or seen[problem] < per_problem:
            rounds[seen[problem]].append(anatomy)
            seen[problem] += 1
    return [anatomy for turn in sorted(rounds) for anatomy in rounds[turn]]
