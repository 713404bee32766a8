"""Which traces are taken, and in what order."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import make_anatomy
from hypothesis import given
from hypothesis import strategies as st

from fractionate.config import parse_config
from fractionate.errors import InputError
from fractionate.models import load_model
from fractionate.records import Anatomy
from fractionate.study.compile import compile_arms
from fractionate.study.data import gather
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


def written_by(*written: tuple[str, str]) -> list[Anatomy]:
    """A trace for each problem and teacher; of longer problems longer ones."""
    base = make_anatomy().trace
    return [
        replace(make_anatomy(), trace=replace(base, id=f"t{i}", problem=problem, teacher=teacher))
        for i, (problem, teacher) in enumerate(written)
    ]


def told(taken: list[Anatomy]) -> str:
    return " ".join(a.trace.problem + a.trace.teacher for a in taken)


MIXED = [
    ("one teacher as without", "pA qA rA", None, "pA qA rA"),
    ("in turn, as far as they reach", "pA qA rA sA tB uB", None, "pA tB qA uB rA sA"),
    ("of a problem one trace, of either teacher", "pA pB qA qB", 1, "pA qB"),
    ("who has no choice counts first", "pA pB qA rA sA sB", 1, "pB qA rA sB"),
    ("those of one problem are of different teachers", "pA pA pB qA qA qB", 2, "pA qB pB qA"),
    ("the same teacher again where there is no other", "pA pA qA qB", 2, "pA qB pA qA"),
    ("three teachers", "pA pA pB pC qA qB qC", 3, "pA qB pC qA pB qC"),
    ("traces without a teacher are one's", "p q rB", None, "p rB q"),
]


@pytest.mark.parametrize(("case", "given_", "most", "order"), MIXED, ids=[m[0] for m in MIXED])
def test_teachers_take_turns(case: str, given_: str, most: int | None, order: str) -> None:
    found = written_by(*((word[0], word[1:]) for word in given_.split()))
    assert told(select(found, "random", per_problem=most, teachers="equal")) == order


def teachers_of(taken: list[Anatomy]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for anatomy in taken:
        found[anatomy.trace.problem].append(anatomy.trace.teacher)
    return found


WRITTEN = st.lists(st.tuples(st.sampled_from("pqrst"), st.sampled_from("ABC")), max_size=20)


@given(WRITTEN, st.integers(1, 4) | st.none())
def test_mixing_teachers_takes_as_many_as_before(written: list[tuple[str, str]], most: int | None) -> None:
    found = written_by(*written)
    plain, mixed = (
        select(found, "random", per_problem=most, teachers=teachers) for teachers in ("any", "equal")
    )
    assert Counter(a.trace.problem for a in plain) == Counter(a.trace.problem for a in mixed)
    offered, chosen = teachers_of(found), teachers_of(mixed)
    for problem, teachers in chosen.items():
        assert len(set(teachers)) == min(len(teachers), len(set(offered[problem])))
    counts: Counter[str] = Counter()
    whole = Counter(a.trace.teacher for a in mixed)
    for a in mixed:
        counts[a.trace.teacher] += 1
        # At any moment nobody with traces left is more than one behind.
        assert all(counts[t] >= counts[a.trace.teacher] - 1 or counts[t] == whole[t] for t in whole)


PEOPLE = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jo", "Kim", "Lu")


def test_a_study_mixes_the_teachers_of_its_files(tmp_path: Path) -> None:
    for teacher, people in (("large", PEOPLE), ("small", PEOPLE[:8])):
        rows = [
            {
                "question": f"{name} has {n} pens and buys {2 * n}. How many?",
                "solution": f"{n} + {2 * n} = {3 * n}.",
                "answer": str(3 * n),
                "model": teacher,
            }
            for n in (3, 5, 7)
            for name in people
        ]
        (tmp_path / f"{teacher}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    text = (
        f'name = "x"\n[data]\nfiles = ["{tmp_path / "large.jsonl"}", "{tmp_path / "small.jsonl"}"]\n'
        'teachers = "equal"\nper_problem = 1\ntrain = 10\ndevelopment = 0.1\n'
        '[student]\nmodel = "scratch:tiny"\n[arms]\nrecipes = ["full", "answer_only"]\n'
    )
    config = parse_config(text, "s.toml")
    material = gather(config)
    assert "traces read, by teacher: large 36, small 24" in material.facts
    assert any("at most 1 of a problem, teachers in turn" in fact for fact in material.facts)
    compiled = compile_arms(config, load_model("scratch:tiny", weights=False), material.anatomies)
    assert "traces learned, by teacher: large 5, small 5" in compiled.facts
    plain = gather(parse_config(text.replace('teachers = "equal"\n', ""), "s.toml"))
    assert {a.trace.teacher for a in plain.anatomies} == {"large", "small"}


def test_teachers_of_a_world_cannot_be_mixed() -> None:
    with pytest.raises(InputError, match="teachers choose among the traces of files"):
        parse_config('name = "x"\n[data]\nworld = "ledger"\nteachers = "equal"\n', "s.toml")
