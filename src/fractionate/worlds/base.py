"""What every world has in common: the dials that a user turns, the protocol, and the registry.

WORLDS["ledger"].sample(10, seed=0, dials=Dials(depth=(1, 3), verbosity="chatty"))
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from fractionate.errors import InputError
from fractionate.records import Anatomy
from fractionate.registry import Registry

Verbosity = Literal["terse", "plain", "chatty"]

LARGEST, WIDEST = 999, 99_999
"""What no quantity exceeds where stated numbers are small, and the largest number that can be stated."""

MOST_REMARKS = 10


@dataclass(frozen=True, slots=True)
class Dials:
    """How hard the problems are and how the symbolic teacher writes. Ranges include both ends.

    `depth` is the number of operations that the answer needs; `distractors` the number of quantities, stated
    or computable, that it does not need; `numbers` the range of stated amounts (factors and divisors are
    always small); `remarks` the number of sentences about something else, which make the problem longer.
    `mistakes` is the share of traces in which the teacher gets one needed computation wrong, notices and repairs
    it. That is what they mean in the ledger: another world says what it counts, and which dial it ignores. The
    problems depend on `depth`, `distractors`, `numbers` and `remarks` alone, so that the same seed gives
    the same problems in every wording, and with other remarks the same quantities.

    Raises:
        InputError: a dial is out of range.
    """

    depth: tuple[int, int] = (1, 3)
    distractors: tuple[int, int] = (0, 2)
    verbosity: Verbosity = "plain"
    mistakes: float = 0.0
    numbers: tuple[int, int] = (3, 50)
    remarks: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        _within("depth", self.depth, 1, 20)
        _within("distractors", self.distractors, 0, 20)
        _within("numbers", self.numbers, 1, WIDEST)
        _within("remarks", self.remarks, 0, MOST_REMARKS)
        if not 0.0 <= self.mistakes <= 1.0:
            raise InputError(f"dial mistakes={self.mistakes}: give a share between 0 and 1")
        if self.verbosity not in get_args(Verbosity):
            raise InputError(
                f"dial verbosity={self.verbosity!r}: give one of {', '.join(get_args(Verbosity))}"
            )

    @property
    def largest(self) -> int:
        """No quantity of a problem, stated or computed, is larger."""
        return max(LARGEST, 10 * self.numbers[1])


class World(Protocol):
    """A generator of problems with exact gold anatomies."""

    def sample(self, count: int, *, seed: int, dials: Dials) -> list[Anatomy]:
        """The first `count` problems of the endless series that `seed` and `dials` fix."""
        ...


class Series(ABC):
    """A world that makes each problem of a series from the problem's own key."""

    name: str

    def sample(self, count: int, *, seed: int, dials: Dials) -> list[Anatomy]:
        """The first `count` problems of the series; the same seed gives the same problems in every wording.

        Raises:
            InputError: the dials leave no room for such problems.
        """
        return [self.one(f"{seed}:{i}", f"{self.name}-{seed}#{i}", dials) for i in range(count)]

    @abstractmethod
    def one(self, key: str, identity: str, dials: Dials) -> Anatomy:
        """The problem that `key` draws, under this id."""


WORLDS: Registry[World] = Registry("world", "fractionate.worlds")


def _within(name: str, given: tuple[int, int], least: int, most: int) -> None:
    low, high = given
    if not least <= low <= high <= most:
        raise InputError(f"dial {name}={given}: give two integers with {least} <= low <= high <= {most}")
