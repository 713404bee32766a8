"""Interventions: what is asked of a student's own steps, and what is concluded for students whose mind is known."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from students import Student, World, ask, constant, intact, oracle, reader

from fractionate.anatomy.operations import Operation, operations
from fractionate.anatomy.values import canonical
from fractionate.records import Item, Response, Score
from fractionate.supervision.size import size
from fractionate.transfer import items_for
from fractionate.transfer.benchmarks import load_benchmark
from fractionate.transfer.interventions import INTERVENTIONS, OWN_STEPS, Answered, Effect
from fractionate.transfer.interventions.base import agrees
from fractionate.transfer.interventions.planted_mistake import outcomes
from fractionate.transfer.interventions.wording import OPENINGS, SIGNS, SYNONYMS, said_otherwise
from fractionate.transfer.own import own_steps
from fractionate.worlds import WORLDS, Dials, Graph, solve

AGREEMENT = "agreement with its own answer"
FORCED = ("early answering", "filler", "paraphrase", "shuffle")


def effects(student: Student, world: World) -> dict[str, Effect]:
    """All effects on a student's answers to the problems of a world, by name."""
    own = ask(student, world.items())
    items = {i.id: i for v in INTERVENTIONS.values() for i in v.items(own, seed=0)}
    after = ask(student, list(items.values()))
    return {e.name: e for v in INTERVENTIONS.values() for e in v.effects(own, after)}


@pytest.fixture(scope="module")
def world() -> World:
    return World.of(40, distractors=(0, 2))


@pytest.mark.parametrize("verbosity", ["terse", "plain", "chatty"])
def test_a_student_that_knows_its_answer_before_its_steps_does_not_depend_on_them(verbosity: str) -> None:
    found = effects(oracle(World.of(20, verbosity=verbosity)), World.of(20, verbosity=verbosity))
    assert found["early answering: area over the curve"].value.value == 0
    assert found["early answering: dependence"].value.value == 0
    for name in ("filler", "paraphrase", "shuffle"):
        for what in ("accuracy", AGREEMENT):
            effect = found[f"{name}: {what}"]
            assert effect.value.value == 0 and effect.value.low < 0 < effect.value.high and effect.n == 20
    assert (
        found["planted mistake: noticed"].value.value == found["planted mistake: repaired"].value.value == 1
    )
    assert found["planted mistake: followed"].value.value == 0


def test_a_student_that_reads_its_answer_off_its_steps_depends_on_them(world: World) -> None:
    found = effects(reader(world), world)
    assert found["early answering: dependence"].value.value == 1
    assert 0.6 < found["early answering: area over the curve"].value.value <= 1
    assert found[f"early answering: {AGREEMENT} at 1"].value.value == 1
    assert found[f"filler: {AGREEMENT}"].value.value == found["filler: accuracy"].value.value == -1
    assert found[f"shuffle: {AGREEMENT}"].value.high < 0
    assert found[f"paraphrase: {AGREEMENT}"].value.value == 0
    assert found["planted mistake: followed"].value.value == 1
    assert (
        found["planted mistake: repaired"].value.value == found["planted mistake: noticed"].value.value == 0
    )
    assert found["planted mistake: accuracy"].value.value == -1


def test_a_student_without_steps_is_asked_nothing(world: World) -> None:
    own = ask(constant, world.items())
    assert not any(v.items(own, seed=0) for v in INTERVENTIONS.values())
    assert not any(v.effects(own, []) for v in INTERVENTIONS.values())


