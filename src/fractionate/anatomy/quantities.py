"""Quantities: what a trace gives a name to, so that a later computation by names has its source.

    "Total cost = 4 * 3 = 12."  …  "Tip = Total cost / 4 = 3."      # the second uses what the first named
    "Let x = 4."  …  "So 2x = 8."

A name stands alone before an equal sign, at the beginning of a line or clause. It is used where it stands as an
operand; a name that is given again means what it was given last.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from fractionate.anatomy.draft import READ_LIMIT, StepDraft

LONGEST = 40
"""Characters of a name."""
MOST_NAMES = 30
"""Names that one step gives or uses."""
_CLAUSE = re.compile(
    r"[\n;,:]|\.(?!\d)|\b(?:and|so|then|thus|let|hence|therefore|gives?|get|have)\b|\\\\|=>|→|⇒",
    re.IGNORECASE,
)
_TERM = re.compile(r"[=≈+*/×÷·()\[\]^−{}]|\s[-–x]\s|\\(?:times|cdot|div|[dt]?frac)\b")
_GIVES = re.compile(r"[A-Za-z'’][\s$*]*=")
_BEFORE, _AFTER = " \t$*_.,%-0123456789", " \t$*_.!?"
"""What may stand around a name: signs, stops and the number that it is multiplied by."""
_NAME = re.compile(r"[A-Za-z][A-Za-z'’ _-]*")


class Named(NamedTuple):
    """A name that a step gives or uses."""

    name: str
    given: bool


def named(text: str) -> Iterator[Named]:
    """The names of a text: first, in each clause, the one that it gives, then those that it computes with."""
    for clause in _CLAUSE.split(text[:READ_LIMIT]):
        if "=" not in clause:
            continue
        first, *rest = clause.split("=")
        given = "" if any(c.isdecimal() for c in first) else _name(first)
        if given:
            yield Named(given, True)
        used = rest if given else [first, *rest]
        for side in used:
            for term in _TERM.split(side):
                if name := _name(term):
                    yield Named(name, False)


def _name(term: str) -> str:
    """The name that a term is; empty if it is none."""
    plain = term.lstrip(_BEFORE).rstrip(_AFTER)
    return plain.lower() if len(plain) <= LONGEST and _NAME.fullmatch(plain) else ""


class Quantities:
    """The names given so far, with the step that gave each last."""

    def __init__(self) -> None:
        self.steps: dict[str, StepDraft] = {}

    def take(self, step: StepDraft) -> list[StepDraft]:
        """The earlier steps that named what `step` computes with; then what it names itself counts."""
        if not (self.steps and "=" in step.text) and not _GIVES.search(step.text[:READ_LIMIT]):
            return []
        names = list(dict.fromkeys(named(step.text)))[:MOST_NAMES]
        sources = (
            [self.steps[n.name] for n in names if not n.given and n.name in self.steps] if self.steps else []
        )
        if step.results:
            self.steps.update((n.name, step) for n in names if n.given)
        return list({s.index: s for s in sources}.values())
