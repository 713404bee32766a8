"""Which traces are taken, and in what order."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fractionate.config import parse_config
from fractionate.errors import InputError
from fractionate.records import Anatomy
from fractionate.study.passing import pass_rates
from fractionate.study.select import hardest_first, select, shape
from fractionate.worlds import WORLDS, Dials


def traces() -> list[Anatomy]:
    """Ten problems of two steps, two of four, and one problem three times over."""
    found = [
        *WORLDS["ledger"].sample(10, seed=1, dials=Dials(depth=(2, 2))),
        *WORLDS["ledger"].sample(2, seed=2, dials=Dials(depth=(4, 4))),
    ]
    again = [replace(found[0], trace=replace(found[0].trace, id=f"again{i}")) for i in range(2)]
    return [*found, *again]


def length(anatomy: Anatomy) -> int:
    return len(anatomy.trace.text)


@pytest.mark.parametrize(("how", "key"), [("short", length), ("long", lambda a: -length(a))])
def test_by_length(how: str, key: Callable[[Anatomy], int]) -> None:
    unique = traces()[:12]
    assert [key(a) for a in select(unique, how)] == sorted(key(a) for a in unique)


def test_varied_shows_every_shape_before_it_repeats_one() -> None:
    ordered = [shape(a) for a in select(traces()[:12], "varied")]
    assert len(set(ordered[: len(set(ordered))])) == len(set(ordered)) > 1


def test_a_problem_waits_for_its_second_turn() -> None:
    problems = [a.trace.problem for a in select(traces(), "short")]
    assert len(set(problems[:12])) == 12 and len(problems) == 14
    assert len(select(traces(), "short", per_problem=1)) == 12


def test_hard_problems_come_first() -> None:
    some = traces()[:3]
    rates = {some[0].trace.problem: 1.0, some[1].trace.problem: 0.0}
    assert hardest_first(some, rates) == [some[1], some[0], some[2]]


def test_rates_come_from_the_student(tmp_path: Path) -> None:
    text = '[data]\nworld = "ledger"\n[student]\nmodel = "scratch:tiny"\n[transfer]\nmax_new_tokens = 8\n'
    rates = pass_rates(parse_config('name = "x"\n' + text, "s.toml"), traces())
    assert set(rates) == {a.trace.problem for a in traces()}
    assert set(rates.values()) == {0.0}


def test_unknown_orders_are_named() -> None:
    with pytest.raises(InputError, match="unknown selection 'varid': did you mean varied"):
        select(traces(), "varid")