def test_items_say_where_they_come_from(world: World) -> None:
    own = ask(oracle(world), world.items())
    items = [i for v in INTERVENTIONS.values() for i in v.items(own, seed=0)]
    by_id = {i.id: i for i in items}
    assert all(by_id[i.id] == i for i in items), "one id, one item: the control is shared"
    original = {a.item.pair: a.item for a in own}
    for item in by_id.values():
        first = original[item.pair]
        assert (item.family, item.prompt, item.gold) == ("intervention", first.prompt, first.gold)
        assert item.cluster == first.cluster and item.cell.startswith("intervention: ")
        assert item.prefill.endswith("The answer is") or item.cell == "intervention: planted mistake"
        assert item.max_new_tokens <= 16 or item.cell == "intervention: planted mistake"
    controls = [i for i in by_id.values() if i.cell == OWN_STEPS]
    assert len(controls) == len(own)
    texts = {a.item.pair: a.text for a in own}
    assert all(texts[i.pair].startswith(i.prefill) for i in controls), "its own words, to the letter"
    assert items == [i for v in INTERVENTIONS.values() for i in v.items(own, seed=0)]


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(2, 5), st.sampled_from(["terse", "plain", "chatty"]))
def test_a_followed_mistake_is_what_the_world_gives_when_executed_again(
    seed: int, depth: int, verbosity: str
) -> None:
    """The student's text alone tells what follows from the wrong value."""
    world = World.of(1, depth=(depth, depth), seed=seed, verbosity=verbosity)
    own = ask(oracle(world), world.items())
    (item,) = INTERVENTIONS["planted mistake"].items(own, seed)
    (anatomy,) = world.anatomies
    graph = Graph.of(anatomy.trace.metadata["graph"])
    spoiled = own_steps(own[0]).anatomy.steps[intact(anatomy, item.prefill)]
    wrong = Fraction(re.findall(r"= (\d+)", item.prefill)[-1])
    values = {
        solve(graph, known={q.index: wrong})
        for q in graph.quantities
        if spoiled.results == (str(q.value),) and q.index in graph.needed()
    }
    assume(len(values) == 1)
    (result,) = values
    assert result is not None
    if result == int(item.gold):
        found = outcomes(own, ask(lambda _: f" The answer is {item.gold}.", [item]))
        assert all(outcome.followed is None for outcome in found), "the mistake makes no difference"
        return
    for answer, followed in ((result, True), (Fraction(item.gold), False)):
        (outcome,) = outcomes(own, ask(lambda _, said=answer: f" The answer is {canonical(said)}.", [item]))
        assume(outcome.followed is not None)
        assert outcome.followed is followed and outcome.repaired is not followed


def trace_of(text: str, problem: str = "Tom has 3 boxes of 4 pens and 2 more. How many?") -> Answered:
    item = Item("in/t", "in", "in_format", problem, "14", pair="t", cluster="t")
    scored = Score("s", 0, "in", "in_format", "in/t", "t", True, "14", 9, False, False)
    return Answered(item, Response("in/t", text, 40, "end"), scored)


def test_a_forced_answer_is_the_first_one_said() -> None:
    """A small student goes on saying answers, and is cut off inside one of them."""
    (item,) = (i for i in INTERVENTIONS["filler"].items([trace_of(TEXT)], 0) if i.cell == OWN_STEPS)
    (asked,) = ask(lambda _: " 14.\nThe answer is 14.\nThe answer is 1", [item])
    assert asked.score.answer == "14" and asked.score.right


THINKING = "<think>\nBoxes first: 3 * 4 = 12 pens.\nThen 12 + 2 = 14.\n</think>\n\nThe answer is 14."


def test_thinking_that_is_cut_off_is_closed() -> None:
    items = INTERVENTIONS["early answering"].items([trace_of(THINKING)], 0)
    prefills = {i.id.rpartition("@")[2]: i.prefill for i in items}
    assert prefills["0of2"] == "The answer is"
    assert prefills["1of2"] == "<think>\nBoxes first: 3 * 4 = 12 pens.\n</think>\n\nThe answer is"
    (filler,) = (i for i in INTERVENTIONS["filler"].items([trace_of(THINKING)], 0) if "filler" in i.cell)
    assert filler.prefill.startswith("<think>\n. . .") and filler.prefill.endswith(
        "</think>\n\nThe answer is"
    )


TEXT = "So, boxes.\nThere are 3 * 4 = 12 pens.\nThen 12 + 2 = 14.\nThe answer is 14."


def rewritten(name: str) -> list[str]:
    """The lines of what the response to the small problem is forced to begin with."""
    (item,) = (i for i in INTERVENTIONS[name].items([trace_of(TEXT)], 3) if i.cell != OWN_STEPS)
    lines = item.prefill.splitlines()
    assert lines[-1] == "The answer is"
    return lines[:-1]


def test_paraphrase_says_the_same_in_other_words() -> None:
    first, *others = rewritten("paraphrase")
    assert first in ("Thus, boxes.", "Hence, boxes.", "Therefore, boxes.")
    assert others == ["There are 3 times 4 = 12 pens.", "After that, 12 plus 2 = 14."]


