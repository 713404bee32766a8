"""Stretches: the parts of a text that hold prose, without the tags and the JSON that wrap them.

    text = 'Here:\\n{"reasoning": "Add 2.\\\\nAdd 3.", "answer": 5}'
    [s.span.of(text) for s in stretches(text, Span(0, len(text)))]     # ["Here:\\n", "Add 2.\\\\nAdd 3.", "5"]

JSON at the beginning of a line or of a block, or after a colon, is a wrapper. The strings and numbers that are its
values are prose, in which `\\\\n` breaks a line; its keys and signs are not.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from fractionate.records import Span

_TAG = re.compile(
    r"</?(?:think|thinking|thought|thoughts|reasoning|reflection|answer|solution|output|scratchpad|step)>"
    r"|<\|[a-z_]{1,30}\|>",
    re.IGNORECASE,
)
_BEGINS = r"(?=(?:\[\s*)?\{\s*\")"
_OPENING = re.compile(
    rf"```(?:json)?\s*{_BEGINS}|(?P<code>```)|(?:^|(?<=:))[^\S\n]*{_BEGINS}", re.IGNORECASE | re.MULTILINE
)
_CLOSING = re.compile(r"\s*```")
_VALUE = re.compile(
    r'"(?P<key>(?:[^"\\]|\\.){0,200}"\s*:)|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<number>-?\d[\d.]*(?:[eE][-+]?\d+)?)',
    re.DOTALL,
)
_JSON = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
"""Lets raw line breaks in strings pass."""
MOST_BROKEN = 20
"""Places of a stretch that look like JSON and are not, after which no more is looked for."""


class Stretch(NamedTuple):
    """A span of prose; `escaped` if its line breaks are written as two characters."""

    span: Span
    escaped: bool = False


class _Wrapper(NamedTuple):
    """Some JSON, and the span that it takes with its fence."""

    span: Span
    json: Span


def stretches(text: str, part: Span) -> Iterator[Stretch]:
    """The stretches of `part` in order."""
    at = part.start
    for tag in _TAG.finditer(text, part.start, part.end):
        yield from _unwrapped(text, Span(at, tag.start()))
        at = tag.end()
    yield from _unwrapped(text, Span(at, part.end))


def _unwrapped(text: str, stretch: Span) -> Iterator[Stretch]:
    """The values in the JSON of a stretch, and what stands around it."""
    at, body = stretch.start, stretch.of(text)
    for wrapper in _wrappers(body):
        start, end = stretch.start + wrapper.span.start, stretch.start + wrapper.span.end
        if at < start:
            yield Stretch(Span(at, start))
        for value in _VALUE.finditer(body, *wrapper.json):
            if value.lastgroup != "key":
                found = value.span(value.lastgroup or 0)
                yield Stretch(Span(*(stretch.start + i for i in found)), value.lastgroup == "text")
        at = end
    if at < stretch.end:
        yield Stretch(Span(at, stretch.end))


def _wrappers(body: str) -> Iterator[_Wrapper]:
    """The JSON in a stretch, outside of blocks of code."""
    if "{" not in body or '"' not in body:
        return
    broken = 0
    opening = _OPENING.search(body)
    while opening and broken < MOST_BROKEN:
        at = opening.end()
        if opening.lastgroup == "code":
            at = max(at, body.find("```", at) + 3)
        elif (end := _end_of_json(body, at)) is None:
            broken += 1
            at += 1
        else:
            fence = _CLOSING.match(body, end) if "`" in opening[0] else None
            inner, at = Span(at, end), fence.end() if fence else end
            yield _Wrapper(Span(opening.start(), at), inner)
        opening = _OPENING.search(body, at)


def _end_of_json(body: str, start: int) -> int | None:
    """Where the JSON ends that begins at `start`; None if it is broken."""
    try:
        return _JSON.raw_decode(body, start)[1]
    except (ValueError, RecursionError):
        return None
