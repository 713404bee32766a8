"""What every section of a study file is made of: frozen, typed, without unknown settings."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict

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
