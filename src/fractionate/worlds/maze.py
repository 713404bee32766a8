"""Trees of numbered doors with one exit: how they are laid out, told, and searched depth first.

    maze = lay_out(random.Random(0), Dials(depth=(2, 2), distractors=(1, 1), numbers=(10, 99)))
    maze.behind             # {47: (12, 83), 12: (31,), 83: (90,), 31: (), 90: ()}
    list(maze.search())     # [(47,), (47, 12, 31), (47, 83, 90)]: a fork, a wall, the exit

Every way that is gone to its end has the same length, and the exit is drawn among their ends when all else is fixed:
nothing but the ends themselves tells which way is right.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from fractionate.errors import InputError
from fractionate.worlds.base import Dials
from fractionate.worlds.english import listed
from fractionate.worlds.problem import Told, premises_of

BEYOND = 3
"""Doors from a fork to the exit, where the way is that long: at a nearer fork, a look back from the exit would do."""
WALL, EXIT = "a wall", "the exit"
QUESTION = "Which doors lead from {entrance} to the exit?"

Way = tuple[int, ...]
"""Doors from the entrance on."""


@dataclass(frozen=True, slots=True)
class Maze:
    """Each door with the doors behind it, in the order in which they are told and tried."""

    behind: Mapping[int, Way]
    entrance: int
    exit: int

    def search(self) -> Iterator[Way]:
        """The ways that a search depth first goes, each up to a fork or an end, the last of them to the exit."""
        ahead: list[Way] = [(self.entrance,)]
        while ahead:
            way = ahead.pop()
            while len(self.behind[way[-1]]) == 1:
                way += self.behind[way[-1]]
            yield way
            if way[-1] == self.exit:
                return
            ahead += [(*way, door) for door in reversed(self.behind[way[-1]])]

    def way(self) -> Way:
        """The doors from the entrance to the exit."""
        return list(self.search())[-1]

    def what(self, door: int) -> str:
        """What is behind a door, with its verb."""
        if doors := self.behind[door]:
            return f"{'are' if len(doors) > 1 else 'is'} {listed([str(d) for d in doors])}"
        return f"is {EXIT if door == self.exit else WALL}"


def lay_out(rng: random.Random, dials: Dials) -> Maze:
    """A maze whose exit lies `depth` doors behind the entrance, with `distractors` walls as far away.

    Raises:
        InputError: there are not enough numbers for the doors.
    """
    ways = _ways(rng, rng.randint(*dials.depth), rng.randint(*dials.distractors))
    low, high = dials.numbers
    count = 1 + max(door for way in ways for door in way)
    if count > high - low + 1:
        raise InputError(
            f"dials depth={dials.depth}, distractors={dials.distractors}: {count} doors need more numbers than "
            f"numbers={dials.numbers} has; widen numbers"
        )
    number = rng.sample(range(low, high + 1), count)
    behind: dict[int, Way] = dict.fromkeys(number, ())
    for here, there in sorted({pair for way in ways for pair in pairwise(way)}):
        behind[number[here]] += (number[there],)
    mixed = {door: tuple(rng.sample(doors, len(doors))) for door, doors in behind.items()}
    return Maze(mixed, number[0], number[rng.choice(ways)[-1]])


def _ways(rng: random.Random, depth: int, walls: int) -> list[Way]:
    """The ways to all ends, by doors counted from 0."""
    ways: list[Way] = [tuple(range(depth + 1))]
    for _ in range(walls):
        before = rng.choice(ways)[: 1 + rng.randint(0, max(0, depth - BEYOND))]
        first = ways[-1][-1] + 1
        ways.append((*before, *range(first, first + depth + 1 - len(before))))
    return ways


def tell_maze(maze: Maze, rng: random.Random) -> Told:
    """One sentence a door, shuffled, and the question; `states` says where each door is told."""
    order = rng.sample(list(maze.behind), len(maze.behind))
    sentences = [
        (f"Behind {door} {maze.what(door)}.", tuple(map(str, (door, *maze.behind[door])))) for door in order
    ]
    sentences.append((QUESTION.format(entrance=maze.entrance), (str(maze.entrance),)))
    states = {door: place for place, door in enumerate(order)}
    return Told(" ".join(text for text, _ in sentences), premises_of(sentences), states)
