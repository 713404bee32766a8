"""What a dataset is made of, counted while its examples pass by.

    tally = Tally()
    tally.leave_out("longer than 2,048 tokens")
    tally.add(number, examples)
    tally.summary()["tokens"]["with_loss"]

Formats of text do not need tokens, and making them costs more than all the rest: there the first `EXACT` examples are
counted and after that one in `EVERY`; the summary says on how many (`counted_on`), and scales them up.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from fractionate.supervision.encode import Example

EXACT = 2048
"""Examples from the start that are all counted."""
EVERY = 64
"""Of those after them, one in so many is."""


def due(number: int) -> bool:
    """Whether the tokens of the example of this number are counted where not all are."""
    return number < EXACT or number % EVERY == 0


@dataclass(slots=True)
class Part:
    """Rows, how many of them were counted, and those rows' tokens: all, and by role those with loss."""

    rows: int = 0
    counted: int = 0
    tokens: int = 0
    roles: Counter[str] = field(default_factory=Counter)


class Tally:
    """Running counts; each example is seen once and not kept."""

    def __init__(self) -> None:
        self.traces = 0
        self.longest = self.wrong = 0
        self.left_out: Counter[str] = Counter()
        self.teachers: Counter[str] = Counter()
        self.first, self.later = Part(), Part()

    @property
    def rows(self) -> int:
        """Rows so far."""
        return self.first.rows + self.later.rows

    def leave_out(self, reason: str) -> None:
        """A trace makes no row."""
        self.left_out[reason] += 1

    def add(self, number: int, examples: Sequence[Example]) -> None:
        """Row `number` is made: of these examples, or of a text whose tokens are not counted."""
        part = self.first if number < EXACT else self.later
        part.rows += 1
        part.counted += bool(examples)
        for example in examples:
            part.tokens += len(example.ids)
            part.roles.update(compress(example.roles, example.weights))
            self.longest = max(self.longest, len(example.ids))

    def summary(self) -> dict[str, Any]:
        """Counts, tokens, and each role's share of the tokens with loss."""
        factor = self.later.rows / max(self.later.counted, 1)
        roles = {
            role: self.first.roles[role] + factor * self.later.roles[role]
            for role in self.first.roles | self.later.roles
        }
        learned = sum(roles.values())
        return {
            "traces": self.traces,
            "end_wrong": self.wrong,
            "examples": self.rows,
            "left_out": dict(self.left_out.most_common()),
            "tokens": {
                "all": round(self.first.tokens + factor * self.later.tokens),
                "with_loss": round(learned),
                "longest": self.longest,
                "counted_on": self.first.counted + self.later.counted,
            },
            "roles": {
                role: round(count / max(learned, 1), 4) for role, count in Counter(roles).most_common()
            },
            "teachers": dict(self.teachers.most_common(20)),
        }
