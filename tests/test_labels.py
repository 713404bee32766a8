"""The scores beside people's labels: every layout that the files have, and files that cannot be read."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.labels.files import Unscored, attempt, rows_of
from benchmarks.labels.mr_gsm8k import first_error, mr_gsm8k, steps_of
from benchmarks.labels.reasoneval import reasoneval
from benchmarks.labels.reasoningflow import apart, reasoningflow
from benchmarks.labels.suites import Scored, taken_apart
from fractionate.records import Span

ROOT = Path(__file__).parents[1]
PROBLEM = "Tom has 3 boxes of 4 pens and finds 2 more. How many pens?"
GOOD = ["3 * 4 = 12 pens.", "12 + 2 = 14 pens.", "The answer is 14."]
BAD = ["3 * 4 = 13 pens.", "13 + 2 = 15 pens.", "The answer is 15."]


def judged(steps: list[str], verdict: str, first: Any, **fields: Any) -> dict[str, Any]:
    return {
        "question": PROBLEM,
        "ground_truth_answer": "14",
        "model_output_steps": [f"Step {i}: {step}" for i, step in enumerate(steps, 1)],
        "model_output_step_format": [[step] for step in steps],
        "model_output_solution_correctness": verdict,
        "model_output_solution_first_error_step": first,
    } | fields


ROWS = [judged(GOOD, "correct", "N/A"), judged(BAD, "wrong", 1)]


def written(file: Path, rows: Any, lines: bool = False) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows) if lines else json.dumps(rows)
    file.write_text(text, encoding="utf-8")
    return file.parent


@pytest.mark.parametrize("lines", [False, True])
def test_first_mistakes_of_mr_gsm8k(tmp_path: Path, lines: bool) -> None:
    [(name, row)] = mr_gsm8k(written(tmp_path / "test.json", [*ROWS, judged(BAD, "wrong", "N/A")], lines))
    assert (name, row["n"], row["first_error_f1"], row["proved_f1"]) == ("mr_gsm8k/test", 2, 1.0, 1.0)
    assert row["first_error_f1_baseline_is"].startswith("coin")
    assert row["first_error_f1_ci"][0] <= 1.0


@pytest.mark.parametrize(
    ("verdict", "first", "expected"),
    [
        ("correct", "N/A", -1), ("Correct", -1, -1), ("correct", 0, -1), ("wrong", 1, 0), ("wrong", "Step 3", 2),
        ("wrong", 2.0, 1), ("wrong", "N/A", None), ("wrong", 0, None), ("wrong", None, None),
    ],
)  # fmt: skip
def test_first_mistakes_are_read(verdict: str, first: Any, expected: int | None) -> None:
    assert first_error(judged(BAD, verdict, first)) == expected


@pytest.mark.parametrize(
    "given", [["a", "b"], [["a"], ["b"]], "['a', 'b']", "a\nb\n", ["Step 1: a", "Step 2:b"]]
)
def test_steps_are_read(given: Any) -> None:
    assert steps_of(given) == ["a", "b"]


def rated(steps: list[str], rating: list[int]) -> dict[str, Any]:
    return {"id": 1, "question": PROBLEM, "model_output_step_format": [[s] for s in steps], "rating": rating}


@pytest.mark.parametrize("name", ["invalid_a.jsonl", "mr-math_invalid_errors.json"])
@pytest.mark.parametrize(
    "rows", [ROWS, [rated(GOOD, [1, 1, 1]), rated(BAD, [0, 1, 1])]], ids=["first", "ratings"]
)
def test_wrong_steps_of_reasoneval(tmp_path: Path, name: str, rows: list[dict[str, Any]]) -> None:
    [(key, row)] = reasoneval(written(tmp_path / name, rows, lines=True))
    assert (key, row["n"]) == (f"reasoneval/{Path(name).stem}", 2)
    assert row["step_errors_f1"] == 1.0 > row["step_errors_f1_baseline"]


def test_what_comes_after_the_first_wrong_step_was_not_judged(tmp_path: Path) -> None:
    twice = ["3 * 4 = 12 pens.", "12 + 2 = 15 pens.", "15 + 0 = 16 pens."]
    rows = [judged(GOOD, "correct", "N/A"), judged(twice, "wrong", 2), judged(BAD, "wrong", 9)]
    [(_, row)] = reasoneval(written(tmp_path / "invalid.json", rows, lines=True))
    assert (row["n"], row["step_errors_f1"]) == (2, 1.0)


def test_redundant_steps_of_reasoneval(tmp_path: Path) -> None:
    rows = [rated([GOOD[0], "Let's see.", *GOOD[1:]], [1, 0, 1, 1])]
    [(_, row)] = reasoneval(written(tmp_path / "redundant_a.jsonl", rows, lines=True))
    assert row["redundant_macro_f1"] == 1.0


def test_no_right_answer_is_handed_to_the_analysis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert taken_apart("t", PROBLEM, BAD).trace.answer == "15", "what the steps state"
    assert taken_apart("t", PROBLEM, ["Hello."]).trace.answer is None
    answers = []

    def spy(*arguments: Any) -> Any:
        answers.append(taken_apart(*arguments).trace.answer)
        return taken_apart(*arguments)

    monkeypatch.setattr("benchmarks.labels.reasoneval.taken_apart", spy)
    list(reasoneval(written(tmp_path / "invalid.json", [ROWS[1]], lines=True)))
    assert answers == ["15"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n", []),
        ("[]", []),
        ('[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
        ('{\n "a": 1\n}', [{"a": 1}]),
        ('{"a": "x\u2028y\x85z"}\n\n{"a": 2}\n', [{"a": "x\u2028y\x85z"}, {"a": 2}]),
    ],
)
def test_rows_are_read(tmp_path: Path, text: str, expected: list[dict[str, Any]]) -> None:
    file = tmp_path / "f.jsonl"
    file.write_text(text, encoding="utf-8")
    assert rows_of(file) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"a": 1}\n{"a": ', "line 2"),
        (b"[1, 2]", "no JSON object"),
        (b"\xff\xfe", "UnicodeDecodeError"),
        (b'{"b": 1}', "no field 'a'"),
        (b"[" * 100_000, "RecursionError"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, text: bytes, reason: str) -> None:
    file = tmp_path / "f.json"
    file.write_bytes(text)
    found = attempt(file, lambda rows: [row["a"] for row in rows])
    assert isinstance(found, Unscored) and found.faulty and reason in found.reason
    assert "\n" not in found.reason and len(found.reason) < 200


def document(*spans: tuple[int, int]) -> dict[str, Any]:
    nodes = [
        {"id": f"n{i}", "source": "response", "start": a, "end": b, "label": "reasoning"}
        for i, (a, b) in enumerate(spans)
    ]
    edges = [{"source_node_id": "n0", "dest_node_id": "n1"}]
    text = {"question": PROBLEM, "response": " ".join(GOOD)}
    return {"doc_id": "d", "raw_text": text, "nodes": nodes, "edges": edges}


def test_nodes_that_overlap_are_cut() -> None:
    assert apart([Span(0, 20), Span(17, 30), Span(30, 31)]) == [Span(0, 17), Span(17, 30), Span(30, 31)]
    assert apart([]) == []


def test_a_broken_document_does_not_end_the_others(tmp_path: Path) -> None:
    written(tmp_path / "people" / "a.json", document((0, 18), (15, 34)))
    written(tmp_path / "people" / "b.json", {"doc_id": "d"})
    (name, broken), (pooled, row) = reasoningflow(tmp_path)
    assert (name, pooled, row["n"]) == ("reasoningflow/people/b", "reasoningflow/people", 1)
    assert isinstance(broken, Unscored)


SUITE_ROWS: dict[str, tuple[str, Any]] = {
    "mr_gsm8k": ("a.json", ROWS),
    "reasoneval": ("invalid.json", ROWS),
    "processbench": ("a.json", [{"id": "a", "problem": PROBLEM, "steps": BAD, "label": 0}]),
    "bigbench_mistake": ("a.jsonl", [{"input": PROBLEM, "steps": BAD, "mistake_index": 0}]),
    "reasoningflow": ("people/a.json", document((0, 17), (18, 34))),
}


def scored(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.anatomy", "--data", str(folder), "--json", *options]
    only = ["--only", *SUITE_ROWS, "perl"]
    return subprocess.run([*command, *only], capture_output=True, text=True, timeout=120, cwd=ROOT)


def test_the_command_goes_on_after_a_broken_file(tmp_path: Path) -> None:
    for suite, (file, rows) in SUITE_ROWS.items():
        written(tmp_path / suite / file, rows)
    whole = scored(tmp_path)
    assert whole.returncode == 0, whole.stderr
    for suite, (file, _) in SUITE_ROWS.items():
        (tmp_path / suite / file).with_name("_empty.json").write_text("[]")
    (tmp_path / "else").mkdir()
    empty = scored(tmp_path)
    assert (empty.returncode, empty.stdout) == (0, whole.stdout)
    assert empty.stderr.count("_empty.json: not scored: no rows") == len(SUITE_ROWS)
    assert "else: no suite" in empty.stderr
    for suite, (file, _) in SUITE_ROWS.items():
        (tmp_path / suite / file).with_name("_broken.json").write_text('{"x": 1}')
    written(tmp_path / "perl" / "math" / "broken.json", [{"x": 1}])
    broken = scored(tmp_path)
    assert (broken.returncode, broken.stdout) == (1, whole.stdout)
    assert broken.stderr.count("broken.json: not scored: no field") == len(SUITE_ROWS) + 1
    assert "Traceback" not in broken.stderr


def test_every_suite_passes_a_fault_on(tmp_path: Path) -> None:
    suites: list[Callable[[Path], Any]] = [mr_gsm8k, reasoneval]
    folder = written(tmp_path / "redundant.json", [judged(GOOD, "wrong", "N/A")])
    found: list[Scored] = [one for suite in suites for one in suite(folder)]
    assert [type(row) for _, row in found] == [Unscored, Unscored]
    assert "not one of its rows" in found[0][1].reason and "rating" in found[1][1].reason
