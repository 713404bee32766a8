"""Packs are exact: what examples share is processed once, and losses and gradients are those of each alone."""

from typing import Any

import pytest
import torch
from conftest import make_anatomy
from hypothesis import given
from hypothesis import strategies as st

from fractionate.models import Model, load_model
from fractionate.models.attention import by_products, fused_attention, own_attention
from fractionate.models.head import Shape
from fractionate.models.packing import HIDDEN, SHARED, PrefixTree, group_rows
from fractionate.supervision import Example, encode, recipe
from fractionate.training.lean import lean_layers
from fractionate.training.ledger import ROLES
from fractionate.training.loss import head_loss, weighted_loss
from fractionate.training.pack import pack_examples

CPU = torch.device("cpu")
sequences = st.lists(
    st.builds(
        lambda shared, own: [1] * SHARED * shared + own,
        st.integers(0, 3),
        st.lists(st.integers(0, 1), min_size=1, max_size=3 * SHARED),
    ),
    min_size=1,
    max_size=6,
)


@given(sequences)
def test_a_tree_gives_every_sequence_back_and_shows_each_token_its_own_past(lists: list[list[int]]) -> None:
    tree = PrefixTree(lists)
    assert len(tree.ids) <= sum(map(len, lists))
    seen: dict[int, set[int]] = {}
    for group in group_rows(tree.rows(), CPU):
        for b, row in enumerate(group.rows):
            for i, query in enumerate(range(*row.queries)):
                shown = group.mask_BQK[b, i] > HIDDEN / 2
                assert query not in seen, "a token is attended for once"
                seen[query] = set(group.keys_BK[b][shown].tolist())
    for ids, places in zip(lists, tree.places, strict=True):
        assert [tree.ids[p] for p in places] == ids
        assert [tree.positions[p] for p in places] == list(range(len(ids)))
        for i, place in enumerate(places):
            assert seen[place] == set(places[: i + 1])


def test_equal_beginnings_are_laid_out_once() -> None:
    start = list(range(20))
    tree = PrefixTree([[*start, 1, 2], [*start, 3], [*start, 3, 4], [9]])
    assert len(tree.ids) == 20 + 2 + 1 + 2 + 1


def examples(model: Model) -> list[Example]:
    """Several targets for some of the problems."""
    names = ("full", "compact", "answer_only")
    made = [encode(model.chat, recipe(name)(make_anatomy(n))) for n in (2, 3) for name in names]
    return [*made, encode(model.chat, recipe("full")(make_anatomy(7)))]


def gradients(network: Any) -> dict[str, torch.Tensor]:
    found = {name: p.grad.clone() for name, p in network.named_parameters()}
    network.zero_grad()
    return found


def test_losses_and_gradients_of_a_pack_are_those_of_each_example_alone() -> None:
    model = load_model("scratch:tiny")
    data = examples(model)
    pack = pack_examples(data, ROLES, CPU)
    assert len(pack.ids_N) < 0.6 * sum(len(e.ids) for e in data)
    with own_attention(model.network), lean_layers(model.network):
        ours = weighted_loss(model.network, pack, len(ROLES))
        ours.total.backward()  # type: ignore[no-untyped-call]
    ours_by_name = gradients(model.network)
    plain = torch.zeros(())
    for example in data:
        ids = torch.tensor([example.ids])
        logits = model.network(input_ids=ids).logits[0, :-1]
        losses = torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none")
        plain = plain + (losses * torch.tensor(example.weights[1:])).sum()
    plain.backward()  # type: ignore[no-untyped-call]
    assert ours.total.item() == pytest.approx(plain.item(), rel=1e-5)
    assert ours.by_role.sum().item() == pytest.approx(plain.item(), rel=1e-5)
    for name, gradient in gradients(model.network).items():
        torch.testing.assert_close(ours_by_name[name], gradient, rtol=1e-3, atol=1e-4, msg=name)


def test_each_roles_gradient_is_that_of_its_tokens_alone() -> None:
    """At the states before the output layer, the whole gradient's square is the sum of the roles'."""
    model = load_model("scratch:tiny")
    data = [encode(model.chat, recipe("full")(make_anatomy(n))) for n in (2, 3, 7)]
    with own_attention(model.network), lean_layers(model.network):
        ours = weighted_loss(model.network, pack_examples(data, ROLES, CPU), len(ROLES)).squares_by_role
    alone = torch.zeros(len(ROLES))
    for example in data:
        ids = torch.tensor([example.ids])
        states = model.network.model(input_ids=ids).last_hidden_state.detach().requires_grad_()
        losses = torch.nn.functional.cross_entropy(
            model.network.lm_head(states)[0, :-1], ids[0, 1:], reduction="none"
        ) * torch.tensor(example.weights[1:])
        for i, role in enumerate(ROLES):
            mine = torch.tensor([r == role for r in example.roles[1:]])
            if mine.any():
                (gradient,) = torch.autograd.grad(losses[mine].sum(), states, retain_graph=True)
                alone[i] += gradient.square().sum()
    assert (alone > 0).sum() >= 4
    torch.testing.assert_close(ours, alone, rtol=1e-3, atol=1e-7)


def test_a_long_example_is_attended_in_blocks() -> None:
    torch.manual_seed(0)
    tree = PrefixTree([list(range(600))])
    groups = group_rows(tree.rows(), CPU)
    assert sum(len(g.rows) for g in groups) == 3
    q, k, v = (torch.randn(600, heads, 8, requires_grad=True) for heads in (6, 2, 2))
    ours = by_products(q, k, v, 0.35, groups)
    theirs = torch.nn.functional.scaled_dot_product_attention(
        *(t.transpose(0, 1)[None] for t in (q, k, v)), is_causal=True, scale=0.35, enable_gqa=True
    )[0].transpose(0, 1)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(fused_attention(q, k, v, 0.35, groups), theirs)
    weight = torch.randn(600, 6, 8)
    expected = torch.autograd.grad((theirs * weight).sum(), (q, k, v))
    for found, right in zip(torch.autograd.grad((ours * weight).sum(), (q, k, v)), expected, strict=True):
        torch.testing.assert_close(found, right, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [Shape(), Shape(scale=0.5), Shape(cap=3.0), Shape(scale=2.0, cap=5.0)])
@pytest.mark.parametrize("with_bias", [False, True])
def test_the_output_layers_loss_and_gradients_are_exact(shape: Shape, with_bias: bool) -> None:
    torch.manual_seed(0)
    states, head = torch.randn(150, 16, requires_grad=True), torch.randn(40, 16, requires_grad=True)
    bias = torch.randn(40, requires_grad=True) if with_bias else None
    targets, weights = torch.randint(40, (150,)), torch.rand(150)
    logits = torch.nn.functional.linear(states, head, bias) * shape.scale
    if shape.cap:
        logits = shape.cap * torch.tanh(logits / shape.cap)
    plain = torch.nn.functional.cross_entropy(logits, targets, reduction="none") * weights
    learned = [t for t in (states, head, bias) if t is not None]
    expected = torch.autograd.grad(plain.sum(), learned)
    total, losses, squares = head_loss(states, head, bias, targets, weights, shape)
    total.backward()
    torch.testing.assert_close(losses, plain.detach())
    torch.testing.assert_close(squares, expected[0].square().sum(-1), rtol=1e-4, atol=1e-6)
    for ours, theirs in zip((t.grad for t in learned), expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)
