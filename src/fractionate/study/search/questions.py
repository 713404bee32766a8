"""What the rungs of a search ask and what its confirmation asks: never the same, nor nearly.

development, confirmation, told = apart(development, confirmation)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from fractionate.records import Anatomy, Item

NEARLY = (
    "{} questions, with what is nearly the same, were drawn for the search and for its confirmation: half of them are "
    "asked in each"
)
SAME = (
    "{} questions were drawn for the search and for its confirmation: half of them are asked in each; there are too "
    "few to keep apart what is nearly the same as well"
)


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked, and the teacher's solutions of the in-format problems."""

    items: tuple[Item, ...]
    solved: tuple[Anatomy, ...]

    def only(self, items: Sequence[Item]) -> "Questions":
        """Some of the items, with their solutions."""
        asked = {i.pair or i.id for i in items}
        return Questions(tuple(items), tuple(a for a in self.solved if a.trace.id in asked))


def apart(development: Questions, confirmation: Questions) -> tuple[Questions, Questions, list[str]]:
    """Without a question in both: of small sets those that were drawn twice are shared out, half to each.

    With them goes all that is nearly the same, unless one side would have none of a cell's questions left then.
    """
    for kind in (_cluster, _question):
        one, other = ({kind(i) for i in asked.items} for asked in (development, confirmation))
        both = sorted(one & other, key=lambda group: sha256(group.encode()).digest())
        left = one - set(both[::2]), other - set(both[1::2])
        sides = tuple(
            asked.only([i for i in asked.items if kind(i) in own])
            for asked, own in zip((development, confirmation), left, strict=True)
        )
        cells = [{i.cell for i in asked.items} for asked in (development, confirmation, *sides)]
        if cells[:2] == cells[2:]:
            break
    told = [] if not both else [NEARLY.format(len(both)) if kind is _cluster else SAME.format(len(both))]
    return sides[0], sides[1], told


def _cluster(item: Item) -> str:
    """What is asked, whatever the prompt's style, and what is nearly the same."""
    return item.cluster or item.pair or item.id


def _question(item: Item) -> str:
    """What is asked, whatever the prompt's style."""
    return item.pair or item.id
