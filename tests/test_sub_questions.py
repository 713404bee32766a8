"""Problems that come with sub-questions: how they are read, asked, and what the answers to them say."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from students import ask, constant

from fractionate.records import Item
from fractionate.traces import read_files
from fractionate.traces.socratic import SUB_QUESTIONS, sub_questions, without_questions
from fractionate.transfer.home import Home, home_of
from fractionate.transfer.layers import LAYERS, Evidence, LayerScore
from fractionate.transfer.layers.sub_questions import sub_questions as items_of
from fractionate.transfer.suite import CellGroup, Suite

LINES = [
    ("How many red? ** 3*4=<<3*4=12>>12 are red.", [("How many red?", "12")]),
    ("How much? ** $1,000*2=$<<1000*2=2000>>2,000", [("How much?", "2000")]),
    ("How many? ** 2*3=<<2*3=6>>6, and 6+1=<<6+1=7>>7", [("How many?", "7")]),
    ("How many? ** 1+1=<<1+1=2>>2\nHow many? ** 2+2=<<2+2=4>>4", [("How many?", "4")]),
    ("How old? ** She is 7 + T = <<7=7>>7T years old.", []),
    ("Simplify ** x=<<30/3=10>>10", []),
    ("How many? ** The rest, which is 5.", []),
    ("3*4=<<3*4=12>>12", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_line_asks_and_then_computes(text: str, expected: list[tuple[str, str]]) -> None:
    assert sub_questions(text) == expected


def test_steps_stand_without_their_questions() -> None:
    assert without_questions("Why? ** 1+1=2\nNo question.\n#### 2") == "1+1=2\nNo question.\n#### 2"


PENS = """How many pens does Tom have? ** 3*40=<<3*40=120>>120
How many are left? ** 120-5=<<120-5=115>>115
#### 115"""
WALK = """How far does Ann walk? ** 2*30=<<2*30=60>>60
How far is it there and back? ** 60*2=<<60*2=120>>120
#### 120"""
SHOP = """How much are the pens? ** 2*4=<<2*4=8>>8
How much are the cups? ** 4*2=<<4*2=8>>8
How much is it? ** 8+8=<<8+8=16>>16
#### 16"""
ONE = """How many are 7 and 8? ** 7+8=<<7+8=15>>15
#### 15"""
ROWS = [
    ("Tom has 3 boxes of 40 pens. He loses 5. How many are left?", PENS),
    ("If Ann walks 2 miles for 30 days, how far is that there and back?", WALK),
    ("A pen is 4 dollars and a cup 2. How much are 2 pens and 4 cups?", SHOP),
    ("How many are 7 and 8?", ONE),
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    rows = [json.dumps({"question": question, "answer": answer}) for question, answer in ROWS]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    return home_of(suite(tmp_path / "rows.jsonl"))


def suite(path: Path) -> Suite:
    cells = (CellGroup(family="in_format", items=40),)
    return Suite(name="s", version=1, home=f"gsm8k_test_socratic:{path}", cells=cells)


def asked(home: Home) -> list[Item]:
    return Suite(name="s", version=1, cells=(CellGroup(family="in_format", items=40),)).items(
        home.problems, seed=0
    )


def scored(home: Home, answer: Callable[[Item], str]) -> LayerScore:
    """Decomposition, as a suite would ask it."""
    layer, own = LAYERS["decomposition"], ask(answer, asked(home))
    parts = ask(answer, layer.follow_ups(own, home.anatomies, 0))
    return layer.score(Evidence(own, parts, home.anatomies))


def test_the_same_problem_is_asked_for_its_parts(home: Home) -> None:
    found = [list(items_of(item, home.anatomies[item.pair]).values()) for item in asked(home)]
    assert [[(i.prompt, i.gold) for i in items] for items in found] == [
        [("Tom has 3 boxes of 40 pens. He loses 5. How many pens does Tom have?", "120")],
        [("If Ann walks 2 miles for 30 days, how far is that there and back? How far does Ann walk?", "60")],
        [("A pen is 4 dollars and a cup 2. How much are 2 pens and 4 cups? How much are the pens?", "8"),
         ("A pen is 4 dollars and a cup 2. How much are 2 pens and 4 cups? How much are the cups?", "8")],
        [],
    ]  # fmt: skip
    assert len({i.id for items in found for i in items}) == 4
    assert {(i.cell, i.family) for items in found for i in items} == {("layer: decomposition", "layer")}


TOM, ANN, CUPS = "Tom", "Ann", "A pen"
RIGHT = {
    (TOM, ""): 115, (TOM, "120"): 120, (ANN, ""): 120, (ANN, "60"): 60, (CUPS, ""): 16, (CUPS, "8"): 8,
    ("7 and 8", ""): 15,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({}, 3),
        ({(TOM, ""): 95, (TOM, "120"): 100}, 2),  # wrong, and it follows from the part
        ({(TOM, ""): 95}, 2),  # the part is right and the whole does not follow
        ({(TOM, "120"): 100}, 2),  # right on the whole, from elsewhere
        ({(ANN, ""): 7}, 2),
        ({(CUPS, ""): 7}, 3),  # two parts have one value: which is used cannot be told
        ({(CUPS, "8"): 9}, 2),
    ],
)
def test_parts_count_if_the_whole_follows_from_them(
    home: Home, changes: Mapping[tuple[str, str], int], value: float
) -> None:
    """Of the three problems that have parts."""
    says = RIGHT | dict(changes)

    def student(item: Item) -> str:
        part = item.gold if item.family == "layer" else ""
        who = next(who for who, of in says if of == part and who in item.prompt)
        return f"The answer is {says[who, part]}."

    score = scored(home, student)
    assert score.n == 3 and score.value.value == pytest.approx(value / 3)
    assert score.parts["spoken"] == 0


def test_a_constant_answer_scores_0(home: Home) -> None:
    assert scored(home, constant).value.value == 0


def test_who_speaks_is_not_asked(home: Home) -> None:
    own = ask(lambda i: f"3*40=120 and 120-5=115. The answer is {i.gold}.", asked(home))
    assert LAYERS["decomposition"].follow_ups(own, home.anatomies, 0) == []


def test_published_problems_are_asked_in_parts(data: Path, tmp_path: Path) -> None:
    path = data / "benchmarks" / "gsm8k_test_socratic.jsonl"
    traces = read_files([path]).traces
    with_parts = [t for t in traces if t.metadata.get(SUB_QUESTIONS)]
    assert len(with_parts) > 0.95 * len(traces)
    few = tmp_path / path.name
    few.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:30]), encoding="utf-8")
    home = home_of(suite(few))
    assert home.anatomies["gsm8k_test_socratic#0"].trace.metadata[SUB_QUESTIONS] == [
        ["How many eggs does Janet sell?", "9"],
        ["How much does Janet make at the farmers' market?", "18"],
    ]
    silent = scored(home, lambda item: f"The answer is {item.gold}.")
    assert silent.n > 25 and silent.parts["spoken"] == 0 and silent.value.value > 0.9
    beside = scored(home, lambda item: f"The answer is {item.gold if item.family == 'layer' else 7}.")
    assert beside.value.value < 0.5 * silent.value.value, "most answers can be told not to follow"
