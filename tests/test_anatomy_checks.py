"""What the analysis finds wrong, repaired, inherited and doubtful."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fractionate.anatomy import analyze
from fractionate.anatomy.algebra import formulas, root, value_of
from fractionate.anatomy.expression import evaluate
from fractionate.anatomy.tokens import tokens
from fractionate.records import Anatomy, Span, Trace
from fractionate.worlds import WORLDS, Dials

CASES = json.loads((Path(__file__).parent / "checks.json").read_text(encoding="utf-8"))
PROBLEM = "Tom has 3 boxes of 4 blue pens each. How many pens does Tom have?"


def taken_apart(text: str, problem: str = PROBLEM) -> Anatomy:
    """The analysis, a step a line."""
    spans, at = [], 0
    for line in text.split("\n"):
        spans.append(Span(at, at + len(line)))
        at += len(line) + 1
    return analyze(Trace(id="t", problem=problem, text=text, solution=Span(0, len(text))), spans)


@pytest.mark.parametrize(("text", "first_wrong"), CASES["wrong"])
def test_the_first_wrong_step(text: str, first_wrong: int | None) -> None:
    assert taken_apart(text).first_wrong == first_wrong


@pytest.mark.parametrize(("text", "repairs"), CASES["repairs"])
def test_repairs(text: str, repairs: dict[str, int]) -> None:
    found = {str(s.index): s.repairs for s in taken_apart(text).steps if s.repairs is not None}
    assert found == repairs


@pytest.mark.parametrize(("problem", "text", "reason"), CASES["doubts"])
def test_doubts(problem: str, text: str, reason: str | None) -> None:
    anatomy = taken_apart(text, problem)
    doubts = [s.doubt.partition(":")[0] for s in anatomy.steps if s.doubt]
    assert doubts == ([] if reason is None else [reason])
    assert anatomy.first_wrong is None
    assert (anatomy.first_suspect() is None) == (reason is None)


def test_what_is_proved_comes_before_what_is_doubted() -> None:
    anatomy = taken_apart("Let's assume there are 3 boxes.\n3 * 4 = 13.")
    assert (anatomy.steps[0].doubt, anatomy.first_suspect()) == ("its author is not sure: assume", 1)


def test_a_problem_with_signs_of_its_own_is_not_judged() -> None:
    anatomy = taken_apart("1 * 2 = 3", "The operation * is defined as a * b = a + b. What is 1 * 2?")
    assert anatomy.first_wrong is None and any("meaning of its own" in note for note in anatomy.notes)


def test_what_inherits_a_mistake_collapses_and_what_uses_the_repair_does_not() -> None:
    lost = taken_apart("3 * 4 = 13.\n13 + 5 = 18.\n2 + 2 = 4.\n18 * 2 = 36.")
    assert lost.collapse() == {1, 3}
    repaired = taken_apart("3 * 4 = 13.\nWait, that is not right.\nIt should be 3 * 4 = 12.\n12 + 5 = 17.")
    assert repaired.first_wrong == 0 and repaired.collapse() == set()


@pytest.mark.parametrize("verbosity", ["terse", "plain", "chatty"])
def test_the_worlds_mistakes_are_found_and_their_repairs_tied_to_them(verbosity: str) -> None:
    dials = Dials(depth=(2, 5), verbosity=verbosity, mistakes=0.5)  # type: ignore[arg-type]
    golds = WORLDS["ledger"].sample(60, seed=31, dials=dials)
    for gold in golds:
        found = analyze(gold.trace, [s.span for s in gold.steps])
        assert found.first_wrong == gold.first_wrong
        corrections = {s.index for s in gold.steps if s.kind == "correction"}
        assert {s.index: s.repairs for s in found.steps if s.repairs is not None} == dict.fromkeys(
            corrections, gold.first_wrong
        )


SIDES = st.recursive(
    st.sampled_from(["x", "y", "2", "3", "0.5"]),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(
        lambda t: f"({t[0]} {t[1]} {t[2]})"
    ),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(SIDES, st.integers(-9, 9), st.integers(-9, 9))
def test_a_polynomial_has_the_value_of_its_expression(side: str, x: int, y: int) -> None:
    [formula] = formulas(f"z = ({side})")
    polynomial = formula.sides[1]
    assert polynomial is not None
    value = value_of(polynomial, {"x": Fraction(x), "y": Fraction(y)})
    written = side.replace("x", f"({x})").replace("y", f"({y})")
    assert value == evaluate(tokens(written))


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9), st.integers(-50, 50), st.integers(-50, 50))
def test_a_linear_equation_is_solved(factor: int, plus: int, x: int) -> None:
    [formula] = formulas(f"{factor}x + ({plus}) = {factor * x + plus}".replace("= -", "= 0 - "))
    assert root(*formula.sides) == ("x", x)


@pytest.mark.parametrize(
    "text", ["x^9^9 = 3", "(" * 500 + "x" + ")" * 500 + " = 1", "x" + "*x" * 200 + " = 1", "x/0 = 1"]
)
def test_algebra_that_is_too_large_is_unreadable(text: str) -> None:
    assert all(f.sides[0] is None for f in formulas(text))
