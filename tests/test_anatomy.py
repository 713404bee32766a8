"""The analysis of traces: exact spans, arithmetic, roles, links, importance, and bounded time."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from fractionate.anatomy import analyze, analyze_all, tree
from fractionate.anatomy.draft import Draft, StepDraft
from fractionate.anatomy.establish import establish, read_arithmetic
from fractionate.anatomy.segment import steps_of
from fractionate.anatomy.values import mentions
from fractionate.records import Anatomy, Role, Span, Trace
from fractionate.storage import from_json, to_json

CASES = json.loads((Path(__file__).parent / "anatomy_cases.json").read_text(encoding="utf-8"))
PROBLEM = "Tom has 3 boxes of 4 pens. How many pens does Tom have?"


def traced(text: str, problem: str = PROBLEM, answer: str | None = None) -> Trace:
    return Trace(id="t", problem=problem, text=text, solution=Span(0, len(text)), answer=answer)


def sources(anatomy: Anatomy, user: int) -> set[str]:
    return {
        ("P" if u.source_is == "premise" else "S") + str(u.source) for u in anatomy.links if u.user == user
    }


@pytest.mark.parametrize(("text", "expected"), CASES["segment"])
def test_segments(text: str, expected: list[str]) -> None:
    assert [s.of(text) for s in steps_of(text, Span(0, len(text)))] == expected


@pytest.mark.parametrize(("text", "expected"), CASES["values"])
def test_values(text: str, expected: list[str]) -> None:
    assert [m.value for m in mentions(text)] == expected


@pytest.mark.parametrize(("text", "check", "results"), CASES["arithmetic"])
def test_arithmetic(text: str, check: str, results: list[str]) -> None:
    draft = Draft(traced(text), steps=[StepDraft(0, Span(0, len(text)), text)])
    read_arithmetic(draft)
    establish(draft)
    stated = [m.value for e in draft.steps[0].equations for m in e.results]
    assert (draft.steps[0].check, list(dict.fromkeys(stated))) == (check, results)


@pytest.mark.parametrize(("text", "kind"), CASES["roles"])
def test_kinds(text: str, kind: str) -> None:
    assert [s.kind for s in analyze(traced(text, answer="12")).steps] == [kind]


PIECES = st.sampled_from(
    [*"$.!?\n\t ()[]{}*/+-=%#<>`\\", "12", "3.5", "1,000", "<<", ">>", "\\[", "\\]", "```", "<think>", "</think>",
     "\\begin{a}", "\\end{a}", "Mr.", " e.g. ", "x", "half", "So ", "wait", "is", " of ", "\\frac", "1/0", "²", "٣"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80), st.data())
def test_spans_rebuild_the_text_and_links_point_back(text: str, data: st.DataObject) -> None:
    middle = data.draw(st.integers(0, len(text)))
    trace = Trace(id="t", problem=text, text=text, thinking=Span(0, middle), solution=Span(middle, len(text)))
    anatomy = analyze(trace)
    end = 0
    for step in anatomy.steps:
        gap = text[end : step.span.start]
        assert not gap.strip() or "<" in gap
        quoted = step.span.of(text)
        assert quoted and quoted == quoted.strip()
        assert step.part == ("thinking" if step.span.start < middle else "solution")
        end = step.span.end
    assert not text[end:].strip() or "<" in text[end:]
    assert all(u.source < u.user for u in anatomy.links if u.source_is == "step")
    assert from_json(Anatomy, to_json(anatomy)) == anatomy


def test_a_chain_is_linked_and_weighed() -> None:
    problem = (
        "Ann sold clips to 48 friends in April. In May she sold half as many. She has 7 cats. How many clips?"
    )
    text = "Ann has 7 cats.\nIn May she sold 48/2 = <<48/2=24>>24 clips.\n"
    text += "In all she sold 48+24 = <<48+24=72>>72.\n#### 72"
    anatomy = analyze(traced(text, problem, "72"))
    assert [s.role for s in anatomy.steps] == [Role.LANGUAGE, Role.STRUCTURE, Role.STRUCTURE, Role.STRUCTURE]
    assert sources(anatomy, 1) == {"P0", "P1"}
    assert sources(anatomy, 2) == {"P0", "S1"}
    assert [s.paths for s in anatomy.steps] == ["none", "all", "all", "all"]
    assert [s.index for s in anatomy.decision_points()] == [1, 2]
    assert [a.of(text) for a in anatomy.asides] == ["<<48/2=24>>", "<<48+24=72>>"]
    assert anatomy.coverage == 1.0 and anatomy.first_wrong is None


def test_a_repaired_mistake_is_not_needed() -> None:
    text = "3 * 4 = 14 pens.\nWait, that's wrong.\nIt should be 3 * 4 = 12 pens.\nThe answer is 12."
    anatomy = analyze(traced(text, answer="12"))
    assert anatomy.first_wrong == 0
    assert [s.paths for s in anatomy.steps] == ["none", "none", "all", "all"]
    assert [s.kind for s in anatomy.steps][1:3] == ["mistake", "correction"]


def test_a_distractor_is_not_needed_and_an_untraced_answer_is_noted() -> None:
    text = "He has 3 + 4 = 7 things.\n3 * 4 = 12.\nThe answer is 12."
    assert [s.paths for s in analyze(traced(text, answer="12")).steps] == ["none", "all", "all"]
    assert analyze(traced("So it holds.", answer="99")).notes


def test_labels_and_citations() -> None:
    text = "#1. Tom has pens.\n#2. It is late.\n"
    text += "#3. (by #1) Step 1: Find the color.\nThe color of pens is blue today."
    anatomy = analyze(traced(text))
    assert "S0" in sources(anatomy, 3) and "S1" not in sources(anatomy, 3)


NASTY = {
    "empty": "",
    "one line of 1 MB": "3 + 4 = 7 apples and " * 50_000,
    "sentences, 1 MB": "So 3 + 4 = 7. " * 72_000,
    "binary": "".join(chr(i % 256) for i in range(100_000)),
    "brackets": "(" * 10_000 + "1" + ")" * 10_000 + " = 1",
    "openers": "\\begin{a} $x \\( \\[ <<1 ``` " * 5_000,
    "tower": "9**9**9**9**9 = 9^9^9^9^9",
    "digits": "1" * 200_000 + " + 1 = 2",
    "commas": "1,000" + ",000" * 50_000,
    "dots": ". " * 100_000,
    "newlines": "\n " * 200_000,
    "links": "\n".join(f"{i} + 1 = {i + 1}" for i in range(3_000)),
    "letters": "a" * 500_000,
    "steps": "step 1 step 2 " * 20_000,
    "fraction": "1/" * 50_000,
    "let": "let " * 5_000 + "find " * 5_000,
}


@pytest.mark.parametrize("name", NASTY)
def test_nasty_inputs_are_read_in_bounded_time(name: str) -> None:
    began = time.perf_counter()
    analyze(traced(NASTY[name], problem=NASTY[name][:200_000], answer="7"))
    assert time.perf_counter() - began < 10


def test_the_tree_shows_steps_links_and_decisions() -> None:
    console = Console(width=120, record=True, file=None, force_terminal=False)
    with console.capture() as capture:
        console.print(tree(analyze(traced("3 * 4 = 12 pens.\n#### 12", answer="12"))))
    assert "★ ✓ 3 * 4 = 12 pens.  = 12  ← P1" in capture.get()


def test_many_traces_over_several_processes_keep_their_order() -> None:
    traces = [
        replace(traced(f"So {n} * 3 = {3 * n}.\nThe answer is {3 * n}."), id=str(n)) for n in range(300)
    ]
    alone = [analyze(t) for t in traces]
    assert list(analyze_all(traces)) == alone
    assert list(analyze_all(iter(traces[:150]), workers=2)) == alone[:150]


def test_given_steps_are_kept() -> None:
    text = "First, 2 + 3 = 5. Then 5 * 2 = 10.\nSo it is 10."
    spans = [Span(0, 35), Span(35, len(text))]
    found = analyze(traced(text), spans)
    assert [s.span for s in found.steps] == spans
