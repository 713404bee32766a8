"""Robustness to styles and curves of difficulty, by hand on made-up scores."""

import numpy as np
import pytest

from fractionate.errors import InputError
from fractionate.records import Score
from fractionate.transfer import curve, style_report


def row(arm, cell, item, right, *, family="style", seed=0, sample=0):
    return Score(
        arm,
        seed,
        cell,
        family,
        f"{cell}/{item}",
        item,
        None if right is None else bool(right),
        "1",
        5,
        False,
        False,
        sample,
    )


def rows(arm, cell, rights, **given):
    return [row(arm, cell, f"q{i}", right, **given) for i, right in enumerate(rights)]


def test_by_hand():
    scores = rows("a", "boxed", [1, 1, 1, 0]) + rows("a", "noisy", [1, 1, 0, 0])
    scores += rows("a", "json", [0, 1, 0, 0]) + rows("a", "in", [1, 1, 1, 1], family="in_format")
    report = style_report(scores)["a"]
    assert report.mean.value == pytest.approx(0.5)
    assert (report.worst.value, report.worst_style) == (0.25, "json")
    assert report.deviation.value == pytest.approx(np.std([0.75, 0.5, 0.25]))
    assert report.span.value == pytest.approx(0.5)
    assert report.right_under_all.value == 0.25 and report.right_under_any.value == 0.75
    assert report.all_if_independent.value == pytest.approx(0.75 * 0.5 * 0.25)
    assert report.plain is not None and report.plain.value == 1
    assert report.drop is not None and report.drop.value == pytest.approx(0.5)
    assert report.n == 4 and report.styles["boxed"].value == 0.75
    for interval in (report.mean, report.worst, report.span, report.right_under_all, report.right_under_any):
        assert 0 <= interval.low <= interval.value <= interval.high <= 1


def test_questions_count_together_only_where_every_style_was_checked():
    scores = rows("a", "boxed", [1, 1, 1, 0]) + rows("a", "noisy", [1, None, 0, 0])
    report = style_report(scores)["a"]
    assert report.n == 3
    assert report.right_under_all.value == pytest.approx(1 / 3)
    assert report.styles["noisy"].value == pytest.approx(1 / 3)
    assert report.plain is None and report.drop is None


def test_samples_are_paired_by_their_number():
    scores = rows("a", "boxed", [1, 1]) + rows("a", "noisy", [1, 0])
    scores += rows("a", "boxed", [0, 0], sample=1) + rows("a", "noisy", [1, 0], sample=1)
    report = style_report(scores)["a"]
    assert report.right_under_all.value == 0.25 and report.right_under_any.value == 0.75


def test_styles_that_fail_together_and_styles_that_fail_apart():
    rng = np.random.default_rng(0)
    skill = rng.random(400) < 0.6
    alike = [s for k in range(4) for s in rows("alike", f"s{k}", skill)]
    apart = [s for k in range(4) for s in rows("apart", f"s{k}", rng.random(400) < 0.6)]
    found = style_report(alike + apart, resamples=500)
    assert found["alike"].right_under_all.low > found["alike"].all_if_independent.high
    apart_all = found["apart"].right_under_all
    assert apart_all.low < found["apart"].all_if_independent.value < apart_all.high
    assert found["alike"].deviation_by_chance == 0 == found["alike"].deviation.value
    assert 0.01 < found["apart"].deviation_by_chance < 0.05


def test_a_style_that_is_harder_shows_beyond_chance():
    rng = np.random.default_rng(1)
    scores = [s for k, p in enumerate((0.8, 0.8, 0.3)) for s in rows("a", f"s{k}", rng.random(200) < p)]
    report = style_report(scores, resamples=500)["a"]
    assert report.deviation.low > 3 * report.deviation_by_chance
    assert report.worst_style == "s2"


def test_shares_of_nothing_or_all_still_have_width():
    scores = rows("a", "boxed", [0] * 30) + rows("a", "noisy", [1] * 30)
    report = style_report(scores)["a"]
    assert report.right_under_all.value == 0 and report.right_under_all.high > 0.05
    assert report.right_under_any.value == 1 and report.right_under_any.low < 0.95


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        (rows("a", "boxed", [1]), "there are 1"),
        (rows("a", "in", [1], family="in_format"), "there are 0"),
        (rows("a", "boxed", [1, 0]) + rows("a", "noisy", [1]), "boxed and noisy ask different questions"),
        (rows("a", "boxed", [1]) + rows("a", "noisy", [1]) + rows("b", "boxed", [1]), "arm b, seed 0"),
    ],
)
def test_reports_refuse_what_they_cannot_compare(scores, message):
    with pytest.raises(InputError, match=message):
        style_report(scores)


def test_a_curve_in_the_order_of_its_dial():
    scores = rows("a", "depth 10", [0, 0, 0, 1], family="difficulty") + rows(
        "a", "in-format", [1], family="in_format"
    )
    scores += rows("a", "depth 4", [1, 1, 0, 0], family="difficulty")
    scores += rows("a", "world:ledger?depth=4&numbers=3-50", [1, None], family="difficulty")
    first, last = curve(scores, "depth")["a"]
    assert (first.dial, first.value, first.n) == ("depth", 4.0, 5)
    assert first.accuracy.value == pytest.approx(3 / 5)
    assert (last.value, last.n, last.accuracy.value) == (10.0, 4, 0.25)
    assert last.accuracy.low < 0.25 < last.accuracy.high


def test_a_curve_of_cells_whose_values_are_given():
    scores = rows("a", "in", [1, 1], family="in_format") + rows("b", "in", [1, 0], family="in_format")
    scores += rows("a", "far", [0, 1], family="difficulty") + rows("b", "far", [0, 0], family="difficulty")
    found = curve(scores, "remarks", {"in": 0, "far": 6})
    assert [(p.value, p.accuracy.value) for p in found["a"]] == [(0, 1.0), (6, 0.5)]
    assert [(p.value, p.accuracy.value) for p in found["b"]] == [(0, 0.5), (6, 0.0)]


def test_no_curve_without_cells():
    with pytest.raises(InputError, match="no cell says its depth"):
        curve(rows("a", "numbers 3", [1], family="difficulty"), "depth")
    with pytest.raises(InputError, match="no cell says its depth"):
        curve(rows("a", "ledger?depth=1-3", [1], family="difficulty"), "depth")
