"""The auxiliary objective: what it asks for, that it is learned and generalizes, that without it nothing changes."""

import itertools
import json
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import torch
from conftest import make_anatomy

from fractionate.models import Model, load_model
from fractionate.models.attention import own_attention
from fractionate.models.chat import Chat
from fractionate.records import Anatomy, Segment, Supervision
from fractionate.supervision import Example, encode, recipe
from fractionate.supervision.encode import Target
from fractionate.supervision.targets import digits, with_targets
from fractionate.training import Progress, TrainSettings, train
from fractionate.training.ledger import ROLES
from fractionate.training.loss import weighted_loss
from fractionate.training.pack import pack_examples
from fractionate.training.probe import read_out
from fractionate.training.representation import Representation

CPU = torch.device("cpu")


@cache
def tiny_chat() -> Chat:
    return load_model("scratch:tiny").chat


def anatomy_with_results(number: int) -> Anatomy:
    """As `make_anatomy`, and its two computations establish the problem's number and the answer."""
    anatomy = make_anatomy(number)
    results = {2: (str(number),), 3: (str(number * 4 + 1),)}
    steps = tuple(replace(s, results=results.get(s.index, ())) for s in anatomy.steps)
    return replace(anatomy, steps=steps)


def example(number: int, name: str = "answer_only", at: str = "problem") -> Example:
    chat, anatomy = tiny_chat(), anatomy_with_results(number)
    supervision = recipe(name)(anatomy)
    return with_targets(chat, encode(chat, supervision), supervision, anatomy, at)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ("392", (2, 9, 3, 10, 10, 10)),
        ("0", (0, 10, 10, 10, 10, 10)),
        ("123456", (6, 5, 4, 3, 2, 1)),
        ("1234567", None),
        ("-3", None),
        ("3/2", None),
        ("²", None),
        ("", None),
    ],
)
def test_digits_of_whole_numbers(value: str, places: tuple[int, ...] | None) -> None:
    assert digits(value) == places


def test_at_the_problems_end_the_next_result_is_asked_for_though_it_is_not_shown(tiny: Model) -> None:
    taught = example(3)
    assert taught.targets == (Target(taught.prompt_length - 1, "3"),)
    assert replace(taught, targets=()) == encode(tiny.chat, recipe("answer_only")(anatomy_with_results(3))), (
        "the text stays what it is"
    )


def test_before_each_step_the_next_result_is_asked_for(tiny: Model) -> None:
    taught = example(3, "compact", "steps")
    read = [tiny.tokenizer.decode(taught.ids[: t.position + 1]) for t in taught.targets]
    response = tiny.tokenizer.decode(taught.ids[taught.prompt_length :])
    assert [t.value for t in taught.targets] == ["3", "13"]
    assert taught.targets[0].position == taught.prompt_length - 1
    assert read[1].rstrip().endswith(response[: response.index("Then")].rstrip())


def test_in_a_pack_the_loss_is_that_of_each_example_alone() -> None:
    model = load_model("scratch:tiny")
    data = [example(n, name, "steps") for n in (3, 25) for name in ("answer_only", "compact", "full")]
    objective = Representation(model.network, 0.5)
    torch.manual_seed(0)
    with torch.no_grad():
        objective.weight.normal_()
    losses = []
    for groups in ([data], [[e] for e in data]):
        total = torch.zeros(())
        with own_attention(model.network), objective.listening():
            for group in groups:
                pack = pack_examples(group, ROLES, CPU)
                weighted_loss(model.network, pack, len(ROLES))
                total = total + (objective.loss(pack.probed) if pack.probed else 0)
        losses.append(float(total.detach()))
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def settings(**changes: float) -> TrainSettings:
    return replace(TrainSettings(epochs=2, learning_rate=2e-3, batch_size=8, layer=1.0), **changes)  # type: ignore[arg-type]


