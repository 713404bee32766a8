"""Adaptability: what is shown and asked, what a folder keeps, and how student and base are compared."""

from pathlib import Path

import pytest

from fractionate.errors import InputError
from fractionate.models import load_model
from fractionate.records import Score
from fractionate.storage import from_json, to_json
from fractionate.transfer.adaptability import (
    FAMILIES,
    FAMILY,
    Adaptability,
    AdaptSettings,
    Run,
    adapt,
    adaptability,
    answer_only,
    cell_of,
    commonest,
    task,
)

YES_NO = "gym:syllogism?seed=9000"
QUICK = AdaptSettings(shots=(4, 8), items=8, epochs=24, learning_rate=1e-2, batch_size=4, max_new_tokens=12)


@pytest.mark.parametrize("family", [*FAMILIES, YES_NO])
def test_no_question_that_is_asked_was_shown(family):
    found = task(family, AdaptSettings())
    asked = {p.text for p in found.asked}
    assert len(asked) == 100
    for seed in range(3):
        few, many = (found.shown(Run(shots, seed)) for shots in (16, 64))
        assert many[:16] == few and len({p.text for p in many} | asked) == 164
    assert found.shown(Run(16, 0)) != found.shown(Run(16, 1))
    first, second = (found.items(Run(shots, 0), AdaptSettings()) for shots in (16, 64))
    assert [i.prompt for i in first] == [i.prompt for i in second]
    assert {i.cell for i in second} == {cell_of(family, 64)} and second[0].family == FAMILY


@pytest.mark.parametrize("family", FAMILIES)
def test_one_answer_for_all_gets_few_of_the_default_families(family):
    assert max(commonest(family).values()) < 0.3


@pytest.mark.parametrize(
    ("family", "message"),
    [
        ("svamp", "give a generated one"),
        ("gym:no_such", "unknown reasoning-gym family"),
        ("gym:count_bits?max_n=40", "only 40 different problems"),
    ],
)
def test_families_that_nothing_may_or_can_be_trained_on_are_refused(family, message, tmp_path):
    with pytest.raises(InputError, match=message):
        adapt("scratch:tiny", family, tmp_path, arm="base")


def test_examples_are_answers_without_reasoning():
    model = load_model("scratch:tiny", weights=False)
    problem = task(YES_NO, QUICK).asked[0]
    example = answer_only(model, problem)
    learned = [i for i, w in zip(example.ids, example.weights, strict=True) if w > 0]
    assert model.chat.decode(learned).strip() == f"The answer is {problem.gold}."
    assert list(example.prompt) == model.chat.prompt(problem.text)


def test_a_student_takes_up_the_form_of_a_family_and_a_stopped_run_goes_on(tmp_path: Path):
    begun: list[Run] = []

    class Killed(Exception):  # noqa: N818
        """Stands for the process dying."""

    def die_at_second(run: Run) -> None:
        begun.append(run)
        if len(begun) == 2:
            raise Killed

    with pytest.raises(Killed):
        adapt("scratch:tiny", YES_NO, tmp_path, QUICK, arm="base", on_run=die_at_second)
    scores = adapt("scratch:tiny", YES_NO, tmp_path, QUICK, arm="base", on_run=begun.append)
    assert begun == [Run(4, 0), Run(8, 0), Run(8, 0)], "the first run is not done again"
    assert [s.cell for s in scores] == [cell_of(YES_NO, shots) for shots in (4, 8) for _ in range(8)]
    assert {s.answer for s in scores} <= {"Yes", "No"}, "the untouched student writes nonsense"
    assert scores == adapt("scratch:tiny", YES_NO, tmp_path, QUICK, arm="base", on_run=begun.append)
    assert len(begun) == 3 and not list(tmp_path.rglob("*.safetensors"))


def answers(arm: str, family: str, shots: int, right: list[bool], seed: int = 0) -> list[Score]:
    cell = cell_of(family, shots)
    return [
        Score(arm, seed, cell, FAMILY, f"{cell}/{i}", f"{family}#{i}", r, None, 5, False, False)
        for i, r in enumerate(right)
    ]


def test_student_and_base_are_paired_by_question():
    mixed = [i % 3 == 0 for i in range(60)]
    more = [i % 3 != 1 for i in range(60)]
    student = (
        answers("x", "gym:a", 16, more) + answers("x", "gym:b", 16, mixed) + answers("x", "gym:a", 64, more)
    )
    base = (
        answers("y", "gym:a", 16, mixed) + answers("y", "gym:b", 16, mixed) + answers("y", "gym:a", 64, more)
    )
    found = adaptability(student, base)
    assert list(found.families) == ["gym:a", "gym:b"]
    few, many = found.families["gym:a"]
    assert (few.shots, many.shots, few.n) == (16, 64, 60)
    assert few.difference.value == pytest.approx(1 / 3) and few.difference.low > 0.15
    assert many.difference.value == 0 and many.accuracy == many.base
    assert found.overall[0].difference.value == pytest.approx(1 / 6), "families count alike"
    assert found.overall[0].accuracy.value == pytest.approx(1 / 2)
    assert from_json(Adaptability, to_json(found)) == found


def test_a_family_asked_of_one_alone_is_refused():
    with pytest.raises(InputError, match="not asked the same cells"):
        adaptability(answers("x", "gym:a", 16, [True]), answers("y", "gym:a", 64, [True]))
