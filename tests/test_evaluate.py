"""Suites and evaluation: what is asked is fixed by name and version, answers are kept, endpoints can be asked."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fake_endpoint import completion, fake
from rich.console import Console
from typer.testing import CliRunner

from fractionate.cli import app
from fractionate.errors import InputError
from fractionate.models.endpoint import EndpointSettings
from fractionate.records import Score
from fractionate.report.evaluation import markdown_of
from fractionate.study.examine import examine
from fractionate.transfer.asking import LocalStudent
from fractionate.transfer.effort import efforts
from fractionate.transfer.evaluate import Job, Questions, evaluate
from fractionate.transfer.home import home_of
from fractionate.transfer.suite import fingerprint, load_suite, suite_names

SUITE = """
name = "small"
version = 1
home = "world:ledger?depth=1&seed=5"
max_new_tokens = 8
[[cells]]
family = "in_format"
items = 3
[[cells]]
family = "at_once"
items = 3
[[cells]]
family = "style"
styles = ["boxed"]
items = 3
[[cells]]
family = "difficulty"
benchmarks = ["world:ledger?depth=3&seed=6"]
labels = ["depth 3"]
items = 2
"""
ASKED = json.loads(Path(__file__).with_name("suites.json").read_text(encoding="utf-8"))


@pytest.fixture
def suite_file(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SUITE)
    return path


@pytest.mark.parametrize("name", [name for name in suite_names() if load_suite(name).home])
def test_a_suite_asks_what_its_version_always_asked(name: str) -> None:
    suite = load_suite(name)
    asked = Questions.of(suite, home_of(suite))
    assert fingerprint([*asked.cells, *asked.beside]) == ASKED[suite.title], (
        "a changed suite needs a new version"
    )


def test_problems_seen_in_training_are_not_asked(suite_file: Path) -> None:
    suite = load_suite(str(suite_file))
    home = home_of(suite)
    items = suite.items(home.problems, seed=0)
    deeper = [i for i in items if i.cell == "depth 3"]
    again = suite.items(home.problems, seed=0, seen={deeper[0].prompt})
    assert deeper[0].prompt not in {i.prompt for i in again}
    assert len(again) == len(items)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ('version = 1\nmore = "x"', "more"),
        ("version = 0", "version"),
        ("version = ", "broken TOML"),
    ],
)
def test_a_wrong_suite_is_refused(suite_file: Path, change: str, reason: str) -> None:
    suite_file.write_text(SUITE.replace("version = 1", change))
    with pytest.raises(InputError, match=reason):
        load_suite(str(suite_file))


def test_an_unknown_suite_names_the_nearest() -> None:
    with pytest.raises(InputError, match="transfer-quick"):
        load_suite("transfer-quik")


def test_a_finished_evaluation_is_not_asked_again(suite_file: Path, tmp_path: Path) -> None:
    suite = load_suite(str(suite_file))
    home = home_of(suite)
    job = Job(LocalStudent("scratch:tiny"), suite, home, Questions.of(suite, home), tmp_path / "e")
    first = evaluate(job)
    assert len(first.scores) == 11 and not first.skipped
    again = evaluate(replace(job, student=LocalStudent("no such model")))
    assert again.scores == first.scores and again.seconds == first.seconds
    with pytest.raises(InputError, match="other items"):
        evaluate(replace(job, questions=Questions.of(suite, home, seed=1)))


def test_an_endpoint_is_asked_what_it_can_be(suite_file: Path, tmp_path: Path) -> None:
    suite = load_suite(str(suite_file))
    gold = suite.items(home_of(suite).problems, seed=0)[0].gold
    with fake((200, completion(f"The answer is {gold}.", tokens=7, stop="length"))) as server:
        settings = EndpointSettings("m", server.url, cache=tmp_path / "asked", pause=0.0)
        found = examine(["m"], suite, tmp_path / "e", Console(quiet=True), endpoint=settings)
    assert set(found.skipped) == {"at once"} and len(server.asked) == 8
    assert all(body["max_tokens"] == 8 and body["temperature"] == 0 for body in server.asked)
    assert found.found["m"].cells["in-format"].accuracy.value > 0
    assert found.efforts["m"].tokens == 7
    assert "Not asked: at once" in markdown_of(found)


def test_the_command_writes_its_tables_and_prints_json(suite_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["evaluate", "scratch:tiny", "--suite", str(suite_file), "--out", str(out), "--json"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["suite"] == "small" and told["students"][0]["arm"] == "scratch:tiny"
    assert "## Accuracy by cell" in (out / "evaluation.md").read_text()
    assert told["out"] == str(out) and "scratch:tiny: transfer T is" in (out / "report.html").read_text()


def test_likeness_to_the_teacher_is_judged_on_the_questions_that_are_asked(
    suite_file: Path, tmp_path: Path
) -> None:
    """The teacher's text is read for just those problems, however many more have one."""
    suite_file.write_text(f"{SUITE}[follow_ups]\nitems = 2\n")
    suite = load_suite(str(suite_file))
    home = home_of(suite)
    asked = Questions.of(suite, home)
    pairs = [i.pair for i in asked.cells if i.family == "in_format"]
    assert pairs[:2] != list(home.anatomies)[:2]
    job = Job(LocalStudent("scratch:tiny"), suite, home, asked, tmp_path / "e", weights="scratch:tiny")
    found = evaluate(job).findings.imitation
    assert found is not None and found.n == 2 and found.likelihood is not None


def test_effort_gives_every_arm_the_same_budget() -> None:
    def answer(item: int, right: bool, tokens: int) -> Score:
        return Score("a", 0, "c", "style", f"c/{item}", f"{item}", right, "1", tokens, False, False)

    found = efforts([answer(0, True, 10), answer(1, True, 40), answer(2, False, 90), answer(3, True, 90)])[
        "a"
    ]
    curve = {point.tokens: point.accuracy.value for point in found.curve}
    assert curve == {16: 0.25, 32: 0.25, 64: 0.5, 96: 0.75}
    assert found.tokens_per_right == pytest.approx(230 / 3)
    assert sum(b.n for b in found.by_length) == 4 and found.by_length[0].accuracy == 1.0
