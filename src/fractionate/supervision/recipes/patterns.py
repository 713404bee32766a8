"""`patterns`: the whole trace, with weights for what regular expressions or words of a file find in it.

    patterns?file=weights.json

    {"Wait[^.]*\\\\.": [0.0], "= \\\\d+": [2.0]}        expressions, each with a weight; 0 is read without loss
    {"Plan:": [0.0, 0.2], "Check:": [1.0, 0.5]}     words, with their weight and that of what follows up to the next

This is the form of ms-swift's `loss_scale` files (4.6, swift/loss_scale/utils.py): of matches that overlap the first
from the left counts, of those that begin together the first in the file, and a dot matches line ends too. The rest has
weight 1, or that of an entry `""`. Matches are sought in the teacher's text; the answer line always has weight 1.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError

from fractionate.errors import InputError
from fractionate.records import Anatomy, Span, Supervision
from fractionate.supervision.base import RECIPES, NotApplicable, Recipe, quote_whole, supervise
from fractionate.supervision.weights import weighed
from fractionate.traces.weights import Weighted

LARGEST = 64 * 1024
"""Bytes of a file."""
LONGEST = 200_000
"""Characters of a trace; what an expression costs may grow faster than the text."""

Weights = Annotated[
    list[Annotated[float, Field(ge=0, allow_inf_nan=False)]], Field(min_length=1, max_length=2)
]
_FILE = TypeAdapter(Annotated[dict[str, Weights], Field(min_length=1, max_length=256)])


class Pattern(NamedTuple):
    """What is sought, its weight, and the weight of what follows it up to the next match."""

    sought: re.Pattern[str]
    weight: float
    after: float | None = None


@RECIPES.register("patterns")
def patterns(seed: int = 0, *, file: Path) -> Recipe:
    """The whole trace, with the weights that a file gives to what its expressions match."""
    entries = _read(file)
    otherwise = entries.pop("", [1.0])[0]
    found = [_pattern(file, key, weights) for key, weights in entries.items()]

    def build(anatomy: Anatomy) -> Supervision:
        text = anatomy.trace.text
        if len(text) > LONGEST:
            raise NotApplicable(f"longer than {LONGEST:,} characters, too long to search for patterns")
        whole = quote_whole(anatomy, Span(0, len(text)))
        return supervise(anatomy, "patterns", weighed(whole, list(_stretches(text, found)), otherwise))

    return build


def _read(file: Path) -> dict[str, list[float]]:
    """The entries of a file; `""` has one weight, the others all one or all two."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise InputError(f"{file}: larger than {LARGEST:,} bytes; patterns are meant to be few")
        entries: dict[str, list[float]] = _FILE.validate_json(data, strict=True)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); check the path") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ": ".join(["", *(repr(part) for part in first["loc"])])
        raise InputError(
            f'{file}{place}: {first["msg"]}; write it as {{"expression": [weight], …}}'
        ) from error
    if len({len(weights) for key, weights in entries.items() if key}) > 1 or len(entries.get("", [1])) > 1:
        raise InputError(
            f'{file}: has entries of one weight and of two; give all one, or all but "" two (words, not expressions)'
        )
    return entries


def _pattern(file: Path, key: str, weights: Sequence[float]) -> Pattern:
    """An expression with one weight, a literal word with two."""
    try:
        sought = re.compile(key if len(weights) == 1 else re.escape(key), re.DOTALL)
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(f"{file}: {key!r} is no regular expression ({error})") from error
    return Pattern(sought, *weights)


def _stretches(text: str, patterns: Sequence[Pattern]) -> Iterator[Weighted]:
    """What has a weight of its own, from the left."""
    ahead = [(match, p) for p in patterns if (match := _next(p, text, 0))]
    while ahead:
        match, found = min(ahead, key=lambda one: one[0].start())
        end = match.end()
        yield Weighted(match.start(), end, found.weight)
        passed = [(m if m.start() >= end else _next(p, text, end), p) for m, p in ahead]
        ahead = [(m, p) for m, p in passed if m]
        if found.after is not None:
            yield Weighted(end, min([m.start() for m, _ in ahead], default=len(text)), found.after)


def _next(pattern: Pattern, text: str, at: int) -> re.Match[str] | None:
    """The next match that is not empty."""
    return next((m for m in pattern.sought.finditer(text, at) if m.end() > m.start()), None)
