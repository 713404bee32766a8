"""The ground of a search: what is learned and what is asked, prepared once for all of its trials.

    ground = prepare(config, root / "ground", console)
    ground.learned("")[:80]                 # the first 80 problems: they are among the first 160
    ground.given(80, "", confirming=False, share=0.5)       # for a study that is asked half of the questions

Every candidate can learn from every problem of the list, so that a smaller trial's problems lie within a larger one's
and all candidates learn from the same ones. Where a candidate chooses its problems (`compact@short`) the list is longer
than what any of them learns from, so that there is something to choose. The questions of the rungs and those of the
confirmation are others: what is drawn for both from a small benchmark is shared out between them, with all that is
nearly the same.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from rich.console import Console

from fractionate.config import StudyConfig
from fractionate.errors import InputError
from fractionate.models import load_model
from fractionate.records import Anatomy, Item
from fractionate.storage import read_records, write_json, write_records
from fractionate.study.asked import looks_behind_answers
from fractionate.study.compile import context_of
from fractionate.study.data import Material, ask, gather, part_of
from fractionate.study.fresh import TAUGHT
from fractionate.study.homes import solved_of
from fractionate.study.importances import Measure, with_importances
from fractionate.study.rows import Row, build_rows
from fractionate.study.run import Given
from fractionate.study.search.candidates import Candidate, Candidates, candidates_of, eligible
from fractionate.study.search.constraints import validate
from fractionate.study.search.factors import EVERYTHING
from fractionate.study.search.questions import Questions, apart
from fractionate.study.select import ORDERS
from fractionate.supervision import Example

LEAST_USABLE = 0.5
"""A candidate that has something for a smaller share of the traces than this is left out, not the other traces."""
POOL = 3
"""Problems to choose from, for each that an arm learns from."""
TOO_LONG = "its full trace is longer than the student's context"
TOLD = 3
"""The most reasons that are told."""


@dataclass(frozen=True, slots=True)
class Ground:
    """`problems` are in the study's own order, and no arm learns from more than `train` of them; `facts` are sentences
    on all of it; `known` are folders of finished work whose students serve here too. `reading` is in tokens: what the
    student read when this was prepared, to say what steps are worth.
    """

    candidates: Candidates
    problems: tuple[Anatomy, ...]
    train: int
    development: Questions
    confirmation: Questions
    facts: tuple[str, ...]
    known: tuple[Path, ...] = ()
    reading: int = 0

    def learned(self, order: str) -> list[Anatomy]:
        """The problems in an order; the study's own for an empty one."""
        return ORDERS[order](list(self.problems)) if order else list(self.problems)

    def given(self, traces: int, order: str, confirming: bool, share: float = 1.0) -> Given:
        """What one study of the search works on; `share` is that of the questions."""
        asked = self.confirmation if confirming else self.development
        some = asked.only(part_of(asked.items, share))
        learned = self.learned(order)
        return Given(learned[:traces], some.items, some.solved, self.facts, learned if order else ())


def prepare(
    config: StudyConfig, folder: Path | None, console: Console, measure: Measure = with_importances
) -> Ground:
    """Gather and draw everything; kept in `folder`, from which a later run reads it.

    Raises:
        InputError: no problem is left that the candidates can learn from, a constraint is on what is not asked, or the
            student cannot be asked what steps are worth.
    """
    if folder is not None and (folder / "facts.json").is_file():
        return _read(config, folder)
    console.print("gathering problems and taking traces apart …")
    behind = looks_behind_answers(config)
    whole = _asking(config, "development")
    material = gather(whole, behind)
    development = _questions(whole, material)
    other = _asking(config, "confirmation")
    development, confirmation, shared = apart(development, _questions(other, gather(other, behind)))
    validate(config, confirmation.items)
    candidates = candidates_of(config, material.anatomies)
    worth = measure(config, candidates.arms(), material.anatomies, console)
    candidates, problems, unusable = _usable(config, candidates, worth.anatomies)
    facts = (*material.facts, *worth.facts, *candidates.facts, *unusable, *shared)
    train = _train(config, len(problems))
    ground = Ground(
        candidates, tuple(problems), train, development, confirmation, facts, reading=worth.tokens
    )
    if folder is not None:
        _write(ground, material, folder)
    return ground


def _bound(config: StudyConfig) -> int | None:
    """How many problems the study names; all of its files where it names none."""
    return config.data.train or (TAUGHT if config.data.world else None)


def _train(config: StudyConfig, usable: int) -> int:
    """How many of the usable problems arms learn from at most."""
    bounds = (_bound(config), config.search.problems)
    return min(usable, *(bound for bound in bounds if bound is not None))


def _asking(config: StudyConfig, split: str) -> StudyConfig:
    """The study as one split is asked, with more problems to choose from where a candidate chooses."""
    times = config.search.confirm_questions if split == "confirmation" else 1.0
    data: dict[str, object] = {"asked": split}
    train = _bound(config)
    chooses = any(Candidate(name).order for name in config.search.recipes)
    if train is not None and chooses and config.data.select == "random":
        data["train"] = POOL * train
    return config.model_copy(
        update={
            "data": config.data.model_copy(update=data),
            "transfer": config.transfer.model_copy(update={"items": ceil(times * config.transfer.items)}),
        }
    )