def how_many(name: str, number: int, things: str) -> Example:
    """A problem whose number should be known where the student begins to write; what it writes does not tell."""
    problem = f"{name} has {number} {things}. How many is that?"
    taught = encode(tiny_chat(), Supervision(problem, "none", problem, (Segment("The answer is many."),)))
    return replace(taught, targets=(Target(taught.prompt_length - 1, str(number)),))


def test_the_objective_makes_the_next_result_readable_on_problems_never_seen(tmp_path: Path) -> None:
    names, things = ("Tom", "Ann", "Mia", "Ben", "Eve"), ("pens", "cups", "hats", "eggs")
    problems = [how_many(*problem) for problem in itertools.product(names, range(2, 10), things)]
    random.Random(0).shuffle(problems)
    held_out, taught = problems[:40], problems[40:]
    found = {}
    for weight in (0.0, 2.0):
        how = TrainSettings(epochs=8, learning_rate=1e-3, batch_size=8, representation=weight, layer=1.0)
        result = train(load_model("scratch:tiny"), taught, how, tmp_path / str(weight))
        assert (result.representation_loss is not None) == (weight > 0)
        student = load_model(str(tmp_path / str(weight) / "checkpoint"))
        found[weight] = read_out(student, taught, held_out, layer=1.0)
    assert found[2.0].loss < 0.5 * found[0.0].loss
    assert found[2.0].right > 0.9 > 0.5 > found[0.0].right


def rows(folder: Path) -> list[dict[str, object]]:
    kept = [json.loads(line) for line in (folder / "train.jsonl").read_text().splitlines()]
    return [{k: v for k, v in row.items() if "second" not in k} for row in kept]


def test_a_weight_of_zero_is_training_as_it_was(tmp_path: Path) -> None:
    taught = [example(n) for n in range(2, 18)]
    plain = [replace(e, targets=()) for e in taught]
    for name, data in (("zero", taught), ("plain", plain)):
        train(load_model("scratch:tiny"), data, settings(representation=0.0), tmp_path / name)
    assert rows(tmp_path / "zero") == rows(tmp_path / "plain")
    one, other = (
        load_model(str(tmp_path / name / "checkpoint")).network.state_dict() for name in ("zero", "plain")
    )
    assert all(torch.equal(one[key], other[key]) for key in one)


class Killed(Exception):  # noqa: N818
    """Stands for the process dying."""


@pytest.mark.parametrize("adapter", ["none", "lora"])
def test_the_heads_outlive_an_interruption_and_not_the_run(tmp_path: Path, adapter: str) -> None:
    taught = [example(n) for n in range(2, 18)]
    how = replace(settings(representation=1.0, save_every_seconds=0), adapter=adapter)  # type: ignore[arg-type]
    train(load_model("scratch:tiny"), taught, how, tmp_path / "whole")

    def die(progress: Progress) -> None:
        if progress.done == 2:
            raise Killed

    with pytest.raises(Killed):
        train(load_model("scratch:tiny"), taught, how, tmp_path / "cut", die)
    train(load_model("scratch:tiny"), taught, how, tmp_path / "cut")
    assert rows(tmp_path / "whole") == rows(tmp_path / "cut")
    assert (
        rows(tmp_path / "whole")[-1]["representation_loss"]
        < rows(tmp_path / "whole")[0]["representation_loss"]
    )  # type: ignore[operator]
    fresh = load_model("scratch:tiny").network.state_dict()
    assert set(load_model(str(tmp_path / "cut" / "checkpoint")).network.state_dict()) == set(fresh)


def test_where_memory_is_short_the_objective_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught = [example(n) for n in range(2, 18)]
    how = settings(epochs=1, representation=1.0, layer=0.5)
    train(load_model("scratch:tiny"), taught, how, tmp_path / "kept")
    monkeypatch.setattr("fractionate.training.fit.available_bytes", lambda device: 0)
    train(load_model("scratch:tiny"), taught, how, tmp_path / "again")
    kept, again = ([r["representation_loss"] for r in rows(tmp_path / n)] for n in ("kept", "again"))
    assert again == pytest.approx(kept, rel=1e-4)
