"""Dials and controls over traces of the ledger world: what changes, what stays, and how long it is."""

import random
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from conftest import make_anatomy
from hypothesis import given
from hypothesis import strategies as st

import fractionate.supervision.recipes as home
from fractionate.anatomy import analyze
from fractionate.anatomy.arithmetic import equations
from fractionate.anatomy.values import mentions
from fractionate.errors import InputError
from fractionate.records import Anatomy, Role, Span, Supervision, Trace
from fractionate.supervision import RECIPES, NotApplicable, recipe
from fractionate.supervision.base import hints_of, quotable, steps_in
from fractionate.supervision.content import Swap, other_digits
from fractionate.supervision.size import filled, size
from fractionate.worlds import WORLDS, Dials

CONTROLS = ("random_drop", "shuffle_steps", "shuffle_links", "style_only", "wrong_answer", "filler")


@cache
def ledger(count: int = 40) -> list[Anatomy]:
    """Traces with plans, wording, mistakes and repairs."""
    return WORLDS["ledger"].sample(count, seed=5, dials=Dials(depth=(2, 4), verbosity="chatty", mistakes=0.5))


anatomies = st.sampled_from(range(40)).map(lambda i: ledger()[i])


def written(supervision: Supervision) -> str:
    """The response without its answer line."""
    return supervision.response().rpartition("\n")[0]


def values(text: str) -> Counter[str]:
    return Counter(m.value for m in mentions(text))


@given(anatomies, st.integers(0, 3))
def test_controls_keep_the_answer_line_and_the_length(anatomy: Anatomy, seed: int) -> None:
    kept = written(recipe("decision_points", seed)(anatomy))
    for name in CONTROLS:
        control = recipe(name, seed)(anatomy)
        right = f"The answer is {anatomy.trace.answer}."
        assert (control.response().endswith(right)) == (name != "wrong_answer")
        if name != "random_drop":
            assert size(written(control)) == size(kept)


@given(anatomies)
def test_shuffled_steps_are_the_same_steps_in_another_order(anatomy: Anatomy) -> None:
    plain, mixed = (
        [s.text for s in recipe(n)(anatomy).segments if s.steps] for n in ("decision_points", "shuffle_steps")
    )
    assert sorted(plain) == sorted(mixed) and (plain != mixed or len(set(plain)) < 2)


@given(anatomies)
def test_shuffled_links_keep_every_value_and_result(anatomy: Anatomy) -> None:
    plain, mixed = (recipe(n)(anatomy) for n in ("decision_points", "shuffle_links"))
    assert values(written(plain)) == values(written(mixed))
    for before, after in zip(plain.segments, mixed.segments, strict=True):
        results = [m.value for m in mentions(before.text)][-1:]
        assert [m.value for m in mentions(after.text)][-1:] == results


@given(anatomies)
def test_style_only_keeps_the_words_and_no_value(anatomy: Anatomy) -> None:
    plain, nonsense = (written(recipe(n)(anatomy)) for n in ("decision_points", "style_only"))
    letters = [c for c in plain if c.isalpha()]
    assert letters == [c for c in nonsense if c.isalpha()]
    assert all(a != b for a, b in zip(numerals(plain), numerals(nonsense), strict=True))


def numerals(text: str) -> list[str]:
    return [text[m.start : m.end] for m in mentions(text) if text[m.start].isdigit()]


