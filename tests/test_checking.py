"""Answers: found where they are stated, and compared as a fair grader would."""

import json
import os
import threading
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fractionate.checking import CHECKERS, extract_answer, first_answer, same_answer, worker
from fractionate.checking.numbers import plain_number
from fractionate.checking.numerals import MOST, spell
from fractionate.errors import InputError
from fractionate.records import Verdict

CASES = json.loads(Path(__file__).with_name("answers.json").read_text(encoding="utf-8"))
ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("FRACTIONATE_DATA", ROOT.parent / "shared" / "data")) / "benchmarks"


@pytest.mark.parametrize(("text", "checker", "expected"), CASES["extract"])
def test_the_stated_answer_is_found(text, checker, expected):
    assert extract_answer(text, checker) == expected


@pytest.mark.parametrize(("asked", "text", "checker", "expected"), CASES["asked"])
def test_quotations_of_the_prompt_are_not_the_answer(asked, text, checker, expected):
    assert extract_answer(text, checker, asked) == expected


@pytest.mark.parametrize(("gold", "answer", "checker", "expected"), CASES["same"])
def test_answers_are_compared(gold, answer, checker, expected):
    verdict = same_answer(gold, answer, checker)
    assert verdict.same is expected, verdict
    assert verdict.by == checker.partition(":")[0]


@given(st.integers(-(10**12), 10**12), st.integers(0, 3))
def test_a_number_is_itself_in_every_dress(n, zeros):
    sign, digits = ("-" if n < 0 else ""), f"{abs(n):,}"
    dressed = digits + ("." + "0" * zeros if zeros else "")
    for text in (
        f"{n}",
        f"{sign}${dressed}",
        f"{sign}{dressed} pens",
        rf"{sign}{digits.replace(',', '{,}')}",
    ):
        assert plain_number(text) == Fraction(n), text
    assert same_answer(str(n + 1), f"{sign}{dressed}").same is False


@given(st.integers(2, MOST))
def test_a_number_in_words_is_its_figures_and_no_other_number(n):
    words = spell(n)
    assert plain_number(f"{words} pens") == n
    assert extract_answer(f"So there are {words} pens.") == words
    assert same_answer(str(n), f"The answer is {words}.").same is True
    assert same_answer(str(n + 1), words).same is False


@given(st.text(max_size=80))
def test_any_text_can_be_read(text):
    for checker in ("math", "exact", "choice", "boolean", "list", "set"):
        extract_answer(text, checker)
        first_answer(text, checker)
    plain_number(text)


@given(st.lists(st.integers(1, 999), min_size=1, max_size=6), st.integers(1, 999))
def test_a_repeated_problem_states_no_answer_and_hides_none(amounts, total):
    told = " ".join(f"Box {chr(65 + i)} holds {n} pens." for i, n in enumerate(amounts))
    problem = f"{told} How many pens are there?"
    assert extract_answer(problem, "math", problem) is None
    assert extract_answer(f"{problem}\nThere are {total} pens.", "math", problem) == str(total)


def test_an_answer_is_the_same_as_itself():
    for row in CASES["same"]:
        if row[0]:
            assert same_answer(row[0], row[0], row[2]).same is True, row[0]


def test_first_answer_takes_what_a_forced_response_begins_with():
    assert first_answer(" 18 apples. The answer is 20.") == "18"
    assert first_answer(": $1,000") == "$1,000"
    assert first_answer(" twenty-one pens. Then 3 more.") == "twenty-one pens"
    assert first_answer(" Tom is a lempus. So", "exact") == "Tom is a lempus"
    assert first_answer(" many", "math") is None


def test_formulas_are_compared_outside_the_main_thread():
    verdicts = []
    thread = threading.Thread(target=lambda: verdicts.append(same_answer("\\sqrt{12}", "2\\sqrt{3}")))
    thread.start()
    thread.join(60)
    assert [v.same for v in verdicts] == [True]


def test_a_comparison_that_takes_too_long_cannot_be_told(monkeypatch):
    monkeypatch.setattr(worker, "LIMIT", 0.02)
    assert same_answer("x+1", "9^{9999999}-(9^{9999999}-1)+x").same is None
    monkeypatch.undo()
    assert same_answer("x+1", "1+x").same is True


def test_a_checker_of_ones_own_joins_by_name():
    CHECKERS.register("even")(lambda gold, answer: Verdict(int(answer) % 2 == 0, "even"))
    assert same_answer("any", "4", "even") == Verdict(True, "even")
    with pytest.raises(InputError, match="did you mean even"):
        same_answer("1", "1", "evn")


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared data folder (FRACTIONATE_DATA)")
def test_agreement_with_human_labels_on_gsm8k():
    agree = total = 0
    with (DATA / "gsm8k_example_model_solutions.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            gold = extract_answer(row["ground_truth"])
            assert gold is not None
            for solution in (v for v in row.values() if isinstance(v, dict)):
                verdict = same_answer(gold, extract_answer(solution["solution"]))
                agree += verdict.same is solution["is_correct"]
                total += 1
    print(f"agreement {agree}/{total}")
    assert agree / total >= 0.995
