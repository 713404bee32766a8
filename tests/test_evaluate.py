"""Suites and evaluation: what is asked is fixed by name and version, answers are kept, endpoints can be asked."""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import pytest
import reasoning_gym
from fake_endpoint import completion, fake
from rich.console import Console
from transformers import LlamaConfig
from typer.testing import CliRunner

from fractionate.cli import app
from fractionate.errors import InputError
from fractionate.models import Model, identity
from fractionate.models.endpoint import EndpointSettings
from fractionate.records import Item, Response, Score
from fractionate.report.evaluation import markdown_of
from fractionate.study.examine import _announce, examine
from fractionate.study.students import Entrant
from fractionate.training.sizes import SizeReading, Sizes
from fractionate.transfer import load_benchmark, plan_of, power_line, reading
from fractionate.transfer.asking import LocalStudent, Sampling
from fractionate.transfer.effort import efforts
from fractionate.transfer.evaluate import Job, Questions, evaluate
from fractionate.transfer.home import home_of
from fractionate.transfer.layers import Inside
from fractionate.transfer.reading import read_weights
from fractionate.transfer.remote import EndpointStudent
from fractionate.transfer.suite import FollowUps, Suite, fingerprint, load_suite, suite_versions

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


class Silent(LocalStudent):
    """The same student, who must not be asked again."""

    def open(self, items: Sequence[Item], sampling: Sampling) -> NoReturn:
        raise AssertionError("asked again")


@dataclass
class Saying:
    """A student of this name and identity who answers by a rule."""

    identity: str
    answer: Callable[[Item], str]
    prefills: bool = True
    name: str = "final"

    def open(self, items: Sequence[Item], sampling: Sampling) -> "Saying":
        return self

    def __enter__(self) -> "Saying":
        return self

    def __exit__(self, *problem: object) -> None:
        pass

    def respond(
        self, items: Sequence[Item], sampling: Sampling, on_done: Callable[[int], None]
    ) -> list[Response]:
        return [Response(i.id, self.answer(i), 5, "end") for i in items]


ASKED = json.loads(Path(__file__).with_name("suites.json").read_text(encoding="utf-8"))


