"""Stretches: the parts of a text that hold prose, without the tags and the JSON that wrap them.

    text = '{"reasoning": "Add 2.\\\\nAdd 3.", "answer": "5"}'
    [s.of(text) for s in stretches(text, Span(0, len(text)))]     # ["Add 2.\\\\nAdd 3.", "5"]

In a JSON wrapper the strings that are values are prose, in which `\\\\n` breaks a line; keys and signs are not.
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
_WRAPPED = re.compile(r"\s*(?:```(?:json)?\s*)?(?=\{\s*\")")
_FENCE = re.compile(r"\s*```\s*$")
_VALUE = re.compile(
    r'"(?P<key>(?:[^"\\]|\\.){0,200}"\s*:)|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<number>-?\d[\d.]*)', re.DOTALL
)


class Stretch(NamedTuple):
    """A span of prose; `escaped` if its line breaks are written as two characters."""

    span: Span
    escaped: bool = False


def stretches(text: str, part: Span) -> Iterator[Stretch]:
    """The stretches of `part` in order."""
    at = part.start
    for tag in _TAG.finditer(text, part.start, part.end):
        yield from _unwrapped(text, Span(at, tag.start()))
        at = tag.end()
    yield from _unwrapped(text, Span(at, part.end))


def _unwrapped(text: str, stretch: Span) -> Iterator[Stretch]:
    wrapper = _WRAPPED.match(text, stretch.start, stretch.end)
    if wrapper is None:
        yield Stretch(stretch)
        return
    fence = _FENCE.search(text, max(wrapper.end(), stretch.end - 20), stretch.end)
    inner = Span(wrapper.end(), fence.start() if fence else stretch.end)
    if not _is_json(inner.of(text)):
        yield Stretch(stretch)
        return
    for value in _VALUE.finditer(text, inner.start, inner.end):
        if value.lastgroup != "key":
            yield Stretch(Span(*value.span(value.lastgroup or 0)), value.lastgroup == "text")


def _is_json(text: str) -> bool:
    """Whether a text is one JSON object; raw line breaks in its strings are let pass."""
    try:
        return isinstance(json.loads(text, strict=False), dict)
    except (ValueError, RecursionError):
        return False
