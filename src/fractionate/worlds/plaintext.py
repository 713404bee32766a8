"""The plain sentences in a prompt: out of JSON and Markdown, in lower case, numbers in digits.

sentences('{"task": "Solve this.", "problem": "Mia has three pens."}')   # ["solve this", "mia has 3 pens"]
mendable(["many"])["mnay"]                                               # "many"
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from fractionate.checking.numerals import in_digits

_LAYOUT = re.compile(r"(?m)^[ \t]*(?:[-*>#]+|\d+[.)])[ \t]+|[*`_#]+|\|")
_ENDS = re.compile(r"[.?!:;](?=[\s\"'”)]|$)|\n")
_AROUND = " \t\r,\"'“”()"
_SHORTEST = 4
"""Letters of the shortest word that is mended."""


def sentences(prompt: str) -> list[str]:
    """The sentences of the prompt, labels and headings among them, without their ends."""
    text = _LAYOUT.sub(" ", _out_of_json(prompt).replace("’", "'")).lower()
    parts = (" ".join(part.split()).strip(_AROUND) for part in _ENDS.split(in_digits(text)))
    return [part for part in parts if part]


def slips(word: str) -> set[str]:
    """The word with two neighboring letters exchanged, a letter left out, or a letter doubled."""
    exchanged = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    left_out = {word[:i] + word[i + 1 :] for i in range(len(word))}
    doubled = {word[: i + 1] + word[i:] for i in range(len(word))}
    return (exchanged | left_out | doubled) - {word}


def mendable(vocabulary: Iterable[str]) -> dict[str, str]:
    """Every slip in a longer word of the vocabulary, with the word."""
    known = set(vocabulary)
    return {slip: word for word in sorted(known) if len(word) >= _SHORTEST for slip in slips(word) - known}


def _out_of_json(text: str) -> str:
    """Every JSON object in the text replaced by the strings that it holds."""
    pieces, at, decoder = [], 0, json.JSONDecoder()
    while (opening := text.find("{", at)) >= 0:
        pieces.append(text[at:opening])
        try:
            value, at = decoder.raw_decode(text, opening)
            pieces.extend(f"\n{string}\n" for string in _strings(value))
        except (json.JSONDecodeError, RecursionError):
            pieces.append("{")
            at = opening + 1
    return "".join([*pieces, text[at:]])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)
