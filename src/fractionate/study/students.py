"""Whom to evaluate: models by name, an endpoint's model, or all students of a finished study.

entrants(["smollm2-135m", "runs/ledger"])
# [Entrant(label="smollm2-135m", …), Entrant(label="base", …), Entrant(label="full", seed=0, …), …]
home_problems(["runs/ledger"], suite)         # the study's own held-out problems, with the teacher's traces
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fractionate.config import BASE, StudyConfig, load_config
from fractionate.errors import InputError
from fractionate.models.load import resolve_model
from fractionate.records import Supervision
from fractionate.storage import read_records
from fractionate.study.arms import DATASET
from fractionate.study.data import gather
from fractionate.study.homes import home_of_material
from fractionate.study.rows import WITH
from fractionate.transfer.home import Home, home_of
from fractionate.transfer.imitation import TAUGHT
from fractionate.transfer.suite import Suite


@dataclass(frozen=True, slots=True)
class Entrant:
    """One student: the model to load, the arm and seed that its scores go under, and what it came from.

    `base` is the model that it was trained from, by `recipe`; a model that stands alone is its own. `address` is that
    of an endpoint's model.
    """

    label: str
    model: str
    seed: int = 0
    base: str | None = None
    recipe: str = TAUGHT
    address: str = ""

    @property
    def place(self) -> str:
        """Its folder within the evaluation's; those of two models of one name in different places differ."""
        folder = Path(self.model)
        where = self.address or (str(folder.resolve()) if folder.is_dir() else "")
        told = f"-{hashlib.sha256(where.encode()).hexdigest()[:6]}" if where else ""
        return f"{self.label}-s{self.seed}{told}".replace("/", "-").replace("?", "-").replace(":", "-")


def entrants(names: Sequence[str]) -> list[Entrant]:
    """Every model named, and every student of every study named, each once.

    Raises:
        InputError: a name is neither, or two students would go under one label.
    """
    found = [entrant for name in names for entrant in (_of_study(name) if is_study(name) else [_alone(name)])]
    known: dict[tuple[str, int], Entrant] = {}
    for entrant in found:
        first = known.setdefault((entrant.label, entrant.seed), entrant)
        if first.model != entrant.model:
            raise InputError(
                f"{entrant.label} names two students ({first.model}, {entrant.model}); evaluate them one by one"
            )
    return list(known.values())


def is_study(name: str) -> bool:
    """Whether this is the folder of a study."""
    return (Path(name) / "study.toml").is_file()


def home_problems(names: Sequence[str], suite: Suite) -> Home:
    """The held-out problems of the first study among the names, or else those of the suite; none that a student
    of these names has learned."""
    studies = [name for name in names if is_study(name)]
    learned = frozenset().union(*map(_learned, names))
    if not studies:
        return home_of(suite, learned)
    config = _config(studies[0])
    material = gather(config, teach_held_out=True, asked=suite, learned=learned)
    return home_of_material(config, material, learned)


def _learned(name: str) -> frozenset[str]:
    """The texts of the problems that a study's students, or the student of a checkpoint, were taught."""
    arms = (Path(name) / "arms").glob("*") if is_study(name) else [Path(name).parent]
    files = [file for arm in arms if (file := arm / DATASET).is_file() and (arm / "arm.json").is_file()]
    return frozenset(s.problem for file in files for s in read_records(file, Supervision))


def _of_study(name: str) -> list[Entrant]:
    files = sorted((Path(name) / "arms").glob("*/arm.json"))
    trained = [_trained(file) for file in files if (file.parent / "checkpoint").is_dir()]
    return [Entrant(BASE, _config(name).student.model), *trained]


def _trained(file: Path) -> Entrant:
    """The student of an arm's `arm.json`."""
    about = json.loads(file.read_text(encoding="utf-8"))
    arm, model = about["recipe"], str(file.parent / "checkpoint")
    return Entrant(arm, model, about["seed"], about["student"]["model"], arm.removesuffix(WITH))


def _alone(name: str) -> Entrant:
    """A model; one that lies in a study's folder knows what it was taught by."""
    resolve_model(name)
    file = Path(name).parent / "arm.json"
    if Path(name).name == "checkpoint" and file.is_file():
        return _trained(file)
    return Entrant(Path(name).name if Path(name).is_dir() else name, name)


def _config(name: str) -> StudyConfig:
    return load_config(Path(name) / "study.toml", names=False)
