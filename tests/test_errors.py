"""Mistakes deleted, masked, repaired, planted and set against the right step."""

import random
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fractionate.anatomy import analyze
from fractionate.anatomy.arithmetic import equations
from fractionate.errors import InputError
from fractionate.records import Anatomy, Role, Span, Trace
from fractionate.supervision import NotApplicable, recipe
from fractionate.supervision.pairs import contrast
from fractionate.supervision.plant import PLANTS, plant
from fractionate.worlds import WORLDS, Dials

KINDS = ("value", "operation", "premise", "order")


@cache
def ledger(mistakes: float) -> list[Anatomy]:
    return WORLDS["ledger"].sample(
        30, seed=8, dials=Dials(depth=(2, 4), verbosity="plain", mistakes=mistakes)
    )


right = st.sampled_from(range(30)).map(lambda i: ledger(0.0)[i])
wrong = st.sampled_from(range(30)).map(lambda i: ledger(1.0)[i])


@given(wrong)
def test_deleted_mistakes_leave_right_arithmetic(anatomy: Anatomy) -> None:
    text = recipe("errors")(anatomy).response()
    assert all(e.check != "wrong" for line in text.split(". ") for e in equations(line))
    assert "mistake" not in text


@given(wrong)
def test_masked_mistakes_stand_there_without_loss(anatomy: Anatomy) -> None:
    segments = recipe("errors?mode=mask")(anatomy).segments
    assert anatomy.first_wrong is not None
    masked = {i for s in segments if s.weight == 0 for i in s.steps}
    assert masked == {s.index for s in anatomy.steps if s.check == "wrong"}
    noticing = [s for s in segments if s.role is Role.ERROR_SIGNAL and not masked.intersection(s.steps)]
    assert noticing and all(s.weight == 1 for s in noticing)


@given(right)
def test_right_traces_have_nothing_to_mask(anatomy: Anatomy) -> None:
    with pytest.raises(NotApplicable, match="no mistake"):
        recipe("errors?mode=mask")(anatomy)


@given(right, st.sampled_from(KINDS), st.integers(0, 3))
def test_a_planted_mistake_is_wrong_at_a_decision_point(anatomy: Anatomy, kind: str, seed: int) -> None:
    found = plant(anatomy, kind, random.Random(seed))
    if found is None:
        assert kind == "premise"
        return
    step = anatomy.steps[found.step]
    original = step.span.of(anatomy.trace.text)
    assert step.decision
    if kind == "order":
        assert found.text == original and found.before < found.step
        return
    assert found.before == found.step and found.text != original
    stated = [e.check for e in equations(found.text)]
    assert kind == "value" or "wrong" not in stated
    results = [m.value for e in equations(found.text) for m in e.results]
    assert not set(results) & set(step.results)


@given(right, st.sampled_from(KINDS))
def test_a_repair_follows_the_mistake_and_teaches_only_the_right_step(anatomy: Anatomy, kind: str) -> None:
    try:
        supervision = recipe(f"errors?mode=repair&plant={kind}&of=compact")(anatomy)
    except NotApplicable:
        assert kind == "premise"
        return
    texts = [s.text for s in supervision.segments]
    at = texts.index("Wait, that is not right.")
    learned = "".join(s.text for s in supervision.segments if s.weight and s.text != texts[at]).split()
    assert supervision.segments[at - 2].weight == 0
    assert learned == recipe("compact")(anatomy).response().split()


@given(right, st.sampled_from(KINDS), st.sampled_from(["compact", "decision_points"]))
def test_pairs_part_at_the_wrong_step(anatomy: Anatomy, kind: str, of: str) -> None:
    try:
        pair = contrast(anatomy, kind, of)
    except NotApplicable:
        return
    assert pair.chosen.response() == recipe(of)(anatomy).response()
    same = 0
    for chosen, rejected in zip(pair.chosen.segments, pair.rejected.segments, strict=False):
        if chosen.text != rejected.text:
            break
        same += 1
    assert same == len(pair.rejected.segments) - 1
    assert pair.rejected.segments[-1].text not in pair.chosen.response().split("\n")[:-1]


def test_unknown_mistakes_are_named() -> None:
    with pytest.raises(InputError, match="unknown mistake 'valeu'"):
        recipe("errors?plant=valeu")
    assert set(PLANTS) == set(KINDS)


def taken_apart(problem: str, text: str, answer: str) -> Anatomy:
    return analyze(Trace("t", problem, text, Span(0, len(text)), answer=answer, gold=answer))


MARKED = taken_apart(
    "Natalia sold clips to 48 friends in April, and then half as many in May. How many clips in all?",
    "Natalia sold 48/2 = <<48/2=24>>24 clips in May.\n"
    "Natalia sold 48+24 = <<48+24=72>>72 clips altogether in April and May.",
    "72",
)


@pytest.mark.parametrize("kind", ["value", "operation", "order"])
@pytest.mark.parametrize("seed", range(3))
def test_mistakes_are_planted_in_what_is_quoted(kind: str, seed: int) -> None:
    found = plant(MARKED, kind, random.Random(seed))
    assert found is not None and "<<" not in found.text
    assert kind == "order" or ("24 clips in May" not in found.text and "72 clips" not in found.text)


PART_OF_LONGER = taken_apart(
    "Tom has 2 pens and 3 boxes of 4 pens. How many pens?", "Tom has 2 + 3 * 4 = 14 pens.", "14"
)
SHARED = taken_apart(
    "Ann has 10 pies and sells 1/2 of them. Then she bakes 3. How many pies?",
    "She sells 10 * 1/2 = 5 pies. Then she has 5 + 3 = 8 pies.",
    "8",
)
LATEX = taken_apart("Tom has 3 boxes of 4 pens. How many pens?", r"We have \( 3 \times 4 = 12 \) pens.", "12")


def test_another_operator_needs_an_equation_of_one() -> None:
    assert plant(PART_OF_LONGER, "operation", random.Random(0)) is None
    found = plant(LATEX, "operation", random.Random(0))
    assert found is not None and r"\times" not in found.text


def test_a_premise_that_is_no_whole_number_is_written_out() -> None:
    said = {found.text for seed in range(9) if (found := plant(SHARED, "premise", random.Random(seed)))}
    assert said and all("5 + 3" not in text and "1/2" not in text for text in said)


@given(right, st.sampled_from(KINDS))
def test_nothing_is_planted_in_a_trace_that_ends_wrong(anatomy: Anatomy, kind: str) -> None:
    other = replace(anatomy, trace=replace(anatomy.trace, gold="-1"))
    for build in (recipe(f"errors?mode=repair&plant={kind}"), lambda a: contrast(a, kind)):
        with pytest.raises(NotApplicable, match="right traces only"):
            build(other)


@given(wrong)
def test_no_pair_prefers_a_wrong_answer(anatomy: Anatomy) -> None:
    with pytest.raises(NotApplicable, match="ends wrong"):
        contrast(replace(anatomy, trace=replace(anatomy.trace, gold="-1")))


def test_pairs_are_asked_for_by_another_name() -> None:
    with pytest.raises(InputError, match="name 'contrast'"):
        recipe("errors?mode=contrast")
