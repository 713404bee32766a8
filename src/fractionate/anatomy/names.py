"""Names: the persons and places of a problem, by which a step says whose quantity it works out.

A computation applies a relation that the problem states. Where its values come from earlier steps, the relation
itself is known by the names: "Lena: 58 + 72 = 130" applies "Lena sells as many posters as Tom and Ruby together".

    Names(premises).relation(step, linked=set())      # the index of that premise, or None
"""

import re
from collections.abc import Set as AbstractSet

from fractionate.anatomy.draft import READ_LIMIT, PartDraft, StepDraft
from fractionate.anatomy.text import listed

MOST_NAMES = 50
"""Names of one sentence; a longer list is a table."""
MOST_PARTS = 50
"""Parts of the problem that are read for names."""

_CAPITALIZED = re.compile(r"\b[A-Z][a-z]+")
_NO_NAMES = frozenset(
    listed("""A After All Also An And Are As At Before But By Calculate Can Determine Does During Each Every Find First
    For From Given He Her His How If In It Its Later Let Next Now Of On One Our She Since So Some Suppose That The Their
    Then There These They This Those To Today We What When Where Which While Who With Yesterday You Your""")
)


class Names:
    """The names in each part of the problem."""

    def __init__(self, premises: list[PartDraft]) -> None:
        named = [_names(p.text) for p in premises[:MOST_PARTS]]
        self.first = [names[0] if names else None for names in named]
        self.named = [frozenset(names) for names in named]
        self.known: frozenset[str] = frozenset().union(*self.named)

    def relation(self, step: StepDraft, linked: AbstractSet[int]) -> int | None:
        """The part of the problem that relates what `step` names, unless one of the `linked` ones does.

        Among several, the one that begins with the same name tells about that person.
        """
        names = [name for name in _names(step.text) if name in self.known] if self.known else []
        telling = [i for i, named in enumerate(self.named) if named.issuperset(names)] if names else []
        if any(i in linked for i in telling):
            return None
        relating = (i for i in telling if len(self.named[i]) > 1)
        return min(relating, key=lambda i: (self.first[i] != names[0], i), default=None)


def _names(text: str) -> list[str]:
    found = [word for word in _CAPITALIZED.findall(text[:READ_LIMIT]) if word not in _NO_NAMES]
    return list(dict.fromkeys(found[:MOST_NAMES]))
