"""Given text is scored as the model alone would: whatever shares a pack, in the order asked."""

import random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from fractionate.models import Model, load_model
from fractionate.models.score import Passage, score, tokens_to_read


def alone(model: Model, passage: Passage) -> list[float]:
    """By transformers' own forward pass, attention and loss."""
    ids = torch.tensor([list(passage.ids)])
    with torch.inference_mode():
        logits = model.network(input_ids=ids).logits[0].float()
    known = torch.log_softmax(logits, -1)[:-1].gather(1, ids[0, 1:, None])[:, 0]
    return [float(v) for v in known[passage.start - 1 :]]


def alternatives() -> list[Passage]:
    """Endings of a few texts that begin alike, in no order; one passage twice, one that asks for nothing."""
    rng = random.Random(3)
    start = [rng.randrange(1000) for _ in range(40)]
    ends = [[rng.randrange(1000) for _ in range(n)] for n in (1, 3, 12, 30)]
    made = [Passage((*start, *end), len(start)) for end in ends]
    others = [Passage((*start[:20], *ends[3]), 5), Passage((7, 8), 1), Passage((7, 8), 2), made[2]]
    return rng.sample(made + others, 8)


@pytest.mark.parametrize("pack_tokens", [16, 64, 4096])
def test_passages_score_as_each_alone(tiny: Model, pack_tokens: int) -> None:
    passages = alternatives()
    found = score(tiny, passages, pack_tokens=pack_tokens)
    for passage, values in zip(passages, found, strict=True):
        assert values == pytest.approx(alone(tiny, passage), abs=1e-4)


@pytest.mark.parametrize("pack_tokens", [64, 4096])
def test_what_is_read_is_known_beforehand_and_shared_parts_once(tiny: Model, pack_tokens: int) -> None:
    passages, read = alternatives(), list[int]()
    score(tiny, passages, pack_tokens=pack_tokens, on_done=read.append)
    assert sum(read) == tokens_to_read(passages, pack_tokens=pack_tokens)
    if pack_tokens == 4096:
        assert sum(read) <= 40 + 1 + 3 + 12 + 30 + 30 + 2 * 2


def test_a_family_that_scales_and_caps_its_logits_keeps_them() -> None:
    model = load_model("scratch:tiny")
    passage = Passage((7, 8, 9, 10), 1)
    plain = score(model, [passage])[0]
    model.network.config.logit_scale = 0.5
    [halved] = score(model, [passage])
    assert halved != pytest.approx(plain, abs=1e-3)
    model.network.config.final_logit_softcapping = 1e6
    assert score(model, [passage])[0] == pytest.approx(halved, abs=1e-3)


@given(st.lists(st.lists(st.integers(0, 2), min_size=2, max_size=40), max_size=6))
def test_no_passage_is_lost_in_packing(tiny: Model, lists: list[list[int]]) -> None:
    passages = [Passage(ids, 1) for ids in lists]
    assert [len(v) for v in score(tiny, passages, pack_tokens=32)] == [len(ids) - 1 for ids in lists]
