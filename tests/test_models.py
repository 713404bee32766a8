"""Models load by name and answer the same in a batch as alone."""

import copy
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from fractionate.errors import InputError
from fractionate.models import Chat, Decoding, Model, Prompt, generate, identity, load_model
from fractionate.models.load import smollm2_135m
from fractionate.models.tokenizer import load_tokenizer
from fractionate.records import Item, Message
from fractionate.transfer.asking import OpenStudent, Sampling

QUESTIONS = ["What is 2 + 3?", "Tom has 4 boxes of 6 pens. How many pens does he have? Think first.", "Hi"]


def test_a_tokenizer_is_read_once_and_never_taken_for_another(tmp_path: Path) -> None:
    for name in ("one", "same", "other"):
        (tmp_path / name).mkdir()
        for file in smollm2_135m().glob("*.json*"):
            shutil.copy(file, tmp_path / name)
        shutil.copy(smollm2_135m() / "chat_template.jinja", tmp_path / name)
    (tmp_path / "one" / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "other" / "chat_template.jinja").write_text("{{ messages[0].content }}")
    one, same, other = (load_tokenizer(tmp_path / name) for name in ("one", "same", "other"))
    assert one is same and other is not one and other.chat_template != one.chat_template


def test_generation_equals_transformers(smollm: Model) -> None:
    """Greedy float32 text of the batched engine equals `model.generate` on each prompt alone."""
    prompts = [Prompt(smollm.chat.prompt(q), 24) for q in QUESTIONS]
    for prompt, completion in zip(prompts, generate(smollm, prompts), strict=True):
        ids = torch.tensor([list(prompt.ids)])
        reference = smollm.network.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=24, do_sample=False, pad_token_id=2
        )[0, ids.shape[1] :].tolist()
        assert completion.ids == [t for t in reference if t != smollm.chat.end_of_turn[-1]]


def test_more_prompts_than_slots_answer_as_each_alone(tiny: Model) -> None:
    """Waiting prompts take free slots, shared beginnings are read once, and nobody's answer changes."""
    texts = [f"{'Tom has many pens. ' * (n % 3)}What is {n} + {n * n}?" for n in range(23)]
    prompts = [Prompt(tiny.chat.prompt(t), 3 + 7 * n % 41) for n, t in enumerate(texts)]
    alone = [generate(tiny, [p])[0] for p in prompts]
    for rows in (1, 4, 64):
        assert generate(tiny, prompts, rows=rows) == alone


def test_logprobs_are_those_of_the_model(tiny: Model) -> None:
    prompt = Prompt(tiny.chat.prompt("Hi"), 40)
    done = generate(tiny, [prompt, prompt._replace(max_new_tokens=3)], Decoding(logprobs=True))[0]
    ids = torch.tensor([[*prompt.ids, *done.ids]])
    known = torch.log_softmax(tiny.network(ids).logits[0].float(), -1)[len(prompt.ids) - 1 : -1]
    expected = known.gather(1, torch.tensor(done.ids)[:, None])[:, 0]
    torch.testing.assert_close(torch.tensor(done.logprobs), expected, rtol=1e-3, atol=1e-3)


def test_stop_strings_end_a_response_and_are_cut_off(smollm: Model) -> None:
    prompt = Prompt(smollm.chat.prompt(QUESTIONS[1]), 40)
    whole = generate(smollm, [prompt])[0].text
    word = whole.split()[5]
    cut = generate(smollm, [prompt], Decoding(stop_strings=(word,)))[0]
    assert cut.stop == "stop"
    assert cut.text == whole[: whole.index(word)]


def test_rows_stop_at_their_own_limits(tiny: Model) -> None:
    prompts = [Prompt(tiny.chat.prompt(q), limit) for q, limit in zip(QUESTIONS, (1, 9, 4), strict=True)]
    finished: list[int] = []
    completions = generate(tiny, prompts, on_done=finished.append)
    assert all(len(c.ids) <= p.max_new_tokens for c, p in zip(completions, prompts, strict=True))
    assert sum(finished) == 3
    alone = [generate(tiny, [p])[0] for p in prompts]
    assert [c.ids for c in completions] == [c.ids for c in alone]


