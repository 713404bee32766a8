"""The analysis of traces: exact spans, arithmetic, roles, links, importance, and bounded time."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from fractionate.anatomy import analyze, analyze_all, cues, tree
from fractionate.anatomy.draft import Draft, StepDraft
from fractionate.anatomy.establish import establish, read_arithmetic
from fractionate.anatomy.segment import steps_of
from fractionate.anatomy.values import mentions
from fractionate.records import DEPENDS, Anatomy, Role, Span, Trace
from fractionate.storage import from_json, to_json

CASES = json.loads((Path(__file__).parent / "anatomy_cases.json").read_text(encoding="utf-8"))
PROBLEM = "Tom has 3 boxes of 4 pens. How many pens does Tom have?"


def traced(text: str, problem: str = PROBLEM, answer: str | None = None) -> Trace:
    return Trace(id="t", problem=problem, text=text, solution=Span(0, len(text)), answer=answer)


def sources(anatomy: Anatomy, user: int) -> set[str]:
    links = (u for u in anatomy.links if u.user == user and u.confidence >= DEPENDS)
    return {("P" if u.source_is == "premise" else "S") + str(u.source) for u in links}


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


@pytest.mark.parametrize(("text", "kind", "role"), CASES["roles"])
def test_kinds_and_roles(text: str, kind: str, role: str) -> None:
    assert [(s.kind, s.role) for s in analyze(traced(text, answer="12")).steps] == [(kind, role)]


@pytest.mark.parametrize(("text", "expected"), CASES["pieces"])
def test_pieces(text: str, expected: list[list[str]]) -> None:
    [step] = analyze(traced(text), [Span(0, len(text))]).steps
    assert [[p.span.of(text), p.role] for p in step.pieces] == expected


CUES = [cue for cue in vars(cues).values() if isinstance(cue, cues.Cue)]


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.hint.pattern[:20])
def test_a_hint_stands_wherever_its_cue_does(cue: cues.Cue) -> None:
    texts = [case[0] for name in ("roles", "pieces", "segment") for case in CASES[name]]
    texts += [s for case in WORDINGS for s in (case, case.replace("'", "’"), case.upper())]
    for text in texts:
        assert (cue.search(text) is None) == (cue.pattern.search(text) is None), text
    assert any(cue.search(text) for text in texts)


WORDINGS = [
    "That doesn't add up.", "It checks out.", "It works out.", "That's it.", "I think that's all.", "As expected.",
    "Which confirms it.", "It agrees.", "I'm getting confused.", "I don't know.", "I can't recall.", "I wonder.",
    "I might have missed it.", "I think I'm lost.", "I made something up.", "Be careful.", "There's a better one.",
    "There must be something off.", "Not certain.", "Oops.", "I forgot it.", "That is an error.", "not 5", "Rather 5",
    "Scratch that.", "Redo it.", "It should be so.", "Let me fix it.", "Starting over: start over.", "Back up.",
    "Alternatively", "Rethink it.", "Re-examine it.", "Verify it.", "A sanity test.", "Make sure.", "It is consistent.",
    "Our goal.", "Work backward.", "Perhaps we can.", "The strategy.", "then add", "I'd better go.", "How about two?",
    "You need to go.", "I need luck.", "Given that.", "As stated.", "The question wants it.", "It does not matter.",
    "Irrelevant.", "Not relevant.", "The prompt specifies it.", "I've got this problem.", "Denote it.", "Suppose so.",
    "Final solution: 5", "#### 5", "The result comes.", "If I made no errors.", "Instead of that",
    "As before", "From the earlier part", "Earlier, I said so.", "Already known", "Previously", "Looking back at it",
]  # fmt: skip


PIECES = st.sampled_from(
    ['{"a": "', '"}', "\\n", "Wait, ", "let me check: ", ", but ", "so ", "| 1 |\n", "= ", "that is wrong, ",
     *"$.!?\n\t ()[]{}*/+-=%#<>`\\", "12", "3.5", "1,000", "<<", ">>", "\\[", "\\]", "```", "<think>", "</think>",
     "\\begin{a}", "\\end{a}", "Mr.", " e.g. ", "x", "half", "So ", "wait", "is", " of ", "\\frac", "1/0", "²", "٣"]
)  # fmt: skip


def wrapping(gap: str, text: str) -> bool:
    """Whether a gap between steps holds no prose: white space, a tag, or the signs and keys of JSON."""
    return not gap.strip() or "<" in gap or '{"' in text


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.booleans())
def test_pieces_divide_a_step_in_order(text: str, whole: bool) -> None:
    span = Span(len(text) - len(text.lstrip()), len(text.rstrip()))
    for step in analyze(traced(text), [span] if whole and text.strip() else None).steps:
        if not step.pieces:
            continue
        assert step.role in {p.role for p in step.pieces}
        assert all(a.role != b.role for a, b in pairwise(step.pieces))
        assert (step.pieces[0].span.start, step.pieces[-1].span.end) == step.span
        assert all(not text[a.span.end : b.span.start].strip() for a, b in pairwise(step.pieces))
        assert all(p.span.start < p.span.end for p in step.pieces)


@given(st.lists(st.tuples(st.integers(1, 9), st.lists(st.integers(1, 9), max_size=3)), max_size=12))
def test_citations_in_a_circle_give_no_circle(cited: list[tuple[int, list[int]]]) -> None:
    lines = [f"#{n}. (by {' '.join(f'#{m}' for m in by)}) So 3 + {n} = {n + 3}." for n, by in cited]
    anatomy = analyze(traced("\n".join(lines)))
    assert all(u.source < u.user for u in anatomy.links if u.source_is == "step")
    assert all(u.source in range(len(anatomy.premises)) for u in anatomy.links if u.source_is == "premise")


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80), st.data())
def test_spans_rebuild_the_text_and_links_point_back(text: str, data: st.DataObject) -> None:
    middle = data.draw(st.integers(0, len(text)))
    trace = Trace(id="t", problem=text, text=text, thinking=Span(0, middle), solution=Span(middle, len(text)))
    anatomy = analyze(trace)
    end = 0
    for step in anatomy.steps:
        assert wrapping(text[end : step.span.start], text)
        quoted = step.span.of(text)
        assert quoted and quoted == quoted.strip()
        assert step.part == ("thinking" if step.span.start < middle else "solution")
        end = step.span.end
    assert wrapping(text[end:], text)
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
    "full stops": "." * 200_000 + " x",
    "mixed scripts": "Том 有 3 шт. ٣ تفاح שלום = 7। " * 5_000,
    "right to left": "\u202eשלום עולם 3 + 4 = 7. " * 5_000,
    "unbalanced": "\\frac{1}{ \\left( $x \\begin{a} \\[ \\( \\end{b} " * 5_000,
    "a circle of links": "".join(f"#{i}. (by #{i + 1} #{i}) Step {i}: x.\n" for i in range(3_000)),
    "open JSON": '{"a": ' * 50_000,
    "JSON": '{"reasoning": "' + "Add 3.\\n" * 20_000 + '"}',
    "tables": "| 1 | 2 |\n" * 20_000,
    "equations": "= 3\n" * 50_000,
    "goals": ", to go " * 50_000,
    "headings": "#" * 100_000 + "\nAdd 3.",
    "marks of items": "#**(" * 30_000 + "\n- " + "# " * 50_000 + "x",
    "bullets": "- " * 100_000 + "\n" + "1.\n" * 30_000,
    "full-width stops": "。" * 100_000 + "x。" * 5_000,
    "JSON lines": '{"a": "b."}\n' * 20_000,
    "broken JSON": '{"a": "b\n' * 30_000,
    "fences": "```\n" * 30_000 + "```json\n{" * 10_000,
    "gaps": ("so" + " " * 4_900 + "so.\n") * 100,
}


UNREAD = {
    "\x00\x01 3 + 4 = 7": "control characters",
    "שלום עולם 3 + 4 = 7.": "Latin",
    "So \\[ x = 3.": "not closed",
    "(" * 10_000 + "1" + ")" * 10_000 + " = 1": "nested",
    "9**9**9**9 = 3": "powers",
    "```\nx = 3 + 4\n```": "code",
    "": "no text",
    "so " * 5_000: "longer than",
    "x.\n" * 11_000: "more than",
}


@pytest.mark.parametrize("text", UNREAD, ids=UNREAD.values())
def test_what_could_not_be_read_is_said(text: str) -> None:
    assert any(UNREAD[text] in note for note in analyze(traced(text)).notes)


def test_plain_text_needs_no_excuse() -> None:
    assert analyze(traced("So 3 * 4 = 12 pens.\nThe answer is 12.", answer="12")).notes == ()


def test_the_fence_around_json_is_no_code() -> None:
    text = 'So:\n```json\n{"a": "3 + 4 = 7."}\n```\nDone.\n```json\n{"a": "b"c"}\n```\nSo 7 + 1 = 8.'
    anatomy = analyze(traced(text))
    assert not any("code" in note for note in anatomy.notes)
    assert [s.check for s in anatomy.steps].count("right") == 2


def test_a_marker_has_no_value() -> None:
    text = "So:\n1. Go up.\nThus:\n12) Stop.\nCase 7: n is even.\n**Case 8:** n is odd."
    assert [s.results for s in analyze(traced(text)).steps] == [()] * 6


def test_code_is_kept_whole_and_not_computed() -> None:
    text = "We write:\n```python\nx = 3 + 5\ny = x * 2\n```\nfor i in range(3):\n3 * 4 = 13."
    steps = analyze(traced(text)).steps
    assert [(s.check, s.results) for s in steps[1:]] == [
        ("unchecked", ()),
        ("unchecked", ()),
        ("wrong", ("13",)),
    ]


@pytest.mark.parametrize("name", NASTY)
def test_nasty_inputs_are_read_in_bounded_time(name: str) -> None:
    began = time.process_time()
    analyze(traced(NASTY[name], problem=NASTY[name][:200_000], answer="7"))
    assert time.process_time() - began < 10


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


READ_AGAIN = """
from fractionate.anatomy import analyze
from fractionate.records import Span, Trace
values = range(115, 745, 15)
said = " ".join(f"Adding {n - 1} + 1 = {n} apple{chr(97 + i % 26)}." for i, n in enumerate(values))
text = said + " Applea, then, " + ", ".join(map(str, values)) + "."
print(analyze(Trace(id="t", problem="Which?", text=text, solution=Span(0, len(text)))))
"""


def test_every_process_reads_the_same() -> None:
    def told(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", READ_AGAIN]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert told("1") == told("2") == told("3") == told("4")


def test_given_steps_are_kept() -> None:
    text = "First, 2 + 3 = 5. Then 5 * 2 = 10.\nSo it is 10."
    spans = [Span(0, 35), Span(35, len(text))]
    found = analyze(traced(text), spans)
    assert [s.span for s in found.steps] == spans