def _questions(config: StudyConfig, material: Material) -> Questions:
    items = ask(config, material)
    return Questions(tuple(items), tuple(solved_of(material, items)))


def _usable(
    config: StudyConfig, candidates: Candidates, anatomies: Sequence[Anatomy]
) -> tuple[Candidates, list[Anatomy], list[str]]:
    """Candidates that have something for most traces, the traces that all can learn from, and what is left out."""
    model = load_model(config.student.model, weights=False)
    limit = context_of(config, model)
    names = dict.fromkeys([*candidates.arms(), EVERYTHING])
    rows = {name: build_rows(config, name, config.seeds[0], model, anatomies) for name in names}
    fits = [row is not None and row.longest <= limit for row in rows["full"]]
    shares = {name: sum(row is not None for row in found) / len(anatomies) for name, found in rows.items()}
    poor = {
        name: f"has something for {share:.0%} of the traces"
        for name, share in shares.items()
        if share < LEAST_USABLE
    }
    kept = candidates.without({n: poor[arm] for n in candidates.all() if (arm := Candidate(n).arm) in poor})
    if not kept.references:
        few = ", ".join(f"{name} {poor[name]}" for name in candidates.references)
        raise InputError(f"nothing is left to compare with: {few}; name another arms.reference")
    lacking = Counter[str](TOO_LONG for fit in fits if not fit)
    usable = []
    for i in (i for i, fit in enumerate(fits) if fit):
        without = [name for name in kept.arms() if rows[name][i] is None]
        lacking.update(f"{name} has nothing for it" for name in without)
        if not without:
            usable.append(i)
    if not usable:
        raise InputError("no problem is left that every candidate can learn from; name fewer recipes")
    problems = [anatomies[i] for i in usable]
    fitting = {name: [row for row, fit in zip(rows[name], fits, strict=True) if fit] for name in kept.arms()}
    return kept.without(_same(kept, fitting)), problems, _left_out(len(anatomies), len(usable), lacking)


def _left_out(gathered: int, usable: int, lacking: Counter[str]) -> list[str]:
    """All candidates learn from the same traces; who cannot be used by one is used by none."""
    why = "; ".join(f"{reason} ({n})" for reason, n in lacking.most_common(TOLD))
    return [f"left out: {gathered - usable} of {gathered} traces: {why}"] if usable < gathered else []


def _same(candidates: Candidates, rows: Mapping[str, Sequence[Row | None]]) -> dict[str, str]:
    """Who teaches to the token what another one of the same order teaches that stays: references before others, what
    may be chosen before what may not; the factorial stays whole.
    """
    balanced = {arm.recipe for arm in candidates.factorial}
    first: dict[object, str] = {}
    gone = {}
    for name in sorted(
        candidates.all(), key=lambda n: (n not in candidates.references, not eligible(n), n not in balanced)
    ):
        candidate = Candidate(name)
        taught = _taught(rows[candidate.arm])
        stays = first.setdefault((taught, candidate.order), name) if taught is not None else name
        if stays != name and name not in balanced:
            gone[name] = f"teaches what {stays} does"
    return gone


def _taught(rows: Sequence[Row | None]) -> tuple[object, ...] | None:
    """What is learned of every problem, token by token; None of a schedule."""
    lessons = [row.lesson if row is not None else None for row in rows]
    if not all(isinstance(lesson, Example | None) for lesson in lessons):
        return None
    return tuple((e.ids, e.weights, e.targets) if isinstance(e, Example) else None for e in lessons)


def _write(ground: Ground, material: Material, folder: Path) -> None:
    write_records(folder / "problems.parquet", Anatomy, ground.problems)
    for name, asked in (("development", ground.development), ("confirmation", ground.confirmation)):
        write_records(folder / f"{name}.parquet", Item, asked.items)
        write_records(folder / f"{name}_solved.parquet", Anatomy, asked.solved)
    write_json(folder / "candidates.json", ground.candidates.as_dict())
    write_json(folder / "facts.json", list(ground.facts))


def _read(config: StudyConfig, folder: Path) -> Ground:
    asked = {
        name: Questions(
            tuple(read_records(folder / f"{name}.parquet", Item)),
            tuple(read_records(folder / f"{name}_solved.parquet", Anatomy)),
        )
        for name in ("development", "confirmation")
    }
    problems = tuple(read_records(folder / "problems.parquet", Anatomy))
    return Ground(
        Candidates.from_dict(json.loads((folder / "candidates.json").read_text(encoding="utf-8"))),
        problems,
        _train(config, len(problems)),
        asked["development"],
        asked["confirmation"],
        tuple(json.loads((folder / "facts.json").read_text(encoding="utf-8"))),
    )
