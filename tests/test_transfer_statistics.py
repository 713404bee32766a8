"""The numbers that decisions rest on: by hand, by simulation, and in time."""

import time

import numpy as np
import pytest
from scipy.stats import norm

from fractionate.errors import InputError
from fractionate.records import Score
from fractionate.transfer import Interval, estimates, minimum_detectable, transfer_score

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


def test_equal_responses_differ_by_exactly_nothing():
    rng = np.random.default_rng(0)
    rights = rng.random(80) < 0.4
    result = estimates(rows("a", "svamp", rights) + rows("b", "svamp", rights), reference="a")
    assert result["b"].difference == Interval(0.0, 0.0, 0.0)
    assert result["b"].transfer == result["a"].transfer


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


def test_minimum_detectable_is_the_designs_figure():
    assert minimum_detectable(4637) == pytest.approx(0.02, abs=1e-4)
    assert minimum_detectable(100) > minimum_detectable(1000)
    assert minimum_detectable(2) == float("inf")
