"""What steps use: by value, unit, name, formula and reference, and what they merely go on from; always backwards.

Each case is a problem, its steps, and for each step its sources: `P0` is the first sentence of the problem, `S0` the
first step; null where the case says nothing about a step. `depends` counts links from `DEPENDS` on, the other all.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fractionate.anatomy import analyze
from fractionate.anatomy.conversions import in_other_units
from fractionate.anatomy.formulas import shape, sides, symbols
from fractionate.anatomy.values import mentions
from fractionate.records import DEPENDS, Anatomy, Span, Trace

CASES = json.loads((Path(__file__).parent / "link_cases.json").read_text(encoding="utf-8"))
Case = tuple[str, str, list[str], list[list[str] | None]]


def taken_apart(problem: str, steps: list[str]) -> Anatomy:
    text, spans = "", []
    for step in steps:
        spans.append(Span(len(text), len(text) + len(step)))
        text += step + "\n"
    return analyze(Trace("t", problem, text, Span(0, len(text))), spans)


def sources(anatomy: Anatomy, user: int, least: float) -> set[str]:
    links = (u for u in anatomy.links if u.user == user and u.confidence >= least)
    return {("P" if u.source_is == "premise" else "S") + str(u.source) for u in links}


@pytest.mark.parametrize(
    ("least", "case"),
    [(least, case) for kind, least in (("depends", DEPENDS), ("goes on from", 0.0)) for case in CASES[kind]],
    ids=lambda c: c[0] if isinstance(c, list) else "",
)
def test_sources_of_steps(least: float, case: Case) -> None:
    _, problem, steps, expected = case
    anatomy = taken_apart(problem, steps)
    found = [sources(anatomy, i, least) for i in range(len(steps))]
    wanted = [f if e is None else set(e) for f, e in zip(found, expected, strict=True)]
    assert found == wanted


def test_what_a_step_only_goes_on_from_is_not_needed() -> None:
    anatomy = taken_apart(
        "Tom has 3 boxes of 4 pens.", ["Pens are handy things to own.", "3 * 4 = 12.", "#### 12"]
    )
    assert [s.paths for s in anatomy.steps] == ["none", "all", "all"]


WORDS = st.sampled_from(
    ["12", "7", "x", "y", "+", "=", "*", "So", "Ann", "Ben", "pens", "step 1", "#2", "(by #1)", "2 hours",
     "120 minutes", "wait,", "let", "be", "check", "$x + y$", "\\theta", "if", "the answer is", ".", "?"]
)  # fmt: skip


@given(st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=12))
def test_links_form_a_graph_without_doubles_or_circles(lines: list[str]) -> None:
    anatomy = taken_apart(lines[0] + ".", lines)
    keys = [(u.user, u.source_is, u.source) for u in anatomy.links]
    assert len(keys) == len(set(keys))
    for link in anatomy.links:
        assert 0 <= link.source < (link.user if link.source_is == "step" else len(anatomy.premises))
        assert 0 < link.confidence <= 1
        assert link.via == "discourse" or link.confidence >= DEPENDS


def test_formulas_lose_their_layout() -> None:
    assert sides(r"So $\left(x + 1\right)^2 = 9 \cdot 4$.") == {"(x+1)^2", r"9\cdot4"}
    assert sides("2 * x + 1") == sides(r"2 \times x + 1") == {"2x+1"}
    assert symbols(r"Let \theta be an angle, I say, and x its size.") == {r"\theta", "x"}
    assert shape("C(10,1) = 10.") == shape("C(10,2) = 45") != shape("D(10,2) = 45")


@pytest.mark.parametrize(
    ("text", "value"),
    [("120 minutes", "2 hour"), ("3 feet", "36 inch"), ("50 cents", "1/2 dollar"), ("2-week trip", "14 day")],
)
def test_values_in_other_units(text: str, value: str) -> None:
    [mention] = mentions(text)
    assert value in {f"{c.value} {c.unit}" for c in in_other_units(mention, text)}
