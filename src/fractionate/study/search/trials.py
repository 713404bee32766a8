"""A trial: one study within a search, of some candidates on so many traces; run, picked up, read.

    trial = Trial.of(config, Path("runs/s/trials/2-half"), candidates, traces=160, seeds=(0,))
    trial.run(console)
    trial.scores                          # of every candidate under its name, and of the untouched student
    trial.costs["compact"].supervised_tokens

A candidate is a recipe or a schedule, with `+representation` if it has the auxiliary objective, and with `@short` (or
another order) if its traces are chosen differently. Candidates of one order make one study; the questions of trials
that ask a smaller share of a split are among those of trials that ask more of it, so that scores of several pair.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from fractionate.config import BASE, StudyConfig
from fractionate.records import Score
from fractionate.storage import from_json, read_records
from fractionate.study.arms import FINDINGS
from fractionate.study.budget import Cost
from fractionate.study.costs import costs_of
from fractionate.study.rows import ORDERED, WITH
from fractionate.study.run import Study
from fractionate.study.search.candidates import Candidate
from fractionate.study.search.ground import Ground
from fractionate.study.summary import Costs
from fractionate.training import Trained
from fractionate.transfer.findings import Findings


class Entry(NamedTuple):
    """One student of a trial, as it was planned, and its folder."""

    seed: int
    teacher_tokens: int
    cost: Cost
    folder: Path

    @property
    def trained(self) -> Trained | None:
        """What its training took; None for the untouched student."""
        file = self.folder / "trained.json"
        return Trained(**json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None


class Sizes(NamedTuple):
    """How large a trial is: problems an arm, the seeds that it is trained with, the share of the questions."""

    traces: int
    seeds: tuple[int, ...]
    asked: float = 1.0


@dataclass(frozen=True)
class Trial:
    """Studies of one size that together hold all candidates; `studies` are by order of traces.

    What it found is read once, and only when it has run.
    """

    studies: Mapping[str, Study]

    @classmethod
    def of(
        cls,
        config: StudyConfig,
        ground: Ground,
        folder: Path,
        names: Sequence[str],
        sizes: Sizes,
        rates: Mapping[str, float],
        *,
        confirming: bool = False,
        epochs: float | None = None,
    ) -> "Trial":
        """Plan it; `rates` are learning rates of candidates that were tuned, `epochs` others than the study's."""
        by_order: dict[str, list[str]] = defaultdict(list)
        for candidate in map(Candidate, names):
            by_order[candidate.order].append(candidate.arm)
        studies = {}
        for order, arms in by_order.items():
            own = {Candidate(n).arm: rate for n, rate in rates.items() if Candidate(n).order == order}
            settings = derived(config, folder.name, arms, sizes, own, confirming, epochs)
            study = Study.of(settings, folder / (order or "as-they-come"))
            given = ground.given(sizes.traces, order, confirming, sizes.asked)
            studies[order] = replace(study, given=given, known=ground.known)
        return cls(studies)

    def run(self, console: Console, untouched: Path | None = None) -> None:
        """Do what is left. `untouched` is a folder with answers of the untouched student, which need not be asked
        again where the questions are the same."""
        for study in self.studies.values():
            if not study.finished:
                replace(study, untouched=untouched).run(console)
            untouched = self.untouched()

    def untouched(self) -> Path:
        """The folder of the untouched student."""
        return _entries(*next(iter(self.studies.items())))[BASE][0].folder

    @cached_property
    def scores(self) -> list[Score]:
        """Every candidate's, and once the untouched student's."""
        found: list[Score] = []
        for order, study in self.studies.items():
            own = read_records(study.folder.root / "scores.parquet", Score)
            known = {s.arm for s in found}
            found += [_named(s, order) for s in own if not (s.arm == BASE and BASE in known)]
        return found

    @cached_property
    def costs(self) -> dict[str, Costs]:
        """All five of each candidate, the mean over its seeds."""
        asked: dict[str, list[Score]] = defaultdict(list)
        for score in self.scores:
            asked[score.arm].append(score)
        return {
            name: costs_of(entries[0].teacher_tokens, [t for e in entries if (t := e.trained)], asked[name])
            for name, entries in self._entries.items()
        }

    @cached_property
    def findings(self) -> dict[tuple[str, int], Findings]:
        """What stands behind the answers of each student, by candidate and seed; the untouched one is `base`."""
        return {
            (name, entry.seed): from_json(Findings, file.read_bytes())
            for name, entries in self._entries.items()
            for entry in entries
            if (file := entry.folder / FINDINGS).is_file()
        }

    def student(self, name: str, seed: int) -> Path:
        """The folder of a candidate's arm."""
        return next(e.folder for e in self._entries[name] if e.seed == seed)

    def tokens_a_trace(self, name: str) -> float:
        """Tokens with loss of one of the candidate's examples, as often as it was shown."""
        entry = self._entries[name][0]
        return entry.cost.supervised_tokens / max(entry.cost.examples, 1)

    @cached_property
    def _entries(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for order, study in self.studies.items():
            found = _entries(order, study) | found
        return found


def derived(
    config: StudyConfig,
    name: str,
    arms: Sequence[str],
    sizes: Sizes,
    rates: Mapping[str, float],
    confirming: bool,
    epochs: float | None = None,
) -> StudyConfig:
    """The settings of one study of a search."""
    plain = tuple(arm for arm in arms if not arm.endswith(WITH))
    inside = tuple(arm.removesuffix(WITH) for arm in arms if arm.endswith(WITH))
    data: dict[str, object] = {"train": sizes.traces, "seed": config.data_seed}
    data |= {"asked": "confirmation"} if confirming else {}
    objective = config.training.representation.model_copy(update={"recipes": inside})
    learning: dict[str, object] = {"learning_rates": dict(rates), "representation": objective}
    learning |= {"epochs": epochs} if epochs is not None else {}
    return config.model_copy(
        update={
            "name": f"{config.name}, {name}",
            "seeds": sizes.seeds,
            "data": config.data.model_copy(update=data),
            "transfer": config.transfer.model_copy(update={"share": sizes.asked * config.transfer.share}),
            "training": config.training.model_copy(update=learning),
            "arms": config.arms.model_copy(update={"recipes": plain, "reference": None}),
        }
    )


def _name(arm: str, order: str) -> str:
    return f"{arm}{ORDERED}{order}" if order and arm != BASE else arm


def _named(score: Score, order: str) -> Score:
    return replace(score, arm=_name(score.arm, order)) if order else score


def _entries(order: str, study: Study) -> dict[str, list[Entry]]:
    """The students of one study that has been compiled, by candidate."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for arm in json.loads((study.folder.root / "compiled.json").read_text(encoding="utf-8"))["arms"]:
        place = study.folder.arm(arm["id"])
        entry = Entry(arm["seed"], arm["teacher_tokens"], Cost(**arm["cost"]), place)
        found[_name(arm["recipe"], order)].append(entry)
    return dict(found)
