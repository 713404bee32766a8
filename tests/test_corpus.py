"""What a corpus is made of: coverage, counts, the table, the tree, and warnings where nothing could be chosen."""

from dataclasses import replace
from io import StringIO

import pytest
from conftest import make_anatomy
from rich.console import Console, RenderableType

from fractionate.anatomy import analyze, tree
from fractionate.anatomy.corpus import Corpus
from fractionate.anatomy.coverage import coverage, note_coverage
from fractionate.anatomy.draft import Draft, StepDraft
from fractionate.anatomy.overview import overview
from fractionate.anatomy.weighed import weighed
from fractionate.records import Anatomy, Link, Piece, Role, Span, Trace, Via
from fractionate.supervision import recipe
from fractionate.supervision.choice import Choice
from fractionate.worlds import WORLDS, Dials

PROSE = "Every even number is a sum of two odd ones, and digits repeat for ever. "


def traced(text: str, answer: str | None = None, domain: str = "") -> Trace:
    return Trace(
        "t",
        "Tom has 3 boxes of 4 pens. How many pens?",
        text,
        Span(0, len(text)),
        answer=answer,
        domain=domain,
    )


def shown(what: RenderableType) -> str:
    console = Console(width=120, file=StringIO(), record=True)
    console.print(what)
    return console.export_text()


def test_coverage_counts_the_best_link_of_each_step() -> None:
    anatomy = make_anatomy()
    given = (Link(2, 0, "premise", "value"), Link(2, 1, "step", "discourse"), Link(3, 2, "step", "discourse"))
    found = coverage(replace(anatomy, links=given))
    assert found.computing == {"value": 1, "discourse": 1}
    assert found.structural == {"value": 1, "discourse": 1, "none": 1}
    assert found.share("structural", "value", "discourse") == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (
            ((2, "value"), (3, "discourse")),
            "linked by value 33%, reference 0%, discourse 33%, not at all 33%",
        ),
        (((2, "value"), (3, "reference"), (5, "gold")), "linked by value 67%, reference 33%, discourse 0%"),
    ],
)
def test_the_tree_tells_how_the_reasoning_is_linked(
    links: tuple[tuple[int, Via], ...], expected: str
) -> None:
    anatomy = replace(make_anatomy(), links=tuple(Link(step, 0, "premise", via) for step, via in links))
    assert shown(tree(anatomy)).splitlines()[0].rstrip().endswith(f"  {expected}")
    assert "no reasoning steps" in shown(tree(replace(anatomy, steps=(), links=(), asides=())))


def test_a_trace_has_its_importances_in_one_table() -> None:
    anatomy = make_anatomy()
    asked = {2: (1.925, -0.5), 3: (0.25, None)}
    steps = [
        replace(s, surprise=asked[s.index][0], effect=asked[s.index][1]) if s.index in asked else s
        for s in anatomy.steps
    ]
    rows = [line.split() for line in shown(weighed(replace(anatomy, steps=tuple(steps)))).splitlines()]
    assert rows[0] == ["step", "kind", "paths", "falls", "with", "it", "surprise", "effect"]
    assert rows[1][:4] == ["3", "compute", "★", "all"] and rows[1][-2:] == ["1.93", "-0.50"]
    assert rows[2][:4] == ["4", "compute", "★", "all"] and rows[2][-1] == "0.25"
    assert len(rows) == 3
    assert weighed(anatomy).row_count == 0


def drafted(text: str, steps: int, via: Via | None) -> Draft:
    """Reasoning steps, all of them linked in one way."""
    draft = Draft(
        traced(text), steps=[StepDraft(i, Span(0, 1), "x", role=Role.STRUCTURE) for i in range(steps)]
    )
    draft.links = [Link(i, 0, "premise", via) for i in range(steps)] if via else []
    return draft


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (drafted(PROSE, 4, None), "mostly prose"),
        (drafted(PROSE, 4, "discourse"), "mostly prose"),
        (drafted(PROSE, 4, "reference"), ""),
        (drafted(PROSE, 2, None), ""),
    ],
)
def test_what_is_not_understood_is_noted(draft: Draft, expected: str) -> None:
    note_coverage(draft)
    assert [n.partition(":")[0] for n in draft.notes] == ([expected] if expected else [])


