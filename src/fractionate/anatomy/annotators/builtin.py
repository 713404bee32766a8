"""`builtin`: by rules alone, over all cores, without a model."""

from collections.abc import Iterable, Iterator
from typing import Any

from fractionate.anatomy.annotate import ANNOTATORS, AnnotatorSettings
from fractionate.anatomy.many import analyze_all
from fractionate.records import Anatomy, Trace


@ANNOTATORS.register("builtin")
class Builtin:
    """The passes of this package."""

    def __init__(self, settings: AnnotatorSettings) -> None:
        """No setting is used."""

    def __call__(self, traces: Iterable[Trace]) -> Iterator[Anatomy]:
        """Each trace's anatomy."""
        return analyze_all(traces)

    def costs(self) -> dict[str, Any]:
        """Nothing."""
        return {}