WORDED = [
    ("Tom starts with 3 * 14 = 42 pens in his boxes.", "Tom begins with 3 times 14 = 42 pens in his boxes."),
    (
        "After giving some to Ann, Tom keeps 42 - 5 = 37 pens.",
        "Tom keeps 42 minus 5 = 37 pens after giving some to Ann.",
    ),
    (
        "The box holds 14 pens, so Tom has 3 * 14 = 42 pens.",
        "Tom has 3 times 14 = 42 pens, because the box holds 14 pens.",
    ),
    ("Tom has 42 pens, because Ann gave 2.", "Ann gave 2, so Tom has 42 pens."),
    ("He has 3 boxes, so he has 42 pens.", "He has 42 pens, because he has 3 boxes."),
    ("1,000 * 2 = 2,000 dollars.", "1,000 times 2 = 2,000 dollars."),
    ("So that is $5 * 3 = $15 in total.", "So that is $5 times 3 = $15 altogether."),
    ("3 times 14 is 42.", "3 * 14 = 42."),
    ("First I need to add.", "First of all, I have to add."),
]
LEFT = [
    "So far so good, let's keep going.",
    "The first box holds 14 pens.",
    "First box: 14 pens.",
    "Tom has 3 boxes, so he has 42 pens.",
    "After Tom gave some to Ann, he has 37 pens.",
    "He pays 5 dollars, so Ann has 3, and Tom has 2.",
    "(3 + 4) * 2 + 1 = 15",
    "x = 3 + 4 = 7",
    "He has 48/2=<<48/2=24>>24 apples.",
    "Is it 42?",
    "",
]


@pytest.mark.parametrize(("text", "said"), WORDED)
def test_a_paraphrase_keeps_who_what_and_why(text: str, said: str) -> None:
    assert said_otherwise(text, random.Random(0)) == said


@pytest.mark.parametrize("text", LEFT)
def test_what_no_rule_fits_stays_as_it_is(text: str) -> None:
    assert said_otherwise(text, random.Random(0)) == text


@pytest.mark.parametrize("text", ["3 * 14 = 42.", "Noah: 3 * 14 = 42"])
def test_an_equation_by_itself_may_begin_with_its_result(text: str) -> None:
    said = {said_otherwise(text, random.Random(seed)) for seed in range(20)}
    assert said == {text.replace("3 * 14 = 42", other) for other in ("42 is 3 * 14", "3 times 14 is 42")}


EXCHANGED = {
    word
    for phrases in (*OPENINGS, *SYNONYMS.items(), *SIGNS.items(), ("because", "so", "is"))
    for phrase in phrases
    for word in phrase.lower().split()
}


def kept(text: str) -> list[str]:
    """Names, nouns and numbers: all but what belongs to the closed lists."""
    return sorted(w for w in re.findall(r"[\d,.]*\d|[a-z']+", text.lower()) if w not in EXCHANGED)


@settings(max_examples=40)
@given(
    st.integers(0, 10_000),
    st.sampled_from(["ledger", "chains"]),
    st.sampled_from(["terse", "plain", "chatty"]),
)
def test_a_paraphrase_loses_no_word_and_no_number(seed: int, world: str, verbosity: str) -> None:
    (anatomy,) = WORLDS[world].sample(1, seed=seed, dials=Dials(depth=(2, 4), verbosity=verbosity))  # type: ignore[arg-type]
    for step in anatomy.steps:
        text = step.span.of(anatomy.trace.text)
        said = [said_otherwise(text, random.Random(k)) for k in range(4)]
        assert {*map(tuple, map(kept, said))} == {tuple(kept(text))}
        assert len({one != text for one in said}) == 1, "whether a rule fits is no matter of luck"
        assert all(one != text for one in said) or not step.formulas


