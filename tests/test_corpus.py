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
from fractionate.records import Anatomy, Link, Piece, Role, Span, Trace, Via
from fractionate.study.choice import told
from fractionate.supervision import recipe
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


def supervised(name: str, anatomies: list[Anatomy]) -> dict[str, list]:
    build = recipe(name)
    return {name: [build(a) for a in anatomies]}


def test_a_recipe_that_keeps_nearly_everything_warns() -> None:
    terse = WORLDS["ledger"].sample(5, seed=1, dials=Dials(verbosity="terse"))
    chatty = WORLDS["ledger"].sample(5, seed=1, dials=Dials(verbosity="chatty"))
    assert told(supervised("compact", terse), terse) == [
        "warning: compact keeps 100% of the steps, hardly a choice"
    ]
    assert told(supervised("compact", chatty), chatty) == []
    assert told(supervised("full", terse), terse) == []


def test_low_coverage_warns() -> None:
    anatomy = make_anatomy()
    guessed = [replace(anatomy, links=(Link(2, 0, "premise"), Link(3, 2, via="discourse")))]
    warning = "warning: only 33% of the reasoning steps are linked by value or reference"
    assert [w.partition(";")[0] for w in told(supervised("compact", guessed), guessed)] == [warning]
    assert told(supervised("full", guessed), guessed) == []
