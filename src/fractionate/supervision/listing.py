"""What a study or `compile` can be asked for by name, with a line about each: recipes, schedules, pairs, formats.

listed()[0]        # Part(kind="recipe", name="answer_only", options=(), about="The answer line alone.")
next(part for part in listed() if part.name == "keep").options     # ("r=0.5", "by=structural")
"""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from fractionate.registry import Registry
from fractionate.supervision.base import RECIPES
from fractionate.supervision.course import SCHEDULES
from fractionate.supervision.dataset.pairing import PAIRS
from fractionate.supervision.export.base import EXPORTERS

CALLED: tuple[Registry[Callable[..., Any]], ...] = (RECIPES, SCHEDULES, PAIRS)
"""Parts that take options."""


class Part(NamedTuple):
    """A name, the options that may follow it with their defaults, and the first line of its documentation."""

    kind: str
    name: str
    options: tuple[str, ...]
    about: str


def listed() -> list[Part]:
    """All parts, by kind and name, those of other packages too."""
    called = [
        Part(registry.kind, name, _options(part), _about(part))
        for registry in CALLED
        for name, part in sorted(registry.items(), key=lambda item: item[0])
    ]
    formats = sorted(EXPORTERS.items(), key=lambda item: item[0])
    return called + [Part("format", name, (), _about(part)) for name, part in formats]


def _options(factory: Callable[..., Any]) -> tuple[str, ...]:
    """All parameters but the first, the seed."""
    given = list(inspect.signature(factory).parameters.values())[1:]
    return tuple(f"{p.name.removesuffix('_')}={'…' if p.default is p.empty else p.default}" for p in given)


def _about(part: Any) -> str:
    return (inspect.getdoc(part) or "").partition("\n")[0]