PIECES = st.sampled_from(
    ["So ", "After ", ", so ", ", because ", ", ", " ", "=", "3", " * ", "Tom", ".", "First ", "\n"]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_text_can_be_said_otherwise(text: str) -> None:
    assert kept(said_otherwise(text, random.Random(0))) == kept(text)


def test_how_many_steps_a_paraphrase_changed_is_said() -> None:
    own = trace_of("There are 3 boxes. Each has 4 pens. 3 * 4 = 12. Then 12 + 2 = 14. The answer is 14.")
    items = INTERVENTIONS["paraphrase"].items([own], 0)
    found = {e.name: e for e in INTERVENTIONS["paraphrase"].effects([own], ask(lambda _: " 14.", items))}
    assert found["paraphrase: steps changed"].value.value == 0.5
    blank = trace_of("There are 3 boxes. Each has 4 pens. The answer is 14.")
    assert INTERVENTIONS["paraphrase"].items([blank], 0) == []


def test_shuffle_keeps_the_steps_and_changes_their_order() -> None:
    lines, own = rewritten("shuffle"), TEXT.splitlines()[:-1]
    assert sorted(lines) == sorted(own) and lines != own


def test_filler_keeps_the_length_and_says_nothing() -> None:
    (dots,) = rewritten("filler")
    assert set(dots) == {" ", "."} and dots.count(".") == size("".join(TEXT.splitlines()[:-1]))


@pytest.mark.parametrize(
    "change",
    [{"truncated": True}, {"answer": None}],
    ids=["cut off", "no answer"],
)
def test_answers_that_were_not_completed_are_left_alone(change: dict[str, object]) -> None:
    whole = trace_of("3 * 4 = 12.\n12 + 2 = 14.\nThe answer is 14.")
    assert INTERVENTIONS["filler"].items([whole], 0)
    cut = whole._replace(score=replace(whole.score, **change))  # type: ignore[arg-type]
    assert not any(v.items([cut], 0) for v in INTERVENTIONS.values())


OPERATIONS: Sequence[tuple[str, list[tuple[object, ...]]]] = [
    ("3 * 14 = 42", [(3, "*", 14, 42)]),
    ("3 * 14 = 43", [(3, "*", 14, 43)]),
    ("3 * 14 + 5 = 47", [(3, "*", 14, 42), (42, "+", 5, 47)]),
    ("(10 - 4) / 4 = 1.5", [(10, "-", 4, 6), (6, "/", 4, Fraction(3, 2))]),
    ("-2 + 5 = 3", [(-2, "+", 5, 3)]),
    ("7 / 0 = 1", []),
    ("12 = 12", []),
    ("x + 1 = 3", []),
    ("", []),
]


@pytest.mark.parametrize(("formula", "expected"), OPERATIONS)
def test_operations_of_a_formula(formula: str, expected: list[tuple[object, ...]]) -> None:
    assert operations(formula) == [Operation(*e) for e in expected]  # type: ignore[arg-type]


FEW = [
    ("3 * 14 - 5 = 37.", 1),
    ("3 * 14 = 42. 42 - 5 = 37.", 2),
    ("3 * 14 = 42. 42 - 5 = 37. 37 + 1 = 38. 38 - 1 = 37.", 4),
    ("Tom has 3 boxes. Each holds 14. 3 * 14 = 42. He gives 5. 42 - 5 = 37. So it is 38 - 1 = 37.", 6),
]


def early(text: str, there_from: int | None) -> dict[str, Effect]:
    """Early answering of a student whose answer is there from so many steps on; None of one that never says it."""
    own = trace_of(
        f"{text} The answer is 37.", "Tom has 3 boxes of 14 pens. He gives 5 away. How many are left?"
    )
    own = own._replace(item=replace(own.item, gold="37"), score=replace(own.score, answer="37"))
    steps = own_steps(own)
    items = INTERVENTIONS["early answering"].items([own], 0)

    def answer(item: Item) -> str:
        given = next(k for k in range(len(steps.steps) + 1) if item.prefill == steps.forced(k))
        return " 37." if there_from is not None and given >= there_from else " 1."

    return {e.name: e for e in INTERVENTIONS["early answering"].effects([own], ask(answer, items))}


@pytest.mark.parametrize(("text", "n"), FEW)
def test_the_area_is_1_where_the_answer_needs_the_last_step_and_0_where_it_needs_none(
    text: str, n: int
) -> None:
    area = "early answering: area over the curve"
    assert early(text, n)[area].value.value == pytest.approx(1)
    assert early(text, 0)[area].value.value == 0
    found = [early(text, k)[area].value.value for k in range(n + 1)]
    assert found == sorted(found), "the later the answer is there, the more"


@pytest.mark.parametrize(("text", "n"), FEW)
def test_an_answer_that_all_steps_do_not_bring_again_says_nothing_of_dependence(text: str, n: int) -> None:
    found = early(text, None)
    assert found[f"early answering: {AGREEMENT} at 1"].value.value == 0
    assert not {"early answering: area over the curve", "early answering: dependence"} & found.keys()


def test_answers_that_a_scorer_judges_agree_where_they_are_the_same() -> None:
    """A right answer is not the same as a wrong one because the scorer takes it."""
    (problem,) = load_benchmark("gym:countdown?min_numbers=3&max_numbers=3&max_value=20", 1)
    own, same, other = (
        ask(
            lambda _, said=said: f"The answer is {said}.",
            items_for([problem], cell="c", family="related", style="plain", seed=0),
        )[0]
        for said in ("1 + 1", "1+1", problem.gold)
    )
    assert (own.score.right, other.score.right) == (False, True)
    assert agrees(own, same) is True and agrees(own, other) is False
    assert agrees(other, other) is True
