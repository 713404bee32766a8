"""What is read of hidden states in a study: the rows, where their numbers come from, an interruption, and files."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import make_anatomy

from fractionate import Study
from fractionate.config import parse_config
from fractionate.models import Model, load_model
from fractionate.records import Anatomy, Item, Supervision
from fractionate.report import markdown
from fractionate.storage import from_json, read_records, write_records
from fractionate.study.compile import Arm
from fractionate.study.data import ask, gather
from fractionate.study.folder import StudyFolder
from fractionate.study.gains import notes
from fractionate.study.inside import probe_of
from fractionate.study.summary import Inside, Interval
from fractionate.supervision import Example, encode, recipe
from fractionate.supervision.targets import digits, spelled, with_targets
from fractionate.training.probe import ReadOut, read_out

SECTION = """
[training.representation]
recipes = ["answer_only"]
layer = 0.5
"""
STUDY = f"""
name = "inside"
[data]
world = "ledger"
train = 40
depth = [1, 1]
numbers = [2, 4]
[student]
model = "scratch:tiny"
[training]
epochs = 2
learning_rate = 2e-3
batch_size = 8
{SECTION}
[arms]
recipes = ["answer_only", "full"]
reference = "full"
[transfer]
items = 12
styles = ["boxed"]
at_once = false
max_new_tokens = 4
"""
ARMS = ["base", "answer_only", "full", "answer_only+representation"]
ROWS = ("Next result readable", "Gain of the probe", "Objective's gain in transfer")


def run(folder: Path, text: str = STUDY) -> Study:
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(text)
    study = Study.from_toml(folder / "study.toml", folder / "out")
    study.run()
    return study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study, run once without interruption."""
    return run(tmp_path_factory.mktemp("inside"))


def examples(path: Path) -> list[Example]:
    chat = load_model("scratch:tiny", weights=False).chat
    anatomies = read_records(path, Anatomy)
    shown = [(recipe("answer_only")(a), a) for a in anatomies]
    return [with_targets(chat, encode(chat, s), s, a, "problem") for s, a in shown]


def student(study: Study, arm: str) -> tuple[Path, Model]:
    entries = json.loads((study.folder.root / "compiled.json").read_text())["arms"]
    folder = study.folder.arm(next(e["id"] for e in entries if e["recipe"] == arm))
    return folder, load_model("scratch:tiny" if arm == "base" else str(folder / "checkpoint"))


def test_every_arm_is_read_alike_and_the_report_says_what_was_read(study: Study) -> None:
    taught, held_out = (examples(study.folder.root / f"{n}.parquet") for n in ("anatomy", "held_out"))
    inside = {a.arm: a.inside for a in study.conclude().summary.arms}
    right = {}
    assert list(inside) == ARMS
    for arm, told in inside.items():
        folder, model = student(study, arm)
        direct = read_out(model, taught, held_out, layer=0.5)
        right[arm] = direct.right
        assert from_json(ReadOut, (folder / "readout.json").read_bytes()) == direct
        assert told is not None
        assert (told.readable.value, told.commonest, told.loss) == (
            direct.right,
            direct.commonest,
            direct.loss,
        )
        assert told.readable.low < told.readable.value < told.readable.high
        if arm == "base":
            assert told.gain is None
        else:
            assert told.gain is not None
            assert told.gain.value == pytest.approx(direct.right - right["base"])
    assert len(set(right.values())) > 1, "arms that are read alike would show nothing"


def test_the_two_gains_of_the_objective_stand_side_by_side(study: Study) -> None:
    summary = study.conclude().summary
    arms = {a.arm: a for a in summary.arms}
    assert [n for n, a in arms.items() if a.inside and a.inside.objective_gain] == [
        "answer_only+representation"
    ]
    plain, taught = (arms[n].inside for n in ("answer_only", "answer_only+representation"))
    assert plain is not None and taught is not None
    assert taught.objective_gain is not None and taught.transfer_gain is not None
    assert taught.objective_gain.value == pytest.approx(taught.readable.value - plain.readable.value)
    t = arms["answer_only+representation"].transfer.value - arms["answer_only"].transfer.value
    assert taught.transfer_gain.value == pytest.approx(t)
    page = (study.folder.root / "report.html").read_text()
    found = re.search(r'<script type="application/json" id="summary">(.*?)</script>', page, re.S)
    assert found and json.loads(found[1])["arms"][3]["inside"]["transfer_gain"] == list(taught.transfer_gain)
    (note,) = summary.notes
    for text in (page.replace("&#x27;", "'"), markdown(summary)):
        assert all(row in text for row in ROWS)
        assert note in text


def test_problems_read_on_are_those_asked_in_format_and_never_trained(study: Study) -> None:
    root = study.folder.root
    held_out = {a.trace.problem for a in read_records(root / "held_out.parquet", Anatomy)}
    asked = {i.prompt for i in read_records(root / "items.parquet", Item) if i.family == "in_format"}
    learned = {
        s.problem for f in root.glob("arms/*/supervision.parquet") for s in read_records(f, Supervision)
    }
    assert held_out == asked and not held_out & learned


