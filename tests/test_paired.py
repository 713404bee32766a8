"""Means of one student's values and their intervals."""

import math
import random

import pytest

from fractionate.transfer.paired import Valued, change, mean, share


def rows(*values: float) -> list[Valued]:
    """Values of as many questions."""
    return [Valued(str(n), value) for n, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "found"),
    [([0.2, 0.5, 0.4], (0.3667, -0.0128, 0.7461)), ([1.0], (1.0, -math.inf, math.inf)), ([2, 2], (2, 2, 2))],
)
def test_students_interval(values: list[float], found: tuple[float, ...]) -> None:
    assert mean(values) == pytest.approx(found, abs=1e-4)
    assert mean([]) is None


def test_a_share_of_yes_and_no_has_wilsons_interval() -> None:
    assert share(rows(1, 1, 1)) == pytest.approx((1, 0.4385, 1), abs=1e-4)
    assert share(rows(1, 1, 0)) == pytest.approx((0.6667, 0.2077, 0.9385), abs=1e-4)


def test_a_share_of_values_between_them_is_known_better() -> None:
    half, either = share(rows(*[0.5, 0.4] * 10)), share(rows(*[1, 0] * 10))
    assert half.high - half.low < (either.high - either.low) / 2


def test_a_change_has_width_where_nothing_changed() -> None:
    same = change(rows(*[0.0] * 30))
    assert same.value == 0 and same.low == pytest.approx(-same.high) and 0.05 < same.high < 0.2
    worse = change(rows(*[-1.0] * 12, *[0.0] * 18))
    assert worse.value == pytest.approx(-0.4) and worse.high < -0.1


def test_intervals_cover_the_mean_and_keep_clusters_together() -> None:
    rng = random.Random(0)
    rows = [Valued(f"c{i // 4}", float(rng.random() < 0.5)) for i in range(80)]
    plain, tied = share(rows), share([r._replace(value=float(int(r.cluster[1:]) % 2)) for r in rows])
    assert plain.low < plain.value < plain.high
    assert tied.high - tied.low > plain.high - plain.low, "four answers of one cluster are one"
    everything = share([Valued(str(i), 1.0) for i in range(10)])
    assert everything.value == everything.high == 1 and 0.6 < everything.low < 0.8
    assert change([Valued(str(i), 0.0) for i in range(10)]).low < 0
