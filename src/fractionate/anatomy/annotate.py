"""Annotators: who takes traces apart. Each is a small module under `annotators/`, or a package of your own.

    @ANNOTATORS.register("mine")
    class Mine:
        def __init__(self, settings: AnnotatorSettings) -> None: ...
        def __call__(self, traces: Iterable[Trace]) -> Iterator[Anatomy]: ...
        def costs(self) -> dict[str, Any]: ...

    for anatomy in annotator("endpoint", AnnotatorSettings(model="some-model"))(traces):
        anatomy.annotator                        # "endpoint:some-model"

All write the same `Anatomy`; its `annotator` says who it was. Entry-point group: `fractionate.annotator`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from fractionate.records import Anatomy, Trace
from fractionate.registry import Registry


@dataclass(frozen=True, slots=True)
class AnnotatorSettings:
    """What an annotator may need to know: the model, where it is, and its prices per million tokens."""

    model: str | None = None
    base_url: str | None = None
    price_in: float | None = None
    price_out: float | None = None


class Annotator(Protocol):
    """Takes traces apart, in their order."""

    def __call__(self, traces: Iterable[Trace]) -> Iterator[Anatomy]:
        """Each trace's anatomy."""
        ...

    def costs(self) -> dict[str, Any]:
        """What it cost so far, as JSON values; empty where it cost nothing."""
        ...


ANNOTATORS: Registry[Callable[[AnnotatorSettings], Annotator]] = Registry(
    "annotator", home="fractionate.anatomy.annotators"
)
"""Annotators by name."""


def annotator(name: str, settings: AnnotatorSettings | None = None) -> Annotator:
    """The annotator of that name.

    Raises:
        InputError: there is none, or it lacks a setting.
    """
    return ANNOTATORS[name](settings or AnnotatorSettings())
