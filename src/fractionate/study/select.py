"""Selection: which of the usable traces are learned, and in what order they are taken.

    chosen = select(anatomies, "varied", per_problem=1)

- `random`: as they come (a study shuffles them by its seed);
- `short`, `long`: by the length of the trace;
- `varied`: shapes of anatomy in turn (how many needed steps, how they combine, whether a mistake is repaired), so that
  a few traces show many shapes;
- `hard`: as they come, once `hardest_first` has put the problems that the student answers least often in front.

Several traces of a problem are taken one after the other's turn: first one of each problem, then a second. With
`teachers="equal"` several teachers are mixed under any order: each teacher's turn comes as often as the others' as long
as it has traces, and the traces of one problem are of different teachers where there are any.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Literal

from fractionate.records import Anatomy, Trace
from fractionate.registry import Registry

Order = Callable[[Sequence[Anatomy]], list[Anatomy]]
ORDERS: Registry[Order] = Registry("selection")
"""Orders in which traces are taken. Entry-point group `fractionate.selection`."""

Teachers = Literal["any", "equal"]
"""Whether teachers are mixed evenly, or come as the order has them."""
TOLD = 8
"""The most teachers that are told by name."""


def select(
    anatomies: Iterable[Anatomy],
    how: str,
    *,
    per_problem: int | None = None,
    teachers: Teachers = "any",
) -> list[Anatomy]:
    """The traces in the order in which they are to be taken, at most `per_problem` of a problem.

    Raises:
        InputError: there is no such order.
    """
    ordered = ORDERS[how](list(anatomies))
    if teachers == "any":
        return in_turn(ordered, problem_of, per_problem)
    return in_turn(in_turn(_spread(ordered), problem_of, per_problem), teacher_of)


def in_turn(
    ordered: Iterable[Anatomy], kind: Callable[[Anatomy], Hashable], most: int | None = None
) -> list[Anatomy]:
    """The first trace of every kind, then the second ones, and so on; at most `most` of a kind."""
    turns: dict[int, list[Anatomy]] = defaultdict(list)
    seen: Counter[Hashable] = Counter()
    for anatomy in ordered:
        of = kind(anatomy)
        if most is None or seen[of] < most:
            turns[seen[of]].append(anatomy)
            seen[of] += 1
    return [anatomy for turn in sorted(turns) for anatomy in turns[turn]]


def problem_of(anatomy: Anatomy) -> Hashable:
    """What was asked, with the turns before it."""
    return (anatomy.trace.history, anatomy.trace.problem)


def teacher_of(anatomy: Anatomy) -> str:
    """Who wrote the trace."""
    return anatomy.trace.teacher


def by_teacher(what: str, traces: Iterable[Trace]) -> list[str]:
    """A sentence on how many traces each teacher has; none where there is only one teacher."""
    counts = Counter(trace.teacher or "unnamed" for trace in traces)
    most = sorted(counts, key=lambda teacher: (-counts[teacher], teacher))[:TOLD]
    named = [f"{teacher} {counts[teacher]}" for teacher in most]
    rest = f" and {len(counts) - TOLD} more" if len(counts) > TOLD else ""
    return [f"{what}, by teacher: {', '.join(named)}{rest}"] if len(counts) > 1 else []


def hardest_first(anatomies: Sequence[Anatomy], rates: Mapping[str, float]) -> list[Anatomy]:
    """By the student's pass rate of the problem, the lowest first; problems without a rate come last."""
    return sorted(anatomies, key=lambda a: rates.get(a.trace.problem, 1.0))


def shape(anatomy: Anatomy) -> tuple[int, ...]:
    """What makes two anatomies alike: needed steps, how many sources each combines, and repairs."""
    needed = {s.index for s in anatomy.needed()}
    sources = Counter(u.user for u in anatomy.links if u.user in needed and u.via != "discourse")
    repairs = sum(s.repairs is not None or s.check == "wrong" for s in anatomy.steps)
    return (len(needed), min(repairs, 1), *sorted(sources.values()))


AS_THEY_COME = ("hard", "random")
"""Orders that by themselves leave traces where they are."""


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
    return in_turn(anatomies, shape)


def _spread(ordered: Sequence[Anatomy]) -> list[Anatomy]:
    """The traces of each problem in such an order that teachers take turns, those first who have had fewest turns.

    Problems for which there is no choice of teacher count before the others, so that these can make up for them.
    """
    left: dict[Hashable, list[Anatomy]] = defaultdict(list)
    for anatomy in ordered:
        left[problem_of(anatomy)].append(anatomy)
    taken: Counter[str] = Counter()
    within: dict[Hashable, Counter[str]] = defaultdict(Counter)
    spread: list[Anatomy] = []
    while left:
        turn: dict[Hashable, Anatomy] = {}
        for problem in sorted(left, key=lambda p: len({teacher_of(a) for a in left[p]}) > 1):
            had = within[problem]
            chosen = min(left[problem], key=lambda a: (had[teacher_of(a)], taken[teacher_of(a)]))
            left[problem].remove(chosen)
            had[teacher_of(chosen)] += 1
            taken[teacher_of(chosen)] += 1
            turn[problem] = chosen
        spread += [turn[problem] for problem in left]
        left = {problem: rest for problem, rest in left.items() if rest}
    return spread
