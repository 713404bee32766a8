"""One study, one TOML file: typed, frozen, checked before anything runs.

    config = load_config(Path("study.toml"))
    config.training.epochs

`fractionate init` writes a commented file; the embedded default study is `default_study()`. An unknown setting, a
value of the wrong type, or a recipe or model that does not exist stops with one line that names the file.
"""

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import tomli_w
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from fractionate.errors import InputError

BASE = "base"
"""The arm that is not trained: the student as it came."""


class Section(BaseModel):
    """A frozen table of the file; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


T = TypeVar("T")


def _once(values: tuple[T, ...]) -> tuple[T, ...]:
    if len(set(values)) < len(values):
        raise ValueError("an entry is listed twice")
    return values


Unique = Annotated[tuple[T, ...], AfterValidator(_once)]
"""A list without repetitions."""


class DataConfig(Section):
    """Where problems and traces come from: a world, or files.

    Of files, `keep` says which traces are learned and `checker` how answers are compared (default: by what the
    answer looks like); `train` bounds the problems of an arm (default: all; 240 of a world). `anatomy` is for
    worlds: their own exact one (`gold`, the default) or the analysis that files get (`builtin`). `leaks` says what
    becomes of training traces whose problems a benchmark of the study asks. `select` is the order in which traces
    are taken (`random`, `short`, `long`, `varied` shapes, `hard` for the student), at most `per_problem` of a problem;
    `teachers = "equal"` mixes several teachers evenly, under any order. `seed` draws and splits the problems (default:
    the first of the study's seeds); `asked` says which split students are asked from, so that what was chosen on the
    development problems can be confirmed on others.
    """

    world: str | None = None
    files: tuple[str, ...] = ()
    format: str | None = None
    mapping: Mapping[str, str] | None = None
    keep: Literal["right", "all"] = "right"
    checker: str | None = None
    select: str = "random"
    per_problem: int | None = Field(default=None, gt=0)
    teachers: Literal["any", "equal"] = "any"
    train: int | None = Field(default=None, gt=0)
    leaks: Literal["exclude", "keep"] = "exclude"
    development: float = Field(default=0.15, gt=0, lt=1)
    confirmation: float = Field(default=0.1, ge=0, lt=1)
    seed: int | None = None
    asked: Literal["development", "confirmation"] = "development"
    anatomy: Literal["gold", "builtin"] | None = None
    depth: tuple[int, int] = (1, 3)
    distractors: tuple[int, int] = (0, 1)
    verbosity: Literal["terse", "plain", "chatty"] = "chatty"
    mistakes: float = Field(default=0.0, ge=0, le=1)
    numbers: tuple[int, int] = (3, 50)

    @model_validator(mode="after")
    def _one_source(self) -> "DataConfig":
        if (self.world is None) == (not self.files):
            raise ValueError("name either a world or files")
        if self.mapping is not None and self.format is not None:
            raise ValueError("a mapping takes the place of a format; give one of them")
        choosing = self.select != "random" or self.per_problem or self.teachers != "any"
        if self.world is not None and choosing:
            raise ValueError(
                "select, per_problem and teachers choose among the traces of files, not of a world"
            )
        return self


class StudentConfig(Section):
    """Which model learns, and how: full weights or LoRA. `context` lowers the model's own limit, in tokens."""

    model: str = "smollm2-135m"
    adapter: Literal["none", "lora"] = "none"
    lora_rank: int = Field(default=16, gt=0)
    context: int | None = Field(default=None, gt=0)


class RepresentationConfig(Section):
    """The auxiliary objective: a hidden state that knows the next intermediate result.

    Each of `recipes` (they may be schedules) gets a second arm, `NAME+representation`, which is trained with the
    objective too. It is read at the layer at the share `layer` of the network's depth, at the end of the prompt
    (`problem`) or before each step of the response (`steps`); `weight` stands against 1 for the loss on the text.
    There every arm, the untouched one too, is probed after training: the report says what is known inside beside T.
    """

    recipes: Unique[str] = ()
    weight: float = Field(default=0.5, ge=0)
    layer: float = Field(default=2 / 3, gt=0, le=1)
    at: Literal["problem", "steps"] = "problem"


class TrainingConfig(Section):
    """The same for every arm, except the learning rate of those that `learning_rates` names (they were tuned).

    `batch_size` is in examples, `micro_tokens` bounds memory.
    """

    epochs: Annotated[int | float, Field(gt=0)] = 1
    learning_rate: float = Field(default=2e-4, gt=0)
    batch_size: int = Field(default=16, gt=0)
    micro_tokens: int = Field(default=2048, gt=0)
    learning_rates: Mapping[str, Annotated[float, Field(gt=0)]] = {}
    representation: RepresentationConfig = RepresentationConfig()


class ArmsConfig(Section):
    """Which recipes and schedules compete. `reference` is compared against; without it the design's rule chooses.

    `budget` is held equal: the same problems as often (`examples`), as many optimizer updates, tokens with loss or
    FLOPs (`compute`). What is held equal is what the reference, or else the costliest arm, takes in `training.epochs`;
    the other arms see their examples more or less often.
    """

    recipes: Unique[str] = Field(
        default=("answer_only", "full", "decision_points", "random_drop"), min_length=1
    )
    reference: str | None = None
    budget: Literal["examples", "updates", "supervised_tokens", "compute"] = "examples"


class TransferConfig(Section):
    """What the students are asked: the cells of a `suite`, or else `items` problems a cell, as follows.

    Styles are asked on the in-format problems; `depths` are single depths of the world beyond the trained ones;
    `benchmarks` (related) and `harder` (more difficult) are names, files or `gym:<family>`. `layers` and
    `interventions` are asked beside the cells, on `layer_items` questions each. `share` asks a part of all that, the
    same questions in every cell. `samples` > 1 needs a temperature.
    """

    suite: str | None = None
    items: int = Field(default=32, gt=0)
    styles: Unique[str] = ("reworded", "question_first", "noisy", "boxed")
    depths: Unique[int] = ()
    benchmarks: Unique[str] = ()
    harder: Unique[str] = ()
    at_once: bool = True
    layers: Unique[str] = ()
    interventions: Unique[str] = ()
    layer_items: int = Field(default=32, gt=0)
    share: float = Field(default=1.0, gt=0, le=1)
    max_new_tokens: int = Field(default=256, gt=0)
    temperature: float = Field(default=0.0, ge=0)
    samples: int = Field(default=1, gt=0)
    batch_rows: int = Field(default=192, gt=0)

    @model_validator(mode="after")
    def _suite_or_cells(self) -> "TransferConfig":
        asked = (
            "items", "styles", "depths", "benchmarks", "harder", "at_once", "layers", "interventions",
            "layer_items", "max_new_tokens",
        )  # fmt: skip
        if self.suite is not None and (both := self.model_fields_set.intersection(asked)):
            raise ValueError(f"a suite says what is asked; leave out {', '.join(sorted(both))}")
        return self

    @model_validator(mode="after")
    def _samples_differ(self) -> "TransferConfig":
        if self.samples > 1 and self.temperature == 0:
            raise ValueError("samples > 1 needs temperature > 0")
        if not (self.styles or self.depths or self.benchmarks or self.harder):
            raise ValueError(
                "name at least one style, depth or benchmark: without one there is no transfer to see"
            )
        return self


class DecisionConfig(Section):
    """`margin`: how far below the reference still counts as not worse (0.02 is 2 points)."""

    margin: float = Field(default=0.02, gt=0, lt=1)
    resamples: int = Field(default=2000, ge=200)


class SearchConfig(Section):
    """How `fractionate search` goes about it; `arms.recipes` are its candidates.

    `roles` adds a factorial of the roles that the traces have, whole or half of it. In each rung candidates learn from
    that share of the problems; all but `keep` of them go after it. Each is tried with `rates` times the learning rate
    in the first rung and keeps the best. `seeds` are those of every rung, `confirm_seeds` so many fresh ones confirm.
    `cost` is what is to be small. `not_worse` are constraints: by how much the recipe that is chosen may fall below the
    reference, by the name of a cell ("style: boxed"), a family, "worst style" or "layer: NAME"; `longer` how many times
    as long its answers may be. `equal_compute` also trains it with as many FLOPs as the reference; `adapt` measures how
    the students that are confirmed, or all of the first rung, take up families never seen.
    """

    roles: Literal["none", "half", "full"] = "half"
    rungs: tuple[Annotated[float, Field(gt=0, le=1)], ...] = Field(default=(0.25, 0.5, 1.0), min_length=1)
    keep: float = Field(default=0.5, gt=0, lt=1)
    rates: Annotated[Unique[Annotated[float, Field(gt=0)]], Field(min_length=1)] = (1.0,)
    confirm_seeds: int = Field(default=2, gt=0)
    cost: Literal[
        "teacher_tokens", "trained_tokens", "supervised_tokens", "training_flops", "student_tokens_per_right"
    ] = "supervised_tokens"
    not_worse: Mapping[str, Annotated[float, Field(gt=0)]] = {}
    longer: float | None = Field(default=None, gt=0)
    equal_compute: bool = False
    adapt: Literal["none", "confirmed", "all"] = "none"

    @model_validator(mode="after")
    def _rungs_rise(self) -> "SearchConfig":
        if list(self.rungs) != sorted(set(self.rungs)) or self.rungs[-1] != 1.0:
            raise ValueError("rungs are rising shares that end with 1.0, such as [0.25, 0.5, 1.0]")
        return self


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
    from fractionate.study.select import ORDERS
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
        resolve_model(config.student.model)
        suite_of(config).check()
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    reference = config.arms.reference
    if reference is not None and reference not in config.arms.recipes:
        raise InputError(f"{where}: arms.reference {reference!r} is not among arms.recipes")
    return config
