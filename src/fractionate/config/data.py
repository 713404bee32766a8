"""`[data]`: where problems and traces come from."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from fractionate.config.base import Section


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