def test_sampling_is_reproducible_and_varies(tiny: Model) -> None:
    prompts = [Prompt(tiny.chat.prompt("Hi"), 8)]
    runs = [generate(tiny, prompts, Decoding(1.0, seed))[0].ids for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_chat_template_carries_history(smollm: Model) -> None:
    history = (Message("user", "Hello"), Message("assistant", "Hi!"))
    text = smollm.chat.render("What is 2 + 3?", history=history)
    assert text.index("Hello") < text.index("Hi!") < text.index("What is")
    assert smollm.chat.end_of_turn == (2,)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("smollm2-135", "smollm2-135m"),
        ("scratch:smal", "scratch:small"),
        ("./none", "unknown"),
        ("smollm2-13?layers=2", "smollm2-135m"),
        ("smollm2-135m?layers=0", "number of layers"),
        ("scratch:tiny?layers=3", "the model has 2"),
    ],
)
def test_unknown_model_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(InputError, match=hint):
        load_model(name)


def test_a_model_of_the_first_layers_computes_what_they_compute(tmp_path: Path) -> None:
    whole, part = load_model("scratch:tiny"), load_model("scratch:tiny?layers=1")
    assert sum(part.sizes()) < sum(whole.sizes()) and identity(part.name) != identity(whole.name)
    ids = torch.tensor([[5, 6, 7, 8]])
    with torch.inference_mode():
        states = whole.network(ids, output_hidden_states=True).hidden_states
        expected = whole.network.base_model.norm(
            whole.network.base_model.layers[0](
                states[0],
                position_embeddings=whole.network.base_model.rotary_emb(states[0], torch.arange(4)[None]),
            )
        )
        assert torch.allclose(part.network.base_model(ids).last_hidden_state, expected, atol=1e-5)
    part.network.save_pretrained(tmp_path)
    part.tokenizer.save_pretrained(tmp_path)
    assert len(load_model(str(tmp_path)).network.base_model.layers) == 1
    assert len(generate(part, [Prompt(part.chat.prompt("Hi"), 4)])) == 1
    assert len(load_model("scratch:tiny?layers=1", weights=False).network.base_model.layers) == 1


NO_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
)
DROPS_SYSTEM = "{% if messages[0]['role'] == 'system' %}{% set messages = messages[1:] %}{% endif %}"
TURNS = (
    "{% for m in messages %}{{ '<' + m['role'] + '>' + m['content'] }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<model>' }}{% endif %}"
)


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        ("", "<system>Take care.<user>1 + 1?<model>"),
        (NO_SYSTEM, "<user>Take care.\n\n1 + 1?<model>"),
        (DROPS_SYSTEM, "<user>Take care.\n\n1 + 1?<model>"),
    ],
)
def test_a_system_prompt_reaches_every_student(tiny: Model, head: str, asked: str) -> None:
    tokenizer = copy.deepcopy(tiny.tokenizer)
    tokenizer.chat_template = head + TURNS
    chat = Chat(tokenizer)
    assert chat.headed([("1 + 1?", (Message("system", "Take care."),))]) == [asked]
    assert chat.render("1 + 1?", history=(Message("system", "Take care."),)) == asked


def test_a_student_without_system_prompts_leaves_a_note(tiny: Model, tmp_path: Path) -> None:
    tokenizer = copy.deepcopy(tiny.tokenizer)
    tokenizer.chat_template = NO_SYSTEM + TURNS
    student = replace(tiny, tokenizer=tokenizer, chat=Chat(tokenizer))
    asked = Item(
        "c/p", "c", "style", "1 + 1?", "2", history=(Message("system", "Take care."),), max_new_tokens=2
    )
    engine = SimpleNamespace(
        name="x", model=student, generate=lambda prompts, how, on_done: generate(student, prompts)
    )
    OpenStudent(engine, tmp_path).respond([replace(asked, history=())], Sampling())
    assert not (tmp_path / "notes.json").exists()
    OpenStudent(engine, tmp_path).respond([asked], Sampling())
    assert "before the question" in (tmp_path / "notes.json").read_text()
