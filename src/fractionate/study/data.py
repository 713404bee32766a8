"""The problems of a study: what arms learn from and what students are asked, kept apart by near-duplicate cluster.

A world gives both by itself. Files are read, split by cluster before anything else, and only the training split is
learned; in-format and style cells ask problems of the development split, or (`data.asked`) of the one for confirmation.
Training problems that are problems of a benchmark asked for, or nearly, are left out and counted (`data.leaks` keeps
them, for who wants to see what leakage does).
"""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from fractionate.anatomy import analyze_all
from fractionate.checking import same_answer
from fractionate.config import DataConfig, StudyConfig
from fractionate.errors import InputError
from fractionate.records import Anatomy, Item, Message, Trace
from fractionate.study.asked import suite_of
from fractionate.study.fresh import asked_seed, fresh_problems, taught_problems
from fractionate.study.passing import pass_rates
from fractionate.study.select import by_teacher, hardest_first, select
from fractionate.traces import FileReport, Rejected, read_files, split_traces
from fractionate.transfer import Problem, load_benchmark
from fractionate.transfer.benchmarks import fitting_checker
from fractionate.transfer.leaks import match_leaks, unseen
from fractionate.transfer.suite import Suite
from fractionate.transfer.world import problem_of

HARD_POOL = 2
"""Problems put to the student for each one wanted, where the hard ones are sought."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a study works on. `facts` are sentences for the report.

    `held_out_anatomies` are of the held-out problems; there are none unless they were asked for.
    """

    anatomies: tuple[Anatomy, ...]
    held_out: tuple[Problem, ...]
    held_out_anatomies: tuple[Anatomy, ...]
    rejected: tuple[Rejected, ...]
    files: tuple[FileReport, ...]
    facts: tuple[str, ...]


def gather(
    config: StudyConfig,
    teach_held_out: bool = False,
    asked: Suite | None = None,
    learned: Collection[str] = (),
) -> Material:
    """Read or generate the training traces, take them apart, and set held-out problems aside.

    With `teach_held_out` the teacher's traces of those are taken apart too. A world makes as many held-out problems as
    the suite `asked` wants, by default the study's own. None of them is one of `learned`, the texts of problems that
    other students were taught.
    """
    return (
        _from_world(config, teach_held_out, asked or suite_of(config), learned)
        if config.data.world
        else _from_files(config, teach_held_out, learned)
    )


def _from_world(
    config: StudyConfig, teach_held_out: bool, asked: Suite, learned: Collection[str]
) -> Material:
    data = config.data
    anatomies = taught_problems(config)
    held_out = fresh_problems(config, asked.home_items, {a.trace.problem for a in anatomies} | set(learned))
    problems = map(problem_of, held_out)
    if not teach_held_out:
        held_out = []
    if data.anatomy == "builtin":
        anatomies, held_out = (list(analyze_all(a.trace for a in some)) for some in (anatomies, held_out))
    fact = (
        f"{len(anatomies)} problems of the {data.world} world, depth {data.depth[0]} to {data.depth[1]}, "
        f"{data.verbosity}"
    )
    return Material(tuple(anatomies), tuple(problems), tuple(held_out), (), (), (fact,))


def _from_files(config: StudyConfig, teach_held_out: bool, by_others: Collection[str]) -> Material:
    data, seed = config.data, config.data_seed
    reading = read_files([Path(f) for f in data.files], format=data.format, mapping=data.mapping)
    split = split_traces(
        reading.traces, seed=seed, development=data.development, confirmation=data.confirmation
    )
    asked = split.development if data.asked == "development" else split.confirmation
    checked = [(t, _right(t, data)) for t in split.train]
    verdicts = Counter(right for _, right in checked)
    learned = [t for t, right in checked if data.keep == "all" or right]
    random.Random(seed).shuffle(learned)
    if not learned:
        raise InputError(f"{data.files[0]}: no trace to learn from (keep = {data.keep!r} and none is right)")
    others = set(by_others) - {t.problem for t in split.train}
    learned, leaked = _without_leaks(learned, config)
    taken, how = _taken(learned, config)
    facts = [
        f"{len(reading.traces)} traces read from {', '.join(Path(f).name for f in data.files)}",
        *by_teacher("traces read", reading.traces),
        f"{len(reading.rejected)} rows rejected",
        f"split by near-duplicate cluster: {len(split.train)} to train, {len(split.development)} for development, "
        f"{len(split.confirmation)} for confirmation; students are asked those for {data.asked}",
        f"of the training traces {verdicts[True]} end right (or have an answer and no known right one), "
        f"{verdicts[False]} end wrong, {verdicts[None]} cannot be checked; "
        f"{'the right ones' if data.keep == 'right' else 'all'} are used",
        *leaked,
        *how,
    ]
    return Material(
        anatomies=tuple(taken),
        held_out=tuple(unseen(_problems(asked, split.clusters, data, asked_seed(config)), others)),
        held_out_anatomies=tuple(_unseen(asked, data)) if teach_held_out else (),
        rejected=reading.rejected,
        files=reading.files,
        facts=tuple(facts),
    )


