"""Content: the values in a text exchanged for others, while every word and the order of things stay.

    swap = Swap(anatomy, seed=0)
    swap.text("So 3 * 4 = 12 pens.")           # "So 7 * 6 = 85 pens.": wherever the trace says 12, it now says 85

Numerals keep their number of digits, so that a text keeps its length in tokens. Zero, number words ("nine", "half"),
dates, ordinals and the labels of steps stay.
"""

import random
import re
from collections.abc import Callable, Iterable

from fractionate.anatomy.values import Mention, mentions
from fractionate.records import Anatomy, Segment
from fractionate.supervision.base import Unit

Replace = Callable[[Mention, str], str | None]
"""From a mention and the characters that say it to other characters, or None to leave it."""


def with_values(text: str, replace: Replace) -> str:
    """The text with its values replaced."""
    parts, at = [], 0
    for mention in mentions(text):
        if mention.start < at:
            continue
        other = replace(mention, text[mention.start : mention.end])
        if other is not None:
            parts += [text[at : mention.start], other]
            at = mention.end
    return "".join([*parts, text[at:]])


def rewritten(unit: Unit, change: Callable[[str], str]) -> Unit:
    """The unit with its texts changed: segments whose text differs are written, no longer quoted."""
    return unit._replace(segments=tuple(_changed(s, change) for s in unit.segments))


def other_digits(numeral: str, draw: random.Random, avoid: Iterable[str] = ()) -> str | None:
    """Another numeral of the same form ("1,200.50" → "4,731.08"); None where no digit can change."""
    avoided = {numeral, *avoid}
    for _ in range(50):
        found, first = "", True
        for sign in numeral:
            found += str(draw.randint(1 if first else 0, 9)) if sign.isdigit() else sign
            first = first and not sign.isdigit()
        if found not in avoided:
            return found
    return None


class Swap:
    """One consistent exchange of values for a whole trace: equal values stay equal, so the links stay.

    Values are exchanged for some that the trace does not have or, where there are none left, for each other.
    """

    def __init__(self, anatomy: Anatomy, seed: int) -> None:
        self.draw = random.Random(f"{seed}:{anatomy.trace.id}")
        trace = anatomy.trace
        self.taken = {m.value for text in (trace.problem, trace.text) for m in mentions(text)}
        self.known: dict[str, str] = {}

    def text(self, text: str) -> str:
        """The text with its values exchanged."""
        return with_values(text, self._other)

    def _other(self, mention: Mention, said: str) -> str | None:
        if mention.number is None:
            return None
        plain = said.replace(",", "")
        if plain.strip("%$ ").replace(".", "").lstrip("-−").isdecimal():
            return _grouped(self._exchanged(plain), said)
        return re.sub(r"\d+", lambda part: self._exchanged(part[0]), said)  # a fraction: both its numbers

    def _exchanged(self, plain: str) -> str:
        if plain not in self.known and plain != "0":
            found = other_digits(plain, self.draw, self.taken)
            found = found or other_digits(plain, self.draw, self.known.values())
            self.known[plain] = found or plain
            self.taken.add(self.known[plain])
        return self.known.get(plain, plain)


def _grouped(plain: str, like: str) -> str:
    """The numeral with its thousands parted where `like` has them parted."""
    if "," not in like:
        return plain
    signs = iter(plain)
    return "".join("," if c == "," else next(signs) for c in like)


def _changed(segment: Segment, change: Callable[[str], str]) -> Segment:
    text = change(segment.text)
    if text == segment.text:
        return segment
    return Segment(text, None, segment.steps, segment.role, segment.weight, segment.visibility)
