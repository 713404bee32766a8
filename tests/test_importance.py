"""Importance: what the answer depends on, which steps could have gone another way, and which say nothing new."""

import pytest

from fractionate.anatomy import analyze
from fractionate.anatomy.passes import judge, read
from fractionate.records import Anatomy, Link, Span, Trace

PROBLEM = "Tom has 3 boxes of 4 pens. Ann has 12 pens and loses 2. How many pens are there?"


def taken_apart(*steps: str, problem: str = PROBLEM, answer: str | None = None) -> Anatomy:
    """Each step in a line of its own."""
    text, spans = "", []
    for step in steps:
        spans.append(Span(len(text), len(text) + len(step)))
        text += step + "\n"
    return analyze(Trace("t", problem, text, Span(0, len(text)), answer=answer), spans)


DECISIONS = {
    "a chain": (("3 * 4 = 12 pens.", "12 - 2 = 10 pens.", "The answer is 10."), "10", [0, 1]),
    "a distractor": (("12 - 2 = 10 for Ann.", "3 * 4 = 12 pens.", "The answer is 12."), "12", [1]),
    "no plausible alternative": (("4 / 4 = 1 box.", "1 + 0 = 1.", "The answer is 1."), "1", [0]),
    "the way to the answer loses the value": (
        ("3 * 4 = 12 pens.", "12 * 0 = 0 pens.", "0 + 2 = 2 pens.", "The answer is 2."), "2", [1],
    ),
    "two ways that undo each other": (
        ("3 * 4 = 12 pens.", "12 + 2 = 14 pens.", "14 - 12 = 2 pens.", "The answer is 2."), "2", [1, 2],
    ),
    "a copy is forced": (("3 * 4 = 12 pens.", "So there are 12 pens.", "The answer is 12."), "12", [0]),
}  # fmt: skip


@pytest.mark.parametrize("name", DECISIONS)
def test_decision_points_change_the_answer(name: str) -> None:
    steps, answer, expected = DECISIONS[name]
    anatomy = taken_apart(*steps, answer=answer)
    assert [s.index for s in anatomy.decision_points()] == expected


def test_a_decision_that_cannot_be_executed_is_noted() -> None:
    written = taken_apart("3 * 4 = 12 pens.", "The answer is 12.", answer="12")
    unwritten = taken_apart("With 3 boxes of 12 pens, Tom has 36 in total.", "The answer is 36.", answer="36")
    assert not any("guess" in n for n in written.notes)
    assert unwritten.decision_points() and any("guess" in n for n in unwritten.notes)


@pytest.mark.parametrize("value", ["x + 1", "03/04/2020", "12"])
def test_links_may_carry_any_value(value: str) -> None:
    steps = ["3 * 4 = 12 pens.", "So it is that.", "12 + 2 = 14.", "14 - 12 = 2.", "The answer is 2."]
    text = "\n".join(steps)
    draft = read(Trace("t", PROBLEM, text, Span(0, len(text)), answer="2"))
    draft.links += [Link(1, 0, value=value), Link(4, 1, value=value)]
    assert {0, 2} <= {s.index for s in judge(draft).decision_points()}


FORMULAS = "Find the point where $y = 2x + 1$ meets $y = x + 3$."
REDUNDANT = {
    "a remark": ("This is a good start.", True),
    "a check": ("Let me double check: it fits.", True),
    "a restated formula": ("Here $2x + 1$ is one side.", True),
    "a new formula": ("Here $2x + 5$ is one side.", False),
    "a statement in new words": ("Parallel lines never meet, whatever their distance from the origin may be.", False),
    "a new value": ("There are 7 of them.", False),
    "a plan": ("I need to find the point where the line meets the other line.", False),
}  # fmt: skip


@pytest.mark.parametrize("name", REDUNDANT)
def test_redundant_steps_say_nothing_new(name: str) -> None:
    step, expected = REDUNDANT[name]
    found = taken_apart("Set them equal: $2x + 1 = x + 3$.", step, "The answer is 2.", problem=FORMULAS)
    assert [s.redundant for s in found.steps] == [False, expected, False]


def test_the_last_step_is_never_redundant() -> None:
    assert [s.redundant for s in taken_apart("Great!", "Great!").steps] == [True, False]


def test_a_redundant_step_is_on_no_path() -> None:
    found = taken_apart(
        "3 * 4 = 12 pens.", "That is it.", "It is done then.", "The answer is 12.", answer="12"
    )
    assert all(s.paths == "none" for s in found.steps if s.redundant)
