"""General abilities: checks of instructions, questions whose answers packages state, and what training paid."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tokenizers.processors import TemplateProcessing

from fractionate.models import Model, load_model
from fractionate.records import Response
from fractionate.storage import from_json, read_records, to_json, write_records
from fractionate.transfer.general import (
    INSTRUCTIONS,
    Choice,
    General,
    Outcome,
    Paid,
    chance,
    choice_outcomes,
    commonsense,
    facts,
    general,
    instruction_items,
    instruction_outcomes,
    paid,
    passages,
    scored_outcomes,
    text_outcomes,
)

CASES = json.loads(Path(__file__).with_name("instructions.json").read_text())
BY_NAME = {i.name: i for i in INSTRUCTIONS}


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_each_instruction_tells_obeying_from_not(name):
    followed, not_followed = CASES[name]["yes"], CASES[name]["no"]
    assert followed and not_followed
    assert [text for text in followed if not BY_NAME[name].obeyed(text)] == []
    assert [text for text in not_followed if BY_NAME[name].obeyed(text)] == []


@pytest.mark.parametrize("text", ["", " \n", "The answer is 5.", "yes", "I cannot do that.", "*", "- "])
def test_no_constant_answer_follows_many_instructions(text):
    said = [Response(i.id, text, 3, "end") for i in instruction_items()]
    assert sum(o.value for o in instruction_outcomes(said)) <= 2


def test_what_follows_one_instruction_seldom_follows_another():
    """The trivial baseline: right answers, each to another instruction."""
    right = {name: CASES[name]["yes"][0] for name in BY_NAME}
    crossed = [BY_NAME[a].obeyed(right[b]) for a in BY_NAME for b in BY_NAME if a != b]
    assert sum(crossed) / len(crossed) < 0.03


def test_instructions_are_asked_as_items_and_others_responses_are_passed_over():
    items = instruction_items()
    assert len({i.id for i in items}) == len(INSTRUCTIONS) >= 30
    said = [Response("other/1", "yes", 1, "end"), Response(items[0].id, "Yes.", 1, "end")]
    assert instruction_outcomes(said) == [Outcome("instruction", "yes-no", 1.0)]


def test_about_150_prompts_in_all():
    assert len(INSTRUCTIONS) + len(facts()) + len(commonsense()) + len(passages()) <= 150


@pytest.mark.parametrize("questions", [facts(), commonsense()])
def test_each_question_has_one_right_option_and_guessing_gets_few(questions):
    assert len({q.name for q in questions}) == len(questions)
    for q in questions:
        assert len(set(q.options)) == len(q.options) > 3 and 0 <= q.right < len(q.options)
    assert chance(questions) <= 0.25
    places = [q.right for q in questions]
    assert max(places.count(place) for place in set(places)) < 0.4 * len(places)


def test_right_options_are_right():
    known = {q.name: q.options[q.right] for q in (*facts(), *commonsense())}
    wanted = {
        "capital of Chile": "Santiago", "capital of Nepal": "Kathmandu", "symbol of gold": "Au",
        "legs of a spider": "8", "legs of an ant": "6", "day after Sunday": "Monday", "month after June": "July",
    }  # fmt: skip
    assert {name: known[name] for name in wanted} == wanted


def test_passages_are_prose_of_whole_sentences():
    assert passages()[0].startswith("Little though they seem to think of it, the people")
    for passage in passages():
        assert passage[0].isupper() or passage[0] in "\"“'"
        assert passage.rstrip("\"”'")[-1] in ".!?" and "Gutenberg" not in passage and "\n" not in passage
    assert len(set(passages())) == len(passages())


@pytest.mark.parametrize("opening", [(), (1,)])
def test_prose_is_read_as_the_family_begins_a_text(opening: tuple[int, ...]):
    model = load_model("scratch:tiny")
    if opening:
        token = model.tokenizer.convert_ids_to_tokens(opening[0])
        rule = TemplateProcessing(single=f"{token} $A", special_tokens=[(token, opening[0])])
        model.tokenizer.backend_tokenizer.post_processor = rule
    ids = [*opening, *model.chat.encode(passages()[0])]
    with torch.inference_mode():
        logits = model.network(input_ids=torch.tensor([ids])).logits[0, :-1].float()
    known = torch.log_softmax(logits, -1).gather(1, torch.tensor(ids[1:])[:, None])
    assert text_outcomes(model)[0].value == pytest.approx(-float(known.mean()), abs=1e-4)


def test_the_likeliest_option_a_character_is_chosen(tiny: Model):
    options = ("Rome", "Addis Ababa", "Antananarivo on the island", "Oslo")
    question = Choice("facts", "q", "What is the capital?", "The capital is", options, 0)

    def value(option: str) -> float:
        start = tiny.chat.prompt(question.question) + tiny.chat.encode(question.stem)
        ids = start + tiny.chat.encode(f" {option}.")
        with torch.inference_mode():
            logits = tiny.network(input_ids=torch.tensor([ids])).logits[0, :-1].float()
        known = torch.log_softmax(logits, -1).gather(1, torch.tensor(ids[1:])[:, None])[len(start) - 1 :]
        return float(known.sum()) / len(f" {option}.")

    best = max(range(4), key=lambda i: value(options[i]))
    asked = [replace(question, right=place) for place in range(4)]
    assert [o.value for o in choice_outcomes(tiny, asked)] == [float(place == best) for place in range(4)]


def test_a_student_that_knows_nothing_is_at_chance(tiny: Model):
    found = general(scored_outcomes(tiny))
    assert found.perplexity.value > 10_000
    assert found.facts.low < chance(facts()) < found.facts.high
    assert found.instruction is None


def test_outcomes_are_kept_as_records(tiny: Model, tmp_path: Path):
    found = text_outcomes(tiny)
    write_records(tmp_path / "general.parquet", Outcome, found)
    assert read_records(tmp_path / "general.parquet", Outcome) == found


def outcomes(ability: str, values: list[float]) -> list[Outcome]:
    return [Outcome(ability, str(i), v) for i, v in enumerate(values)]


def test_what_was_paid_is_paired_by_item():
    before = (
        outcomes("text", [2.0, 3.0, 4.0])
        + outcomes("facts", [1.0] * 30)
        + outcomes("instruction", [1.0, 0.0])
    )
    after = outcomes("text", [2.5, 3.5, 4.5]) + outcomes("facts", [0.0] * 10 + [1.0] * 20)
    found = paid(before, after[::-1])
    assert found.perplexity == pytest.approx([1.6487] * 3, abs=1e-4), (
        "the passages differ, what was paid does not"
    )
    assert found.facts.value == pytest.approx(-1 / 3) and found.facts.high < 0
    assert found.instruction is found.commonsense is None
    assert paid(before, before).perplexity.value == 1
    assert from_json(Paid, to_json(found)) == found
    assert from_json(General, to_json(general(after))) == general(after)


@pytest.fixture(scope="module")
def real() -> Model:
    return load_model("smollm2-135m", dtype=torch.bfloat16)


def test_the_built_in_student_knows_some_of_it(real: Model):
    found = general(scored_outcomes(real))
    assert found.perplexity.value < 80
    assert found.facts.low > 2 * chance(facts())
    assert found.commonsense.low > chance(commonsense())