class Killed(Exception):  # noqa: N818
    """Stands for the process dying."""


def test_killed_while_reading_it_goes_on_where_it_was(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def counted(*given, **named):  # type: ignore[no-untyped-def]
        calls.append(1)
        if len(calls) == 3:
            raise Killed
        return read_out(*given, **named)

    monkeypatch.setattr("fractionate.study.inside.read_out", counted)
    with pytest.raises(Killed):
        run(tmp_path / "cut")
    again = run(tmp_path / "cut")
    assert len(calls) == 3 + 2, "what was read before stands"
    assert [a.inside for a in again.conclude().summary.arms] == [
        a.inside for a in study.conclude().summary.arms
    ]


def test_without_the_objective_nothing_is_read(tmp_path: Path) -> None:
    study = run(tmp_path, STUDY.replace(SECTION, ""))
    root, summary = study.folder.root, study.conclude().summary
    assert not [*root.glob("arms/*/readout.json"), *root.glob("held_out.parquet")]
    assert {a.inside for a in summary.arms} == {None} and summary.notes == ()
    for text in ((root / "report.html").read_text().replace("&#x27;", "'"), markdown(summary)):
        assert not any(row in text for row in ROWS)


def test_of_files_the_development_split_is_taken_apart_where_its_traces_end_right(tmp_path: Path) -> None:
    rows = [
        {"question": f"{who} has {n} {what} and buys {n + i} more. How many {what} now?",
         "solution": f"{who} has {n} + {n + i} = {2 * n + i + wrong}.\nThe answer is {2 * n + i + wrong}.",
         "answer": str(2 * n + i)}
        for i, (who, what) in enumerate([("Ann", "red apples"), ("Tom", "old clocks"), ("Mia", "big dogs"),
                                         ("Ben", "wet socks")] * 4)
        for n in (3 + 7 * i,)
        for wrong in (0, 1)
    ]  # fmt: skip
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    text = STUDY.replace('world = "ledger"', f'files = ["{tmp_path / "t.jsonl"}"]\ndevelopment = 0.4')
    text = re.sub(r"depth = .*\nnumbers = .*", "", text)
    config = parse_config(text, "s.toml")
    material = gather(config, teach_held_out=True)
    items = [i for i in ask(config, material) if i.family == "in_format"]
    found = material.held_out_anatomies
    assert (
        {a.trace.problem for a in found} == {p.text for p in material.held_out} >= {i.prompt for i in items}
    )
    assert all(a.trace.answer == a.trace.gold for a in found)
    assert not {a.trace.problem for a in found} & {a.trace.problem for a in material.anatomies}


def test_where_no_next_result_can_be_said_the_study_says_so(tmp_path: Path, tiny: Model) -> None:
    folder, anatomies = StudyFolder(tmp_path), [make_anatomy(3)]  # its steps have no results
    write_records(tmp_path / "held_out.parquet", Anatomy, anatomies)
    arm = Arm(
        "a", "answer_only+representation", 0, examples=(encode(tiny.chat, recipe("full")(anatomies[0])),)
    )
    probe = probe_of(parse_config(STUDY, "s.toml"), tiny, folder, [arm])
    assert not probe.held_out and "is not read" in probe.facts[0]


MORE, NONE, LESS = Interval(0.3, 0.1, 0.5), Interval(0.02, -0.1, 0.12), Interval(-0.3, -0.5, -0.1)


@pytest.mark.parametrize(
    ("probe", "transfer", "said"),
    [
        (MORE, MORE, "the probe finds more, and transfer rises too"),
        (MORE, NONE, "the probe finds more; that transfer follows is not shown"),
        (MORE, LESS, "the probe finds more, yet transfer falls"),
        (NONE, MORE, "transfer rises, though the probe is not shown to find more"),
        (NONE, NONE, "neither gain is shown"),
        (LESS, NONE, "the probe finds less; that transfer changes is not shown"),
    ],
)
def test_what_two_gains_mean(probe: Interval, transfer: Interval, said: str) -> None:
    inside = Inside(Interval(0.4, 0.2, 0.6), 0.1, 0.8, None, probe, transfer)
    (note,) = notes({"base": replace(inside, objective_gain=None), "x+representation": inside}, seeds=3)
    assert note.startswith("x+representation against x: next results read right") and note.endswith(said)
    (note,) = notes({"x+representation": replace(inside, commonest=0.3)}, seeds=1)
    assert f"{said} (one seed, " in note
    assert "not shown to be more than saying the commonest one gives (30.0%)" in note


@pytest.mark.parametrize("value", ["0", "7", "392", "120", "123456"])
def test_digits_spell_their_value(value: str) -> None:
    signs = digits(value)
    assert signs is not None and spelled(signs) == value
