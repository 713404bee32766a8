"""Benchmark questions among training problems are found, and a study leaves them out."""

import json
from pathlib import Path

import pytest

from fractionate import find_leaks
from fractionate.config import parse_config
from fractionate.errors import InputError
from fractionate.records import Span, Trace
from fractionate.study.data import gather
from fractionate.traces import read_files
from fractionate.transfer import Problem
from fractionate.transfer.leaks import match_leaks, unseen

ASKED = "A farmer sells 12 baskets of ripe red plums at the Saturday market for 4 dollars each. How much does he earn?"
CASES = [
    ("the same", ASKED, True),
    ("other numbers", ASKED.replace("12", "7"), True),
    ("case and space", ASKED.upper().replace(" ", "  "), True),
    ("inside a longer prompt", f"Think about what follows and then answer in one word only. {ASKED} Now go on.", True),
    ("another story", "A train leaves the station at noon and reaches the coast after 3 hours. How far is it?", False),
    ("one phrase of it", "How much does he earn?", False),
    ("nothing", "", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "problem", "leaks"), CASES, ids=[c[0] for c in CASES])
def test_what_counts_as_the_same_problem(name: str, problem: str, leaks: bool) -> None:
    trace = Trace("t", problem, "", Span(0, 0))
    found = match_leaks([trace], {"market": [Problem("m#0", ASKED, "48")]})
    assert [(leak.trace, leak.benchmark, leak.problem) for leak in found] == [
        (trace, "market", "m#0")
    ] * leaks


def test_short_problems_are_known_by_their_numbers() -> None:
    traces = [Trace(p, p, "", Span(0, 0)) for p in ("What is 2 + 3?", "What is 2 + 4?")]
    assert [
        leak.trace.id for leak in match_leaks(traces, {"sums": [Problem("s#0", "what is 2 + 3 ?", "5")]})
    ] == ["What is 2 + 3?"]


def test_generated_families_are_left_out() -> None:
    assert not match_leaks([Trace("t", ASKED, "", Span(0, 0))], {"gym:x": [Problem("g#0", ASKED, "48")]})


def test_test_questions_are_all_caught_and_training_questions_are_not(data: Path) -> None:
    benchmark = str(data / "benchmarks" / "gsm8k_test.jsonl")
    four = read_files([data / "traces" / "gsm8k_test_four_models"]).traces
    assert [t.id for t in find_leaks(four, benchmarks=[benchmark])] == [t.id for t in four]
    train = read_files([data / "traces" / "gsm8k_human"]).traces
    assert len(find_leaks(train, benchmarks=[benchmark])) <= len(train) / 100


def _study(folder: Path, leaks: str, count: int = 12) -> str:
    """A study of a file half of whose problems the benchmark asks."""
    what = ["apples", "old clocks", "big dogs", "wet socks", "tall trees", "brass bells"] * 2
    rows = [
        {"question": f"{name} has {i + 2} {what[i % 12]} in the {place} and buys 1 more of them. How many are there?",
         "solution": f"{i + 2} + 1 = {i + 3}. The answer is {i + 3}.", "answer": str(i + 3)}
        for i, (name, place) in enumerate((n, p) for n in ("Ann", "Bo", "Cy", "Di") for p in ("yard", "attic", "shed"))
    ]  # fmt: skip
    (folder / "traces.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    asked = [{"question": r["question"], "answer": r["answer"]} for r in rows[:count]]
    (folder / "asked.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked))
    return (
        f'name = "x"\n[data]\nfiles = ["{folder / "traces.jsonl"}"]\nleaks = "{leaks}"\n'
        f'[transfer]\nstyles = []\nbenchmarks = ["{folder / "asked.jsonl"}"]\n'
    )


def test_a_study_leaves_leaking_traces_out_and_says_so(tmp_path: Path) -> None:
    material = gather(parse_config(_study(tmp_path, "exclude", 3), "s.toml"))
    kept = gather(parse_config(_study(tmp_path, "keep", 3), "s.toml"))
    left = len(kept.anatomies) - len(material.anatomies)
    assert left > 0 and any("they are left out" in fact for fact in material.facts)
    assert any("learned all the same" in fact for fact in kept.facts)


def test_a_study_of_nothing_but_leaks_stops(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ask what a benchmark asks"):
        gather(parse_config(_study(tmp_path, "exclude"), "s.toml"))


def test_benchmark_problems_that_were_learned_are_not_asked() -> None:
    problems = [Problem(f"b#{i}", text, "1") for i, text in enumerate(QUESTIONS)]
    learned = [
        QUESTIONS[0].upper().replace("3", "4"),
        "Something else altogether, of which nobody asked anything.",
    ]
    assert [p.id for p in unseen(problems, learned)] == [p.id for p in problems[1:]]
    assert unseen(problems, []) == problems


QUESTIONS = [
    "Tom has 3 boxes with 12 red pens each and gives 5 of the pens to his sister. How many pens does he keep?",
    "A train leaves the station at noon and travels at 80 miles an hour. How far has it come by four o'clock?",
    "Mia bakes 24 cookies and sells a third of them at the fair for two dollars each. What does she earn?",
]
