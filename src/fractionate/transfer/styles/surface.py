"""How the text is typed: slips, casing, words left out. Names, units and numbers are still the same words.

prompted("typos", problem, seed=0).text       # "Tom has 3 boxes of 4 pens. How mnay pens does he hvae?"
prompted("upper_case", problem, seed=0).text  # "TOM HAS 3 BOXES OF 4 PENS. HOW MANY PENS DOES HE HAVE?"
"""

import re
from collections.abc import Callable
from random import Random

from fractionate.transfer.styles.base import STYLES, of_text
from fractionate.transfer.styles.text import in_prose

TYPOS = {
    "many": "mnay", "much": "muhc", "does": "deos", "have": "hvae", "there": "tehre", "their": "thier",
    "they": "tehy", "with": "wiht", "which": "wich", "total": "totla", "altogether": "alltogether",
    "together": "togehter", "would": "woudl", "because": "becuase", "different": "diffrent", "people": "poeple",
    "money": "mony", "remaining": "remianing", "received": "recieved", "bought": "bougth",
}  # fmt: skip
"""Slips in common words only: a misspelt name, unit or invented word would be another word."""

_LOWERED = (
    "How What If There The A An Each Every All He She They It His Her Their In On At When After Before Then "
    "Some Many So Now And But Of For Is Are Does Did Do Yesterday Today Later Which Who Find Calculate"
)
_FIRST_WORD = re.compile(rf"(?:^|(?<=[.!?]\s)|(?<=[.!?]\s\s))(?:{_LOWERED.replace(' ', '|')})(?= [a-z\d$])")
_COMMON = re.compile(rf"\b(?:{'|'.join(TYPOS)})\b")
_WORD = re.compile(r"\b[a-z]+\b")
_THE = re.compile(r"\bthe (?=[a-z]{3})")
_SYMBOL = re.compile(
    r"""(?x) (
      \d\s?(?:[kcmµ]?[mgLlsWJVAN]|[kMG]?Hz|[KMGT]B|am|pm)\b     # units after their number
    | \b[ap]\.m\.
    | (?<!['’])\b[B-HJ-Zb-z]\b | (?<=[a-z]\s)A\b               # variables, "class A"
    | \b[A-Za-z]*[a-z][A-Z][A-Za-z]*\b                         # "McGee"
    )"""
)
"""Where case carries meaning."""


@STYLES.register("noisy")
@of_text
def noisy(text: str, rng: Random) -> str:
    """Typed in a hurry: small letters, slips in common words, "the" and the last mark left out."""
    return in_prose(lambda piece: _hurried(piece, rng), text).rstrip().removesuffix("?").removesuffix(".")


@STYLES.register("typos")
@of_text
def typos(text: str, rng: Random) -> str:
    """At least one slip in a common word; half of the common words slip."""
    found = [m.start() for m in _COMMON.finditer(text)]
    certain = rng.choice(found) if found else None

    def slip(word: re.Match[str]) -> str:
        return TYPOS[word[0]] if word.start() == certain or rng.random() < 0.5 else word[0]

    return _COMMON.sub(slip, text)


@STYLES.register("lower_case")
@of_text
def lower_case(text: str, rng: Random) -> str:
    """Everything in small letters, but for formulas, units and single letters."""
    return in_prose(lambda piece: _cased(piece, str.lower), text)


@STYLES.register("upper_case")
@of_text
def upper_case(text: str, rng: Random) -> str:
    """Everything in capitals, but for formulas, units and single letters."""
    return in_prose(lambda piece: _cased(piece, str.upper), text)


def _cased(text: str, case: Callable[[str], str]) -> str:
    pieces = _SYMBOL.split(text)
    pieces[::2] = [case(piece) for piece in pieces[::2]]
    return "".join(pieces)


def _hurried(text: str, rng: Random) -> str:
    text = _FIRST_WORD.sub(lambda found: found[0].lower(), text)
    text = _THE.sub("", text)
    return _WORD.sub(lambda found: _slip(found[0], rng), text)


def _slip(word: str, rng: Random) -> str:
    return TYPOS[word] if word in TYPOS and rng.random() < 0.5 else word