@given(anatomies, st.integers(0, 3))
def test_a_swap_is_one_to_one(anatomy: Anatomy, seed: int) -> None:
    text = anatomy.trace.text
    pairs = set(zip(numerals(text), numerals(Swap(anatomy, seed).text(text)), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert all(a != b and len(a) == len(b) for a, b in pairs)


@pytest.mark.parametrize("numeral", ["7", "1,200.50", "-35", "20%", "0.5"])
def test_another_numeral_has_the_same_form(numeral: str) -> None:
    other = other_digits(numeral, random.Random(0))
    assert other is not None and other != numeral
    assert [c.isdigit() or c for c in other] == [c.isdigit() or c for c in numeral]


def test_a_text_without_digits_has_no_other() -> None:
    assert other_digits("yes", random.Random(0)) is None


def test_values_are_exchanged_for_each_other_where_no_other_is_left() -> None:
    anatomy = taken_apart("".join(f"So {n} + {n} = {2 * n}. " for n in range(1, 10)))
    swapped = numerals(Swap(anatomy, 0).text(anatomy.trace.text))
    pairs = set(zip(numerals(anatomy.trace.text), swapped, strict=True))
    assert len(pairs) == len({b for _, b in pairs}) == 14 and sum(a == b for a, b in pairs) <= 1


def test_both_numbers_of_a_fraction_are_exchanged() -> None:
    anatomy = taken_apart("So 12/60 = 0.2. Then 12 + 60 = 72.")
    first, second = Swap(anatomy, 0).text(anatomy.trace.text).split(". Then ")
    assert first.removeprefix("So ").split(" ")[0].split("/") == second.split(" = ")[0].split(" + ")


def taken_apart(text: str) -> Anatomy:
    return analyze(Trace("t", "How many?", text, Span(0, len(text)), answer="72", gold="72"))


@given(anatomies)
def test_roles_are_treated_as_said(anatomy: Anatomy) -> None:
    spec = "roles?language=delete&decomposition=prompt&error_signals=mask&structure=learn:0.5"
    for segment in recipe(spec)(anatomy).segments:
        if not segment.steps:
            continue
        assert segment.role is not Role.LANGUAGE
        assert (segment.visibility == "prompt") == (segment.role is Role.DECOMPOSITION)
        if segment.role is Role.ERROR_SIGNAL:
            assert segment.weight == 0
        if segment.role is Role.STRUCTURE:
            assert segment.weight == 0.5


@given(anatomies)
def test_broken_structure_keeps_every_value(anatomy: Anatomy) -> None:
    plain, broken = (written(recipe(n)(anatomy)) for n in ("roles", "roles?structure=break"))
    assert values(plain) == values(broken) and plain != broken


@given(anatomies)
def test_where_all_is_a_hint_the_answer_line_stands_alone(anatomy: Anatomy) -> None:
    given_all = recipe("roles?decomposition=prompt&structure=prompt&error_signals=prompt&language=prompt")
    assert given_all(anatomy).response() == recipe("answer_only")(anatomy).response()


@given(anatomies, st.floats(0, 1))
def test_keep_meets_its_share_and_orders_by_importance(anatomy: Anatomy, r: float) -> None:
    kept = recipe(f"keep?r={r}")(anatomy)
    whole = size(written(recipe("keep?r=1")(anatomy)))
    longest = max(size(s.span.of(anatomy.trace.text)) for s in anatomy.steps)
    assert abs(size(written(kept)) - r * whole) <= longest
    if r == 0:
        assert kept.response() == recipe("answer_only")(anatomy).response()


def test_keep_by_a_model_needs_one() -> None:
    with pytest.raises(NotApplicable, match="analyze with a student"):
        recipe("keep?by=surprise")(ledger()[0])


@pytest.mark.parametrize("by", ["surprise", "effect"])
def test_keep_by_a_model_needs_no_measure_of_the_stated_answer(by: str) -> None:
    anatomy = make_anatomy()
    steps = [replace(s, **{by: 9.0 - s.index} if s.kind != "conclude" else {}) for s in anatomy.steps]
    kept = recipe(f"keep?r=0.2&by={by}")(replace(anatomy, steps=tuple(steps)))
    assert kept.response() == "First find the boxes.\nThe answer is 13."
    steps[1] = anatomy.steps[1]
    with pytest.raises(NotApplicable, match="of some steps alone"):
        recipe(f"keep?by={by}")(replace(anatomy, steps=tuple(steps)))


@given(anatomies, st.floats(0, 1), st.floats(0, 1))
def test_cover_draws_each_share_by_itself(anatomy: Anatomy, decisions: float, others: float) -> None:
    kept = recipe(f"cover?decisions={decisions}&others={others}")(anatomy)
    shown = [anatomy.steps[i] for segment in kept.segments for i in segment.steps]
    every = quotable(anatomy)
    for share, chosen in ((decisions, True), (others, False)):
        whole = share * sum(s.decision == chosen for s in every)
        assert abs(sum(s.decision == chosen for s in shown) - whole) < 1
    assert [s.index for s in shown] == sorted(s.index for s in shown)


def test_all_of_the_decisions_are_the_decision_points() -> None:
    assert all(
        recipe("cover")(a).response() == recipe("decision_points")(a).response()
        for a in ledger()
        if decides(a)
    )


def decides(anatomy: Anatomy) -> bool:
    return any(s.decision for s in anatomy.steps)


def test_fill_passes_over_what_leads_away() -> None:
    assert filled(["a", "b", "c"], {"a": 9, "b": 4, "c": 5}, budget=9) == ["a"]
    assert filled(["b", "a", "c"], {"a": 10, "b": 4, "c": 5}, budget=9) == ["b", "c"]


WRONG = [
    ("keep?r=2", "less than or equal to 1"),
    ("keep?size=2", "option of 'keep' 'size'"),
    ("keep?0.5", "name\\?option=value"),
    ("roles?language=remove", "language"),
    ("full?x=1", "option of 'full'"),
    ("keep?r=0.1&r=0.2", "r is given twice"),
    ("random_drop?of=nothing", "unknown recipe 'nothing'"),
]


@pytest.mark.parametrize(("spec", "message"), WRONG)
def test_wrong_options_are_named(spec: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        recipe(spec)


def test_every_recipe_is_one_short_file() -> None:
    files = [f for f in Path(str(home.__file__)).parent.glob("*.py") if f.name != "__init__.py"]
    assert {f.stem for f in files} == set(RECIPES)
    assert all(len(f.read_text().splitlines()) < 120 for f in files)


@given(anatomies)
def test_a_skeleton_says_every_needed_computation(anatomy: Anatomy) -> None:
    needed = [f for s in anatomy.needed() for f in s.formulas]
    assert written(recipe("skeleton")(anatomy)).split("\n") == needed


@given(anatomies)
def test_a_summary_derives_the_answer(anatomy: Anatomy) -> None:
    chain = written(recipe("summary")(anatomy)).split("; ")
    given_values = {r for m in mentions(anatomy.trace.problem) for r in m.readings}
    for formula in chain:
        (equation,) = equations(formula)
        assert equation.check == "right"
        assert all(given_values.intersection(o.readings) for o in equation.operands)
        given_values.update(r.value for r in equation.results)
    assert anatomy.trace.answer in given_values


SPOKEN = [
    ("terse", "9 * 39 = 351.\n351 + 35 = 386."),
    ("symbolic", "x1 := 9 * 39 = 351.\nx2 := x1 + 35 = 386."),
]


@pytest.mark.parametrize(("style", "text"), SPOKEN)
def test_wordings(style: str, text: str) -> None:
    formulas = ("9 * 39 = 351",), ("351 + 35 = 386",)
    anatomy = make_anatomy()
    computing = [replace(anatomy.steps[i], formulas=f) for i, f in zip((2, 3), formulas, strict=True)]
    said = replace(anatomy, steps=(*anatomy.steps[:2], *computing, *anatomy.steps[4:]))
    assert written(recipe(f"reword?style={style}")(said)) == text


@given(anatomies, st.sampled_from(["terse", "formal", "chatty", "symbolic", "german"]))
def test_other_words_keep_every_result(anatomy: Anatomy, style: str) -> None:
    spoken = recipe(f"reword?style={style}")(anatomy)
    needed = [s for s in anatomy.needed() if s.formulas]
    assert [s.steps for s in spoken.segments if s.steps] == [(s.index,) for s in needed]
    for segment, step in zip([s for s in spoken.segments if s.steps], needed, strict=True):
        assert set(step.results) <= set(values(segment.text))


OF = ("skeleton", "summary", "compact", "reword?style=chatty", "roles?decomposition=prompt%26language=mask")


@given(
    anatomies,
    st.sampled_from(OF),
    st.sampled_from(["shuffle_steps", "shuffle_links", "style_only", "filler"]),
)
def test_controls_are_of_what_a_recipe_writes(anatomy: Anatomy, of: str, name: str) -> None:
    plain, control = recipe(of.replace("%26", "&"))(anatomy), recipe(f"{name}?of={of}")(anatomy)
    assert size(written(control)) == size(written(plain))
    assert hints_of(control) == hints_of(plain)
    if name == "shuffle_steps":
        said = [
            [s.text for s in x.segments if s.steps and s.visibility == "response"] for x in (plain, control)
        ]
        assert sorted(said[0]) == sorted(said[1])
    if name in ("shuffle_steps", "style_only"):
        assert weights(control) == weights(plain)


def weights(supervision: Supervision) -> Counter[float]:
    """Characters of each weight in what stands for steps."""
    found: Counter[float] = Counter()
    for segment in supervision.segments:
        found[segment.weight] += size(segment.text) if segment.steps else 0
    return found


def test_random_steps_are_not_drawn_to_the_decision_points() -> None:
    covered = whole = steps = deciding = 0
    for seed in range(8):
        for anatomy in ledger():
            chosen, drawn = (recipe(n, seed)(anatomy) for n in ("decision_points", "random_drop"))
            both = [s for s in steps_in(anatomy, drawn) if s.decision]
            covered += sum(extent(anatomy, s.index) for s in both)
            whole += sum(extent(anatomy, s.index) for s in steps_in(anatomy, chosen))
            steps += sum(extent(anatomy, s.index) for s in quotable(anatomy))
            deciding += sum(extent(anatomy, s.index) for s in quotable(anatomy) if s.decision)
    assert abs(covered / whole - deciding / steps) < 0.05


def extent(anatomy: Anatomy, index: int) -> int:
    return size(anatomy.steps[index].span.of(anatomy.trace.text))


def test_sizes_are_of_what_is_quoted() -> None:
    marked = taken_apart("So 48/2 = <<48/2=24>>24 in May.\nIn all 48+24 = <<48+24=72>>72 clips.")
    assert all(s.decision for s in marked.steps), "nothing to drop"
    assert recipe("random_drop")(marked).response() == recipe("decision_points")(marked).response()


def test_a_wrong_answer_has_another_value() -> None:
    halves = replace(ledger()[0], trace=replace(ledger()[0].trace, answer="1/2"))
    told = {recipe("wrong_answer", seed)(halves).answer for seed in range(200)}
    assert len(told) > 20 and not told & {f"{n}/{2 * n}" for n in range(1, 5)}


def test_style_only_draws_operators_anew_and_leaves_bullets_and_dates() -> None:
    text = "- So 3*4 = 12 and 48/2 = 24.\n- Now \\( 12 \\times 4 = 48 \\) on 02/03/2021, all in 3-4 hours: 6 + 66 = 72."
    told = [written(recipe("style_only?of=full", seed)(taken_apart(text))) for seed in range(20)]
    signs = ["".join(c for c in t if not c.isalnum() and c not in "\\") for t in told]
    assert len(set(signs)) > 10
    assert all(t.startswith("- So") and "\n- Now" in t and t.count("/") >= 2 for t in told)
    assert {t.split("\\( ")[1].split()[1] for t in told} == {"+", "-", r"\times", r"\div"}
