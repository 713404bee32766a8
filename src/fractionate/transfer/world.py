"""Worlds as benchmarks: fresh problems of a chosen difficulty, with their exact anatomy where it is asked for.

    load_benchmark("world:ledger?depth=3&distractors=0-1&numbers=2-20", limit=48)
    world_anatomies("ledger?depth=3&seed=7", 48)[0].decision_points()

Options are the dials of `fractionate.worlds.Dials`, a range as `low-high`, and `seed` (0). The identifier of a problem
holds everything that it depends on, "ledger?depth=3&distractors=0-1&numbers=2-20&remarks=0&seed=0#17": one question has
one identifier, and two questions have two. How its solution is worded is no part of it.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from fractionate.errors import InputError, unknown_name
from fractionate.records import Anatomy
from fractionate.transfer.benchmarks import BENCHMARKS, Problem, fitting_checker
from fractionate.worlds import WORLDS, Dials

DEFAULT_SIZE = 200
_RANGES = ("depth", "distractors", "numbers", "remarks")


@BENCHMARKS.register("world")
def world(argument: str, limit: int | None) -> list[Problem]:
    """Problems of the world `argument`, written `world?dial=value&…`.

    Raises:
        InputError: no such world or dial, or a value is out of range.
    """
    return [problem_of(anatomy) for anatomy in world_anatomies(argument, limit or DEFAULT_SIZE)]


def problem_of(anatomy: Anatomy) -> Problem:
    """As it is asked, with the checker that its answer calls for; each problem of a world is a cluster of its own."""
    trace, gold = anatomy.trace, anatomy.trace.gold or ""
    return Problem(
        trace.id, trace.problem, gold, fitting_checker(gold), cluster=trace.id, solution=trace.text
    )


def world_anatomies(argument: str, count: int) -> list[Anatomy]:
    """The first problems of the series that `argument` fixes, as the symbolic teacher solves them, by their identifiers
    as questions."""
    name, _, query = argument.partition("?")
    options = dict(parse_qsl(query))
    seed = _whole(options.pop("seed", "0"), argument)
    known = [*_RANGES, "verbosity", "mistakes", "seed"]
    for option in options:
        if option not in known:
            raise unknown_name(f"option of world:{name}", option, known)
    dials = Dials(**{key: _dial(key, value, argument) for key, value in options.items()})
    series = f"{name}?{'&'.join(f'{key}={_told(getattr(dials, key))}' for key in _RANGES)}&seed={seed}"
    made = enumerate(WORLDS[name].sample(count, seed=seed, dials=dials))
    return [replace(a, trace=replace(a.trace, id=f"{series}#{n}")) for n, a in made]


def _told(bounds: tuple[int, int]) -> str:
    low, high = bounds
    return str(low) if low == high else f"{low}-{high}"


def _dial(key: str, value: str, argument: str) -> Any:
    if key in _RANGES:
        low, _, high = value.partition("-")
        return (_whole(low, argument), _whole(high or low, argument))
    if key == "mistakes":
        try:
            return float(value)
        except ValueError:
            raise InputError(f"world:{argument}: mistakes={value!r} is not a number") from None
    return value


def _whole(text: str, argument: str) -> int:
    if not text.isdecimal():
        raise InputError(f"world:{argument}: {text!r} is not a whole number; write a range as 1-3")
    return int(text)
