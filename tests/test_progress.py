"""The time left: what is left of each kind of work, at the pace that this run has had with it."""

import io

import pytest
from rich.console import Console

from fractionate.study import progress
from fractionate.study.progress import Stage, StudyProgress

STAGES = [Stage(f"{kind} {n}", 100.0) for n in range(3) for kind in ("train", "ask")]


class Time:
    """Stands where `time` is, and goes when it is told to."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    stopped = Time()
    monkeypatch.setattr(progress, "time", stopped)
    return stopped


def shown() -> StudyProgress:
    return StudyProgress(Console(file=io.StringIO()), STAGES)


def test_each_kind_has_its_own_pace(time: Time) -> None:
    bar = shown()
    for name, seconds in (("train 0", 50.0), ("ask 0", 400.0)):
        bar.at(name, 0.0)
        time.now += seconds
        bar.at(name, 1.0)
    assert bar.seconds_left() == pytest.approx(2 * 50 + 2 * 400)


def test_a_kind_not_seen_yet_goes_as_the_others(time: Time) -> None:
    bar = shown()
    bar.at("train 0", 0.0)
    time.now = 150.0
    bar.at("train 0", 0.5)
    assert bar.seconds_left() == pytest.approx(550 * 3)


def test_what_an_earlier_run_did_says_nothing_about_the_pace(time: Time) -> None:
    bar = shown()
    bar.skip("train 0")
    time.now = 500.0  # its answers are read
    bar.at("train 0", 1.0)
    bar.at("ask 0", 0.9)
    assert bar.seconds_left() == pytest.approx(410)
    time.now = 520.0
    bar.at("ask 0", 1.0)
    assert bar.seconds_left() == pytest.approx(2 * (200 + 200))