def test_a_corpus_is_counted() -> None:
    wrong = "3 * 4 = 13 pens.\n13 + 0 = 13.\nThe answer is 13."
    corpus = Corpus()
    list(corpus.watch([make_anatomy(), analyze(traced(wrong, "13", "shop"))]))
    found = corpus.summary()
    assert (found["traces"], found["steps"], found["with_wrong_step"]) == (2, 9, 1)
    assert found["inheriting_steps"] == 2
    assert found["kinds"]["compute"] == 4 and found["decision_points"] >= 2
    assert sum(found["roles"].values()) == pytest.approx(1, abs=1e-3)
    assert sum(found["roles_by_tokens"].values()) == pytest.approx(1, abs=1e-3)
    assert 0 < found["needed_tokens"] < found["tokens"]
    assert found["verbosity"]["steps"] == {"median": 4.5, "least": 3, "most": 6}
    assert found["coverage"]["shop"]["computing"] == {
        "steps": 2, "value": 1.0, "reference": 0.0, "discourse": 0.0, "none": 0.0,
    }  # fmt: skip


def test_the_overview_tells_the_counts() -> None:
    corpus = Corpus()
    anatomy = make_anatomy()
    trace = replace(anatomy.trace, domain="proofs")
    corpus.add(replace(anatomy, trace=trace, notes=("something could not be read",)))
    text = shown(overview(corpus.summary()))
    assert "digits, words and signs" in text and "proofs, 1 traces" in text and "something could not" in text


def test_an_empty_corpus_has_an_overview() -> None:
    assert "0 traces" in shown(overview(Corpus().summary()))


def test_the_tree_shows_pieces_repairs_and_what_collapses() -> None:
    text = "3 * 4 = 13 pens.\nThen 13 + 2 = 15.\nWait, 3 * 4 = 12 pens."
    anatomy = analyze(traced(text))
    first, second, third = anatomy.steps
    pieces = (Piece(Span(34, 39), Role.ERROR_SIGNAL), Piece(Span(40, len(text)), Role.STRUCTURE))
    steps = (first, second, replace(third, repairs=0, pieces=pieces))
    lines = shown(tree(replace(anatomy, steps=steps, first_wrong=0))).splitlines()
    assert "✗ 3 * 4 = 13" in lines[3] and "↯ Then 13 + 2 = 15." in lines[4]
    assert lines[5].rstrip().endswith("↻ 1")
    assert [line.split()[-1] for line in lines[6:8]] == ["Wait", "pens."]


def told(name: str, anatomies: list[Anatomy]) -> list[str]:
    choice, build = Choice(name), recipe(name)
    for anatomy in anatomies:
        choice.add(anatomy, build(anatomy))
    return choice.told()


def test_a_recipe_that_keeps_nearly_everything_warns() -> None:
    terse = WORLDS["ledger"].sample(5, seed=1, dials=Dials(verbosity="terse"))
    chatty = WORLDS["ledger"].sample(5, seed=1, dials=Dials(verbosity="chatty"))
    assert told("compact", terse) == ["warning: compact keeps 100% of the steps, hardly a choice"]
    assert told("compact", chatty) == []
    assert told("full", terse) == []


def test_a_recipe_that_leaves_the_answer_alone_of_many_traces_warns() -> None:
    prose = analyze(traced("It has long been known. That is all there is to say.", "12"))
    anatomies = [make_anatomy(n) for n in range(2, 10)] + [prose] * 2
    warning = "warning: decision_points keeps nothing but the answer of 2 of 10 traces (20%)"
    assert told("decision_points", anatomies) == [warning]
    assert told("cover", anatomies) == [warning.replace("decision_points", "cover")]
    assert told("decision_points", anatomies[:9] + anatomies[:3]) == [], "few"
    assert told("answer_only", anatomies) == [], "by design"


def test_low_coverage_warns() -> None:
    anatomy = make_anatomy()
    guessed = [replace(anatomy, links=(Link(2, 0, "premise"), Link(3, 2, via="discourse")))]
    warning = "warning: only 33% of the reasoning steps are linked by value or reference"
    assert [w.partition(";")[0] for w in told("compact", guessed)] == [warning]
    assert told("full", guessed) == []
