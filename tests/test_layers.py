"""Layers: what they say of students whose layers are known, and of tiny students that were trained."""

from collections.abc import Sequence

import pytest
from students import Student, World, ask, constant, oracle

from fractionate.records import Item
from fractionate.transfer.layers import LAYERS, Evidence, LayerScore

SPOKEN = [name for name in LAYERS if not LAYERS[name].needs_states]


def measured(student: Student, world: World, items: Sequence[Item] | None = None) -> dict[str, LayerScore]:
    """Every layer that needs no states, asked as a suite would: first round, second round, scores."""
    own = ask(student, items or world.items())
    first = [i for name in SPOKEN for i in LAYERS[name].items(world.anatomies, 0, 12)]
    second = [i for name in SPOKEN for i in LAYERS[name].follow_ups(own, world.gold, 0)]
    asked = list({item.id: item for item in (*first, *second)}.values())
    evidence = Evidence(own, ask(student, asked), world.gold)
    return {name: LAYERS[name].score(evidence) for name in SPOKEN}


@pytest.fixture(scope="module")
def world() -> World:
    return World.of(40, distractors=(1, 3))


@pytest.mark.parametrize("verbosity", ["terse", "plain"])
def test_an_oracle_scores_1_on_every_layer(verbosity: str) -> None:
    world = World.of(40, distractors=(0, 3), verbosity=verbosity)
    found = measured(oracle(world), world)
    assert {name: found[name].value.value for name in SPOKEN} == dict.fromkeys(SPOKEN, 1.0)
    assert all(found[name].n >= 12 for name in SPOKEN)
    assert found["error correction"].parts["noticed"] == 1.0
    assert found["coherence"].parts["contradictions"] == 0.0


def test_a_constant_answer_scores_near_0_on_every_layer(world: World) -> None:
    found = measured(constant, world)
    assert all(found[name].value.value <= 0.05 for name in SPOKEN), found
    assert found["decomposition"].n > 30 and found["coherence"].n == 40
