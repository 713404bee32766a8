"""Styled problems of the ledger are read back and solved again; what changes the problem is noticed."""

import random
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fractionate.records import Anatomy
from fractionate.transfer import STYLES, Problem
from fractionate.transfer.styles import prompted
from fractionate.worlds import WORLDS, Dials, Graph, solve
from fractionate.worlds.grammar import Grammar, Key, Relation, grammars
from fractionate.worlds.plaintext import mendable, sentences
from fractionate.worlds.reparse import read, reparse
from fractionate.worlds.scenes import PEOPLE, SCENES

DEPTHS, DISTRACTORS = range(1, 6), range(4)
BOTH = "MIA BUYS FOUR PENS. NOAH BUYS TWICE AS MANY PENS AS MIA. HOW MANY PENS DOES NOAH BUY?"


def ledger(count: int, seed: int, **dials: object) -> list[Anatomy]:
    return WORLDS["ledger"].sample(count, seed=seed, dials=Dials(**dials))  # type: ignore[arg-type]


def problems(per_dial: int) -> list[Problem]:
    found = []
    for depth in DEPTHS:
        for distractors in DISTRACTORS:
            dials = {"depth": (depth, depth), "distractors": (distractors, distractors)}
            for a in ledger(per_dial, seed=40 * depth + distractors, **dials):
                found.append(Problem(a.trace.id, a.trace.problem, a.trace.gold or "", solution=a.trace.text))
    return found


PROBLEMS, ASIDE = problems(4), problems(1)[:5]


@pytest.mark.parametrize("style", sorted(STYLES))
def test_style_keeps_the_answer_of_every_problem(style: str) -> None:
    assert len(PROBLEMS) >= 60
    for i, problem in enumerate(PROBLEMS):
        text = prompted(style, problem, seed=i, aside=ASIDE).text
        assert reparse(text) == Fraction(problem.gold), text


def test_all_scenes_are_read() -> None:
    for scene in SCENES:
        (grammar,) = [g for g, s in zip(grammars(), SCENES, strict=True) if s is scene]
        owner = f"oak {scene.place}".lower() if scene.place else "mia"
        for noun in scene.things:
            sentence = f"{owner} {scene.verb} 3 {noun.many}"
            assert grammar.relation(sentence) == Relation("given", Key(owner, noun.one), (), 3)


@pytest.mark.parametrize(
    "dials",
    [{"numbers": (10_000, 99_999)}, {"remarks": (10, 10)}, {"depth": (9, 9)}, {"distractors": (8, 8)}],
)
def test_harder_problems_are_read_too(dials: dict[str, tuple[int, int]]) -> None:
    for anatomy in ledger(15, seed=2, **dials):
        assert reparse(anatomy.trace.problem) == Fraction(anatomy.trace.gold or "")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_the_graph_is_the_one_that_was_told(seed: int, depth: int) -> None:
    (anatomy,) = ledger(1, seed, depth=(depth, depth))
    told = Graph.of(anatomy.trace.metadata["graph"])
    (found,) = read(anatomy.trace.problem)

    def operations(graph: Graph) -> list[tuple[str, int | None, int]]:
        needed = graph.needed()
        return sorted((q.op, q.literal or 0, q.value) for q in graph.quantities if q.index in needed)

    assert operations(found) == operations(told)


def stating(anatomy: Anatomy, literal: int, owner: str) -> str | None:
    """The one sentence that states the number and begins with its owner."""
    texts = [p.span.of(anatomy.trace.problem) for p in anatomy.premises]
    found = [t for t in texts if re.match(rf"(?:Later, )?{owner}\b", t) and re.search(rf"\b{literal}\b", t)]
    return found[0] if len(found) == 1 and texts.count(found[0]) == 1 else None


def expected(graph: Graph, index: int, change: dict[str, object]) -> Fraction | None:
    """What the graph comes to with one quantity changed; None where it is no ledger problem any more."""
    rows = graph.plain()["quantities"]
    rows[index] |= change
    changed = Graph.of({"target": graph.target, "quantities": rows})
    needed = (solve(Graph(changed.quantities, i)) for i in sorted(changed.needed()))
    values = [v if v is not None and v > 0 and v.denominator == 1 else None for v in needed]
    return None if None in values else solve(changed)


