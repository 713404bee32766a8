"""What a layer is: what it asks, what it is judged by, and its score.

LayerScore("error correction", Interval(0.12, 0.05, 0.25), n=60, parts={"noticed": 0.2}, trivial=0.0)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from fractionate.records import Anatomy, Item
from fractionate.registry import Registry
from fractionate.training.sizes import Sizes
from fractionate.transfer.own import Answered
from fractionate.transfer.statistics import Interval

FAMILY = "layer"

Gold = Mapping[str, Anatomy]
"""By `Item.pair` the exact anatomy of a question, where a world has made it."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What heads read in hidden states: the student's, the untouched base's, and the student's with shuffled values."""

    student: Sizes
    base: Sizes
    shuffled: Sizes


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a layer is judged by.

    `own` are the student's free answers to the questions of its training format; `answered` its answers to all that
    layers and interventions have asked (each layer finds its own among them).
    """

    own: Sequence[Answered]
    answered: Sequence[Answered] = ()
    gold: Gold = field(default_factory=dict)
    inside: Inside | None = None


@dataclass(frozen=True, slots=True)
class LayerScore:
    """A score from 0 to 1 over `n` answers, with 95% interval; with n = 0 it is 0 and its interval all of 0 to 1.

    `trivial` is what a student without the layer scores, on the same scale; None where that is not known.
    """

    name: str
    value: Interval
    n: int
    parts: Mapping[str, float]
    trivial: float | None = None


class Layer(Protocol):
    """One of the layers of reasoning. `needs_states` says that text alone does not show it, `prefills` that its
    follow-ups make the student go on from given words.
    """

    name: str
    needs_states: bool
    prefills: bool

    def items(self, home: Sequence[Anatomy], seed: int, limit: int) -> list[Item]:
        """What is asked with the first round: at most `limit` items; `home` are problems of the training format."""
        ...

    def follow_ups(self, own: Sequence[Answered], gold: Gold, seed: int) -> list[Item]:
        """What is asked next, given the student's own answers."""
        ...

    def score(self, evidence: Evidence) -> LayerScore:
        """The score, from whatever there is of the evidence."""
        ...


LAYERS: Registry[Layer] = Registry(FAMILY, home="fractionate.transfer.layers")


def cell_of(name: str) -> str:
    """The cell of a layer's items."""
    return f"{FAMILY}: {name}"


class FromAnswers:
    """A layer that shows in answers, and by default asks nothing of its own."""

    needs_states = False
    prefills = False

    def items(self, home: Sequence[Anatomy], seed: int, limit: int) -> list[Item]:
        """Nothing."""
        return []

    def follow_ups(self, own: Sequence[Answered], gold: Gold, seed: int) -> list[Item]:
        """Nothing."""
        return []
