"""Compile the arms: every recipe and schedule over the same problems, what is held equal computed before training.

A problem takes part if every recipe has something for it and its whole trace (`full`) fits the student's context;
what is left out is counted for each arm and shown, never cut.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from fractionate.config import BASE, StudyConfig
from fractionate.errors import InputError
from fractionate.models import Model, identity
from fractionate.records import Anatomy, Supervision
from fractionate.storage import to_json
from fractionate.study.budget import NOTHING, Cost, equal_costs
from fractionate.study.folder import key
from fractionate.study.importances import without_importances
from fractionate.study.rows import Row, arm_names, build_rows, training_of
from fractionate.study.select import by_teacher
from fractionate.supervision.choice import Choice
from fractionate.training import Lesson

ALIKE = 0.1
"""From this share of problems on that two arms learn the same text of, it is told."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: a recipe, a student, a seed, and the examples that it learns from (none for the base).

    Under a schedule an example changes during training: `supervisions` are what it ends with, `stages` all that it
    passes through.
    """

    id: str
    recipe: str
    seed: int
    supervisions: tuple[Supervision, ...] = ()
    examples: tuple[Lesson, ...] = ()
    left_out: float = 0.0
    teacher_tokens: int = 0
    cost: Cost = NOTHING
    stages: tuple[Supervision, ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """All arms, base first, sentences on what was left out, and the FLOPs of training them all."""

    arms: tuple[Arm, ...]
    facts: tuple[str, ...]
    flops: float


def compile_arms(
    config: StudyConfig, model: Model, anatomies: Sequence[Anatomy], pool: Sequence[Anatomy] = ()
) -> Compiled:
    """Build every recipe's examples for the problems that all arms can learn from.

    Of the teacher all traces were bought that are learned from, or the `pool` that these were chosen from; for
    `answer_only` without a choice among traces the answers alone.
    """
    limit = context_of(config, model)
    names = arm_names(config)
    table = {
        name: build_rows(config, name, config.seeds[0], model, anatomies)
        for name in dict.fromkeys([*names, "full"])
    }
    fits = [_fits(table["full"], i, limit) for i in range(len(anatomies))]
    shared = [i for i in range(len(anatomies)) if fits[i] and all(table[n][i] is not None for n in names)]
    shared = shared[: config.data.train]
    if not shared:
        raise InputError(_nothing_shared(table, fits))
    traces = sum(len(model.chat.encode(a.trace.text)) for a in pool or [anatomies[i] for i in shared])
    arms = [Arm(arm_id(config, BASE, config.seeds[0], ""), BASE, config.seeds[0])]
    learned_from = key([to_json(without_importances(anatomies[i])) for i in shared])
    for seed in config.seeds:
        rows = {
            name: table[name] if seed == config.seeds[0] else build_rows(config, name, seed, model, anatomies)
            for name in names
        }
        taught = {name: [row for i in shared if (row := rows[name][i]) is not None] for name in names}
        costs = equal_costs(config, model, {n: [row.lesson for row in taught[n]] for n in names}, seed)
        for name in names:
            over = sum(row is not None and row.longest > limit for row in rows[name]) / len(rows[name])
            answers = sum(_answer_tokens(model, row.supervision) for row in taught[name])
            bought = answers if name == "answer_only" and not pool else traces
            shown = [to_json(s) for row in taught[name] for s in (row.supervision, *row.stages)]
            named = arm_id(config, name, seed, key(learned_from, shown), costs[name].epochs)
            arms.append(_arm(named, name, seed, taught[name], over, bought, costs[name]))
    trained = arms[1 : len(names) + 1]
    facts = [
        f"{len(shared)} problems an arm of {len(anatomies)}; traces longer than {limit:,} tokens: "
        + ", ".join(f"{a.recipe} {a.left_out:.0%}" for a in trained),
        *by_teacher("traces learned", [anatomies[i].trace for i in shared]),
        *_not_applicable(names, table),
        *not_learned(trained),
        *_alike(trained),
        *_hardly_chosen(trained, [anatomies[i] for i in shared]),
    ]
    return Compiled(tuple(arms), tuple(facts), sum(arm.cost.compute for arm in arms))


def context_of(config: StudyConfig, model: Model) -> int:
    """The most tokens that the student takes in."""
    return min(config.student.context or model.context, model.context)


def _arm(
    identity: str, name: str, seed: int, taught: list[Row], left_out: float, bought: int, cost: Cost
) -> Arm:
    return Arm(
        identity,
        name,
        seed,
        supervisions=tuple(row.supervision for row in taught),
        examples=tuple(row.lesson for row in taught),
        left_out=left_out,
        teacher_tokens=bought,
        cost=cost,
        stages=tuple(stage for row in taught for stage in row.stages),
    )


def _not_applicable(names: Sequence[str], table: dict[str, list[Row | None]]) -> list[str]:
    """How many traces each recipe has nothing for: these problems are left out of every arm."""
    counts = {name: sum(row is None for row in table[name]) for name in names}
    told = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    return [f"traces that a recipe cannot use, left out of every arm: {told}"] if told else []


def not_learned(arms: Sequence[Arm]) -> list[str]:
    """What students read in training and do not have when they are asked: spans without loss, hints to the end."""
    facts = []
    for arm in arms:
        segments = [s for supervision in arm.supervisions for s in supervision.segments]
        written = [s for s in segments if s.visibility == "response"]
        masked = sum(len(s.text) for s in written if s.weight == 0) / sum(len(s.text) for s in written)
        hinted = sum(any(s.visibility == "prompt" for s in x.segments) for x in arm.supervisions)
        if masked:
            facts.append(
                f"{arm.recipe} shows {masked:.1%} of its text without loss; when asked, the student writes such parts "
                "by itself or does without"
            )
        if hinted:
            facts.append(
                f"{arm.recipe} gives a hint beside {hinted / len(arm.supervisions):.0%} of the questions to the end of "
                "training; when asked, the student has none"
            )
    return facts


def _alike(arms: Sequence[Arm]) -> list[str]:
    """Pairs of arms that learn the same text for many of their problems: that share of them compares nothing."""
    facts = []
    for one, other in combinations([arm for arm in arms if not arm.stages], 2):
        pairs = zip(one.supervisions, other.supervisions, strict=True)
        same = sum(_learned(a) == _learned(b) for a, b in pairs) / len(one.supervisions)
        if same >= ALIKE:
            facts.append(
                f"{one.recipe} and {other.recipe} learn the same text for {same:.0%} of the problems"
            )
    return facts


def _learned(supervision: Supervision) -> list[tuple[float, str]]:
    """The response in stretches of one weight."""
    shown = (s for s in supervision.segments if s.visibility == "response" and s.text)
    return [(w, "".join(s.text for s in run)) for w, run in groupby(shown, key=lambda s: s.weight)]


def _hardly_chosen(arms: Sequence[Arm], anatomies: Sequence[Anatomy]) -> list[str]:
    """Warnings about recipes that had nothing to choose by, each once."""
    facts: dict[str, None] = {}
    for arm in (arm for arm in arms if not arm.stages):
        choice = Choice(arm.recipe)
        for anatomy, supervision in zip(anatomies, arm.supervisions, strict=True):
            choice.add(anatomy, supervision)
        facts |= dict.fromkeys(choice.told())
    return list(facts)


def arm_id(config: StudyConfig, name: str, seed: int, learned: str, epochs: float = 0) -> str:
    """A readable name with a hash of all that the arm depends on; `learned` is the key of its examples."""
    student = (config.student.model_dump(), identity(config.student.model, seed=seed))
    settings = (*student, training_of(config, name), learned, epochs)
    return f"{re.sub(r'[^a-z0-9_.]+', '-', name.lower())}-s{seed}-{key(name, seed, settings)}"


def _fits(rows: list[Row | None], i: int, limit: int) -> bool:
    row = rows[i]
    return row is not None and row.longest <= limit


def _answer_tokens(model: Model, supervision: Supervision) -> int:
    return len(model.chat.encode(supervision.answer or ""))


def _nothing_shared(table: dict[str, list[Row | None]], fits: list[bool]) -> str:
    empty = Counter({name: sum(row is None for row in rows) for name, rows in table.items()})
    name, count = empty.most_common(1)[0]
    if count == len(fits):
        return f"recipe {name!r} has nothing to keep in any of the {len(fits)} traces; take it out of arms.recipes"
    return (
        f"no problem is left that every arm can learn from: {sum(fits)} of {len(fits)} traces fit the context"
    )
