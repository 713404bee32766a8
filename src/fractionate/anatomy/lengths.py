"""Lengths in tokens: by the built-in student's tokenizer where it has been unpacked, else by what is near to it.

unit, measure = lengths()
unit                                  # "smollm2-135m" or "digits, words and signs"
measure(["So 3*4 = 12 pens."])        # [11]
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

PIECES = re.compile(r"\d|[^\W\d]+|[^\w\s]")
"""Digits, words and signs: near to what tokenizers count, without one."""


class Lengths(NamedTuple):
    """What is counted, and how many of it each text has."""

    unit: str
    measure: Callable[[Sequence[str]], list[int]]


def lengths() -> Lengths:
    """The best counter at hand, without loading or converting a model."""
    from fractionate.models.load import unpacked_tokenizer

    name, file = "smollm2-135m", unpacked_tokenizer()
    if file is None:
        return Lengths("digits, words and signs", pieces)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))

    def measure(texts: Sequence[str]) -> list[int]:
        return [len(e.ids) for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    return Lengths(name, measure)


def pieces(texts: Sequence[str]) -> list[int]:
    """Digits, words and signs of each text."""
    return [len(PIECES.findall(text)) for text in texts]
