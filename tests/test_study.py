"""A whole study, small but real in every part: run, killed, resumed, refused, read."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fractionate import Study
from fractionate.config import parse_config, to_toml
from fractionate.errors import InputError
from fractionate.records import Response, Score, Supervision
from fractionate.storage import read_records
from fractionate.study.data import ask, gather, part_of
from fractionate.study.decide import Evidence, choose_reference, decide
from fractionate.study.rows import train_settings
from fractionate.transfer.statistics import Plan, PlannedPart

STUDY = """
name = "small"
[data]
world = "ledger"
train = 24
verbosity = "chatty"
[student]
model = "scratch:tiny"
[training]
epochs = 2
learning_rate = 1e-2
batch_size = 8
[arms]
recipes = ["answer_only", "full", "decision_points"]
[transfer]
items = 6
styles = ["boxed", "noisy"]
depths = [4]
benchmarks = ["gym:leg_counting"]
max_new_tokens = 24
batch_rows = 8
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study, run once without interruption."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "study.toml").write_text(STUDY)
    job = Study.from_toml(folder / "study.toml", folder / "out")
    job.run()
    return job


def test_the_folder_holds_what_it_should(study: Study) -> None:
    root = study.folder.root
    for name in (
        "study.toml",
        "manifest.json",
        "anatomy.parquet",
        "scores.parquet",
        "decision.json",
        "report.html",
    ):
        assert (root / name).is_file(), name
    manifest = json.loads((root / "manifest.json").read_text())
    assert manifest["seeds"] == [0] and "torch" in manifest["versions"]
    for arm in (root / "arms").iterdir():
        about = json.loads((arm / "arm.json").read_text())
        assert read_records(arm / "responses.parquet", Response)
        if about["recipe"] != "base":
            assert (arm / "checkpoint" / "model.safetensors").is_file()
            assert len(read_records(arm / "supervision.parquet", Supervision)) == 24
            assert (arm / "train.jsonl").read_text().count("\n") == 6
    assert not list(root.rglob("*.part"))


def test_the_page_says_what_the_scores_say(study: Study) -> None:
    page = (study.folder.root / "report.html").read_text()
    found = re.search(r'<script type="application/json" id="summary">(.*?)</script>', page, re.S)
    assert found
    summary = json.loads(found[1])
    scores = read_records(study.folder.root / "scores.parquet", Score)
    assert len(summary["cells"]) == 4 * 6
    for cell in summary["cells"]:
        mine = [s for s in scores if s.arm == cell["arm"] and s.cell == cell["cell"] and s.right is not None]
        assert cell["n"] == len(mine)
        assert cell["accuracy"][0] == pytest.approx(sum(bool(s.right) for s in mine) / len(mine))


def test_equal_examples_and_all_five_costs(study: Study) -> None:
    arms = {a.arm: a for a in study.conclude().summary.arms}
    assert set(arms) == {"base", "answer_only", "full", "decision_points"}
    assert {a.examples for n, a in arms.items() if n != "base"} == {24}
    full, points, answer = (arms[n].costs for n in ("full", "decision_points", "answer_only"))
    assert full.supervised_tokens > points.supervised_tokens > answer.supervised_tokens > 0
    assert full.training_flops > points.training_flops > answer.training_flops > 0
    assert full.teacher_tokens == points.teacher_tokens > answer.teacher_tokens


def _beginning(out: Path) -> bool:
    return (out / "manifest.json").exists()


def _training(out: Path) -> bool:
    arms = [p.parent for p in out.glob("arms/*/arm.json") if not p.parent.name.startswith("base")]
    return any(not (arm / "trained.json").exists() for arm in arms)


def _asking(out: Path) -> bool:
    return any(out.glob("arms/full*/responses/0001.parquet"))


def _reporting(out: Path) -> bool:
    return (out / "scores.parquet").exists()


def test_killed_in_every_phase_it_ends_with_the_same_scores(study: Study, tmp_path: Path) -> None:
    toml, out = tmp_path / "study.toml", tmp_path / "out"
    toml.write_text(STUDY)
    phases: list[Callable[[Path], bool]] = [_beginning, _training, _asking, _reporting]
    for phase in phases:
        _kill_when(phase, toml, out)
    assert _run(toml, out).returncode == 0
    whole, cut = (read_records(root / "scores.parquet", Score) for root in (study.folder.root, out))
    assert whole == cut
    assert (out / "report.html").is_file() and not list(out.rglob("*.part"))


def _command(toml: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "fractionate", "study", str(toml), "--out", str(out)]


def _run(toml: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(toml, out), capture_output=True, text=True, timeout=300)


