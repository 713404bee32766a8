"""Annotators: a language model behind a local endpoint that behaves well, badly, or not at all."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_endpoint import Reply, completion, fake
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from fractionate.anatomy import ANNOTATORS, AnnotatorSettings, analyze, annotator
from fractionate.anatomy.annotators.endpoint import EndpointAnnotator
from fractionate.anatomy.answers import SCHEMA, Answer, StepAnswer, apply, question, read_answer
from fractionate.anatomy.passes import judge, read
from fractionate.cli import app
from fractionate.errors import InputError, WorkError
from fractionate.models.endpoint import Endpoint, EndpointSettings
from fractionate.records import Anatomy, Role, Span, Trace
from fractionate.storage import read_records

TEXT = "Let me see.\n3 * 4 = 13 pens.\nNo, 3 * 4 = 12 pens.\nThe answer is 12."
TRACE = Trace("t", "Tom has 3 boxes. Each has 4 pens. How many pens?", TEXT, Span(0, len(TEXT)), answer="12")


def step(index: int, kind: str = "compute", role: str = "structure", **more: Any) -> dict[str, Any]:
    plain = {"uses_problem": [], "uses_steps": [], "results": [], "wrong": False, "repairs": None}
    return {"index": index, "role": role, "kind": kind, **plain, **more}


GOOD = {
    "steps": [
        step(0, "filler", "language"),
        step(1, uses_problem=[0, 1], results=["13"], wrong=True),
        step(2, "correction", "error_signal", uses_problem=[0, 1], results=["12"], repairs=1),
        step(3, "conclude", uses_steps=[2], results=["12"]),
    ]
}
RIGHT: Reply = (200, completion(json.dumps(GOOD)))


def asking(url: str, cache: Path | None = None, attempts: int = 3) -> EndpointAnnotator:
    settings = EndpointSettings("m", url, 1.0, 2.0, cache, attempts, pause=0.0, timeout=5.0)
    return EndpointAnnotator(AnnotatorSettings("m"), Endpoint(settings))


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")


def test_a_right_answer_becomes_an_anatomy() -> None:
    with fake(RIGHT) as endpoint:
        (anatomy,) = asking(endpoint.url)([TRACE])
    assert anatomy.annotator == "endpoint:m" and anatomy.notes == ()
    assert [s.span for s in anatomy.steps] == [s.span for s in analyze(TRACE).steps]
    assert [s.kind for s in anatomy.steps] == ["filler", "compute", "correction", "conclude"]
    assert anatomy.first_wrong == 1 and anatomy.steps[2].repairs == 1
    assert anatomy.steps[2].results == ("12",)
    assert {(u.user, u.source, u.source_is) for u in anatomy.links} == {
        (1, 0, "premise"), (1, 1, "premise"), (2, 0, "premise"), (2, 1, "premise"), (3, 2, "step"),
    }  # fmt: skip
    assert [s.paths for s in anatomy.steps] == ["none", "none", "all", "all"]
    request = endpoint.asked[0]
    assert request["response_format"]["json_schema"]["strict"] is True
    assert "S1: 3 * 4 = 13 pens." in request["messages"][1]["content"]


BROKEN = (200, completion("I would rather not."))
REPLIES: dict[str, tuple[Reply, ...]] = {
    "prose, then an answer": (BROKEN, RIGHT),
    "another schema, then an answer": ((200, completion('{"steps": [{"index": 0}]}')), RIGHT),
    "no JSON at all, then an answer": ((200, b"<html>"), RIGHT),
    "too many requests, then an answer": ((429, {"error": {"message": "slow down"}}), RIGHT),
    "a server error, then an answer": ((503, {"error": {"message": "busy"}}), RIGHT),
}


@pytest.mark.parametrize("name", REPLIES)
def test_what_passes_is_tried_again(name: str) -> None:
    with fake(*REPLIES[name]) as endpoint:
        asked = asking(endpoint.url)
        (anatomy,) = asked([TRACE])
    assert len(endpoint.asked) == 2 and anatomy.annotator == "endpoint:m"
    assert asked.costs()["requests"] == 2


def test_an_answer_that_never_can_be_read_leaves_the_built_in_analysis() -> None:
    with fake(BROKEN) as endpoint:
        asked = asking(endpoint.url)
        (anatomy,) = asked([TRACE])
    assert len(endpoint.asked) == 3 and asked.costs()["tokens_in"] == 300
    assert anatomy.annotator == "builtin" and any("could not be read" in n for n in anatomy.notes)


def test_a_dead_endpoint_is_one_clear_error() -> None:
    with fake(RIGHT) as endpoint:
        url = endpoint.url
    with pytest.raises(
        WorkError, match=r"127\.0\.0\.1.*no use after 3 attempts: it cannot be reached"
    ) as error:
        list(asking(url)([TRACE]))
    assert "\n" not in str(error.value)


def test_a_refusal_ends_at_once_and_hides_the_key() -> None:
    refused = (401, {"error": {"message": "wrong key sk-secret"}})
    with fake(refused) as endpoint, pytest.raises(InputError, match="status 401") as error:
        list(asking(endpoint.url)([TRACE]))
    assert len(endpoint.asked) == 1 and endpoint.keys == ["Bearer sk-secret"]
    assert "sk-secret" not in str(error.value)


def test_what_was_answered_once_is_never_asked_again(tmp_path: Path) -> None:
    other = replace(TRACE, id="other", problem="Tom has 3 boxes. How many pens?")
    with fake(RIGHT) as endpoint:
        first = asking(endpoint.url, tmp_path)
        (before,) = first([TRACE])
        again = asking(endpoint.url, tmp_path)
        after = list(again([TRACE, other]))
        assert len(endpoint.asked) == 2
    assert after[0] == before and [a.trace.id for a in after] == ["t", "other"]
    costs = {"model": "m", "requests": 1, "cached": 1, "tokens_in": 100, "tokens_out": 10, "cost": 120e-6}
    assert again.costs() == pytest.approx(costs)
    assert not any(b"sk-secret" in f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    traces = [replace(TRACE, id=str(n), problem=f"Part {n}. Tom has 3 boxes of 4 pens.") for n in range(6)]
    refused = (401, {"error": {"message": "no credit"}})
    with fake(RIGHT, RIGHT, refused) as endpoint:
        with pytest.raises(InputError):
            list(asking(endpoint.url, tmp_path)(traces))
        endpoint.replies, endpoint.asked = [RIGHT], []
        found = list(asking(endpoint.url, tmp_path)(traces))
    assert [a.trace.id for a in found] == [str(n) for n in range(6)]
    assert len(endpoint.asked) == 4


def answered(*steps: dict[str, Any]) -> Anatomy:
    draft = read(TRACE)
    apply(draft, Answer(steps=[StepAnswer(**s) for s in steps]))
    return judge(draft, "endpoint:m")


def test_impossible_numbers_are_dropped_and_noted() -> None:
    found = answered(
        step(3, "conclude", uses_steps=[3, 9, -1, 2, 2], uses_problem=[77]), step(50), step(3, repairs=3)
    )
    assert [(u.user, u.source) for u in found.links if u.user == 3] == [(3, 2)]
    assert any("impossible" in n for n in found.notes) and any(
        "3 steps are not in it" in n for n in found.notes
    )


def test_results_are_written_canonically() -> None:
    found = answered(step(1, results=[" 1,200 ", "3/6", "x + 1", "", "12 pens"]))
    assert found.steps[1].results == ("1200", "1/2", "x + 1", "12 pens")


NUMBERS = st.integers(-3, 8)
ANSWERS = st.lists(
    st.builds(
        step, NUMBERS, st.sampled_from(SCHEMA["properties"]["steps"]["items"]["properties"]["kind"]["enum"]),
        st.sampled_from(Role).map(str), uses_problem=st.lists(NUMBERS, max_size=4),
        uses_steps=st.lists(NUMBERS, max_size=4), results=st.lists(st.text(max_size=70), max_size=3),
        wrong=st.booleans(), repairs=st.none() | NUMBERS,
    ),
    max_size=8,
)  # fmt: skip


@given(ANSWERS)
def test_whatever_is_answered_makes_an_acyclic_anatomy(steps: list[dict[str, Any]]) -> None:
    found = answered(*steps)
    assert len(found.steps) == 4
    assert all(s.repairs is None or s.repairs < s.index for s in found.steps)


@pytest.mark.parametrize(
    "text", ["", "{}", '{"steps": []}', '{"steps": [1]}', "[]", json.dumps({**GOOD, "more": 1})]
)
def test_answers_of_another_schema_are_no_use(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_answer(text)


def test_the_schema_and_the_reader_agree() -> None:
    fields = SCHEMA["properties"]["steps"]["items"]
    assert set(fields["properties"]) == set(fields["required"]) == set(StepAnswer.model_fields)
    assert read_answer(json.dumps(GOOD)).steps[2].repairs == 1
    assert "P1: Each has 4 pens." in question(read(TRACE))


def test_the_built_in_annotator_needs_no_model() -> None:
    assert list(annotator("builtin")([TRACE])) == [analyze(TRACE)]
    assert set(ANNOTATORS) >= {"builtin", "endpoint"}
    with pytest.raises(InputError, match="did you mean endpoint"):
        annotator("endpont")
    with pytest.raises(InputError, match="--model"):
        annotator("endpoint")


def test_the_command_asks_the_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTIONATE_CACHE", str(tmp_path / "cache"))
    row = {"question": TRACE.problem, "solution": TRACE.text, "answer": "12"}
    (tmp_path / "t.jsonl").write_text(json.dumps(row) + "\n")
    out = tmp_path / "anatomy.parquet"
    with fake(RIGHT) as endpoint:
        command = [
            "analyze",
            str(tmp_path / "t.jsonl"),
            "--out",
            str(out),
            "--annotator",
            "endpoint",
            "--json",
        ]
        command += ["--model", "m", "--base-url", endpoint.url, "--price-in", "1", "--price-out", "2"]
        result = CliRunner().invoke(app, command, catch_exceptions=False)
    told = json.loads(result.stdout)
    assert told["costs"]["requests"] == 1 and told["costs"]["cost"] == pytest.approx(120e-6)
    assert read_records(out, Anatomy)[0].annotator == "endpoint:m"
