"""The world `mazes`: find the way from the entrance to the exit, depth first, back at every wall.

    WORLDS["mazes"].sample(1, seed=0, dials=Dials(depth=(2, 2), distractors=(1, 1), verbosity="plain"))[0]
    # problem: "Behind 31 is a wall. Behind 47 are 12 and 83. Behind 83 is 90. Behind 90 is the exit. Behind 12 is 31.
    #           Which doors lead from 47 to the exit?"
    # text:    "Behind 47 are 12 and 83. Behind 47-12-31 is a wall, so back. Behind 47-83-90 is the exit.
    #           The answer is 47-83-90."

The answer is the way. What was tried in vain is on no path to it: a trace without that is right, and shorter, and
says at each fork what only a look-ahead could tell; whoever guesses is right one time in `distractors` + 1. So the
search must be learned, and the shortest trace loses. A step of the right way that goes on from a fork is a decision
point: every other door there leads elsewhere, and changes the answer.

Here `distractors` is the number of walls and `numbers` are the doors' own. The dial `mistakes` is ignored: going
astray is the search itself. Only a chatty teacher says its plan.
"""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fractionate.records import Anatomy, Kind, Link, Role, Span, Step, Trace
from fractionate.worlds.base import WORLDS, Dials, Series, Verbosity
from fractionate.worlds.gold import joined
from fractionate.worlds.maze import WALL, Maze, Way, lay_out, tell_maze
from fractionate.worlds.problem import Told, interspersed
from fractionate.worlds.teacher import CHEERS, OPENERS

START = ("We start at door {entrance}.", "The entrance is door {entrance}.")
PLAN = "I try the doors in the order in which they are named and go back at every wall."
FOUND = {"terse": "{way}: {what}.", "plain": "Behind {way} {what}.", "chatty": "Behind {way} {what}."}
BACK = {"terse": "", "plain": ", so back", "chatty": ", so I have to go back"}


class Mazes(Series):
    """Problems of one series; the same seed gives the same problems in every wording."""

    name = "mazes"

    def one(self, key: str, identity: str, dials: Dials) -> Anatomy:
        """The problem that `key` draws, told and solved."""
        world, aside = random.Random(f"{key}:world"), random.Random(f"{key}:remarks")
        maze = lay_out(world, dials)
        told = interspersed(tell_maze(maze, world), aside.randint(*dials.remarks), aside)
        said = list(search(maze, dials.verbosity, random.Random(f"{key}:voice")))
        return _anatomy(identity, maze, told, said, "\n" if dials.verbosity == "terse" else " ")


WORLDS.register("mazes")(Mazes())


class Spoken(NamedTuple):
    """One sentence of the teacher, and the way that it speaks of, if it is one."""

    text: str
    role: Role
    kind: Kind
    way: Way = ()


def search(maze: Maze, verbosity: Verbosity, rng: random.Random) -> Iterator[Spoken]:
    """What the teacher says: a sentence a fork or an end to which it comes, and around them what it chats."""
    chatty = verbosity == "chatty"
    if chatty:
        yield Spoken(rng.choice(OPENERS), Role.LANGUAGE, "filler")
        start = rng.choice(START).format(entrance=maze.entrance)
        yield Spoken(start, Role.LANGUAGE, "restate", (maze.entrance,))
        yield Spoken(PLAN, Role.DECOMPOSITION, "plan")
    for way in maze.search():
        yield _came_to(maze, way, verbosity)
    if chatty:
        yield Spoken(rng.choice(CHEERS), Role.LANGUAGE, "filler")
    yield Spoken(f"The answer is {spelled(maze.way())}.", Role.STRUCTURE, "conclude", maze.way())


def spelled(way: Way) -> str:
    """The doors of a way in one word."""
    return "-".join(map(str, way))


def _came_to(maze: Maze, way: Way, verbosity: Verbosity) -> Spoken:
    what = maze.what(way[-1])
    if verbosity == "terse":
        what = what.partition(" ")[2]
    if what.endswith(WALL):
        text = FOUND[verbosity].format(way=spelled(way), what=what + BACK[verbosity])
        return Spoken(text, Role.ERROR_SIGNAL, "backtrack", way)
    return Spoken(FOUND[verbosity].format(way=spelled(way), what=what), Role.STRUCTURE, "infer", way)


def _anatomy(identity: str, maze: Maze, told: Told, said: Sequence[Spoken], gap: str) -> Anatomy:
    text, spans = joined([spoken.text for spoken in said], gap)
    way = maze.way()
    trace = Trace(
        identity, told.text, text, Span(0, len(text)),
        answer=spelled(way), gold=spelled(way), teacher="symbolic", domain="mazes",
        metadata={
            "depth": len(way) - 1,
            "distractors": sum(not doors for doors in maze.behind.values()) - 1,
            "behind": {str(door): list(doors) for door, doors in maze.behind.items()},
            "entrance": maze.entrance,
            "exit": maze.exit,
        },
    )  # fmt: skip
    steps = [_step(i, maze, spoken, span) for i, (spoken, span) in enumerate(zip(said, spans, strict=True))]
    links = tuple(_links(said, told))
    return Anatomy(trace, told.premises, tuple(steps), links, coverage=1.0, annotator="world")


def _step(index: int, maze: Maze, spoken: Spoken, span: Span) -> Step:
    """A step of the search is needed if its way is a part of the right one, and decides if it goes on from a fork."""
    way, opens = spoken.way, spoken.kind in ("infer", "backtrack")
    right = spoken.role is Role.STRUCTURE and way == maze.way()[: len(way)]
    doors = tuple(map(str, maze.behind[way[-1]])) if opens else ()
    return Step(
        index, span, spoken.role, spoken.kind,
        results=(spelled(way),) if right and way[-1] == maze.exit else doors,
        check="right" if opens else "unchecked",
        paths="all" if right else "none",
        decision=right and opens and any(len(maze.behind[door]) > 1 for door in way[:-1]),
    )  # fmt: skip


def _links(said: Sequence[Spoken], told: Told) -> Iterator[Link]:
    """What each sentence uses: those that tell of the doors that it opens, and the step at the fork before them."""
    forks: dict[Way, int] = {}
    for index, spoken in enumerate(said):
        way = spoken.way
        if spoken.kind == "conclude":
            yield Link(index, forks[way], "step", "gold", spelled(way))
        elif spoken.kind == "restate":
            yield Link(index, len(told.premises) - 1, "premise", "gold", str(way[-1]))
        elif way:
            known = max((len(fork) for fork in forks if fork == way[: len(fork)]), default=0)
            if known:
                yield Link(index, forks[way[:known]], "step", "gold", str(way[known]))
            for door in way[known:]:
                yield Link(index, told.states[door], "premise", "gold", str(door))
            forks[way] = index