def _kill_when(phase: Callable[[Path], bool], toml: Path, out: Path) -> None:
    process = subprocess.Popen(_command(toml, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 240
    while process.poll() is None and not phase(out):
        assert time.monotonic() < deadline, "the phase never came"
        time.sleep(0.002)
    assert phase(out), "the study ended before the phase was seen"
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


def test_a_folder_of_another_study_is_refused(study: Study, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY.replace("epochs = 2", "epochs = 3"))
    with pytest.raises(InputError, match="another study"):
        Study.from_toml(tmp_path / "study.toml", study.folder.root)
    (tmp_path / "study.toml").write_text("# the same study with a comment\n" + STUDY)
    Study.from_toml(tmp_path / "study.toml", study.folder.root)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    with pytest.raises(InputError, match="not a study's folder"):
        Study.from_toml(tmp_path / "study.toml", tmp_path / "other")
    with pytest.raises(InputError, match="cannot be a study's folder"):
        Study.from_toml(tmp_path / "study.toml", tmp_path / "other" / "file")


@pytest.mark.parametrize("begin", ["Study", "Search"])
def test_a_folder_in_which_a_run_is_at_work_is_refused(begin: str, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text('name = "x"\n[data]\nworld = "ledger"\n')
    module = {"Study": "fractionate", "Search": "fractionate.study.search.run"}[begin]
    line = f"from {module} import {begin}; {begin}.from_toml('study.toml', 'out'); print('begun', flush=True); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", line], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None and other.stdout.readline() == "begun\n"
    half = tmp_path / "out" / ".items.parquet.1-2.part"
    half.touch()
    refused = subprocess.run(
        [sys.executable, "-c", line], cwd=tmp_path, input="", capture_output=True, text=True, check=False
    )
    assert "another run is at work in this folder" in refused.stderr and half.exists()
    other.kill()
    other.communicate()
    begun = subprocess.run(
        [sys.executable, "-c", line], cwd=tmp_path, input="\n", capture_output=True, text=True, check=False
    )
    assert begun.stdout == "begun\n" and not begun.returncode


def test_changed_input_is_refused(tmp_path: Path) -> None:
    traces = tmp_path / "traces.jsonl"
    traces.write_text('{"question": "1+1?", "solution": "1 + 1 = 2. The answer is 2.", "answer": "2"}\n')
    (tmp_path / "study.toml").write_text(f'name = "x"\n[data]\nfiles = ["{traces}"]\n')
    Study.from_toml(tmp_path / "study.toml", tmp_path / "out")
    (tmp_path / "out" / "items.parquet").touch()
    traces.write_text(traces.read_text() * 2)
    with pytest.raises(InputError, match="has changed"):
        Study.from_toml(tmp_path / "study.toml", tmp_path / "out")


def test_chats_are_asked_with_their_history(tmp_path: Path) -> None:
    rows = [
        {"messages": [{"role": "system", "content": f"Rule {i}: count {what}."},
                      {"role": "user", "content": "How many?"},
                      {"role": "assistant", "content": f"I count {i} + 1 = {i + 1}. The answer is {i + 1}."}],
         "answer": str(i + 1)}
        for i, what in enumerate(["red apples", "old clocks in town", "big dogs", "wet socks at home"] * 3)
    ]  # fmt: skip
    (tmp_path / "chat.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    text = STUDY.replace('world = "ledger"', f'files = ["{tmp_path / "chat.jsonl"}"]\ndevelopment = 0.3')
    config = parse_config(text.replace("depths = [4]", ""), "s.toml")
    items = ask(config, gather(config))
    chats = [i for i in items if i.family == "in_format"]
    assert chats and all(i.history[0].content.startswith("Rule") and i.prompt == "How many?" for i in chats)


def test_benchmarks_of_one_name_stay_apart() -> None:
    same = 'benchmarks = ["gym:chain_sum?max_terms=2"]\nharder = ["gym:chain_sum?min_terms=5"]'
    config = parse_config(STUDY.replace('benchmarks = ["gym:leg_counting"]', same), "s.toml")
    items = ask(config, gather(config))
    cells = {i.cell: i.family for i in items}
    assert (
        cells["gym:chain_sum?max_terms=2"] == "related" and cells["gym:chain_sum?min_terms=5"] == "difficulty"
    )


FULL = Evidence(transfer=0.5, lower_bound=0.0, cost=1000)
CASES = [
    ("not worse", Evidence(0.52, -0.01, 300), 0.1, "smaller", "short"),
    ("worse", Evidence(0.40, -0.15, 300, -0.06), 0.1, "reference", "full"),
    ("not smaller", Evidence(0.52, 0.01, 2000), 0.1, "reference", "full"),
    ("reference learned nothing", Evidence(0.52, 0.01, 300), 0.49, "no decision", None),
]


def plan(items: int, seeds: int) -> Plan:
    return Plan((PlannedPart(1.0, items, 1),), seeds)


@pytest.mark.parametrize(("name", "short", "base", "outcome", "chosen"), CASES, ids=[c[0] for c in CASES])
def test_decision_rule(name: str, short: Evidence, base: float, outcome: str, chosen: str | None) -> None:
    decision = decide("full", base, {"full": FULL, "short": short}, margin=0.02, plan=plan(5000, 3))
    assert (decision.outcome, decision.recipe) == (outcome, chosen)


def test_a_control_is_never_chosen() -> None:
    control = Evidence(transfer=0.6, lower_bound=0.05, cost=10)
    decision = decide("full", 0.1, {"full": FULL, "random_drop": control}, margin=0.02, plan=plan(5000, 3))
    assert decision.recipe == "full"


def test_margin_is_never_more_than_a_fifth_of_the_gain() -> None:
    short = Evidence(0.49, -0.03, 300)
    few = decide("full", 0.40, {"full": FULL, "short": short}, margin=0.02, plan=plan(100, 1))
    assert few.margin == pytest.approx(0.02) and few.recipe == "full"


@pytest.mark.parametrize(("high", "items", "outcome"), [
    (0.02, 100, "no decision"), (-0.06, 100, "reference"), (0.02, 20000, "reference"),
])  # fmt: skip
def test_what_few_questions_cannot_tell_is_not_decided(high: float, items: int, outcome: str) -> None:
    short = Evidence(0.45, -0.12, 300, high)
    decision = decide("full", 0.1, {"full": FULL, "short": short}, margin=0.02, plan=plan(items, 1))
    assert decision.outcome == outcome and decision.recipe == "full"
    assert ("would take" in decision.explanation) == (outcome == "no decision")


def test_reference_is_the_best_usual_one() -> None:
    assert choose_reference(None, {"full": 0.2, "compact": 0.3, "answer_only": 0.9}) == "compact"
    assert choose_reference("full", {"full": 0.2, "compact": 0.3}) == "full"


def test_a_share_of_the_questions_is_the_same_in_every_cell_and_nested() -> None:
    config = parse_config(STUDY, "s.toml")
    items = ask(config, gather(config))
    some, more = (part_of(items, share) for share in (0.3, 0.7))
    assert {i.id for i in some} < {i.id for i in more} < {i.id for i in items}
    home = {
        cell: {i.pair for i in some if i.cell == cell} for cell in ("in-format", "style: boxed", "at once")
    }
    assert len({frozenset(pairs) for pairs in home.values()}) == 1 and all(home.values())
    assert part_of(items, 1.0) == items


def test_confirmation_asks_other_problems_of_the_same_cells() -> None:
    configs = [
        parse_config(STUDY.replace("train = 24", f'train = 24\nasked = "{split}"'), "s.toml")
        for split in ("development", "confirmation")
    ]
    first, other = (ask(config, gather(config)) for config in configs)
    assert {i.cell for i in first} == {i.cell for i in other}
    assert not {i.prompt for i in first} & {i.prompt for i in other}
    learned = {a.trace.problem for a in gather(configs[1]).anatomies}
    assert learned == {a.trace.problem for a in gather(configs[0]).anatomies}
    assert not learned & {i.prompt for i in other}


def test_the_problems_stay_whatever_the_training_seeds() -> None:
    one = parse_config(STUDY.replace("train = 24", "train = 24\nseed = 7"), "s.toml")
    other = parse_config(
        STUDY.replace("train = 24", "train = 24\nseed = 7").replace("[data]", "seeds = [3, 4]\n[data]"),
        "s.toml",
    )
    assert gather(one).anatomies == gather(other).anatomies and ask(one, gather(one)) == ask(
        other, gather(other)
    )


def test_layers_are_measured_on_every_arm(tmp_path: Path) -> None:
    text = STUDY.replace('["answer_only", "full", "decision_points"]', '["full", "keep?r=0.5&by=effect"]')
    text = text.replace("items = 6", 'items = 6\nlayers = ["coherence", "decomposition"]\nlayer_items = 4')
    (tmp_path / "s.toml").write_text(text)
    Study.from_toml(tmp_path / "s.toml", tmp_path / "out").run()
    found = [json.loads(file.read_text()) for file in tmp_path.glob("out/arms/*/findings.json")]
    assert len(found) == 3 and all(set(f["layers"]) == {"coherence", "decomposition"} for f in found)
    with pytest.raises(InputError, match="layer"):
        parse_config(text.replace("coherence", "coherenze"), "s.toml")


def test_an_arm_has_the_learning_rate_that_it_was_given(tmp_path: Path) -> None:
    text = STUDY.replace("[arms]", "[training.learning_rates]\nfull = 0.5\n[arms]")
    config = parse_config(text, "s.toml")
    assert train_settings(config, "full", 0, 1.0).learning_rate == 0.5
    assert train_settings(config, "answer_only", 0, 1.0).learning_rate == 1e-2
    assert parse_config(to_toml(config), "again") == config
