"""Importance by a model: surprise and effect are what they say, under a budget known beforehand."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import make_anatomy
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.labels.mistakes import processbench
from fractionate.anatomy import analyze
from fractionate.anatomy.agreement import Agreement, weights
from fractionate.anatomy.asking import ask, plan_asking, questions_of
from fractionate.anatomy.effects import MOST_STEPS, TAIL, WINDOW, answer_tokens, effect_questions
from fractionate.anatomy.shown import show
from fractionate.anatomy.surprise import surprise_passages
from fractionate.anatomy.suspicion import first_suspect, number_surprises, suspects
from fractionate.models import Model
from fractionate.models.score import Passage, score
from fractionate.records import Anatomy, Piece, Role, Span, Trace


def long_anatomy(steps: int) -> Anatomy:
    """A trace of many computations."""
    text = " ".join(f"Then {n} + {n + 1} = {2 * n + 1} apples are there." for n in range(steps))
    return analyze(Trace("long", "How many apples?", text, Span(0, len(text)), answer=str(2 * steps - 1)))


def decoded(model: Model, ids: list[int]) -> str:
    return str(model.tokenizer.decode(ids))


# Some unassigned and control characters have no token in this vocabulary, and nothing touches them.
@given(st.text("a1 Then.\n<>=+$\\é木🙂אß“…∑", max_size=60))
def test_tokens_touch_every_solid_character_and_no_other_steps(tiny: Model, text: str) -> None:
    anatomy = analyze(Trace("t", "q", text, Span(0, len(text))))
    shown = show(tiny.chat, anatomy)
    assert list(shown.starts) == sorted(shown.starts)
    touched = {c for s, e in zip(shown.starts, shown.ends, strict=True) for c in range(s, e)}
    asides = {c for a in anatomy.asides for c in range(*a)}
    assert touched | asides >= {i for i, c in enumerate(text) if not c.isspace()}
    for step in anatomy.steps:
        for i in shown.tokens_of(step.span):
            assert Span(shown.starts[i], shown.ends[i] + (shown.starts[i] == shown.ends[i])).overlaps(
                step.span
            )


def test_a_student_reads_no_asides(tiny: Model) -> None:
    anatomy = make_anatomy(3)
    shown = show(tiny.chat, anatomy)
    assert "<<" not in decoded(tiny, list(shown.ids))
    step = anatomy.steps[2]
    assert (
        "".join(decoded(tiny, [shown.ids[i]]) for i in shown.tokens_of(step.span)).strip()
        == "So 3 * 4 = 12 pens."
    )


@pytest.mark.parametrize("spare", [64, 65, 100, 10_000])
def test_every_token_is_asked_for_once_whatever_the_context(tiny: Model, spare: int) -> None:
    shown = show(tiny.chat, long_anatomy(40))
    context = len(shown.prompt) + spare
    passages = surprise_passages(shown, context)
    assert all(len(p.ids) <= context for p in passages)
    assert [t for p in passages for t in p.ids[p.start :]] == list(shown.ids)
    assert sum(len(p.ids) for p in passages) <= 4 * len(shown.ids) + len(passages) * len(shown.prompt)


def test_a_problem_as_long_as_the_context_is_not_asked_about(tiny: Model) -> None:
    trace = Trace("t", "word " * tiny.context, "3 + 4 = 7.", Span(0, 10), answer="7")
    anatomy = analyze(trace)
    [found] = ask(tiny, [anatomy], plan_asking(tiny, [anatomy]))
    assert all(s.surprise is None and s.effect is None for s in found.steps)
    assert found.notes[-1] == "the problem leaves no room in the model's context"


def test_surprise_is_the_mean_over_the_tokens_that_touch(tiny: Model) -> None:
    plain = make_anatomy(3)
    cut = plain.steps[2].span.start + len("So 3")
    halves = tuple(
        Piece(span, Role.STRUCTURE)
        for span in (Span(plain.steps[2].span.start, cut), Span(cut, plain.steps[2].span.end))
    )
    anatomy = replace(
        plain, steps=tuple(replace(s, pieces=halves) if s.index == 2 else s for s in plain.steps)
    )
    [found] = ask(tiny, [anatomy], plan_asking(tiny, [anatomy]))
    shown = show(tiny.chat, anatomy)
    [values] = score(tiny, [Passage((*shown.prompt, *shown.ids), len(shown.prompt))])
    for step in found.steps:
        touching = shown.tokens_of(step.span)
        assert step.surprise == pytest.approx(-sum(values[i] for i in touching) / len(touching), abs=1e-4)
    step = found.steps[2]
    sizes = [len(shown.tokens_of(p.span)) for p in step.pieces]
    parts = [p.surprise or 0.0 for p in step.pieces]
    assert step.surprise == pytest.approx(
        sum(n * s for n, s in zip(sizes, parts, strict=True)) / sum(sizes), abs=1e-4
    )


def test_effect_is_the_fall_of_the_answers_log_probability(tiny: Model) -> None:
    anatomy = make_anatomy(3)
    [found] = ask(tiny, [anatomy], plan_asking(tiny, [anatomy]))
    prompt = tiny.chat.prompt(anatomy.trace.problem)
    whole = "First find the boxes. Tom has 3 boxes. So 3 * 4 = 12 pens.\nThen 12 + 1 = 13. That was fun!"
    without = {
        0: "Tom has 3 boxes. So 3 * 4 = 12 pens.\nThen 12 + 1 = 13. That was fun!",
        4: "First find the boxes. Tom has 3 boxes. So 3 * 4 = 12 pens.\nThen 12 + 1 = 13.",
    }

    def value(text: str) -> float:
        line = tiny.chat.encode("\nThe answer is 13.")
        ids = (*prompt, *tiny.chat.encode(text), *line)
        return sum(score(tiny, [Passage(ids, len(ids) - 3)])[0])

    assert decoded(tiny, tiny.chat.encode("\nThe answer is 13.")[-3:]) == "13."
    # The first word of a shortened text keeps its space, so the texts are as good as equal, not equal.
    assert found.steps[4].effect == pytest.approx(value(whole) - value(without[4]), abs=1e-4)
    assert found.steps[0].effect == pytest.approx(value(whole) - value(without[0]), abs=0.1)
    assert found.steps[5].effect is None, "the teacher's bare answer is never shown"


def test_a_trace_without_an_answer_has_surprise_alone(tiny: Model) -> None:
    anatomy = replace(make_anatomy(3), trace=replace(make_anatomy(3).trace, answer=None))
    [found] = ask(tiny, [anatomy], plan_asking(tiny, [anatomy]))
    assert all(s.surprise is not None and s.effect is None for s in found.steps)


@pytest.mark.parametrize("answer", ["72", "-3/4", "(0, \\pi)", "木", "x. The answer is y"])
def test_the_answer_is_asked_for_from_its_first_character(tiny: Model, answer: str) -> None:
    end = answer_tokens(tiny.chat, answer)
    assert decoded(tiny, list(end.ids)) == f"\nThe answer is {answer}."
    assert decoded(tiny, list(end.ids[end.start :])).strip() == f"{answer}."


def test_a_long_trace_costs_its_length_and_not_its_square(tiny: Model) -> None:
    sizes = {n: questions_of(tiny, long_anatomy(n)) for n in (200, 400)}
    for steps, questions in sizes.items():
        assert len({q.without for q in questions.effects} - {None}) == MOST_STEPS
        prompt = len(questions.shown.prompt)
        most = prompt + WINDOW + TAIL + 32
        assert all(len(q.passage.ids) <= most for q in questions.effects)
        assert questions.tokens <= 3 * len(questions.shown.ids) + 2 * MOST_STEPS * most, steps
    assert sizes[400].tokens < 2.2 * sizes[200].tokens


def test_windows_end_in_the_end_of_the_trace(tiny: Model) -> None:
    anatomy = long_anatomy(200)
    shown = show(tiny.chat, anatomy)
    for question in effect_questions(tiny.chat, anatomy, shown, tiny.context):
        if question.without not in (None, anatomy.steps[-1].index):
            assert "= 399 apples are there.\nThe answer is 399." in decoded(tiny, list(question.passage.ids))


@pytest.mark.parametrize("limit", [0, 100, 1000, 10_000])
def test_a_budget_is_kept_and_whole_traces_are_drawn(tiny: Model, limit: int) -> None:
    anatomies = [make_anatomy(n) for n in range(2, 12)]
    plan = plan_asking(tiny, anatomies, limit)
    assert plan.tokens <= limit
    read: list[int] = []
    found = list(ask(tiny, anatomies, plan, read.append))
    assert [a.trace.id for a in found] == [a.trace.id for a in anatomies]
    asked = {i for i, a in enumerate(found) if a.steps[0].surprise is not None}
    assert asked == plan.chosen
    assert sum(read) <= 1.1 * plan.tokens
    assert ("all would take" in plan.says()) == (len(asked) < 10)


def test_without_a_limit_every_trace_is_asked_about(tiny: Model) -> None:
    plan = plan_asking(tiny, [make_anatomy(2), make_anatomy(3)])
    assert plan.chosen == {0, 1}
    assert plan.tokens == plan.tokens_of_all


def test_importances_stand_side_by_side() -> None:
    surprises = (1.0, 2.0, 5.0, 4.0, 0.5, None)
    effects = (0.0, 0.1, 3.0, 2.0, -0.1, None)
    plain = make_anatomy(3)
    steps = (
        replace(s, surprise=a, effect=b) for s, a, b in zip(plain.steps, surprises, effects, strict=True)
    )
    anatomy = replace(plain, steps=tuple(steps))
    rows = weights(anatomy)
    assert [w.dependence for w in rows] == [0, 0, 3, 3, 0]
    assert [round(w.collapse, 2) for w in rows] == [0, 0, 0.33, 0.17, 0]
    agreement = Agreement()
    assert list(agreement.watch([anatomy, plain])) == [anatomy, plain]
    summary = agreement.summary()
    assert summary["surprise/effect"] == {"rho": 1.0, "ci": [-1.0, 1.0], "traces": 1}
    assert summary["dependence/effect"]["rho"] == pytest.approx(0.866, abs=1e-3)


@pytest.mark.parametrize(
    ("surprises", "wrong", "doubted", "suspect"),
    [
        ((1.0, 7.9, 8.0), (), (), None),
        ((1.0, 8.1, 9.0), (), (), 1),
        ((1.0, 8.1, 9.0), (0,), (), 0),
        ((1.0, 3.9, 4.1), (), (1, 2), 2),
        ((4.1, 3.9, 4.1), (), (2,), 2),
        ((0.0, 0.0, 0.0), (), (0, 1, 2), None),
        ((0.0, 0.0, 0.0), (2,), (0, 1, 2), 2),
    ],
)
def test_the_first_step_is_suspect_that_is_proved_wrong_or_surprises(
    surprises: tuple[float, ...], wrong: tuple[int, ...], doubted: tuple[int, ...], suspect: int | None
) -> None:
    steps = [
        replace(
            s, check="wrong" if s.index in wrong else "right", doubt="why" if s.index in doubted else None
        )
        for s in make_anatomy(3).steps[:3]
    ]
    anatomy = replace(make_anatomy(3), steps=tuple(steps), links=())
    assert first_suspect(anatomy, surprises, threshold=8.0) == suspect


def test_the_surprise_of_numbers_is_summed_over_tokens_with_digits(tiny: Model) -> None:
    anatomies = [make_anatomy(3), make_anatomy(7)]
    found = number_surprises(tiny, anatomies)
    for anatomy, surprises in zip(anatomies, found, strict=True):
        shown = show(tiny.chat, anatomy)
        [values] = score(tiny, [Passage((*shown.prompt, *shown.ids), len(shown.prompt))])
        for step, nats in zip(anatomy.steps, surprises, strict=True):
            digits = [
                i for i in shown.tokens_of(step.span) if decoded(tiny, [shown.ids[i]]).strip().isdigit()
            ]
            assert nats == pytest.approx(-sum(values[i] for i in digits), abs=1e-3)
    assert found[0][0] == 0, "a step without numbers cannot surprise by them"
    assert suspects(tiny, anatomies, threshold=1e9) == [None, None]
    assert suspects(tiny, anatomies, threshold=0) == [1, 1]


def test_processbench_is_scored_by_the_judge_that_is_given(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "problem": "p", "steps": ["One.", "1 + 1 = 3."], "label": 1},
        {"id": "b", "problem": "q", "steps": ["One.", "1 + 1 = 2."], "label": -1},
    ]
    (tmp_path / "gsm8k.json").write_text(json.dumps(rows))
    [(name, row)] = processbench(tmp_path, judge=lambda anatomies: [1, None])
    assert (name, row["first_error_f1"], row["n"]) == ("processbench/gsm8k", 1.0, 2)
    [(_, row)] = processbench(tmp_path, judge=lambda anatomies: [0, None])
    assert (row["first_error_f1"], row["accuracy_on_right"]) == (0.0, 1.0)


@pytest.mark.parametrize(
    "text", ["", "\x16", " \n\n", "<<1+1=2>>", "#### 2", "שלום 3 + 4 = 7", "<|im_end|>", "x" * 9000]
)
def test_whatever_the_text_asking_ends_and_changes_no_more_than_it_says(tiny: Model, text: str) -> None:
    anatomy = analyze(Trace("t", "q", text, Span(0, len(text)), answer="2"))
    [found] = ask(tiny, [anatomy], plan_asking(tiny, [anatomy]))
    assert [replace(s, surprise=None, effect=None) for s in found.steps] == [
        replace(s, pieces=t.pieces) for s, t in zip(anatomy.steps, found.steps, strict=True)
    ]
