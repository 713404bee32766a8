"""Sizes of next results in hidden states: which states are read, and what heads may and may not find in them."""

import random

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from students import World

from fractionate.models import Model
from fractionate.supervision import encode, recipe
from fractionate.supervision.targets import with_targets
from fractionate.training.representation import layer_at
from fractionate.training.sizes import read_sizes, read_with_control
from fractionate.training.states import Known, read_states
from fractionate.transfer.layers.representation import examples

WIDTH = 64


def noise(count: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, WIDTH, generator=torch.Generator().manual_seed(seed))


def values_of(count: int, seed: int = 0) -> tuple[str, ...]:
    draw = random.Random(seed)
    return tuple(str(draw.randint(0, 400)) for _ in range(count))


def known(states: torch.Tensor, values: tuple[str, ...], a_trace: int = 2) -> Known:
    return Known((states,), values, tuple(f"t{i // a_trace}" for i in range(len(values))))


def speaking(values: tuple[str, ...], loud: float) -> torch.Tensor:
    """Noise, and along one direction the size."""
    states = noise(len(values))
    states[:, 3] = loud * torch.log1p(torch.tensor([float(v) for v in values]))
    return states


def test_what_stands_along_a_direction_is_read_for_values_never_seen() -> None:
    values = tuple(map(str, random.Random(0).sample(range(400), 300)))
    read, shuffled = read_with_control(known(speaking(values, 1.0), values))
    assert read.explained > 0.7 > 0.1 > shuffled.explained
    assert read.explained == pytest.approx(sum(read.shares()) / 300)
    assert [r.trace_id for r in read.readings] == [f"t{i // 2}" for i in range(300)]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.integers(40, 150))
def test_nothing_is_read_in_noise(seed: int, count: int) -> None:
    read = read_sizes(known(noise(count, seed), values_of(count, seed + 1)))
    assert read.explained < 0.2
    assert all(reading.blind != reading.size for reading in read.readings[:1])


def test_a_problem_is_never_read_by_heads_that_were_fitted_to_it() -> None:
    """Both targets of a problem have one value, and states that only name the problem."""
    values = tuple(v for v in values_of(60) for _ in range(2))
    states = torch.eye(60).repeat_interleave(2, 0)
    assert read_sizes(known(states, values)).explained < 0.05
    assert read_sizes(known(states, values, a_trace=1)).explained > 0.5, (
        "apart, each would give the other away"
    )


def test_the_layer_that_knows_is_found() -> None:
    values = values_of(200)
    dumb, knowing = known(noise(200), values), known(speaking(values, 1.0), values)
    both = dumb._replace(states=(*dumb.states, *knowing.states))
    assert read_sizes(both) == read_sizes(knowing) != read_sizes(dumb)


def test_values_that_are_all_alike_explain_nothing() -> None:
    assert read_sizes(known(noise(40), ("7",) * 40)).explained == 0


def test_states_are_those_before_each_step_and_nothing_deeper_is_run(tiny: Model) -> None:
    anatomies = World.of(6, depth=(1, 3)).anatomies
    read = examples(tiny.chat, anatomies)
    deeper: list[int] = []
    hook = layer_at(tiny.network, 1.0).register_forward_hook(lambda *_: deeper.append(1))
    shallow, whole = (read_states(tiny, read, depths) for depths in ([0.5], [0.5, 1.0]))
    hook.remove()
    assert len(deeper) == 1 and torch.equal(shallow.states[0], whole.states[0])
    assert sorted(whole.values) == sorted(v for e in read for v in (t.value for t in e.targets))
    at = {(e.trace_id, t.value): (e, t.position) for e in read for t in e.targets}
    for trace, value, state in zip(whole.traces, whole.values, whole.states[0], strict=True):
        example, position = at[trace, value]
        with torch.no_grad():
            seen = tiny.network(torch.tensor([example.ids]), output_hidden_states=True).hidden_states
        assert torch.allclose(state, seen[1][0, position], atol=0.05)


def test_solutions_are_cut_where_nothing_is_read_any_more(tiny: Model) -> None:
    anatomies = World.of(6, depth=(1, 3)).anatomies
    for anatomy, cut in zip(anatomies, examples(tiny.chat, anatomies), strict=True):
        shown = recipe("compact")(anatomy)
        whole = with_targets(tiny.chat, encode(tiny.chat, shown), shown, anatomy, "steps")
        assert cut.targets == whole.targets and cut.ids == whole.ids[: len(cut.ids)]
        assert len(cut.ids) == len(cut.weights) == len(cut.roles) == cut.targets[-1].position + 1
