"""A whole study file: read, checked before anything runs, written again."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import Field, ValidationError, model_validator

from fractionate.config.base import Section, Unique
from fractionate.config.comparison import ArmsConfig, DecisionConfig, SearchConfig, TransferConfig
from fractionate.config.data import DataConfig
from fractionate.config.training import StudentConfig, TrainingConfig
from fractionate.errors import InputError


class StudyConfig(Section):
    """A whole study."""

    name: str = Field(min_length=1)
    question: str = "Which supervision carries over?"
    seeds: Unique[int] = Field(default=(0,), min_length=1)
    data: DataConfig
    student: StudentConfig = StudentConfig()
    training: TrainingConfig = TrainingConfig()
    arms: ArmsConfig = ArmsConfig()
    transfer: TransferConfig = TransferConfig()
    decision: DecisionConfig = DecisionConfig()
    search: SearchConfig = SearchConfig()

    @property
    def data_seed(self) -> int:
        """What draws and splits the problems, the same for every training seed."""
        return self.seeds[0] if self.data.seed is None else self.data.seed

    @model_validator(mode="after")
    def _depths_are_of_a_world(self) -> "StudyConfig":
        if self.transfer.depths and self.data.world is None:
            raise ValueError("transfer.depths are depths of a world; for files use transfer.harder")
        return self

    @model_validator(mode="after")
    def _there_are_arms(self) -> "StudyConfig":
        if not (self.arms.recipes or self.training.representation.recipes):
            raise ValueError("arms.recipes: name at least one")
        return self

    @model_validator(mode="after")
    def _suites_have_their_own_numbers(self) -> "StudyConfig":
        if self.transfer.suite is not None and self.search.confirm_questions != 1:
            raise ValueError("a suite says how many questions a cell has; leave out search.confirm_questions")
        return self


def load_config(path: Path, names: bool = True) -> StudyConfig:
    """Read and check a study file; without `names`, only its form (a finished study can be read anywhere).

    Raises:
        InputError: the file is missing or broken, or a setting or a name in it is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(
            f"{path}: no such file; `fractionate init` writes a study file to start from"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    return parse_config(text, str(path), names)


def parse_config(text: str, where: str, names: bool = True) -> StudyConfig:
    """Check the text of a study file; `where` names it in errors."""
    try:
        config = StudyConfig.model_validate(tomllib.loads(text))
        return check_names(config, where) if names else config
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: broken TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise InputError(f"{where}: {place}: {first['msg']}{more}") from error


def to_toml(config: StudyConfig) -> str:
    """The settings as the text of a study file; those that are as usual are left out."""
    return tomli_w.dumps(config.model_dump(mode="json", exclude_none=True, exclude_defaults=True))


def default_study() -> str:
    """The text of the embedded default study."""
    return resources.files("fractionate.study").joinpath("default.toml").read_text(encoding="utf-8")


def check_names(config: StudyConfig, where: str) -> StudyConfig:
    """Refuse names that do not exist before any work starts."""
    from fractionate.checking import CHECKERS
    from fractionate.models.load import resolve_model
    from fractionate.study.asked import suite_of
    from fractionate.study.select import AS_THEY_COME, ORDERS
    from fractionate.supervision import check_arm
    from fractionate.traces import READERS
    from fractionate.worlds import WORLDS

    registries: list[tuple[Any, tuple[str, ...]]] = [
        (ORDERS, (config.data.select,)),
        (WORLDS, (config.data.world,) if config.data.world else ()),
        (READERS, (config.data.format,) if config.data.format else ()),
        (CHECKERS, (config.data.checker,) if config.data.checker else ()),
    ]
    try:
        for registry, names in registries:
            for name in names:
                registry[name]
        for name in (*config.arms.recipes, *config.training.representation.recipes):
            check_arm(name)
        for name in config.search.recipes:
            recipe, _, order = name.partition("@")
            check_arm(recipe.removesuffix("+representation"))
            if order in AS_THEY_COME:
                raise InputError(
                    f"search.recipes: {name} takes its traces as {recipe} does; choose another order"
                )
            if order:
                ORDERS[order]
        resolve_model(config.student.model)
        suite_of(config).check()
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    reference = config.arms.reference
    if reference is not None and reference not in config.arms.recipes:
        raise InputError(f"{where}: arms.reference {reference!r} is not among arms.recipes")
    return config
