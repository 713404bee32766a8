"""Compile the arms: every recipe over the same problems, held equal in the number of examples.

A problem takes part if every recipe has something for it and its whole trace (`full`) fits the student's context;
what is left out is counted for each arm and shown, never cut.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from fractionate.config import BASE, StudyConfig
from fractionate.errors import InputError
from fractionate.models import Model
from fractionate.records import Anatomy, Supervision
from fractionate.study.folder import key
from fractionate.supervision import Example, NotApplicable, encode, recipe
from fractionate.training import training_flops

Row = tuple[Supervision, Example]


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: a recipe, a student, a seed, and the examples that it learns from (none for the base)."""

    id: str
    recipe: str
    seed: int
    supervisions: tuple[Supervision, ...] = ()
    examples: tuple[Example, ...] = ()
    left_out: float = 0.0
    teacher_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Compiled:
    """All arms, base first, sentences on what was left out, and the FLOPs of training them all."""

    arms: tuple[Arm, ...]
    facts: tuple[str, ...]
    flops: float


def compile_arms(config: StudyConfig, model: Model, anatomies: Sequence[Anatomy], data_key: str) -> Compiled:
    """Build every recipe's examples for the problems that all arms can learn from."""
    limit = min(config.student.context or model.context, model.context)
    names = list(dict.fromkeys(config.arms.recipes))
    table = {
        name: _build(name, config.seeds[0], model, anatomies) for name in dict.fromkeys([*names, "full"])
    }
    fits = [_fits(table["full"], i, limit) for i in range(len(anatomies))]
    shared = [i for i in range(len(anatomies)) if fits[i] and all(table[n][i] is not None for n in names)]
    shared = shared[: config.data.train]
    if not shared:
        raise InputError(_nothing_shared(table, fits))
    lengths = [len(model.chat.encode(anatomies[i].trace.text)) for i in shared]
    arms = [Arm(arm_id(config, BASE, config.seeds[0], data_key), BASE, config.seeds[0])]
    for seed in config.seeds:
        for name in names:
            rows = table[name] if seed == config.seeds[0] else _build(name, seed, model, anatomies)
            pairs = [pair for i in shared if (pair := rows[i]) is not None]
            supervisions, examples = zip(*pairs, strict=True)
            over = sum(row is not None and len(row[1].ids) > limit for row in rows) / len(rows)
            bought = (
                sum(lengths) if name != "answer_only" else sum(_answer_tokens(model, s) for s in supervisions)
            )
            identity = arm_id(config, name, seed, data_key)
            arms.append(Arm(identity, name, seed, supervisions, examples, over, bought))
    trained = arms[1 : len(names) + 1]
    facts = [
        f"{len(shared)} problems an arm of {len(anatomies)}; traces longer than {limit:,} tokens: "
        + ", ".join(f"{a.recipe} {a.left_out:.0%}" for a in trained),
        *_not_applicable(names, table),
        *_alike(trained),
    ]
    flops = sum(training_flops(model, arm.examples, config.training.epochs) for arm in trained)
    return Compiled(tuple(arms), tuple(facts), flops * len(config.seeds))


def _not_applicable(names: Sequence[str], table: dict[str, list[Row | None]]) -> list[str]:
    """How many traces each recipe has nothing for: these problems are left out of every arm."""
    counts = {name: sum(row is None for row in table[name]) for name in names}
    told = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    return [f"traces that a recipe cannot use, left out of every arm: {told}"] if told else []


def _alike(arms: Sequence[Arm]) -> list[str]:
    """Pairs of arms that learn the same text for half their problems or more: hardly a comparison."""
    facts = []
    for one, other in combinations(arms, 2):
        pairs = zip(one.supervisions, other.supervisions, strict=True)
        same = sum(a.response() == b.response() for a, b in pairs) / len(one.supervisions)
        if same >= 0.5:
            facts.append(
                f"{one.recipe} and {other.recipe} learn the same text for {same:.0%} of the problems"
            )
    return facts


def arm_id(config: StudyConfig, name: str, seed: int, data_key: str) -> str:
    """A readable name with a hash of all that the arm depends on."""
    settings = (config.student.model_dump(), config.training.model_dump(), data_key)
    return f"{name}-s{seed}-{key(name, seed, settings)}"


def _build(name: str, seed: int, model: Model, anatomies: Sequence[Anatomy]) -> list[Row | None]:
    build = recipe(name, seed)
    rows: list[Row | None] = []
    for anatomy in anatomies:
        try:
            supervision = build(anatomy)
            rows.append((supervision, encode(model.chat, supervision)))
        except NotApplicable:
            rows.append(None)
    return rows


def _fits(rows: list[Row | None], i: int, limit: int) -> bool:
    row = rows[i]
    return row is not None and len(row[1].ids) <= limit


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
