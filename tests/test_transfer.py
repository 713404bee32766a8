"""Benchmarks, prompt styles, items and scores."""

import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fractionate.errors import InputError
from fractionate.records import Item, Message, Response
from fractionate.transfer import Problem, is_looping, items_for, load_benchmark, score
from fractionate.transfer.scoring import find_answer

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("FRACTIONATE_DATA", ROOT.parent / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared data folder (FRACTIONATE_DATA)")

PROBLEMS = [Problem(f"p#{i}", f"Tom has {i} pens and buys 2. How many pens?", str(i + 2)) for i in range(20)]


def test_items_pair_across_cells_and_are_unique():
    plain = items_for(PROBLEMS, cell="in", family="in_format", style="plain", seed=1, limit=8)
    boxed = items_for(PROBLEMS, cell="in/boxed", family="style", style="boxed", seed=1, limit=8)
    assert [i.pair for i in plain] == [i.pair for i in boxed] and len(plain) == 8
    assert len({i.id for i in plain + boxed}) == 16
    assert plain[0].cluster == plain[0].pair
    at_once = items_for(PROBLEMS, cell="now", family="at_once", style="plain", seed=1)
    assert {(i.prefill, i.max_new_tokens) for i in at_once} == {("The answer is", 16)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"style": "boxd"}, "did you mean boxed"),
        ({"family": "stile"}, "unknown family"),
        ({"problems": PROBLEMS[:1] * 2}, "same id"),
    ],
)
def test_items_refuse_bad_input(change, message):
    settings = {"problems": PROBLEMS, "cell": "c", "family": "style", "style": "plain", "seed": 0} | change
    with pytest.raises(InputError, match=message):
        items_for(settings.pop("problems"), **settings)


def test_scores_say_what_was_answered_and_what_went_wrong():
    items = items_for(PROBLEMS[3:5], cell="c", family="in_format", style="plain", seed=0)
    responses = [
        Response(items[0].id, "3 + 2 = 5.\n#### 5", 9, "end"),
        Response(items[1].id, "3 + 2 and so on and so on", 256, "length", looping=True, sample=1),
    ]
    right, wrong = score(items, responses, arm="full", seed=3)
    assert (right.right, right.answer, right.truncated, right.arm, right.seed) == (
        True,
        "5",
        False,
        "full",
        3,
    )
    assert (wrong.right, wrong.truncated, wrong.looping, wrong.sample) == (False, True, True, 1)
    with pytest.raises(InputError, match="was not asked"):
        score(items, [Response("other", "5", 1, "end")], arm="full", seed=0)


def test_an_example_of_an_earlier_turn_is_no_answer():
    example = (
        Message("user", "Ann has 2 hats and buys 3. How many hats?"),
        Message("assistant", "2 + 3 = 5.\nThe answer is 5."),
    )
    item = Item("c/p", "c", "style", "Tom has 4 pens and gets 8. How many pens?", "12", history=example)
    echo = "Ann has 2 hats and buys 3. How many hats? 2 + 3 = 5.\nThe answer is 5."
    assert find_answer(item, echo) is None
    assert find_answer(item, f"{echo}\n4 + 8 = 12.\nThe answer is 12.") == "12"
    assert find_answer(item, "4 + 8 = 5.\nThe answer is 5.") == "5"


def test_an_answer_at_once_is_the_first_number():
    item = Item("c/1", "c", "at_once", "How many?", "18", prefill="The answer is")
    answers = {" 18. Then 20 more.": True, " 20, or 18": False, " many": False}
    for text, right in answers.items():
        (only,) = score([item], [Response("c/1", text, 5, "length")], arm="a", seed=0)
        assert only.right is right


@pytest.mark.parametrize(
    ("text", "looping"),
    [
        ("So she has 5 pens and then " * 6, True),
        ("0.3333" + "3" * 200, True),
        ("First this.\n" + "So x = 5.\n" * 4, True),
        ("Tom has 3 pens. Ann has 4 pens. Together they have 3 + 4 = 7 pens. The answer is 7.", False),
        ("1 + 1 = 2\n1 + 2 = 3\n1 + 3 = 4\n1 + 4 = 5\n1 + 5 = 6\n", False),
        ("", False),
    ],
)
def test_loops_are_noticed(text, looping):
    assert is_looping(text) is looping


def test_local_files_of_every_kind(tmp_path):
    rows = [
        {"question": "1+1?", "answer": "so 1+1=<<1+1=2>>2\n#### 2"},
        {"problem": "Who?", "target": "Tom", "cluster": "k"},
    ]
    rows += [{"body": "Tom has 2 pens", "input": "How many?", "gold": 2.0}]
    (tmp_path / "b.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "b.json").write_text(json.dumps(rows))
    expected = [
        Problem("b#0", "1+1?", "2", solution="so 1+1=2"),
        Problem("b#1", "Who?", "Tom", "exact", "k"),
        Problem("b#2", "Tom has 2 pens, how many?", "2"),
    ]
    assert load_benchmark(str(tmp_path / "b.jsonl")) == expected
    assert load_benchmark(str(tmp_path / "b.json"), limit=2) == expected[:2]
    pq.write_table(pa.Table.from_pylist([rows[0]]), tmp_path / "b.parquet")
    assert load_benchmark(str(tmp_path / "b.parquet")) == expected[:1]


def test_benchmarks_refuse_what_they_cannot_read(tmp_path, monkeypatch):
    (tmp_path / "b.jsonl").write_text('{"question": "1+1?"}\n')
    (tmp_path / "c.jsonl").write_text('{"question": "1+1?", "answer": 2}\n{oops\n')
    monkeypatch.setenv("FRACTIONATE_DATA", str(tmp_path / "none"))
    refused = {
        "svmp": "did you mean svamp",
        "svamp": "set FRACTIONATE_DATA",
        str(tmp_path / "b.jsonl"): r"b.jsonl:1: no answer or target or gold",
        str(tmp_path / "c.jsonl"): r"c.jsonl:2: this line is not JSON",
        str(tmp_path / "d.jsonl"): "cannot be read",
        "gym:chain_sun": "did you mean chain_sum",
        "gym:chain_sum?terms=3": "unknown option",
        "gym:chain_sum?min_terms=9&max_terms=2": "refuses these options",
    }
    for name, message in refused.items():
        with pytest.raises(InputError, match=message):
            load_benchmark(name)


def test_gym_families_are_fresh_questions_without_orders_about_form():
    name = "gym:leg_counting?min_animals=2&max_animals=2&max_instances=5"
    problems = load_benchmark(name, limit=30)
    assert problems == load_benchmark(name, limit=30) != load_benchmark(name + "&seed=1", limit=30)
    assert len({p.text for p in problems}) == 30
    assert all(p.text.startswith("How many legs") and p.gold.isdigit() for p in problems)
    assert all("final answer" not in p.text for p in load_benchmark("gym:gsm_symbolic", limit=10))


@needs_data
@pytest.mark.parametrize(
    ("name", "rows", "gold"),
    [
        ("gsm8k_test", 1319, "18"),
        ("svamp", 1000, "145"),
        ("asdiv", 2215, "9"),
        ("mawps_multiarith", 600, "39"),
        ("math500", 500, "\\left( 3, \\frac{\\pi}{2} \\right)"),
        ("prosqa", 300, "Tom is a lempus."),
    ],
)
def test_named_benchmarks(name, rows, gold, monkeypatch):
    monkeypatch.setenv("FRACTIONATE_DATA", str(DATA))
    problems = load_benchmark(name)
    assert len(problems) == rows and problems[0].gold == gold
    assert all(p.text and p.gold for p in problems)
