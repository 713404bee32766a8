"""What every checker has in common: its type, the registry, and how texts and options are made comparable."""

import re
import unicodedata
from collections.abc import Callable

from fractionate.records import Verdict
from fractionate.registry import Registry

Checker = Callable[[str, str], Verdict]
"""Compares the right answer with a given one; neither is empty, both have at most `MAX_LENGTH` characters unless they
are plain numbers."""

CHECKERS: Registry[Checker] = Registry("checker", home="fractionate.checking")

MAX_LENGTH = 500
"""Characters; longer answers are not compared."""

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_LOOSE_SIGN = re.compile(r"(?<!\d)[.:/](?!\d)|(?<=\d)[.:](?!\d)|(?<=\w)-|-(?!\d)")
_PUNCTUATION = re.compile(r"[^\w.:/+*^<>=%√-]")


def normal(text: str) -> str:
    """Casefolded words and numbers, with the signs that carry a value; other punctuation is a space."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "").replace("'", "")
    text = _LOOSE_SIGN.sub(" ", _THOUSANDS.sub("", text))
    return " ".join(_PUNCTUATION.sub(" ", text).split())