@pytest.fixture
def suite_file(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SUITE)
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models whose hidden states are looked into, in order; what is found there is made up."""
    models: list[str] = []

    def look(model: Model, base: Model | Sizes, read: object) -> Inside:
        models.append(model.name)
        sizes = Sizes((SizeReading("t", 1.0, 1.0, 0.0),))
        return Inside(sizes, sizes, sizes)

    monkeypatch.setattr(reading, "look_inside", look)
    return models


VERSIONS = [f"{name}@{version}" for name, versions in suite_versions().items() for version in versions]


@pytest.mark.parametrize("name", [name for name in VERSIONS if load_suite(name).home])
def test_a_suite_asks_what_its_version_always_asked(name: str) -> None:
    suite = load_suite(name)
    assert f"{suite.name}@{suite.version}" == name
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


def asking(*benchmarks: str, family: str = "related", items: int = 10) -> list[Item]:
    """The items of a suite of these benchmarks."""
    cells = [{"family": family, "benchmarks": benchmarks, "items": items}]
    return Suite.model_validate({"name": "x", "version": 1, "cells": cells}).items([], seed=0)


def test_generated_problems_seen_in_training_are_not_asked() -> None:
    cells = [{"family": "related", "benchmarks": ["gym:leg_counting"], "items": 10}]
    suite = Suite.model_validate({"name": "x", "version": 1, "cells": cells})
    first = {i.prompt for i in suite.items([], seed=0)}
    again = [i.prompt for i in suite.items([], seed=0, seen=first)]
    assert len(again) == 10 and not first & set(again)


def test_all_problems_learned_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    text = "Tom has 3 boxes of 4 pens and gives 2 pens to Ann. How many pens does Tom have now?"
    file.write_text(json.dumps({"question": text, "answer": "10"}))
    cells = [{"family": "related", "benchmarks": [str(file)], "items": 1}]
    suite = Suite.model_validate({"name": "x", "version": 1, "cells": cells})
    assert len(suite.items([], seed=0)) == 1
    with pytest.raises(InputError, match="every problem was learned"):
        suite.items([], seed=0, near={text})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("world:ledger?depth=5&seed=3", "world:ledger?depth=2&seed=3"),
        ("gym:chain_sum?min_terms=2&max_terms=2", "gym:chain_sum?min_terms=5&max_terms=5"),
        ("gym:chain_sum?seed=1", "gym:chain_sum?seed=2"),
    ],
)
def test_other_dials_are_other_questions(one: str, other: str) -> None:
    items = asking(one, other)
    assert len({i.cluster for i in items}) == len({i.pair for i in items}) == len(items)
    assert plan_of(items, 1, families=("related",)).clusters == len(items)


def test_one_question_has_one_identifier() -> None:
    plain, chatty = (
        load_benchmark(f"world:ledger?{dials}", 5) for dials in ("depth=2", "verbosity=chatty&depth=2-2")
    )
    assert [p.id for p in plain] == [p.id for p in chatty]
    assert [p.text for p in plain] == [p.text for p in chatty]


def test_problems_of_one_template_are_one_cluster() -> None:
    templates = reasoning_gym.create_dataset("gsm_symbolic", size=1000, seed=0).task_indices
    items = asking("gym:gsm_symbolic", items=40)
    of_template = {i.cluster: templates[int(i.pair.rpartition("#")[2])] for i in items}
    assert len(set(of_template.values())) == len(of_template) < len(items)


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


def test_a_version_is_loaded_by_name_or_refused() -> None:
    assert load_suite("transfer-quick@2").title == "transfer-quick 2"
    with pytest.raises(InputError, match="no version 1 here; there are transfer-quick@2"):
        load_suite("transfer-quick@1")


def test_a_finished_evaluation_is_not_asked_again(suite_file: Path, tmp_path: Path) -> None:
    suite = load_suite(str(suite_file))
    home = home_of(suite)
    job = Job(LocalStudent("scratch:tiny"), suite, home, Questions.of(suite, home), tmp_path / "e")
    first = evaluate(job)
    assert len(first.scores) == 11 and not first.skipped
    again = evaluate(replace(job, student=Silent("scratch:tiny")))
    assert again.scores == first.scores and again.seconds == first.seconds
    with pytest.raises(InputError, match="other items"):
        evaluate(replace(job, questions=Questions.of(suite, home, seed=1)))


def test_another_model_in_the_same_place_is_refused(suite_file: Path, tmp_path: Path) -> None:
    suite = load_suite(str(suite_file))
    home = home_of(suite)
    one = Saying("files 1", lambda i: f"The answer is {i.gold}.")
    job = Job(one, suite, home, Questions.of(suite, home), tmp_path / "final-s0")
    assert all(s.right for s in evaluate(job).scores)
    with pytest.raises(InputError, match=r"another model \(files 1, not files 2\); give another --out"):
        evaluate(replace(job, student=replace(one, identity="files 2")))
    assert all(s.right for s in evaluate(job).scores)
    unnamed = json.loads((job.folder / "asked.json").read_text())
    del unnamed["model"]
    (job.folder / "asked.json").write_text(json.dumps(unnamed))
    with pytest.raises(InputError, match="does not name"):
        evaluate(job)


def test_a_model_is_what_its_files_hold(tmp_path: Path) -> None:
    one, two = tmp_path / "a" / "final", tmp_path / "b" / "final"
    for folder in (one, two):
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")
        (folder / "model.safetensors").write_bytes(b"weights")
    known = identity(str(one))
    assert identity(str(two)) == known
    (two / "model.safetensors").write_bytes(b"others!")
    assert identity(str(two)) != known
    assert identity("scratch:tiny", seed=1) != identity("scratch:tiny", seed=2)
    at = [EndpointStudent(EndpointSettings("m", f"http://localhost:{port}/v1")).identity for port in (1, 2)]
    assert at == ["m at http://localhost:1/v1/", "m at http://localhost:2/v1/"]


def test_a_reading_is_of_its_model_and_its_base(suite_file: Path, tmp_path: Path, read: list[str]) -> None:
    suite = load_suite(str(suite_file)).model_copy(update={"layers": ("representation",)})
    home = home_of(suite)
    for seed, size in enumerate(("tiny", "small")):
        LlamaConfig(
            vocab_size=49152,
            hidden_size=16 + 16 * seed,
            intermediate_size=16,
            num_hidden_layers=1,
            num_attention_heads=1,
        ).save_pretrained(tmp_path / size)
    one, two = (f"scratch:{tmp_path / size / 'config.json'}" for size in ("tiny", "small"))
    folder = tmp_path / "e" / "s0"
    for name in (one, two, one):
        read_weights(name, suite, home, folder, base=name)
    assert read == [one, two]
    assert len(list(folder.parent.glob("base_inside-*.json"))) == 2


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


def test_what_an_endpoint_cannot_do_is_said_and_not_scored(suite_file: Path, tmp_path: Path) -> None:
    layers = ("error correction", "coherence")
    suite = load_suite(str(suite_file)).model_copy(
        update={"layers": layers, "follow_ups": FollowUps(items=3, interventions=("filler",))}
    )
    home = home_of(suite)
    endpoint = Saying("m at x", lambda i: f"The answer is {i.gold}.", prefills=False)
    found = evaluate(Job(endpoint, suite, home, Questions.of(suite, home), tmp_path / "e"))
    assert set(found.skipped) == {"at once", "filler", "error correction"}
    assert set(found.findings.layers) == {"coherence"} and not found.findings.effects
    likeness = found.findings.imitation
    assert likeness is not None and likeness.n == 3 and likeness.likelihood is None


def test_seconds_are_of_the_free_answers_over_all_runs(suite_file: Path, tmp_path: Path) -> None:
    suite = load_suite(str(suite_file))
    home = home_of(suite)

    def answer(item: Item) -> str:
        if item.cell == "depth 3" and not again:
            raise KeyboardInterrupt
        return "The answer is 1."

    again: list[int] = []
    job = Job(
        Saying("x", answer), suite, home, Questions.of(suite, home), tmp_path / "e", sampling=Sampling(rows=1)
    )
    with pytest.raises(KeyboardInterrupt):
        evaluate(job)
    known = json.loads((tmp_path / "e" / "seconds.json").read_text())
    assert known["responses.parquet"] > 0
    again.append(1)
    found = evaluate(job)
    total = json.loads((tmp_path / "e" / "seconds.json").read_text())["responses.parquet"]
    assert total > known["responses.parquet"] and found.seconds == pytest.approx(total * 8 / 11)
    assert evaluate(job).seconds == found.seconds


def test_the_plan_counts_trained_students(suite_file: Path) -> None:
    suite = load_suite(str(suite_file))
    questions = Questions.of(suite, home_of(suite))
    trained = [Entrant(arm, arm, seed, base="b") for arm in ("one", "two") for seed in (0, 1)]
    for students in (trained, [Entrant("base", "b"), *trained]):
        console = Console(record=True, width=400, quiet=False, file=io.StringIO())
        _announce(suite, questions, students, 0.02, console)
        assert power_line(plan_of(questions.cells, 2, 2), 0.02) in console.export_text().replace("\n", " ")


def test_styles_of_two_benchmarks_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "styles.toml"
    path.write_text(
        SUITE.replace('["boxed"]\nitems = 3', '["boxed", "markdown", "number_words"]\nitems = 3')
        + '[[cells]]\nfamily = "style"\nbenchmarks = ["world:ledger?depth=2&seed=8"]\nlabels = ["two"]\n'
        + 'styles = ["boxed", "markdown"]\nitems = 3\n'
    )
    out = Console(quiet=True)
    found = examine(["scratch:tiny"], load_suite(str(path)), tmp_path / "e", out)
    assert set(found.styles) == {"", "two"}
    assert set(found.styles["two"]["scratch:tiny"].styles) == {"two, boxed", "two, markdown"}
    assert set(found.styles[""]["scratch:tiny"].styles) == {
        f"style: {s}" for s in ("boxed", "markdown", "number_words")
    }
    told = markdown_of(found)
    assert "| two: mean over styles |" in told and found.unchanged["style: boxed"] == 0


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
