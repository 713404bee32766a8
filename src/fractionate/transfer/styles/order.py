"""Premises in another order, where the order carries no meaning.

    prompted("shuffled", problem, seed=0).text
    # "Ann has twice as many pens as Tom. Tom has 3 pens. How many pens does Ann have?"

Only statements of how things stand ("Tom has", "there are", "each box holds") change places, and only with their
neighbors, never across something that happens. A problem in which some sentence refers back ("He …", "the rest",
"then") is left as it is: `changed` tells.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from random import Random

from fractionate.transfer.styles.base import STYLES, of_text
from fractionate.transfer.styles.text import asking, formulas, split_sentences
from fractionate.worlds.scenes import SCENES

_PRONOUNS = (
    "he|she|it|they|him|her|hers|his|its|their|theirs|them|himself|herself|itself|themselves|this|these|those"
)
REFERS_BACK = re.compile(
    rf"(?i)\b(?:{_PRONOUNS}|such|former|latter|same|another|others?|rest|remain\w*|then|next|after\w*|before\w*|finally"
    r"|again|later|also|instead|however|so|therefore|thus|now|still|too|both|either|neither|here|meanwhile|first|second"
    r"|third|last|more|fewer|less|additional|extra|each(?=\s+(?:has|is|costs?|weighs?|holds?|contains?|one)\b))\b"
    r"(?!\s+(?:\w+\s+){0,2}(?:than|as)\b)"
)
"""Words by which a sentence leans on what was said before it; "3 more pens than" does not."""

PRONOUN = re.compile(rf"(?i)\b(?:{_PRONOUNS})\b")
_LEDGER = sorted({scene.verb for scene in SCENES} | {scene.rate.verb for scene in SCENES if scene.rate})
_STANDS = re.compile(
    rf"\b(?:is|are|has|have|costs?|weighs?|owns?|holds?|contains?|takes?|lasts?|pays|{'|'.join(_LEDGER)})\b"
)
_HAPPENS = re.compile(
    r"(?i)\b(?:gives?|loses?|eats?|throws?|shares?|uses?|moves?|adds?|removes?|leaves|spends|sells|later"
    r"|(?:has|have|is|are) (?:being |been )?(?:\w+(?:ed|en|ing|wn|ght|lt|nt)|been|cut|paid|put|sold|won))\b"
)


@STYLES.register("shuffled")
@of_text
def shuffled(text: str, rng: Random) -> str:
    """The statements of the problem in another order."""
    if "\n" in text or formulas(text):
        return text
    sentences = split_sentences(text)
    runs = _runs(sentences)
    moved = sentences
    while runs and moved == sentences:
        moved = sentences[:]
        for run in runs:
            moved[run[0] : run[-1] + 1] = rng.sample(sentences[run[0] : run[-1] + 1], len(run))
    return " ".join(moved) if runs else text


def _runs(sentences: Sequence[str]) -> list[list[int]]:
    """Where two or more statements follow each other that can change places."""
    question = asking(sentences)
    if question is None or PRONOUN.search(sentences[question]):
        return []
    premises = [s.removeprefix("Later, ") for i, s in enumerate(sentences) if i != question]
    if any(REFERS_BACK.search(s) for s in premises):
        return []
    stands = [i != question and _stands(s) for i, s in enumerate(sentences)]
    runs = [[i for i, _ in run] for alike, run in groupby(enumerate(stands), key=itemgetter(1)) if alike]
    return [run for run in runs if len({sentences[i] for i in run}) > 1]


def _stands(sentence: str) -> bool:
    return _STANDS.search(sentence) is not None and _HAPPENS.search(sentence) is None
