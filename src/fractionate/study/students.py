"""Whom to evaluate: models by name, an endpoint's model, or all students of a finished study.

entrants(["smollm2-135m", "runs/ledger"])
# [Entrant(label="smollm2-135m", …), Entrant(label="base", …), Entrant(label="full", seed=0, …), …]
home_problems(["runs/ledger"], suite)         # the study's own held-out problems, with the teacher's traces
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fractionate.config import BASE, StudyConfig, load_config
from fractionate.errors import InputError
from fractionate.models.load import resolve_model
from fractionate.study.data import gather
from fractionate.study.homes import home_of_material
from fractionate.study.rows import WITH
from fractionate.transfer.home import Home, home_of
from fractionate.transfer.imitation import TAUGHT
from fractionate.transfer.suite import Suite


@dataclass(frozen=True, slots=True)
class Entrant:
    """One student: the model to load, the arm and seed that its scores go under, and what it came from.

    `base` is the model that it was trained from, by `recipe`; a model that stands alone is its own.
    """

    label: str
    model: str
    seed: int = 0
    base: str | None = None
    recipe: str = TAUGHT

    @property
    def place(self) -> str:
        """Its folder within the evaluation's."""
        return f"{self.label}-s{self.seed}".replace("/", "-").replace("?", "-").replace(":", "-")


def entrants(names: Sequence[str]) -> list[Entrant]:
    """Every model named, and every student of every study named, each once.

    Raises:
        InputError: a name is neither, or two students would go under one label.
    """
    found = [entrant for name in names for entrant in (_of_study(name) if is_study(name) else [_alone(name)])]
    by_place: dict[str, Entrant] = {}
    for entrant in found:
        known = by_place.setdefault(entrant.place, entrant)
        if known.model != entrant.model:
            raise InputError(
                f"{entrant.label} names two students ({known.model}, {entrant.model}); evaluate them one by one"
            )
    return list(by_place.values())


def is_study(name: str) -> bool:
    """Whether this is the folder of a study."""
    return (Path(name) / "study.toml").is_file()


def home_problems(names: Sequence[str], suite: Suite) -> Home:
    """The held-out problems of the first study among the names, or else those of the suite."""
    studies = [name for name in names if is_study(name)]
    if not studies:
        return home_of(suite)
    config = _config(studies[0])
    return home_of_material(config, gather(config, teach_held_out=True, asked=suite))


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