def mutated(anatomy: Anatomy, swap: bool) -> list[tuple[str, Fraction | None, bool]]:
    """The problem with one needed number, or one "more" or "fewer", changed; its answer now; whether that differs."""
    graph, problem, found = Graph.of(anatomy.trace.metadata["graph"]), anatomy.trace.problem, []
    other = {"more": "fewer", "fewer": "more"}
    for i in sorted(graph.needed()):
        q = graph.quantities[i]
        namesakes = [p for p in graph.quantities if (p.owner, p.literal) == (q.owner, q.literal)]
        told = stating(anatomy, q.literal, q.owner) if q.literal and len(namesakes) == 1 else None
        if told is None or (swap and (q.op not in other or f" {q.op} " not in told or "dollar" in told)):
            continue
        if swap:
            new, change = told.replace(f" {q.op} ", f" {other[q.op]} "), {"op": other[q.op]}
        else:
            new, change = re.sub(rf"\b{q.literal}\b", f"{q.literal + 1}", told), {"literal": q.literal + 1}
        answer = expected(graph, i, change)
        found.append((problem.replace(told, new), answer, answer != solve(graph)))
    return found


@pytest.mark.parametrize("swap", [False, True])
def test_a_changed_number_or_operator_is_noticed(swap: bool) -> None:
    cases = [c for a in ledger(120, 9, depth=(1, 5), distractors=(0, 3)) for c in mutated(a, swap)]
    assert len(cases) > 60 and sum(differs for _, _, differs in cases) > 0.8 * len(cases)
    for text, answer, _ in cases:
        assert reparse(text) == answer, text


def test_a_changed_question_is_noticed() -> None:
    rng = random.Random(0)
    for anatomy in ledger(60, 3, depth=(2, 4)):
        graph, problem = Graph.of(anatomy.trace.metadata["graph"]), anatomy.trace.problem
        target = graph.quantities[graph.target]
        others = [q for q in graph.quantities if q.op == "given" and q.measure == target.measure]
        if target.op not in ("more", "fewer", "times", "part") or not others:
            continue
        asked = rng.choice(others)
        body, question = problem.rsplit(". ", 1)
        question = question.replace(target.owner, asked.owner)
        assert reparse(f"{body}. {question}") == asked.value
        assert reparse(f"{body}.") is None


def test_a_missing_premise_is_noticed() -> None:
    for anatomy in ledger(60, 4, depth=(1, 4), distractors=(0, 0)):
        texts = [p.span.of(anatomy.trace.problem) for p in anatomy.premises]
        for i in range(len(texts) - 1):
            assert reparse(" ".join(texts[:i] + texts[i + 1 :])) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (BOTH, 8),
        (BOTH.replace("FOUR", "SOME"), None),
        (BOTH.replace("PENS. N", "PENS. MIA BUYS 5 PENS. N"), None),
        (BOTH.replace("AS MIA", "AS NOAH"), None),
        (BOTH.replace("TWICE", "A THIRD"), None),
        (BOTH.replace("TWICE", "HALF"), 2),
        (BOTH.replace("PENS DOES", "EGGS DOES"), None),
        (BOTH + " HOW MANY PENS DOES MIA BUY?", None),
        (BOTH.replace("HOW MANY", "HOW MNAY").replace("DOES", "DEOS"), 8),
        (BOTH.replace("?", ""), 8),
        ('{"task": "Solve.", "problem": ' + f'"{BOTH}"' + "}", 8),
        ("Mia has 9 goats. Mia shares all of the goats. How many goats does Mia have left?", None),
        ("", None),
        ("What is 2 + 2?", None),
    ],
)
def test_what_is_understood(text: str, answer: int | None) -> None:
    assert reparse(text) == answer


def test_money_that_is_spent_is_a_loss_only_of_who_saves() -> None:
    saved = "Mia saves 9 dollars. Mia spends 4 dollars. How much money does Mia have left?"
    bought = "Mia buys 3 pens. Mia pays 4 dollars for each pen. Leo spends 5 more dollars than Mia. "
    assert reparse(saved) == 5
    assert reparse(bought + "How much money does Leo spend?") == 17


def test_plain_sentences_come_out_of_any_wrapping() -> None:
    markdown = "## Task\n\n- Mia has three pens.\n- It rains!\n\n**How many pens does Mia have?**"
    assert sentences(markdown) == ["task", "mia has 3 pens", "it rains", "how many pens does mia have"]
    nested = '{"a": [{"b": "Mia has 3 pens."}, 4], "c": "x{y"} Then {"open'
    assert sentences(nested) == ["mia has 3 pens", "x{y", 'then {"open']


def test_slips_are_mended_unless_they_are_words_or_names() -> None:
    slips = mendable(["many", "total", "more", "moore"])
    assert (slips["mnay"], slips["totla"], slips["totaal"], slips["mny"]) == (
        "many",
        "total",
        "total",
        "many",
    )
    assert "more" not in slips and "moore" not in slips
    known = {slip for grammar in map(Grammar, SCENES) for slip in grammar._mended}
    assert not known & {name.lower() for name in PEOPLE}
