"""What the rungs of a search ask and what its confirmation asks: never the same, nor nearly.

development, confirmation, told = apart(development, confirmation)
asked_before([Path("runs/other")], confirmation)        # ["160 of 160 …"], of confirmations that were seen already
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fractionate.records import Anatomy, Item
from fractionate.storage import read_records

CONFIRMATION = "ground/confirmation.parquet"
"""Where a search keeps the questions of its confirmation."""
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
        asked = {_question(i) for i in items}
        return Questions(tuple(items), tuple(a for a in self.solved if a.trace.id in asked))

    def texts(self) -> dict[str, str]:
        """What each question says, as it is asked without a style where it is."""
        said: dict[str, str] = {}
        for item in sorted(self.items, key=lambda i: (i.family == "style", i.family == "at_once")):
            said.setdefault(_question(item), "\n".join([*(m.content for m in item.history), item.prompt]))
        return said


def apart(development: Questions, confirmation: Questions) -> tuple[Questions, Questions, list[str]]:
    """Without a question in both: of small sets those that were drawn twice are shared out, half to each.

    With them goes all that is nearly the same, unless one side would have none of a cell's questions left then. Two
    questions are the same if they say the same, whatever they are called and whatever the prompt's style.
    """
    texts = development.texts() | confirmation.texts()
    clusters: dict[str, str] = {}
    for item in (*development.items, *confirmation.items):
        clusters.setdefault(texts[_question(item)], item.cluster or _question(item))

    def group(item: Item, nearly: bool) -> str:
        text = texts[_question(item)]
        return clusters[text] if nearly else text

    for nearly in (True, False):
        one, other = ({group(i, nearly) for i in asked.items} for asked in (development, confirmation))
        both = sorted(one & other, key=lambda name: sha256(name.encode()).digest())
        left = one - set(both[::2]), other - set(both[1::2])
        sides = tuple(
            asked.only([i for i in asked.items if group(i, nearly) in own])
            for asked, own in zip((development, confirmation), left, strict=True)
        )
        cells = [{i.cell for i in asked.items} for asked in (development, confirmation, *sides)]
        if cells[:2] == cells[2:]:
            break
    told = [] if not both else [NEARLY.format(len(both)) if nearly else SAME.format(len(both))]
    return sides[0], sides[1], told


def asked_before(known: Sequence[Path], confirmation: Questions) -> list[str]:
    """Sentences on searches in these folders whose confirmation has asked some of the same."""
    own, told = set(confirmation.texts().values()), []
    for file in (f for root in known for f in sorted(root.rglob(CONFIRMATION))):
        search = file.parents[1]
        if not any(search.glob("trials/confirm*/*/scores.parquet")):
            continue
        both = own & set(Questions(tuple(read_records(file, Item)), ()).texts().values())
        if both:
            told.append(
                f"{len(both):,} of the {len(own):,} questions of this confirmation were asked by that of {search} "
                "before: if this search was set up with its result in view they are not fresh, and another "
                "search.confirm_draw gives others"
            )
    return told


def _question(item: Item) -> str:
    """What an item asks, in whatever style: the same for all items of a pair."""
    return item.pair or item.id
