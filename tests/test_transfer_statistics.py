"""The numbers that decisions rest on: by hand, by simulation, and in time."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from benchmarks.false_alarms import Setting, simulate
from fractionate.errors import InputError
from fractionate.records import Item, Score
from fractionate.transfer import (
    Interval,
    Plan,
    bootstrap,
    compare,
    compare_arms,
    estimates,
    minimum_detectable,
    plan_of,
    power_line,
    transfer_score,
)
from fractionate.transfer.statistics import PlannedPart, holm, minimum_margin, needed, power, sign_flip

FAMILIES = {"in": "in_format", "boxed": "style", "noisy": "style", "svamp": "related", "now": "at_once"}


def row(arm, cell, item, right, *, seed=0, cluster="", sample=0):
    id = f"{cell}/{item}"
    return Score(arm, seed, cell, FAMILIES[cell], id, cluster or item, right, "1", 5, False, False, sample)


def rows(arm, cell, rights, *, seed=0, prefix="q"):
    return [row(arm, cell, f"{prefix}{i}", bool(r), seed=seed) for i, r in enumerate(rights)]


def test_transfer_score_by_hand():
    scores = (
        rows("a", "in", [1, 1, 1, 1]) + rows("a", "boxed", [1, 0, 0, 0]) + rows("a", "noisy", [1, 1, 1, 0])
    )
    scores += [*rows("a", "svamp", [1, 0, 0], prefix="s"), row("a", "svamp", "s9", None)]
    assert transfer_score(scores) == pytest.approx(((1 / 4 + 3 / 4) / 2 + 1 / 3) / 2)


def test_samples_are_averaged_within_their_item_and_seeds_count_alike():
    scores = [row("a", "svamp", "s0", r, sample=k) for k, r in enumerate([True, False, False, False])]
    scores += [row("a", "svamp", "s1", True)]
    assert transfer_score(scores) == pytest.approx((1 / 4 + 1) / 2)
    scores = rows("a", "svamp", [1, 1, 0]) + rows("a", "svamp", [0], seed=1)
    assert transfer_score(scores) == pytest.approx((2 / 3 + 0) / 2)


def test_estimates_by_hand():
    a = rows("a", "in", [1, 1, 1, 0]) + rows("a", "now", [1, 0, 0, 0]) + rows("a", "svamp", [1, 1, 0, 0])
    b = rows("b", "in", [1, 0, 0, 0]) + rows("b", "now", [1, 1, 0, 0]) + rows("b", "svamp", [1, 0, 0, 0])
    result = estimates(a + b, reference="a", resamples=400)
    one, other = result.arms
    assert (one.arm, one.difference, one.lower_bound) == ("a", None, None)
    assert other.difference is not None and other.difference.value == pytest.approx(-0.25)
    assert other.lower_bound is not None
    assert other.difference.low <= other.lower_bound <= other.difference.value
    assert one.reasoning_gain is not None and one.reasoning_gain.value == pytest.approx(0.5)
    assert other.reasoning_gain is not None and other.reasoning_gain.value == pytest.approx(-0.25)
    assert one.in_format == one.cells["in"].accuracy
    assert result["b"].cells["svamp"].n == 4


def test_wilson_where_percentiles_would_collapse():
    low, high = 1 / (1 + 1.959964**2 / 20), 1.0
    interval = estimates(rows("a", "svamp", [1] * 20), reference="a").arms[0].cells["svamp"].accuracy
    assert interval == pytest.approx(Interval(1.0, low, high), abs=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_where_nothing_differs_the_interval_still_has_width(share):
    n = 80
    rights = np.random.default_rng(0).random(n) < share
    result = estimates(rows("a", "svamp", rights) + rows("b", "svamp", rights), reference="a")
    difference = result["b"].difference
    assert difference.value == 0
    assert difference.high == pytest.approx(2.8 / (n + 2), rel=0.03) and difference.low == -difference.high
    assert result["b"].p_different == 1
    assert result["b"].transfer == result["a"].transfer


def test_no_interval_is_without_width():
    scores = [
        s
        for arm in "ab"
        for seed in (0, 1)
        for cell in ("in", "now", "boxed", "svamp")
        for s in rows(arm, cell, [0] * 24, seed=seed, prefix="s" if cell == "svamp" else "q")
    ]
    for arm in estimates(scores, reference="a").arms:
        found = [arm.transfer, arm.in_format, arm.reasoning_gain, *(c.accuracy for c in arm.cells.values())]
        assert all(i.high > 0.01 for i in found), found
    low, value, high = sorted(estimates(scores, reference="a")["b"].difference)
    assert low < value == 0 < high


def test_only_several_seeds_speak_of_other_seeds():
    rng = np.random.default_rng(5)

    def arm(name, seeds):
        return [s for seed in seeds for s in rows(name, "svamp", rng.random(60) < 0.4, seed=seed)]

    scores = arm("base", [0]) + arm("full", [0, 1]) + arm("short", [0, 1]) + arm("once", [0])
    result = estimates(scores, reference="full")
    assert {a.arm: (a.over_seeds, a.difference_over_seeds) for a in result.arms} == {
        "base": (True, True), "full": (True, False), "short": (True, True), "once": (False, False),
    }  # fmt: skip


def test_more_arms_with_the_same_seeds_say_more_of_seeds():
    rng = np.random.default_rng(6)
    scores = [
        s for arm in "abcdef" for seed in (0, 1) for s in rows(arm, "svamp", rng.random(100) < 0.4, seed=seed)
    ]
    alone = compare(scores, "b", "a", margin=0.05).difference
    among = compare_arms(scores, "a", margin=0.05)["b"].difference
    assert among.value == alone.value
    assert among.high - among.low < alone.high - alone.low


def test_clusters_are_kept_together():
    rights = np.random.default_rng(1).random(40) < 0.5
    alone = [row("a", "svamp", f"{i}-{k}", bool(r)) for i, r in enumerate(rights) for k in range(5)]
    tied = [
        row("a", "svamp", f"{i}-{k}", bool(r), cluster=f"c{i}")
        for i, r in enumerate(rights)
        for k in range(5)
    ]
    width = [(t := estimates(s, reference="a")["a"].transfer).high - t.low for s in (alone, tied)]
    assert width[1] == pytest.approx(width[0] * 5**0.5, rel=0.2)


def test_seeds_widen_the_interval():
    rng = np.random.default_rng(2)
    scores = [
        s
        for seed, p in enumerate((0.2, 0.5, 0.8))
        for s in rows("a", "svamp", rng.random(400) < p, seed=seed)
    ]
    interval = estimates(scores, reference="a", resamples=500)["a"].transfer
    assert interval.high - interval.low > 0.3


def test_intervals_cover_the_truth():
    rng = np.random.default_rng(3)
    truth = norm.cdf(-0.3) - 0.5  # 0.8² + 0.6² = 1
    covered = {"transfer": 0, "difference": 0, "bound": 0}
    for trial in range(300):
        scores = []
        skill = rng.normal(0, 0.8, size=60)  # questions differ, arms and styles share the questions
        for arm, shift in (("a", 0.0), ("b", -0.3)):
            for cell in ("boxed", "noisy", "svamp"):
                own = skill if cell != "svamp" else rng.normal(0, 0.8, size=60)
                rights = own + shift + rng.normal(0, 0.6, size=60) > 0
                scores += rows(arm, cell, rights, prefix="s" if cell == "svamp" else "q")
        result = estimates(scores, reference="a", resamples=300, seed=trial)
        difference = result["b"].difference
        covered["transfer"] += result["a"].transfer.low <= 0.5 <= result["a"].transfer.high
        covered["difference"] += difference.low <= truth <= difference.high
        covered["bound"] += result["b"].lower_bound <= truth
    assert all(0.90 <= n / 300 <= 0.98 for n in covered.values()), covered


def test_a_large_study_takes_seconds():
    rng = np.random.default_rng(4)
    cells = [f"cell{i}" for i in range(10)]
    scores = [
        Score(f"arm{a}", 0, c, "related", f"{c}/q{i}", f"q{i}", bool(rng.random() < 0.5), "1", 5, False, False)
        for a in range(5) for c in cells for i in range(100)
    ]  # fmt: skip
    start = time.perf_counter()
    estimates(scores, reference="arm0")
    assert time.perf_counter() - start < 2


def test_what_cannot_be_compared_is_refused():
    a, b = rows("a", "svamp", [1, 0]), rows("b", "svamp", [1, 0])
    with pytest.raises(InputError, match="no transfer cells"):
        transfer_score(rows("a", "in", [1]))
    with pytest.raises(InputError, match="unknown reference arm"):
        estimates(a, reference="full")
    with pytest.raises(InputError, match="asked different cells: boxed"):
        estimates(a + b + rows("b", "boxed", [1]), reference="a")
    with pytest.raises(InputError, match="of one arm"):
        transfer_score(a + b)


def test_nobody_gains_by_answers_that_cannot_be_checked():
    """Both are right in the first fifty questions; of the others the reference gets none and the arm says nothing."""
    full = rows("full", "svamp", [1] * 50 + [0] * 50)
    hedge = rows("hedge", "svamp", [1] * 50) + [row("hedge", "svamp", f"q{i}", None) for i in range(50, 100)]
    found = compare(full + hedge, "hedge", "full", margin=0.1)
    assert (found.difference.value, found.p_different, found.verdict) == (0, 1, "equivalent")
    common = [s for s in full + hedge if int(s.item.removeprefix("svamp/q")) < 50]
    assert found == compare(common, "hedge", "full", margin=0.1)
    both = estimates(full + hedge, reference="full")
    assert (both["hedge"].transfer.value, both["full"].transfer.value) == (1, 0.5)
    assert both["hedge"].difference == found.difference


def test_seeds_that_differ_are_paired_by_questions_that_every_seed_has_checked():
    one = [row("one", "svamp", f"q{i}", None if i == 3 else True, seed=0) for i in range(4)]
    two = [*rows("two", "svamp", [1, 1, 0, 0], seed=1), *rows("two", "svamp", [1, 0, 0], seed=2)]
    two += [row("two", "svamp", "q3", None, seed=2)]
    assert compare(one + two, "two", "one", margin=0.1).difference.value == pytest.approx(-0.5)


def test_arms_without_a_common_checked_question_are_not_compared():
    never = [row("never", "svamp", f"q{i}", None) for i in range(4)]
    late = [row("late", "svamp", f"q{i}", True if i == 3 else None) for i in range(4)]
    early = [row("early", "svamp", f"q{i}", None if i == 3 else True) for i in range(4)]
    found = estimates(early + late + never, reference="early")
    assert [found[arm].difference for arm in ("late", "never")] == [None, None]
    assert found["late"].transfer.value == 1 and np.isnan(found["never"].transfer.value)
    with pytest.raises(InputError, match="no question that both have checked answers to"):
        compare(early + late, "late", "early", margin=0.1)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 100))
def test_sign_flips_of_single_questions_are_mcnemars_test(only_one, only_other, same):
    differences = np.array([1.0] * only_one + [-1.0] * only_other + [0.0] * same)
    expected = binomtest(only_one, only_one + only_other).pvalue if only_one + only_other else 1.0
    assert sign_flip(differences) == pytest.approx(expected)


def test_sign_flips_drawn_agree_with_all_patterns():
    differences = np.array([0.5, -0.25, 1, 1, 0.75, -0.5, 1, 0.25, 0.5, 0.3, 1])
    patterns = [
        sum((1 if i >> k & 1 else -1) * abs(d) for k, d in enumerate(differences)) for i in range(2**11)
    ]
    exact = np.mean([abs(p) >= abs(differences.sum()) - 1e-9 for p in patterns])
    assert sign_flip(differences) == pytest.approx(exact)
    split = np.repeat(differences, 2)  # too many for all patterns
    assert sign_flip(split, resamples=20000) == pytest.approx(
        sign_flip(split, resamples=20000, seed=1), abs=0.01
    )


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_keeps_the_order_and_only_raises(p_values):
    adjusted = holm(p_values)
    assert all(p <= a <= min(1, p * len(p_values)) + 1e-12 for p, a in zip(p_values, adjusted, strict=True))
    assert [adjusted[i] for i in np.argsort(p_values)] == sorted(adjusted)


VERDICTS = [
    # (questions that both, only the arm, only the reference, neither gets right; margin; verdict)
    ((200, 60, 10, 130), 0.05, "better"),
    ((200, 2, 2, 196), 0.05, "equivalent"),
    ((200, 22, 8, 170), 0.02, "better"),
    ((200, 30, 18, 152), 0.02, "not worse"),
    ((200, 10, 60, 130), 0.05, "worse"),
    ((200, 0, 8, 192), 0.05, "equivalent"),
    ((10, 2, 2, 10), 0.02, "undecided"),
]


@pytest.mark.parametrize(("counts", "margin", "verdict"), VERDICTS)
def test_verdicts(counts, margin, verdict):
    both, arm, reference, neither = counts
    one = [1] * (both + arm) + [0] * (reference + neither)
    other = [1] * both + [0] * arm + [1] * reference + [0] * neither
    found = compare(rows("a", "svamp", one) + rows("r", "svamp", other), "a", "r", margin=margin)
    assert found.verdict == verdict
    assert found.difference.value == pytest.approx((arm - reference) / sum(counts))
    assert (found.p_not_worse <= 0.05) == (found.lower_bound > -margin)
    assert found.p_equivalent >= found.p_not_worse and not found.over_seeds


def test_many_arms_are_corrected_together():
    rng = np.random.default_rng(7)
    base = rng.random(120) < 0.5
    scores = rows("ref", "svamp", base)
    for name in "abcdefgh":
        scores += rows(name, "svamp", np.where(rng.random(120) < 0.3, rng.random(120) < 0.5, base))
    found = compare_arms(scores, "ref", margin=0.05)
    assert all(c.family == tuple("abcdefgh") for c in found.values())
    assert all(c.p_different_adjusted >= c.p_different for c in found.values())
    single = compare(scores, "a", "ref", margin=0.05)
    assert (single.p_different, single.family) == (found["a"].p_different, ("a",))
    assert single.p_different_adjusted == single.p_different
    in_estimates = estimates(scores, reference="ref")["a"]
    assert in_estimates.p_adjusted == found["a"].p_different_adjusted


def test_bootstrap_of_the_worst_style():
    rng = np.random.default_rng(8)
    scores = rows("a", "boxed", rng.random(100) < 0.6) + rows("a", "noisy", rng.random(100) < 0.3)
    worst = bootstrap(scores, lambda cells: min(cells.values()), resamples=500)["a"]
    assert worst.value == pytest.approx(transfer_score([s for s in scores if s.cell == "noisy"]))
    assert worst.low < worst.value < worst.high and worst.high - worst.low == pytest.approx(0.18, abs=0.05)


SMALL = [
    Setting(48, 1, 0.25, 0.0),
    Setting(48, 2, 0.25),
    Setting(48, 3, 0.5),
    Setting(24, 2, 0.25, beside=(1.0, 1.0, 0.3)),
]


@pytest.mark.parametrize("setting", SMALL, ids=str)
def test_simulated_students_raise_few_false_alarms(setting):
    row = simulate(setting, 400)
    assert row.false_alarms <= 0.085
    assert 0.91 <= row.coverage <= 0.99
    assert row.coverage_t >= 0.91
    assert row.wrong <= 0.085
    assert row.power >= 0.72


def test_styles_of_one_question_are_not_more_questions():
    one, four = (Plan((PlannedPart(1.0, 24, cells),)) for cells in (1, 4))
    assert 1.3 < four.effective / one.effective < 1.7
    assert minimum_margin(one) > minimum_margin(four) > minimum_margin(Plan((PlannedPart(1.0, 96, 1),)))


def test_a_plan_of_items():
    def item(cell, family, n):
        return Item(f"{cell}/{n}", cell, family, "?", "1", cluster=f"{family == 'related'}-{n}")

    asked = [("boxed", "style"), ("noisy", "style"), ("plain", "in_format"), ("svamp", "related")]
    plan = plan_of([item(c, f, n) for c, f in asked for n in range(30)], seeds=2, arms=4)
    assert sorted(plan.parts) == [(0.5, 30, 1), (0.5, 30, 2)] and plan.clusters == 60
    with pytest.raises(InputError, match="no transfer cells"):
        plan_of([item("plain", "in_format", 0)], seeds=1)
    line = power_line(plan, 0.02)
    assert line.startswith("60 independent questions, 2 seeds an arm") and "2 points would take" in line


@given(st.integers(10, 2000), st.integers(1, 6), st.integers(2, 6))
def test_more_questions_seeds_and_arms_see_more(clusters, seeds, arms):
    plan = Plan((PlannedPart(1.0, clusters, 2),), seeds, arms)
    more = replace(plan, parts=(PlannedPart(1.0, 2 * clusters, 2),))
    assert power(more, 0.05) >= power(plan, 0.05) - 0.01
    if seeds > 1:
        assert power(replace(plan, arms=arms + 2), 0.1) >= power(plan, 0.1) - 0.01
        assert power(replace(plan, seeds=2 * seeds), 0.1) >= power(plan, 0.1) - 0.01
    margin = minimum_margin(plan)
    assert power(plan, margin) == pytest.approx(0.8, abs=1e-3)


def test_what_a_margin_needs_suffices():
    plan = Plan((PlannedPart(0.5, 24, 4), PlannedPart(0.5, 24, 1)), seeds=3, arms=4)
    found = {n.seeds: n for n in needed(plan, 0.05)}
    assert 1 in found and 12 in found
    for n in found.values():
        enough = tuple(p._replace(clusters=int(np.ceil(p.clusters * n.times))) for p in plan.parts)
        assert power(replace(plan, parts=enough, seeds=n.seeds), 0.05) == pytest.approx(0.8, abs=0.02)
    assert found[12].clusters < found[5].clusters


def test_minimum_detectable_is_the_designs_figure():
    assert minimum_detectable(4637) == pytest.approx(0.02, abs=1e-4)
    assert minimum_detectable(100) > minimum_detectable(1000)
    assert minimum_detectable(2) == float("inf")
