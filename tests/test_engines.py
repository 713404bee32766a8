"""The engine is chosen by the work at hand; vLLM is spoken to in a process of its own."""

import os
import sys
from pathlib import Path

import pytest
import torch

from fractionate.errors import InputError, WorkError
from fractionate.models import Decoding, Model, Prompt, choose_engine, generate, load_model, open_engine
from fractionate.models.engines import SPEEDS, Choice, Speed
from fractionate.models.vllm_engine import VLLMEngine

STAND_IN = '''
"""Talks as vLLM does: continues a prompt by its own ids backwards, the last request first."""
from types import SimpleNamespace

class SamplingParams:
    def __init__(self, **settings):
        self.__dict__.update(settings)

class EngineArgs:
    def __init__(self, **settings):
        if "broken" in settings["model"]:
            raise ValueError("ValueError: no such weights")

class LLMEngine:
    @classmethod
    def from_engine_args(cls, args):
        print("loading, said to standard output")
        return cls()

    def __init__(self):
        self.waiting = []

    def add_request(self, id, prompt, params):
        self.waiting.append((id, prompt["prompt_token_ids"], params))

    def has_unfinished_requests(self):
        return bool(self.waiting)

    def step(self):
        id, ids, params = self.waiting.pop()
        new = ids[::-1]
        ends = [i for i, token in enumerate(new) if token in params.stop_token_ids]
        reason = "stop" if ends and ends[0] < params.max_tokens else "length"
        new = new[: ends[0] + 1] if reason == "stop" else new[: params.max_tokens]
        known = None if params.logprobs is None else [{t: SimpleNamespace(logprob=-1.0)} for t in new]
        done = SimpleNamespace(token_ids=new, finish_reason=reason, logprobs=known)
        return [SimpleNamespace(finished=True, request_id=id, outputs=[done])]
'''


@pytest.fixture
def vllm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in that the child process imports as vLLM."""
    (tmp_path / "vllm.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("FRACTIONATE_VLLM", sys.executable)


@pytest.fixture
def no_vllm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRACTIONATE_VLLM", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


def test_without_vllm_the_built_in_engine_answers(tiny: Model, no_vllm: None) -> None:
    choice = choose_engine("scratch:tiny", 10**9)
    assert choice.interpreter is None
    assert "not installed" in choice.why
    prompts = [Prompt(tiny.chat.prompt(q), 5) for q in ("Hi", "What is 2 + 3?")]
    with open_engine(choice, "scratch:tiny", dtype=torch.float32) as engine:
        assert engine.generate(prompts) == generate(tiny, prompts)


def test_much_work_pays_for_the_start_of_vllm(vllm: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        choose_engine("smollm2-135m", 10**8).interpreter is None
    )  # as measured, vLLM's CPU build is the slower one
    monkeypatch.setitem(SPEEDS, "cpu", Speed(1000, 1250, 100))
    assert choose_engine("smollm2-135m", 10_000).interpreter is None
    much = choose_engine("smollm2-135m", 10**8)
    assert much.interpreter == sys.executable
    assert much.why.startswith("vLLM (about ")
    assert choose_engine("scratch:tiny", 10**12).interpreter is None


def test_a_program_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTIONATE_VLLM", "/none/python")
    with pytest.raises(InputError, match="/none/python: no such program"):
        choose_engine("scratch:tiny", 1)


def test_replies_find_their_prompts(vllm: None) -> None:
    """Whatever order requests end in; an end token is taken off, a full context is not asked."""
    end = load_model("smollm2-135m", weights=False).chat.end_of_turn[-1]
    prompts = [
        Prompt([11, 12, 13], 2),
        Prompt([21, end, 23], 9),
        Prompt([7] * 100_000, 4),
        Prompt([31, 32], 9),
    ]
    finished: list[int] = []
    with open_engine(Choice(sys.executable, ""), "smollm2-135m") as engine:
        done = engine.generate(prompts, Decoding(logprobs=True), on_done=finished.append)
    assert [c.ids for c in done] == [[13, 12], [23], [], [32, 31]]
    assert [c.stop for c in done] == ["length", "end", "length", "length"]
    assert [len(c.logprobs or []) for c in done] == [2, 1, 0, 2]
    assert finished == [1, 1, 1]


def test_an_engine_that_does_not_start_says_why(vllm: None, tiny: Model) -> None:
    with pytest.raises(WorkError, match="no such weights"):
        VLLMEngine(tiny, "broken", torch.float32, sys.executable)


@pytest.mark.skipif("FRACTIONATE_VLLM" not in os.environ, reason="FRACTIONATE_VLLM names no Python with vLLM")
def test_vllm_writes_what_the_built_in_engine_writes() -> None:
    """Greedy float32, token by token; a tie of rounding may end one answer differently."""
    words = load_model("smollm2-135m", weights=False)
    prompts = [Prompt(words.chat.prompt(f"What is {n} + {2 * n}?"), 40) for n in range(12)]
    texts = []
    for choice in (Choice(None, ""), Choice(os.environ["FRACTIONATE_VLLM"], "")):
        with open_engine(choice, "smollm2-135m", dtype=torch.float32) as engine:
            texts.append([done.ids for done in engine.generate(prompts)])
    assert sum(a == b for a, b in zip(*texts, strict=True)) >= 11
