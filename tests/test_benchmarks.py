"""Benchmarks in their published layouts: read whole, kept apart by kind and cluster, and never trained on."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fractionate.checking import same_answer
from fractionate.checking.gym import gym_checker
from fractionate.errors import InputError
from fractionate.traces.reading import read_files
from fractionate.transfer import BENCHMARKS, load_benchmark

LAYOUTS = json.loads(Path(__file__).with_name("benchmark_rows.json").read_text(encoding="utf-8"))


def written(folder: Path, name: str) -> Path:
    """The made-up rows of a layout in a file of the published kind."""
    rows, path = LAYOUTS[name]["rows"], folder / LAYOUTS[name]["file"]
    lines = path.suffix == ".jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) if lines else json.dumps(rows, indent=1))
    return path


def _frozen(value):
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


@pytest.mark.parametrize("name", LAYOUTS)
def test_published_layouts_are_read(name, tmp_path):
    problems = load_benchmark(f"{name}:{written(tmp_path, name)}")
    expected = LAYOUTS[name]["expected"]
    assert len(problems) == len(expected)
    for i, (problem, wanted) in enumerate(zip(problems, expected, strict=True)):
        assert problem.id == f"{name}#{i}"
        for field, value in wanted.items():
            assert getattr(problem, field) == _frozen(value)
        assert same_answer(problem.gold, problem.gold, problem.checker).same is True


def test_every_benchmark_of_rows_has_a_layout_here():
    generated = {"gym", "world", "rows"}
    assert set(BENCHMARKS) - generated == set(LAYOUTS)


def test_rows_come_from_every_kind_of_file_and_from_data_sets(tmp_path):
    path = written(tmp_path, "gsm_plus")
    rows, expected = LAYOUTS["gsm_plus"]["rows"], load_benchmark(f"gsm_plus:{path}")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "b.parquet")
    with (tmp_path / "c.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "test.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for place in ("b.parquet", "c.csv"):
        assert load_benchmark(f"gsm_plus:{tmp_path / place}") == expected
    assert load_benchmark(f"gsm_plus:hf:{tmp_path / 'set'}?split=test") == expected
    assert [p.gold for p in load_benchmark(f"hf:{tmp_path / 'set'}", limit=2)] == ["20", "1332"]
    with pytest.raises(InputError, match="cannot be loaded"):
        load_benchmark(f"hf:{tmp_path / 'set'}?split=dev")


def test_a_cell_can_be_one_perturbation(tmp_path):
    name = f"gsm_plus:{written(tmp_path, 'gsm_plus')}"
    assert [p.id for p in load_benchmark(f"{name}?type=critical_thinking")] == ["gsm_plus#2"]
    assert [p.gold for p in load_benchmark(f"{name}?type=numerical_variation")] == ["20", "1332"]
    with pytest.raises(InputError, match="did you mean digit_expansion"):
        load_benchmark(f"{name}?type=digits_expansion")
    with pytest.raises(InputError, match="unknown option"):
        load_benchmark(f"{name}?kind=x")


def test_variants_of_one_question_are_one_cluster(tmp_path):
    clusters = [p.cluster for p in load_benchmark(f"gsm_plus:{written(tmp_path, 'gsm_plus')}")]
    assert clusters[0] == clusters[1] == clusters[2] != clusters[3]


def test_named_files_lie_in_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FRACTIONATE_DATA", str(tmp_path))
    (tmp_path / "benchmarks" / "bbh").mkdir(parents=True)
    task = LAYOUTS["bbh"]["rows"]
    (tmp_path / "benchmarks" / "bbh" / "navigate.json").write_text(json.dumps(task))
    assert [p.kind for p in load_benchmark("bbh?task=navigate", limit=2)] == ["navigate"] * 2
    with pytest.raises(InputError, match="say which task"):
        load_benchmark("bbh")
    with pytest.raises(InputError, match="gsm_plus:hf:ORG/NAME"):
        load_benchmark("gsm_plus?type=critical_thinking")


@pytest.mark.parametrize("name", ["gsm_symbolic", "bbh"])
def test_what_carries_a_canary_is_never_read_as_traces(name, tmp_path):
    with pytest.raises(InputError, match=r"evaluation only, never for training"):
        read_files([written(tmp_path, name)])


def test_one_row_with_a_canary_is_left_out(tmp_path):
    rows = [{"question": f"What is 2 + {i}?", "answer": f"2 + {i} = {2 + i}\n#### {2 + i}"} for i in range(3)]
    rows[1]["question"] += " canary GUID made-up"
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "t.parquet")
    for name in ("t.jsonl", "t.parquet"):
        reading = read_files([tmp_path / name])
        assert len(reading.traces) == 2
        assert [(r.line, "canary" in r.reason) for r in reading.rejected] == [(2, True)]


@pytest.mark.parametrize(
    ("family", "wrong"),
    [
        ("countdown?min_numbers=3&max_numbers=3", "1 + 1"),
        ("n_queens?n=4&min_remove=1&max_remove=2", "Q"),
        ("word_ladder", "A,B"),
        ("zebra_puzzles", "nobody"),
    ],
)
def test_families_with_many_right_answers_are_scored_by_themselves(family, wrong):
    problems = load_benchmark(f"gym:{family}", limit=3)
    for problem in problems:
        assert problem.checker.startswith(f"gym:{family}#")
        judge = gym_checker(problem.checker.removeprefix("gym:"))
        assert judge("some other right answer", problem.gold).same is True
        assert same_answer(problem.gold, wrong, problem.checker).same is False


def test_a_right_answer_other_than_the_sample_counts():
    (problem,) = load_benchmark("gym:countdown?min_numbers=2&max_numbers=2", limit=1)
    reversed_sum = " ".join(reversed(problem.gold.split()))
    commutes = "+" in problem.gold or "*" in problem.gold
    assert same_answer(problem.gold, f"({problem.gold})", problem.checker).same is True
    assert same_answer(problem.gold, reversed_sum, problem.checker).same is commutes
    with pytest.raises(InputError, match="no such problem"):
        same_answer("1", "1", "gym:countdwn#0")
