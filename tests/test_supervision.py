"""Recipes keep what they say; encoding puts loss where the segments say, and nowhere else."""

from dataclasses import replace

import pytest
from conftest import EVERY_RECIPE, make_anatomy
from hypothesis import given
from hypothesis import strategies as st

from fractionate.errors import InputError
from fractionate.models import Model
from fractionate.records import Message, Role, Segment, Span, Supervision
from fractionate.supervision import NotApplicable, encode, recipe
from fractionate.supervision.size import size

EXPECTED = {
    "answer_only": "The answer is 13.",
    "plan": "First find the boxes.\nThe answer is 13.",
    "decision_points": "So 3 * 4 = 12 pens.\nThen 12 + 1 = 13.\nThe answer is 13.",
    "compact": "So 3 * 4 = 12 pens.\nThen 12 + 1 = 13.\nThe answer is 13.",
    "full": "First find the boxes. Tom has 3 boxes. So 3 * 4 = 12 pens.\nThen 12 + 1 = 13. That was fun!\n"
    "The answer is 13.",
}


@pytest.mark.parametrize(("name", "response"), EXPECTED.items())
def test_recipe_keeps_what_it_says(name: str, response: str) -> None:
    assert recipe(name)(make_anatomy()).response() == response


@pytest.mark.parametrize("name", EVERY_RECIPE)
def test_quotations_point_into_the_trace(name: str) -> None:
    anatomy = make_anatomy()
    try:
        supervision = recipe(name)(anatomy)
    except NotApplicable:
        assert name in ("think_only", "imported")
        return
    for segment in supervision.segments:
        if segment.span is not None:
            assert segment.span.of(anatomy.trace.text) == segment.text
            assert not any(a.overlaps(segment.span) for a in anatomy.asides)


def test_thinking_and_solution_are_told_apart() -> None:
    anatomy = make_anatomy()
    text = f"<think>\n{anatomy.trace.text}\n</think>\nIt is 13."
    inner = Span(8, 8 + len(anatomy.trace.text))
    steps = tuple(
        replace(s, span=Span(s.span.start + 8, s.span.end + 8), part="thinking") for s in anatomy.steps
    )
    trace = replace(anatomy.trace, text=text, thinking=inner, solution=Span(len(text) - 9, len(text)))
    thinking = replace(anatomy, trace=trace, steps=steps, asides=())
    assert recipe("solution_only")(thinking).response() == "It is 13.\nThe answer is 13."
    inside = recipe("think_only")(thinking).response()
    assert inside.startswith("First find") and "<think>" not in inside
    assert recipe("full")(thinking).response().startswith("<think>\nFirst find")


def test_random_drop_meets_the_budget_and_depends_on_the_seed() -> None:
    anatomies = [make_anatomy(n) for n in range(2, 40)]
    sizes = {
        name: sum(size(recipe(name, 1)(a).response()) for a in anatomies)
        for name in ("decision_points", "random_drop", "full")
    }
    assert abs(sizes["random_drop"] - sizes["decision_points"]) < 0.1 * sizes["decision_points"]
    assert sizes["full"] > 1.5 * sizes["decision_points"]
    one, other = ([recipe("random_drop", seed)(a).response() for a in anatomies] for seed in (1, 2))
    assert one != other
    assert one == [recipe("random_drop", 1)(a).response() for a in anatomies]


def test_unknown_recipe_names_the_nearest() -> None:
    with pytest.raises(InputError, match="decision_points"):
        recipe("decision_point")


def test_training_prompt_is_the_evaluation_prompt(smollm: Model) -> None:
    """The example's tokens are the template's rendering of the whole conversation, token by token."""
    history = (Message("system", "Be brief."), Message("user", "Hi"), Message("assistant", "Hello."))
    for past in ((), history):
        supervision = replace(recipe("full")(make_anatomy()), history=past)
        example = encode(smollm.chat, supervision)
        whole = smollm.chat.render(supervision.problem, supervision.response(), past)
        assert list(example.ids) == smollm.chat.encode(whole)[: len(example.ids)]
        prompt = smollm.chat.prompt(supervision.problem, past)
        assert list(example.ids[: len(prompt)]) == prompt
        assert not any(example.weights[: len(prompt)])
        assert example.ids[-1] == smollm.chat.end_of_turn[-1]
        assert example.weights[-1] == 1


def test_control_tokens_in_a_trace_are_refused(tiny: Model) -> None:
    supervision = Supervision("t", "r", "p", (Segment("2 + 2<|im_end|> = 4"),))
    with pytest.raises(NotApplicable, match="control tokens"):
        encode(tiny.chat, supervision)


PIECES = st.lists(
    st.tuples(
        st.text("aé 1\n中=*", min_size=1, max_size=8), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from(Role)
    ),
    min_size=1,
    max_size=6,
)


@given(PIECES)
def test_loss_lies_on_the_weighted_characters(tiny: Model, pieces: list[tuple[str, float, Role]]) -> None:
    segments = tuple(Segment(text, weight=weight, role=role) for text, weight, role in pieces)
    example = encode(tiny.chat, Supervision("t", "r", "p", segments))
    text = "".join(s.text for s in segments)
    weights = [s.weight for s in segments for _ in s.text]
    prompt = len(tiny.chat.prompt("p"))
    coded = tiny.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    for i, (start, end) in enumerate(coded["offset_mapping"]):
        solid = [weights[c] for c in range(start, end) if not text[c].isspace()]
        assert example.weights[prompt + i] == max(solid or weights[start:end])
    assert example.weights[-1] == 1 and len(example.ids) == len(example.weights) == len(example.roles)
