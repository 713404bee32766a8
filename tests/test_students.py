"""Whom to evaluate: models, students of a study, each under the right name."""

import json
import shutil
from pathlib import Path

import pytest

from fractionate.errors import InputError
from fractionate.records import Item, Response, Supervision
from fractionate.storage import write_records
from fractionate.study.reuse import take_over
from fractionate.study.students import Entrant, entrants, home_problems
from fractionate.transfer.asking import Sampling
from fractionate.transfer.evaluate import claim, then
from fractionate.transfer.home import SOLVED, home_of
from fractionate.transfer.suite import fingerprint, load_suite

STUDY = """
name = "small"
[data]
world = "ledger"
train = 12
verbosity = "chatty"
depth = [1, 2]
[student]
model = "scratch:tiny"
[arms]
recipes = ["full", "answer_only"]
[transfer]
items = 4
styles = ["boxed"]
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The folder of a study with one trained arm."""
    (tmp_path / "study.toml").write_text(STUDY)
    for arm, trained in (("full+representation", True), ("answer_only", False)):
        folder = tmp_path / "arms" / arm
        folder.mkdir(parents=True)
        about = {"recipe": arm, "seed": 3, "student": {"model": "scratch:tiny"}}
        (folder / "arm.json").write_text(json.dumps(about))
        if trained:
            taught = [Supervision("t", arm, f"Problem {n}", ()) for n in range(2)]
            write_records(folder / "supervision.parquet", Supervision, taught)
            (folder / "checkpoint").mkdir()
            (folder / "checkpoint" / "config.json").write_text("{}")
    return tmp_path


def test_a_study_stands_for_its_trained_students(study: Path) -> None:
    checkpoint = str(study / "arms" / "full+representation" / "checkpoint")
    trained = Entrant("full+representation", checkpoint, 3, "scratch:tiny", "full")
    assert entrants([str(study)]) == [Entrant("base", "scratch:tiny"), trained]
    assert entrants([checkpoint, "scratch:tiny"]) == [trained, Entrant("scratch:tiny", "scratch:tiny")]


def test_two_students_under_one_name_are_refused(study: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "full"
    for folder in (tmp_path / "one" / "full", other):
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")
    with pytest.raises(InputError, match="two students"):
        entrants([str(tmp_path / "one" / "full"), str(other)])


def test_models_of_one_name_have_folders_of_their_own(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place / "final").mkdir(parents=True)
        (tmp_path / place / "final" / "config.json").write_text("{}")
    places = {entrants([str(tmp_path / place / "final")])[0].place for place in ("one", "two")}
    places |= {Entrant("m", "m", address=url).place for url in ("http://a/v1", "http://b/v1")}
    assert len(places) == 4 and Entrant("m", "m").place == "m-s0"


def test_nobody_is_asked_what_a_student_has_learned(study: Path, tmp_path: Path) -> None:
    suite = load_suite("transfer-quick")
    before = home_of(suite)
    other = tmp_path / "other"
    shutil.copytree(study, other, ignore=shutil.ignore_patterns("other"))
    dataset = other / "arms" / "full+representation" / "supervision.parquet"
    for names in (
        [str(other)],
        [str(other / "arms" / "full+representation" / "checkpoint")],
        [str(study), str(other)],
    ):
        asked = (home_problems([str(study)], suite) if len(names) > 1 else before).problems[0].text
        write_records(dataset, Supervision, [Supervision("t", "full", asked, ())])
        home = home_problems(names, suite)
        assert asked in home.seen and asked not in {p.text for p in home.problems}
        assert asked not in {a.trace.problem for a in home.solved}
        assert len(home.problems) >= suite.home_items


def test_answers_are_taken_over_from_the_same_student_only(tmp_path: Path) -> None:
    known, new = tmp_path / "known", tmp_path / "new"
    items = [Item("c/p", "c", "style", "1 + 1?", "2")]
    suite = load_suite("transfer-quick")
    asked = {"suite": "s 1", "asked": fingerprint(items), "then": then(suite)}
    claim(known, {**asked, "sampling": Sampling()._asdict()}, "files 1")
    write_records(known / "responses.parquet", Response, [Response("c/p", "2", 1, "end")])
    new.mkdir()
    assert not take_over(known, new, suite, items, Sampling(seed=1), "files 2")
    assert not take_over(known, new, load_suite("transfer"), items, Sampling(seed=1), "files 1")
    assert not list(new.iterdir())
    assert take_over(known, new, suite, items, Sampling(seed=1), "files 1")
    assert [file.name for file in new.iterdir()] == ["responses.parquet"]


def test_a_studys_home_is_what_it_held_out(study: Path) -> None:
    suite = load_suite("transfer-quick")
    home = home_problems([str(study)], suite)
    assert len(home.problems) == suite.home_items and set(home.anatomies) == {p.id for p in home.problems}
    assert len(home.solved) == SOLVED and not home.seen & {a.trace.problem for a in home.solved}
    assert not home.seen & {p.text for p in home.problems}
