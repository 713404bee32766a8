"""Schedules change what is shown during training: in order, in the right amounts, the same after an interruption."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from conftest import make_anatomy
from hypothesis import given
from hypothesis import strategies as st

from fractionate import Study
from fractionate.errors import InputError
from fractionate.models import load_model
from fractionate.records import Anatomy, Supervision
from fractionate.storage import read_records
from fractionate.supervision import SCHEDULES, check_arm, encode, recipe, schedule
from fractionate.supervision.course import Course, EncodedCourse, rising, stage_by_stage
from fractionate.training import Progress, TrainSettings, train, training_flops
from fractionate.training.batches import epochs_of, updates
from fractionate.worlds import WORLDS, Dials

ANSWER = "The answer is 13."
FULL = "First find the boxes. Tom has 3 boxes. So 3 * 4 = 12 pens.\nThen 12 + 1 = 13. That was fun!\nThe answer is 13."
STAGES = {
    "internalize": [
        FULL,
        "Tom has 3 boxes. So 3 * 4 = 12 pens.\nThen 12 + 1 = 13. That was fun!\nThe answer is 13.",
        "So 3 * 4 = 12 pens.\nThen 12 + 1 = 13. That was fun!\nThe answer is 13.",
        "Then 12 + 1 = 13. That was fun!\nThe answer is 13.",
        "That was fun!\nThe answer is 13.",
        ANSWER,
    ],
    "internalize?from=compact&by=back": [
        "So 3 * 4 = 12 pens.\nThen 12 + 1 = 13.\nThe answer is 13.",
        "So 3 * 4 = 12 pens.\nThe answer is 13.",
        ANSWER,
    ],
    "internalize?by=structural": [
        FULL,
        "Tom has 3 boxes. So 3 * 4 = 12 pens.\nThen 12 + 1 = 13. That was fun!\nThe answer is 13.",
        "So 3 * 4 = 12 pens.\nThen 12 + 1 = 13. That was fun!\nThe answer is 13.",
        "So 3 * 4 = 12 pens.\nThen 12 + 1 = 13.\nThe answer is 13.",
        "So 3 * 4 = 12 pens.\nThe answer is 13.",
        ANSWER,
    ],
    "ramp": [ANSWER, FULL],
    "mix?long=compact&short=plan": [
        "First find the boxes.\nThe answer is 13.",
        "So 3 * 4 = 12 pens.\nThen 12 + 1 = 13.\nThe answer is 13.",
    ],
}


@pytest.mark.parametrize(("name", "responses"), STAGES.items())
def test_a_course_passes_through_its_stages(name: str, responses: list[str]) -> None:
    assert [s.response() for s in schedule(name)(make_anatomy()).stages] == responses


def test_hints_are_withdrawn_and_the_response_stays() -> None:
    course = schedule("withdraw?from=roles?decomposition=prompt")(make_anatomy())
    hints = ["".join(s.text for s in stage.segments if s.visibility == "prompt") for stage in course.stages]
    assert hints == ["\n\nHint: First find the boxes.", ""]
    assert len({stage.response() for stage in course.stages}) == 1


def anatomies(count: int) -> list[Anatomy]:
    return list(WORLDS["ledger"].sample(count, seed=0, dials=Dials(depth=(1, 4), verbosity="chatty")))


@pytest.mark.parametrize("name", list(SCHEDULES))
def test_every_stage_of_every_schedule_ends_in_the_answer_and_quotes_the_trace(name: str) -> None:
    for anatomy in anatomies(10):
        for stage in schedule(name)(anatomy).stages:
            assert stage.response().endswith(f"The answer is {anatomy.trace.answer}.")
            assert not stage.response()[0].isspace()
            for segment in stage.segments:
                assert segment.span is None or segment.span.of(anatomy.trace.text) == segment.text


def test_a_long_trace_loses_several_steps_at_a_time() -> None:
    deep = next(iter(WORLDS["ledger"].sample(1, seed=0, dials=Dials(depth=(20, 20), verbosity="chatty"))))
    course = schedule("internalize")(deep)
    lengths = [len(stage.response()) for stage in course.stages]
    assert len(deep.steps) > 32 and len(lengths) == 33
    assert lengths == sorted(lengths, reverse=True)


@given(st.integers(1, 30), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_without_smoothing_stages_follow_each_other(
    count: int, one: float, other: float, share: float
) -> None:
    begin, end = sorted((one, other))
    progress = rising(begin, end)
    choose = stage_by_stage(count, progress, smoothing=float("inf"))
    places = [choose(s, Random(0)) for s in sorted({0.0, share, 1.0})]
    assert places == sorted(places)
    assert places[-1] == count - 1
    assert end == 0 or places[0] == 0
    assert 0 <= progress(share) <= 1


def test_smoothing_removes_more_in_proportion_to_exp() -> None:
    choose = stage_by_stage(20, rising(0.0, 1.0), smoothing=1.0)
    ahead = Counter(choose(0.0, Random(i)) for i in range(20_000))
    for o in range(3):
        assert ahead[o + 1] / ahead[o] == pytest.approx(0.368, abs=0.03)


def courses(name: str, count: int = 24) -> list[EncodedCourse]:
    chat = load_model("scratch:tiny").chat

    def encoded(supervision: Supervision):  # type: ignore[no-untyped-def]
        return encode(chat, supervision)

    return [EncodedCourse(schedule(name, seed=5)(make_anatomy(n)), encoded) for n in range(2, 2 + count)]


def test_a_ramp_goes_from_short_to_long() -> None:
    shares = (0.05, 0.3, 0.6, 0.95)
    lengths = [sum(len(c.at(share).ids) for c in courses("ramp", 100)) for share in shares]
    assert lengths == sorted(lengths) and len(set(lengths)) == len(lengths)


def test_a_mixture_keeps_its_ratio() -> None:
    lessons = courses("mix?long=full&short=answer_only&ratio=0.2", 100)
    long = max(e.supervised for epoch in epochs_of(lessons, epochs=10, seed=0) for e in epoch) - 10
    shown = [e.supervised > long for epoch in epochs_of(lessons, epochs=10, seed=0) for e in epoch]
    assert sum(shown) / len(shown) == pytest.approx(0.2, abs=0.04)


@pytest.mark.parametrize("name", ["internalize?smoothing=1", "mix"])
def test_what_is_shown_depends_on_the_seed_and_the_place_alone(name: str) -> None:
    plans = [updates(courses(name), epochs=2, batch_size=7, seed=seed) for seed in (0, 0, 1)]
    assert plans[0] == plans[1] != plans[2]
    plain = updates([c.at(1.0) for c in courses(name)], epochs=2, batch_size=7, seed=0)
    orders = [[e.trace_id for update in plan for e in update] for plan in (plans[0], plain)]
    assert orders[0] == orders[1], "problems come in the order of an arm without a schedule"


def test_what_a_schedule_costs_is_known_before_training(tmp_path: Path) -> None:
    model, lessons = load_model("scratch:tiny"), courses("internalize")
    settings = TrainSettings(epochs=2, batch_size=8, seed=3)
    before = training_flops(model, lessons, 2, seed=3)
    plan = updates(lessons, epochs=2, batch_size=8, seed=3)
    result = train(model, lessons, settings, tmp_path)
    assert result.flops == pytest.approx(before, rel=1e-9)
    assert result.tokens == sum(len(e.ids) for update in plan for e in update)
    assert result.supervised_tokens == sum(e.supervised for update in plan for e in update)
    rows = [json.loads(line) for line in (tmp_path / "train.jsonl").read_text().splitlines()]
    assert rows[0]["supervised_tokens"] > 2 * rows[-1]["supervised_tokens"]


class Killed(Exception):  # noqa: N818
    """Stands for the process dying."""


def test_an_interrupted_run_under_a_schedule_ends_with_the_same_losses(tmp_path: Path) -> None:
    settings = TrainSettings(epochs=2, learning_rate=1e-3, batch_size=8, save_every_seconds=0)
    train(load_model("scratch:tiny"), courses("internalize"), settings, tmp_path / "whole")

    def die(progress: Progress) -> None:
        if progress.done == 4:
            raise Killed

    with pytest.raises(Killed):
        train(load_model("scratch:tiny"), courses("internalize"), settings, tmp_path / "cut", die)
    train(load_model("scratch:tiny"), courses("internalize"), settings, tmp_path / "cut")
    rows = [
        [json.loads(line)["loss"] for line in (tmp_path / name / "train.jsonl").read_text().splitlines()]
        for name in ("whole", "cut")
    ]
    assert rows[0] == rows[1]


@pytest.mark.parametrize(
    "name",
    [
        "internalise",
        "internalize?from=fulll",
        "mix?ratio=2",
        "ramp?lang=full",
        "internalize?by=luck",
        "ramp?begin=0.9",
    ],
)
def test_names_that_mean_nothing_are_refused(name: str) -> None:
    with pytest.raises(InputError):
        check_arm(name)


def test_another_schedule_is_one_function() -> None:
    @SCHEDULES.register("only_half")
    def only_half(seed: int = 0):  # type: ignore[no-untyped-def]
        def make(anatomy: Anatomy) -> Course:
            stages = (recipe("answer_only")(anatomy), recipe("full")(anatomy))
            return Course(anatomy.trace.id, stages, lambda share, draw: int(share < 0.5), seed)

        return make

    try:
        course = schedule("only_half")(make_anatomy())
        assert [course.at(s).response() for s in (0.4, 0.6)] == [FULL, ANSWER]
    finally:
        del SCHEDULES._parts["only_half"]


STUDY = """
name = "scheduled"
[data]
world = "ledger"
train = 16
[student]
model = "scratch:tiny"
[training]
epochs = 2
batch_size = 8
[training.representation]
recipes = ["answer_only"]
layer = 0.5
[arms]
recipes = ["answer_only", "full", "internalize?from=compact"]
reference = "full"
[transfer]
items = 2
styles = ["boxed"]
at_once = false
max_new_tokens = 4
"""


def test_a_study_runs_schedules_and_the_auxiliary_objective_as_arms(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY)
    study = Study.from_toml(tmp_path / "study.toml", tmp_path / "out")
    study.run()
    arms = {a.arm: a for a in study.conclude().summary.arms}
    names = ["answer_only", "full", "internalize?from=compact", "answer_only+representation"]
    assert list(arms) == ["base", *names]
    assert {arms[n].examples for n in names} == {16}
    tokens = {n: arms[n].costs.supervised_tokens for n in names}
    assert tokens["full"] > tokens["internalize?from=compact"] > tokens["answer_only"]
    assert tokens["answer_only+representation"] == tokens["answer_only"]
    assert arms["answer_only+representation"].costs.teacher_tokens == arms["full"].costs.teacher_tokens
    asked = {n for n, arm in arms.items() if arm.representation_loss is not None}
    assert asked == {"answer_only+representation"}
    stages = {f.parent.name.split("-s0-")[0]: f for f in (tmp_path / "out").glob("arms/*/stages.parquet")}
    assert list(stages) == ["internalize-from-compact"]
    assert len(read_records(stages["internalize-from-compact"], Supervision)) > 2 * 16
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Gradient on wording" in page and "Next result inside" in page
