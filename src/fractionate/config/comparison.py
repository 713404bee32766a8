"""`[arms]`, `[transfer]`, `[decision]`, `[search]`: what competes, what is asked, and how one decides."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from fractionate.config.base import Section, Unique


class ArmsConfig(Section):
    """Which recipes and schedules compete. `reference` is compared against; without it the design's rule chooses.

    `budget` is held equal: the same problems as often (`examples`), as many optimizer updates, tokens with loss or
    FLOPs (`compute`). What is held equal is what the reference, or else the costliest arm, takes in `training.epochs`;
    the other arms see their examples more or less often.
    """

    recipes: Unique[str] = ("answer_only", "full", "decision_points", "random_drop")
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
    """How `fractionate search` goes about it; `arms.recipes` are its candidates, and `recipes`: those may end with an
    order in which traces are taken (`compact@short`). `problems` bounds how many of the usable ones are learned from.

    `roles` adds a factorial of those of the `factors` that the traces have, whole or half of it; what half of it leaves
    out is tried around the best. In each rung candidates learn from that share of the problems and are asked the same
    share of the questions, but at least `least_questions`; all but `keep` of them go after it. Each is tried with
    `rates` times the learning rate in the first rung and keeps the best. `seeds` are those of every rung;
    `confirm_seeds` so many fresh ones confirm, with `confirm_questions` times as many questions to a cell where they
    can be made. `confirm_cheaper` so many that are cheaper still are confirmed in turn, each if the one before held.
    Another `confirm_draw` is for a search that is repeated because of what a confirmation said: other fresh seeds, and
    other questions wherever more can be drawn.
    `stop_early` ends a search in which the references learn next to nothing from all problems: whatever were tried,
    there would be no decision. `cost` is what is to be small. `not_worse` are constraints: by how much the recipe that
    is chosen may fall below the reference, by the name of a cell ("style: boxed"), a family, "worst style" or
    "layer: NAME"; `longer` how many times as long its answers may be. `equal_compute` also trains it with as many FLOPs
    as the reference; `adapt` measures how the students that are confirmed, or those of the factorial too, take up
    families never seen.
    """

    recipes: Unique[str] = ()
    problems: int | None = Field(default=None, gt=0)
    roles: Literal["none", "half", "full"] = "half"
    factors: Unique[Literal["decomposition", "structure", "content", "error_signals", "language"]] = (
        "decomposition", "structure", "content", "error_signals", "language",
    )  # fmt: skip
    rungs: tuple[Annotated[float, Field(gt=0, le=1)], ...] = Field(default=(0.25, 0.5, 1.0), min_length=1)
    keep: float = Field(default=0.5, gt=0, lt=1)
    stop_early: bool = True
    rates: Annotated[Unique[Annotated[float, Field(gt=0)]], Field(min_length=1)] = (1.0,)
    least_questions: float = Field(default=0.5, gt=0, le=1)
    confirm_seeds: int = Field(default=3, gt=0)
    confirm_questions: float = Field(default=1.0, ge=1)
    confirm_cheaper: int = Field(default=0, ge=0)
    confirm_draw: int = Field(default=1, ge=1)
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
