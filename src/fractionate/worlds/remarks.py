"""Sentences that no problem is about, without numbers and with.

    REMARKS[0]                                      # Remark("The sky was clear that morning.", ())
    fitting(NUMBERED, "Tom waits 20 minutes. …")    # those that share no noun with the text

They speak of no person, so that no pronoun of a problem can be read as theirs.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple


class Remark(NamedTuple):
    """A sentence, with `{n}` for its number if it has one, and the range of that number."""

    text: str
    numbers: tuple[int, int] | None = None


REMARKS = tuple(
    Remark(text)
    for text in (
        "The sky was clear that morning.",
        "A radio was playing in the background.",
        "There was a smell of fresh paint in the air.",
        "The curtains of the house next door are green.",
        "Rain had been forecast, but none came.",
        "The street is quiet at this hour.",
        "It was a windy afternoon.",
        "A new bakery has opened around the corner.",
        "The bells of the old church could be heard from afar.",
        "The local newspaper wrote about the weather.",
        "Most of the snow had melted by noon.",
        "The river looks calm from the hill.",
        "A blue van was parked outside.",
        "The door of the town hall was being repaired.",
        "The music from the fair was loud.",
        "Fog covered the valley until sunrise.",
    )
)
NUMBERED = tuple(
    Remark(text, numbers)
    for text, numbers in (
        ("The bus to the harbor stops here every {n} minutes.", (6, 45)),
        ("The house across the street has {n} windows.", (4, 30)),
        ("The thermometer on the wall showed {n} degrees.", (3, 35)),
        ("The old lighthouse is {n} meters tall.", (12, 60)),
        ("The museum downtown opened {n} years ago.", (5, 150)),
        ("The nearest airport is {n} miles away.", (8, 90)),
        ("The elevator in the tower stops at {n} floors.", (4, 60)),
        ("The song on the radio lasted {n} seconds.", (120, 290)),
        ("The bridge over the canal rests on {n} pillars.", (4, 40)),
        ("The parade down the avenue had {n} drummers.", (6, 80)),
        ("The fountain in the square has {n} jets.", (3, 24)),
        ("The stairs of the monument have {n} steps.", (20, 300)),
    )
)
_WORD = re.compile(r"[a-z]{3,}")
_EMPTY = frozenset(
    "the was were had has have are and but for from that this there been being could most new old".split()
)


def fitting(remarks: Sequence[Remark], text: str) -> list[Remark]:
    """The remarks that share no word with the text but for those that mean nothing by themselves."""
    said = _stems(text)
    return [remark for remark in remarks if not _stems(remark.text) & said]


def _stems(text: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(text.lower()) if word not in _EMPTY}
