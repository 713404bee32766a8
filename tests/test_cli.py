"""The command line: quick help, one clear line for bad input, exit codes, JSON on standard output alone."""

import io
import json
import subprocess
import sys
import time
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

from fractionate.cli import main

GOOD_ROW = '{"question": "Tom has 2 pens and buys 3. How many?", "solution": "2 + 3 = 5.", "answer": "5"}\n'


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What the command line does, here: a process of its own takes seconds to load the libraries."""
    told, noted, code = io.StringIO(), io.StringIO(), 0
    named = patch.object(sys, "argv", ["fractionate", *arguments])
    with named, chdir(cwd or Path.cwd()), redirect_stdout(told), redirect_stderr(noted):
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return subprocess.CompletedProcess(arguments, code, told.getvalue(), noted.getvalue())


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The same as a user has it."""
    command = [sys.executable, "-m", "fractionate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_help_answers_at_once_and_shows_examples() -> None:
    process("--help")
    start = time.monotonic()
    result = process("--help")
    assert result.returncode == 0 and "study" in result.stdout
    assert time.monotonic() - start < 3, "heavy imports have crept into the command line"
    for verb in ("study", "init", "read", "analyze", "compile", "list", "report"):
        assert "Example" in run(verb, "--help").stdout


def test_read_counts_rows(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text(GOOD_ROW * 2 + "{broken\n")
    result = run("read", str(file), "--json", "--rejected", str(tmp_path / "rejected.jsonl"))
    assert result.returncode == 0, result.stderr
    (row,) = json.loads(result.stdout)["files"]
    assert (row["rows"], row["traces"], row["rejected"]) == (3, 2, 1)
    rejected = json.loads((tmp_path / "rejected.jsonl").read_text())
    assert rejected["line"] == 3 and rejected["file"].endswith("t.jsonl") and rejected["reason"]


def test_analyze_writes_and_shows(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text(GOOD_ROW)
    result = run("analyze", "t.jsonl", "--json", cwd=tmp_path)
    assert json.loads(result.stdout)["traces"] == 1 and (tmp_path / "anatomy.parquet").is_file()
    assert "2 + 3 = 5" in run("analyze", "t.jsonl", cwd=tmp_path).stdout


def test_analyze_shows_the_traces_that_are_named(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text("".join(GOOD_ROW.replace("Tom", name) for name in ("Ann", "Bob", "Cy")))

    def trees(*options: str) -> str:
        result = run("analyze", "t.jsonl", *options, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        return "".join(name[0] for name in ("Ann", "Bob", "Cy") if f"{name} has" in result.stdout)

    found = [trees(), trees("--show", "2"), trees("--id", "t#3"), trees("--id", "t#2", "--id", "t#3")]
    assert found == ["A", "AB", "C", "BC"]
    assert trees("--show", "1", "--id", "t#3") == "AC"
    unknown = run("analyze", "t.jsonl", "--id", "t#2", "--id", "t#9", cwd=tmp_path)
    assert unknown.returncode == 2 and "Bob has" in unknown.stdout
    assert unknown.stderr.splitlines()[-1].startswith("fractionate: --id t#9: ")


def test_a_student_is_asked_within_a_budget_that_is_told_first(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text(GOOD_ROW * 2)
    asked = run("analyze", "t.jsonl", "--student", "scratch:tiny", "--out", "a.jsonl", "--json", cwd=tmp_path)
    assert asked.returncode == 0, asked.stderr
    assert "2 traces" in asked.stderr.splitlines()[0] and "tokens" in asked.stderr
    assert json.loads(asked.stdout)["agreement"] == {}, "two steps have no rank correlation"
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert all(row["steps"][0]["surprise"] > 0 and row["steps"][0]["effect"] is not None for row in rows)
    arguments = ("--student", "scratch:tiny", "--token-budget", "0", "--out", "b.jsonl")
    broke = run("analyze", "t.jsonl", *arguments, cwd=tmp_path)
    assert "reads 0 tokens: 0 of 2 traces" in broke.stderr
    assert "scratch:tiny was not asked about this trace" in broke.stdout
    shown = run("analyze", "t.jsonl", "--student", "scratch:tiny", "--out", "c.jsonl", cwd=tmp_path)
    lines = [line.split() for line in shown.stdout.splitlines()]
    at = next(i for i, words in enumerate(lines) if words[-2:] == ["surprise", "effect"])
    assert lines[at + 1][1] == "compute" and float(lines[at + 1][-2]) > 0
    assert run("analyze", "t.jsonl", "--student", "no-such-model", cwd=tmp_path).returncode == 2


def test_init_writes_a_study_that_is_checked(tmp_path: Path) -> None:
    assert run("init", cwd=tmp_path).returncode == 0
    assert run("init", cwd=tmp_path).returncode == 2
    result = run("study", "study.toml", cwd=tmp_path)
    assert result.returncode == 2 and "traces.jsonl" in result.stderr


FILES = {
    "missing": None,
    "empty": b"",
    "broken": b"{no json\nat all\n",
    "latin1": "{'question': 'é'}".encode("latin-1"),
    "fields": b'{"foo": 1}\n',
}


@pytest.mark.parametrize("name", FILES)
def test_unusable_files_are_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.jsonl"
    content = FILES[name]
    if content is not None:
        path.write_bytes(content)
    result = run("read", str(path))
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1 and f"{name}.jsonl" in result.stderr
    assert "Traceback" not in result.stderr


STUDIES = {
    "broken": ("name = ", "broken TOML"),
    "recipe": ('name="x"\n[data]\nworld="ledger"\n[arms]\nrecipes=["ful"]', "full"),
    "model": ('name="x"\n[data]\nworld="ledger"\n[student]\nmodel="smollm2"', "smollm2-135m"),
    "setting": ('name="x"\n[data]\nworld="ledger"\n[training]\nepoch=1', "training.epoch"),
    "type": ('name="x"\n[data]\nworld="ledger"\n[training]\nepochs="many"', "training.epochs"),
    "nothing": ('name="x"\n[data]\nworld="ledger"\n[transfer]\nstyles=[]', "transfer"),
    "twice": ('name="x"\nseeds=[0,0]\n[data]\nworld="ledger"', "twice"),
    "benchmark": ('name="x"\n[data]\nworld="ledger"\n[transfer]\nbenchmarks=["gym:leg"]', "leg_counting"),
    "world": ('name="x"\n[data]\nworld="leger"', "ledger"),
}


@pytest.mark.parametrize("name", STUDIES)
def test_unusable_studies_are_one_line(name: str, tmp_path: Path) -> None:
    text, hint = STUDIES[name]
    (tmp_path / "s.toml").write_text(text)
    result = run("study", "s.toml", cwd=tmp_path)
    assert result.returncode == 2, result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert hint in result.stderr and "s.toml" in result.stderr


def test_what_can_be_named_is_listed() -> None:
    shown = run("list")
    assert shown.returncode == 0, shown.stderr
    assert "patterns?file=…" in shown.stdout and "keep?r=0.5&by=structural" in shown.stdout
    parts = json.loads(run("list", "--json").stdout)["parts"]
    kinds = ["recipe", "schedule", "pair", "format", "suite", "style", "benchmark", "intervention", "layer"]
    assert list(dict.fromkeys(part["kind"] for part in parts)) == kinds
    assert {"imported", "patterns", "cover", "internalize", "contrast", "axolotl"} <= {
        p["name"] for p in parts
    }
    for part in parts:
        assert part["about"] and part["about"] in shown.stdout and "\n" not in part["about"]
