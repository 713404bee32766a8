"""Every folder of real traces is read, and the counts that its README states hold."""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from fractionate.traces import Reading, near_duplicates, read_files

ROOT = Path(os.environ.get("FRACTIONATE_DATA", Path(__file__).parents[2] / "shared" / "data")) / "traces"
pytestmark = pytest.mark.skipif(
    not ROOT.is_dir(), reason="no development data: set FRACTIONATE_DATA to its folder"
)


@cache
def reading(folder: str) -> Reading:
    return read_files([ROOT / folder])


def right(traces) -> int:
    return sum(value(t.answer) == value(t.gold) for t in traces if t.answer is not None)


def value(answer: str) -> float | str:
    """The last number of an answer; a date and a text without numbers as they are."""
    numbers = re.findall(r"-?\d+(?:\.\d+)?", answer.replace(",", ""))
    return round(float(numbers[-1]), 6) if numbers and answer.count("/") != 2 else answer


@pytest.mark.parametrize(
    ("folder", "format", "counts"),
    [
        ("aime_r1", "columns", [(30, 0)]),
        ("date_chatgpt", "generations", [(3690, 0)]),
        ("easy_math_llm", "easy_math_llm", [(395, 0), (600, 0), (508, 0), (1000, 0)]),
        ("gsm8k_human", "gsm8k", [(7473, 0)]),
        ("gsm8k_test_four_models", "zeroeval", [(1317, 2), (1318, 1), (1308, 11), (1319, 0)]),
        ("math500_r1", "columns", [(20, 0)]),
        ("svamp_palm", "svamp_palm", [(200, 0), (500, 0), (300, 0)]),
    ],
)
def test_every_folder_is_read(folder, format, counts):
    files = reading(folder).files
    assert [(f.traces, f.rejected) for f in files] == counts
    assert {f.format for f in files} == {format}
    assert all(f.rows == f.traces + f.rejected for f in files)
    assert all(t.gold is not None for t in reading(folder).traces)


def test_gsm8k_ends_in_its_gold():
    traces = reading("gsm8k_human").traces
    assert all(t.gold == t.answer == t.text.split("####")[1].strip() for t in traces)
    assert all(t.solution == (0, len(t.text)) for t in traces)


@pytest.mark.parametrize(
    ("file", "count"),
    [("Llama", 1267), ("claude", 1274), ("gemma", 696), ("gpt", 1268)],
)
def test_four_models_are_as_often_right(file, count):
    traces = [t for t in reading("gsm8k_test_four_models").traces if t.id.startswith(file)]
    assert right(traces) == pytest.approx(count, abs=15)
    assert len({t.teacher for t in traces}) == 1


@pytest.mark.parametrize(
    ("file", "count"), [("addsub", 370), ("singleeq", 484), ("multiarith", 560), ("svamp", 803)]
)
def test_easy_math_is_as_often_right(file, count):
    assert right(t for t in reading("easy_math_llm").traces if t.id.startswith(file)) == pytest.approx(
        count, abs=10
    )


def test_palm_expressions_evaluate_to_gold():
    traces = [t for t in reading("svamp_palm").traces if t.id.startswith("train")]
    assert sum(t.answer == t.gold for t in traces) == 594
    assert not any("\nQ:" in t.text and "\n\nQ:" in t.text for t in traces)


def test_dates_keep_every_trace():
    traces = reading("date_chatgpt").traces
    assert right(traces) == 2301
    assert sum(t.answer is None for t in traces) == 206
    assert {t.teacher for t in traces} == {"chatgpt"}


@pytest.mark.parametrize(("folder", "unknown"), [("aime_r1", 4), ("math500_r1", 0)])
def test_long_traces_have_thinking(folder, unknown):
    traces = reading(folder).traces
    assert all(t.thinking is not None for t in traces)
    assert sum(t.answer is None for t in traces) == unknown
    assert {t.teacher for t in traces} == {"DeepSeek-R1"}


def test_questions_of_two_benchmarks_are_found_to_be_shared():
    traces = reading("easy_math_llm").traces
    labels = near_duplicates([t.problem for t in traces])
    addsub, singleeq = (
        {label for t, label in zip(traces, labels, strict=True) if t.id.startswith(name)}
        for name in ("addsub", "singleeq")
    )
    assert len(addsub & singleeq) > 150
