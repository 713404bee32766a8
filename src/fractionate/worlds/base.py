"""What every world has in common: the dials that a user turns, the protocol, and the registry.

WORLDS["ledger"].sample(10, seed=0, dials=Dials(depth=(1, 3), verbosity="chatty"))
"""

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from fractionate.errors import InputError
from fractionate.records import Anatomy
from fractionate.registry import Registry

Verbosity = Literal["terse", "plain", "chatty"]

LARGEST = 999
"""No quantity of a world, stated or computed, is larger."""


@dataclass(frozen=True, slots=True)
class Dials:
    """How hard the problems are and how the symbolic teacher writes. Ranges include both ends.

    `depth` is the number of operations that the answer needs; `distractors` the number of quantities, stated
    or computable, that it does not need; `numbers` the range of stated amounts (factors and divisors are
    always small). `mistakes` is the share of traces in which the teacher gets one needed computation wrong,
    notices and repairs it. The problems depend on `depth`, `distractors` and `numbers` alone, so that the
    same seed gives the same problems in every wording.

    Raises:
        InputError: a dial is out of range.
    """

    depth: tuple[int, int] = (1, 3)
    distractors: tuple[int, int] = (0, 2)
    verbosity: Verbosity = "plain"
    mistakes: float = 0.0
    numbers: tuple[int, int] = (3, 50)

    def __post_init__(self) -> None:
        _within("depth", self.depth, 1, 20)
        _within("distractors", self.distractors, 0, 20)
        _within("numbers", self.numbers, 1, LARGEST)
        if not 0.0 <= self.mistakes <= 1.0:
            raise InputError(f"dial mistakes={self.mistakes}: give a share between 0 and 1")
        if self.verbosity not in get_args(Verbosity):
            raise InputError(
                f"dial verbosity={self.verbosity!r}: give one of {', '.join(get_args(Verbosity))}"
            )


class World(Protocol):
    """A generator of problems with exact gold anatomies."""

    def sample(self, count: int, *, seed: int, dials: Dials) -> list[Anatomy]:
        """The first `count` problems of the endless series that `seed` and `dials` fix."""
        ...


WORLDS: Registry[World] = Registry("world", "fractionate.worlds")


def _within(name: str, given: tuple[int, int], least: int, most: int) -> None:
    low, high = given
    if not least <= low <= high <= most:
        raise InputError(f"dial {name}={given}: give two integers with {least} <= low <= high <= {most}")
