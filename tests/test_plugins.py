"""A recipe in somebody else's distribution: a folder with an entry point is enough, and nothing else is edited."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RECIPE = '''
"""Sums, twice over."""

from fractionate.records import Anatomy, Segment, Supervision
from fractionate.supervision.base import Recipe, quotable, supervise


def twice(seed: int = 0, times: int = 2) -> Recipe:
    """Every formula as often as asked for."""

    def build(anatomy: Anatomy) -> Supervision:
        formulas = [f for s in quotable(anatomy) for f in s.formulas]
        return supervise(anatomy, "mine", [Segment(" ".join(formulas * times))])

    return build
'''
LINE = {"question": "Tom has 2 pens and buys 3. How many?", "solution": "2 + 3 = 5.", "answer": "5"}


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine on which the distribution is installed."""
    site = tmp_path / "site"
    about = site / "sums_for_students-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "sums_for_students.py").write_text(RECIPE)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: sums-for-students\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[fractionate.recipe]\nmine = sums_for_students:twice\n")
    (tmp_path / "t.jsonl").write_text(json.dumps(LINE) + "\n")
    paths = [str(site), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def compiled(tmp_path: Path, environment: dict[str, str], spec: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fractionate", "compile", "t.jsonl", "--recipe", spec, "--out", "d"]
    return subprocess.run(
        [*command, "--format", "trl-messages"], capture_output=True, text=True, cwd=tmp_path, env=environment
    )


def test_a_recipe_from_another_distribution(tmp_path: Path, elsewhere: dict[str, str]) -> None:
    done = compiled(tmp_path, elsewhere, "mine?times=3")
    assert done.returncode == 0, done.stderr
    row = json.loads((tmp_path / "d" / "data.jsonl").read_text())
    assert row["messages"][-1]["content"] == "2 + 3 = 5 2 + 3 = 5 2 + 3 = 5\nThe answer is 5."
    assert json.loads((tmp_path / "d" / "card.json").read_text())["settings"]["recipe"] == "mine?times=3"


def test_without_the_distribution_there_is_no_such_recipe(tmp_path: Path, elsewhere: dict[str, str]) -> None:
    done = compiled(tmp_path, dict(os.environ), "mine")
    assert done.returncode == 2 and "unknown recipe 'mine'" in done.stderr


def test_its_options_are_checked_like_any_others(tmp_path: Path, elsewhere: dict[str, str]) -> None:
    done = compiled(tmp_path, elsewhere, "mine?times=often")
    assert done.returncode == 2 and "'mine?times=often': times:" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_broken_distribution_is_named(tmp_path: Path, elsewhere: dict[str, str]) -> None:
    (tmp_path / "site" / "sums_for_students.py").write_text("import nothing_like_it\n")
    done = compiled(tmp_path, elsewhere, "full")
    assert done.returncode == 2 and "recipe 'mine' of another package" in done.stderr
    assert "nothing_like_it" in done.stderr and len(done.stderr.strip().splitlines()) == 1
