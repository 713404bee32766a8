"""Prompt styles: what they change, what they leave, and what of other problems they show."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fractionate.checking.numerals import MOST, in_digits, spell
from fractionate.errors import InputError
from fractionate.records import Message
from fractionate.transfer import STYLES, Problem, items_for, load_benchmark, share_changed
from fractionate.transfer.styles import Prompted, changed, of_text, prompted
from fractionate.transfer.styles.names import EITHER, FEMALE, MALE
from fractionate.transfer.styles.text import split_sentences
from fractionate.transfer.suite import Suite
from fractionate.worlds import WORLDS, Dials
from fractionate.worlds.remarks import NUMBERED, REMARKS
from fractionate.worlds.scenes import PEOPLE

CASES = json.loads((Path(__file__).parent / "style_cases.json").read_text())
TEXT = (
    "Mrs. Hilt has 3 boxes of 4.5 pens at $1,200 each. The class A takes 1/2 of them at 3:30 p.m. and "
    "seven more come. If there are 10% left, how many pens does she have?"
)
NUMBER = re.compile(r"\d[\d,.:/]*\d|\d")
PROBLEM = Problem("p", TEXT, "7")
ASIDE = [Problem(f"o{i}", f"A cat eats {i + 2} mice a day. How many in {i} days?", str(i)) for i in range(6)]
FULL = "Anna has 14 pens. Her brother Paul has 3 times as many pens as Anna. How many pens does Paul have?"


def ledger(count, seed=0, **dials):
    traces = [a.trace for a in WORLDS["ledger"].sample(count, seed=seed, dials=Dials(**dials))]
    return [Problem(t.id, t.problem, t.gold, cluster=t.id, solution=t.text) for t in traces]


def text_of(style, text, seed=0):
    return prompted(style, Problem("p", text, "7"), seed=seed, aside=ASIDE).text


@pytest.mark.parametrize("style", sorted(set(STYLES) - {"number_words"}))
@settings(max_examples=25)
@given(seed=st.integers(0, 1000))
def test_every_style_keeps_numbers_words_and_names(style, seed):
    prompt = prompted(style, PROBLEM, seed=seed, aside=ASIDE)
    for sentence in re.split(r"(?<=[a-z.])[.] (?=[TI])", TEXT):
        numbers = NUMBER.findall(sentence)
        assert [n for n in NUMBER.findall(prompt.text) if n in numbers] == numbers
    for word in ("Mrs. Hilt", "seven", "class A", "pens", "$1,200", "10%"):
        assert word.lower() in prompt.text.lower()
    assert prompt == prompted(style, PROBLEM, seed=seed, aside=ASIDE)


@pytest.mark.parametrize(("style", "text", "expected"), CASES)
def test_cases(style, text, expected):
    for seed in range(5):
        found = re.sub(r"## \w+", "## ?", text_of(style, text, seed))
        assert found == (text if expected is None else expected)
    assert changed(style, Problem("p", text, "7")) is (expected is not None)


def test_at_least_sixteen_styles_change_every_problem_or_say_that_they_do_not():
    problems = ledger(40, depth=(1, 5), distractors=(0, 3))
    shares = {style: share_changed(style, problems, aside=ASIDE) for style in STYLES}
    assert shares.pop("plain") == 0 and len(shares) >= 16
    assert all(share == 1 for style, share in shares.items() if style != "shuffled")
    assert 0.8 < shares["shuffled"] < 1


def test_numbers_that_are_names_stay():
    for problem in load_benchmark("world:mazes?depth=2-4&seed=5", 5):
        assert prompted("number_words", problem, seed=0).text == problem.text
    text = "Behind 24 is 5. Which doors lead from 24 to the exit?"
    assert prompted("number_words", Problem("p", text, "24-5", "math"), seed=0).text != text


def test_noisy_leaves_formulas_and_case_that_means_something():
    noisy = text_of("noisy", TEXT)
    assert noisy != TEXT and "class A takes" in noisy and not noisy.endswith("?")
    assert r"$A \in the$" in text_of("noisy", r"Let $A \in the$ set. How many are there?")


@given(st.integers(0, 200))
def test_typos_slip_at_least_once_and_nowhere_else(seed):
    words = zip(FULL.split(), text_of("typos", FULL, seed).split(), strict=True)
    slips = [(a.strip("?."), b.strip("?.")) for a, b in words if a != b]
    assert slips and {a for a, _ in slips} <= {"many", "does", "have", "times"}
    assert all(sorted(a) == sorted(b) for a, b in slips)


@given(st.integers(0, 500))
def test_names_are_exchanged_alike_within_their_list(seed):
    found = text_of("renamed", FULL, seed)
    assert found.count("Anna") == found.count("Paul") == 0
    names = re.findall(r"^(\w+) has|brother (\w+) has|as (\w+)\. How|does (\w+) have", found)
    first, second, again, asked = ("".join(groups) for groups in names)
    assert first == again in FEMALE and second == asked in MALE
    rest = found.replace(first, "Anna").replace(second, "Paul")
    assert rest == FULL


def test_names_stay_where_the_answer_or_an_earlier_turn_says_them():
    problem = Problem("p", "Anna is older than Paul. Who is younger?", "Paul", "exact")
    found = prompted("renamed", problem, seed=0)
    assert "Paul" in found.text and "Anna" not in found.text
    chat = replace(problem, history=(Message("user", "Anna is ten."),))
    assert prompted("renamed", chat, seed=0) == (chat.text, chat.history)


def test_name_lists_do_not_overlap_and_know_the_ledgers_people():
    assert not set(FEMALE) & set(MALE) and not (set(FEMALE) | set(MALE)) & set(EITHER)
    assert set(PEOPLE) <= {*FEMALE, *MALE, *EITHER}


@pytest.mark.parametrize(("style", "remarks"), [("irrelevant", REMARKS), ("irrelevant_numbers", NUMBERED)])
def test_irrelevant_sentences_are_not_about_the_problem(style, remarks):
    patterns = [re.compile(re.escape(r.text).replace(r"\{n\}", r"(\d+)")) for r in remarks]
    for problem in ledger(60, distractors=(0, 3)):
        text = prompted(style, problem, seed=3).text
        added = [s for s in split_sentences(text) if any(p.fullmatch(s) for p in patterns)]
        assert len(added) == 2
        assert " ".join(s for s in split_sentences(text) if s not in added) == problem.text
        assert text.endswith(split_sentences(problem.text)[-1])
        numbers = {n for s in added for n in NUMBER.findall(s)}
        assert not numbers & {*NUMBER.findall(problem.text), problem.gold}
        assert bool(numbers) is (style == "irrelevant_numbers")


def test_shuffled_moves_statements_and_keeps_each_on_its_side_of_what_happens():
    for problem in ledger(60, depth=(2, 5), distractors=(0, 3)):
        before, after = (
            split_sentences(t) for t in (problem.text, prompted("shuffled", problem, seed=1).text)
        )
        assert sorted(before) == sorted(after) and before[-1] == after[-1]
        happening = re.compile(r"gives away|loses|eats|throws|shares|spends|sells")
        fixed = [i for i, s in enumerate(before) if happening.search(s)]
        assert all(after[i] == before[i] and sorted(after[:i]) == sorted(before[:i]) for i in fixed)


def test_system_prompts_join_what_is_there():
    chat = replace(PROBLEM, history=(Message("system", "Be brief."), Message("user", "Hello")))
    text, history = prompted("system_prompt", chat, seed=0)
    assert text == chat.text and [m.role for m in history] == ["system", "user"]
    assert history[0].content.endswith("\n\nBe brief.") and history[1] == chat.history[1]


def test_the_last_line_is_a_number_only_where_the_answer_is_one():
    assert "only a number" in prompted("last_line", PROBLEM, seed=0).text
    named = replace(PROBLEM, gold="Tom is a lempus.", checker="exact")
    assert '"Answer: ..."' in prompted("last_line", named, seed=0).text


@pytest.mark.parametrize(
    ("style", "count"), [("one_shot", 1), ("two_shot", 2), ("three_shot", 3), ("four_shot", 4)]
)
def test_shots_are_solved_problems_that_nobody_is_asked(style, count):
    problems = ledger(20)
    items = items_for(problems, cell="c", family="style", style=style, seed=0, limit=12)
    asked = {i.prompt for i in items}
    solutions = {p.text: p.solution for p in problems if p.text not in asked}
    for item in items:
        assert [m.role for m in item.history] == ["user", "assistant"] * count
        shown = {m.content: n.content for m, n in zip(item.history[::2], item.history[1::2], strict=True)}
        assert shown.items() <= solutions.items() and len(shown) == count
        assert all(n.endswith(f"The answer is {n.split()[-1]}") for n in shown.values())


def test_suites_make_enough_problems_to_show_some_solved():
    cells = [{"family": "in_format", "items": 6}, {"family": "style", "styles": ["four_shot"], "items": 6}]
    cells.append(
        {"family": "style", "styles": ["two_shot"], "items": 6, "benchmarks": ["world:ledger?depth=4"]}
    )
    suite = Suite.model_validate({"name": "s", "version": 1, "cells": cells})
    items = suite.items(ledger(suite.home_items), seed=0)
    assert len(items) == 18 and [len(i.history) for i in items] == [0] * 6 + [8] * 6 + [4] * 6
    assert [i.pair for i in items[:6]] == [i.pair for i in items[6:12]]
    shown = {turn.content for item in items for turn in item.history}
    assert not shown & {item.prompt for item in items}


def test_shots_leave_out_what_is_nearly_the_asked_problem():
    asked = Problem("a", "Tom has 3 big red pens and then he buys 2. How many?", "5", cluster="k")
    near = replace(asked, id="b", text=asked.text.replace("3", "8"), cluster="", gold="10")
    tied = Problem("c", "Something else is asked here.", "1", cluster="k")
    common = {"cell": "c", "family": "style", "style": "one_shot", "seed": 0}
    with pytest.raises(InputError, match="cell c: 1 solved examples are wanted, but only 0"):
        items_for([asked], aside=[asked, near, tied], **common)
    (item,) = items_for([asked], aside=[near, tied, ASIDE[3]], **common)
    assert item.history == (Message("user", ASIDE[3].text), Message("assistant", "The answer is 3."))


def test_shots_stand_between_the_system_prompt_and_the_chat():
    chat = replace(PROBLEM, history=(Message("system", "Be brief."), Message("user", "Hello")))
    history = prompted("one_shot", chat, seed=0, aside=ASIDE).history
    assert [m.role for m in history] == ["system", "user", "assistant", "user"]


def test_a_style_of_ones_own():
    polite = of_text(lambda text, rng: f"Please: {text}")
    assert polite(PROBLEM, random.Random(0), ()) == Prompted(f"Please: {TEXT}")


@given(st.integers(0, MOST))
def test_numbers_in_words_are_read_back(number):
    assert in_digits(f"She has {spell(number)} hens and one goat.") == f"She has {number} hens and 1 goat."


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("one hundred and five", "105"),
        ("two and three", "2 and 3"),
        ("Twenty-One thousand, six", "21000, 6"),
        ("hundred", "100"),
        ("bone tent often", "bone tent often"),
        ("three hundred thousand and twelve", "300012"),
    ],
)
def test_numbers_in_words(words, digits):
    assert in_digits(words) == digits