def _taken(learned: list[Trace], config: StudyConfig) -> tuple[list[Anatomy], list[str]]:
    """The traces to learn from in the order that `data.select` says, taken apart; and a sentence on it."""
    data = config.data
    limit = _spare(data.train)
    if data.select == "random" and data.per_problem is None and data.teachers == "any":
        return list(analyze_all(learned[:limit])), []
    anatomies: Sequence[Anatomy] = list(analyze_all(learned))
    told = f"traces taken in the order {data.select!r}"
    if data.select == "hard":
        pool = anatomies[: None if limit is None else HARD_POOL * limit]
        rates = pass_rates(config, pool)
        told += (
            f": the untouched student answers {sum(rates.values()) / max(len(rates), 1):.0%} of {len(rates)}"
        )
        anatomies = hardest_first(pool, rates)
    chosen = select(anatomies, data.select, per_problem=data.per_problem, teachers=data.teachers)[:limit]
    bound = f", at most {data.per_problem} of a problem" if data.per_problem else ""
    mixed = ", teachers in turn" if data.teachers == "equal" else ""
    return chosen, [told + bound + mixed]


def _spare(train: int | None) -> int | None:
    """A few traces more than wanted: some will not fit the student's context or lack what a recipe keeps."""
    return None if train is None else train + train // 4 + 16


def _right(trace: Trace, data: DataConfig) -> bool | None:
    """Whether the trace ends right; None if that cannot be told. Without a known answer, any answer will do."""
    if trace.gold is None:
        return trace.answer is not None
    return same_answer(trace.gold, trace.answer, _checker(trace.gold, data)).same


def _checker(gold: str, data: DataConfig) -> str:
    return data.checker or fitting_checker(gold)


def _unseen(asked: Sequence[Trace], data: DataConfig) -> list[Anatomy]:
    """Of each question that is asked a trace such as those that are learned, taken apart."""
    usable = [t for t in asked if data.keep == "all" or _right(t, data)]
    return list(analyze_all(_one_a_question(usable)))


def _problems(
    asked: Sequence[Trace], clusters: Mapping[str, int], data: DataConfig, seed: int
) -> list[Problem]:
    """Each question of a split once, in an order that the seed gives, with a known answer."""
    unique = _one_a_question([t for t in asked if t.gold is not None])
    random.Random(seed).shuffle(unique)
    return [
        Problem(
            id=t.id,
            text=t.problem,
            gold=t.gold or "",
            checker=_checker(t.gold or "", data),
            cluster=f"held-out-{clusters[t.id]}",
            history=t.history,
            solution=t.solution.of(t.text) if _right(t, data) else "",
        )
        for t in unique
    ]


def _one_a_question(traces: Sequence[Trace]) -> list[Trace]:
    return list({question(t.history, t.problem): t for t in sorted(traces, key=lambda t: t.id)}.values())


def question(history: Sequence[Message], problem: str) -> tuple[object, ...]:
    """What makes two problems the same."""
    return (tuple(history), problem.strip())


def ask(config: StudyConfig, material: Material) -> list[Item]:
    """The items of every cell."""
    if not material.held_out:
        raise InputError(
            f"no problem with a known answer is held out for {config.data.asked}: raise data.{config.data.asked} "
            "or give more traces"
        )
    seen = {a.trace.problem for a in material.anatomies}
    items = suite_of(config).items(material.held_out, seed=asked_seed(config), seen=seen)
    return part_of(items, config.transfer.share)


def part_of(items: Sequence[Item], share: float) -> list[Item]:
    """A share of the questions of each cell; the same ones in every cell, and those of a smaller share among them."""
    if share == 1.0:
        return list(items)
    places: dict[str, list[str]] = defaultdict(list)
    for item in items:
        places[item.cell].append(item.pair)
    kept = {
        cell: set(
            sorted(pairs, key=lambda pair: hashlib.sha256(pair.encode()).digest())[: ceil(share * len(pairs))]
        )
        for cell, pairs in places.items()
    }
    return [item for item in items if item.pair in kept[item.cell]]


def _without_leaks(learned: list[Trace], config: StudyConfig) -> tuple[list[Trace], list[str]]:
    """The traces that no benchmark of the study knows, and sentences on those that it does.

    Raises:
        InputError: every trace leaks.
    """
    leaks = match_leaks(learned, {name: load_benchmark(name) for name in suite_of(config).outside()})
    if not leaks:
        return learned, []
    counts = ", ".join(f"{name} {n}" for name, n in Counter(leak.benchmark for leak in leaks).most_common())
    told = f"{len(leaks)} of {len(learned)} training traces ask what a benchmark asks ({counts})"
    if config.data.leaks == "keep":
        return learned, [f"{told}; they are learned all the same (data.leaks = 'keep')"]
    leaking = {leak.trace.id for leak in leaks}
    clean = [t for t in learned if t.id not in leaking]
    if not clean:
        raise InputError(f"{told}; take such a benchmark out of the study, or train on other problems")
    return clean, [f"{told}; they are left out"]
