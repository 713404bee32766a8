"""Layers: what they say of students whose layers are known, and of tiny students that were trained."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from students import Student, World, ask, ask_all, constant, oracle

from fractionate.anatomy.operations import operations
from fractionate.checking import same_answer
from fractionate.models import Model, Prompt, generate, load_model
from fractionate.records import Anatomy, Item
from fractionate.supervision import encode, recipe
from fractionate.training import TrainSettings, train
from fractionate.training.sizes import DEPTHS, SizeReading, Sizes, read_sizes
from fractionate.training.states import read_states
from fractionate.transfer import Problem, items_for
from fractionate.transfer.imitation import Imitation, imitation, imitation_rows
from fractionate.transfer.layers import LAYERS, Answered, Evidence, Inside, LayerScore
from fractionate.transfer.layers.decomposition import sub_questions
from fractionate.transfer.layers.matching import match
from fractionate.transfer.layers.representation import examples, look_inside
from fractionate.transfer.own import Computed
from fractionate.transfer.statistics import transfer_score
from fractionate.transfer.world import problem_of
from fractionate.worlds import WORLDS, Dials, Graph, Quantity

SPOKEN = [name for name in LAYERS if not LAYERS[name].needs_states]


def measured(
    student: Callable[[Sequence[Item]], list[Answered]], world: World, inside: Inside | None = None
) -> dict[str, LayerScore]:
    """Every layer, asked as a suite would: first round, second round, scores."""
    own = student(world.items())
    first = [i for layer in LAYERS.values() for i in layer.items(world.anatomies, 0, 12)]
    second = [i for layer in LAYERS.values() for i in layer.follow_ups(own, world.gold, 0)]
    asked = list({item.id: item for item in (*first, *second)}.values())
    evidence = Evidence(own, student(asked), world.gold, inside)
    return {name: layer.score(evidence) for name, layer in LAYERS.items()}


def spoken(student: Student, world: World) -> dict[str, LayerScore]:
    """The layers that show in text."""
    found = measured(lambda items: ask(student, items), world)
    return {name: found[name] for name in SPOKEN}


@pytest.fixture(scope="module")
def world() -> World:
    return World.of(40, distractors=(1, 3))


def test_the_layers_are_the_five() -> None:
    assert set(LAYERS) == {"representation", "decomposition", "search", "error correction", "coherence"}
    assert set(SPOKEN) == set(LAYERS) - {"representation"}


@pytest.mark.parametrize("verbosity", ["terse", "plain"])
def test_an_oracle_scores_1_on_every_layer(verbosity: str) -> None:
    world = World.of(40, distractors=(0, 3), verbosity=verbosity)
    found = spoken(oracle(world), world)
    assert {name: score.value.value for name, score in found.items()} == dict.fromkeys(SPOKEN, 1.0)
    assert all(score.n >= 12 for score in found.values())
    assert found["error correction"].parts["noticed"] == 1
    assert found["coherence"].parts["contradictions"] == 0
    assert all(score.value.low <= score.value.value <= score.value.high for score in found.values())


def test_a_constant_answer_scores_near_0_on_every_layer(world: World) -> None:
    found = spoken(constant, world)
    assert all(score.value.value <= 0.05 for score in found.values()), found
    assert found["decomposition"].n > 30 and found["coherence"].n == 40


def test_each_layer_sees_its_own_fault_alone(world: World) -> None:
    """What computes too much is badly decomposed; what does not look at a mistake does not correct it."""
    found = {
        "silent": spoken(oracle(world, speaks=False), world),
        "follows": spoken(oracle(world, repairs=False), world),
        "passes over": spoken(passing(world), world),
    }
    values = {
        who: {name: round(score.value.value, 1) for name, score in seen.items()}
        for who, seen in found.items()
    }
    assert values["silent"] == {"search": 1, "decomposition": 1, "coherence": 0, "error correction": 0}
    assert found["silent"]["error correction"].n == 40, "right answers without steps count, as not corrected"
    for who in ("follows", "passes over"):
        assert values[who] == {"search": 1, "decomposition": 1, "coherence": 1, "error correction": 0}
    assert found["follows"]["error correction"].parts["followed"] == 1
    assert found["passes over"]["error correction"].parts["passed over"] > 0.95


def passing(world: World) -> Student:
    """Goes on after a mistake as if nothing had been there."""
    knows = oracle(world)

    def answer(item: Item) -> str:
        if item.cell != "intervention: planted mistake":
            return knows(item)
        anatomy = world.gold[item.pair]
        at = sum(item.prefill.startswith(anatomy.trace.text[: s.span.end]) for s in anatomy.steps)
        return f" {anatomy.trace.text[anatomy.steps[at + 1].span.start :]}"

    return answer


def writes(change: Callable[[Anatomy], str], world: World) -> dict[str, LayerScore]:
    """The layers of a student that writes this about every problem."""
    return spoken(lambda item: change(world.gold[item.pair]) if item.pair in world.gold else " 7", world)


def test_what_is_not_needed_costs_precision_and_a_wrong_order_costs_too() -> None:
    chatty = World.of(60, depth=(3, 3), distractors=(3, 3), verbosity="chatty")
    loose = writes(lambda a: a.trace.text, chatty)["decomposition"]
    assert loose.trivial is not None and loose.trivial < loose.value.value < 1
    plain = World.of(20, depth=(3, 3))

    def backwards(anatomy: Anatomy) -> str:
        *steps, last = (s.span.of(anatomy.trace.text) for s in anatomy.steps)
        return " ".join([*reversed(steps), last])

    turned = writes(backwards, plain)
    assert 0.2 < turned["decomposition"].value.value < 0.6
    assert turned["coherence"].value.value == 1, "each step for itself is right"


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_a_chain_counts_up_to_its_first_wrong_step(wrong: int) -> None:
    world = World.of(30, depth=(3, 3), verbosity="terse")

    def slips(anatomy: Anatomy) -> str:
        lines = anatomy.trace.text.split("\n")
        value = anatomy.steps[wrong].results[0]
        lines[wrong] = lines[wrong].replace(f"= {value}", f"= {int(value) + 1}")
        return "\n".join([*lines[:3], "The answer is 1000."])

    found = writes(slips, world)
    assert found["coherence"].value.value == pytest.approx(wrong / 4)
    parts = found["coherence"].parts
    assert [parts[f"step {k}"] for k in range(1, wrong + 2)] == [1.0] * wrong + [0.0]
    assert found["decomposition"].value.value > 0.95, "a slip is no fault of the decomposition"


GRAPH = Graph(
    (
        Quantity(0, "given", (), 14, 14, "Mia"),
        Quantity(1, "times", (0,), 3, 42, "Noah"),
        Quantity(2, "fewer", (1,), 5, 37, "Ava"),
        Quantity(3, "more", (0,), 2, 16, "Ben"),
    ),
    target=2,
)
MATCHES = [
    (["3 * 14 = 42", "42 - 5 = 37"], [1, 2]),
    (["14 * 3 = 42", "42 - 5 = 36"], [1, 2]),
    (["3 * 14 = 43", "43 - 5 = 38"], [1, 2]),
    (["3 * 14 - 5 = 37"], [1, 2]),
    (["14 + 14 + 14 = 42", "42 - 5 = 37"], [None, 1, 2]),
    (["14 + 2 = 16", "14 + 5 = 19"], [3, None]),
    (["5 - 42 = -37"], [None]),
    (["42 - 5 = 37", "3 * 14 = 42"], [2, 1]),
]


@pytest.mark.parametrize(("formulas", "expected"), MATCHES)
def test_operations_are_told_by_what_they_combine(formulas: list[str], expected: list[int | None]) -> None:
    done = [Computed(i, o) for i, formula in enumerate(formulas) for o in operations(formula)]
    assert [m.quantity for m in match(GRAPH, done)] == expected


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(0, 3))
def test_sub_questions_ask_for_what_is_needed_on_the_way(seed: int, depth: int, others: int) -> None:
    world = World.of(1, depth=(depth, depth), distractors=(others, others), seed=seed)
    (anatomy,), (item,) = world.anatomies, world.items()
    graph = Graph.of(anatomy.trace.metadata["graph"])
    asked = sub_questions(item, anatomy)
    needed = {q for q in graph.needed() if graph.quantities[q].op != "given"} - {graph.target}
    assert set(asked) <= needed
    assert len({i.prompt for i in (item, *asked.values())}) == len(asked) + 1
    told = anatomy.premises[-1].span.start
    for quantity, question in asked.items():
        assert question.gold == str(graph.quantities[quantity].value)
        assert question.prompt.startswith(anatomy.trace.problem[:told])
        assert question.prompt[told:].strip() and (question.pair, question.family) == (item.pair, "layer")


def test_an_answer_must_follow_from_the_students_own_parts() -> None:
    """Right on the whole, wrong on every part: it did not come from them."""
    world = World.of(40, depth=(2, 3))
    main = {i.prompt for i in world.items()}
    found = spoken(lambda i: f"The answer is {i.gold if i.prompt in main else 3}.", world)["decomposition"]
    assert found.parts["spoken"] == 0 and found.value.value < 0.05


def test_without_gold_the_text_alone_decides(world: World) -> None:
    own = ask(oracle(world), world.items())
    blank = Evidence(own)
    found = {name: LAYERS[name].score(blank) for name in ("decomposition", "coherence")}
    assert {name: score.value.value for name, score in found.items()} == dict.fromkeys(found, 1.0)
    nothing = Evidence(ask(constant, world.items()))
    assert all(LAYERS[name].score(nothing).value.value == 0 for name in found)


PENS = "Tom has 3 boxes of 14 pens. He gives 5 away. How many pens are left?"
CHAINS = [
    ("3 * 14 = 42. 42 - 5 = 37. The answer is 37.", 1),
    ("3 * 14 = 42. 3 * 14 = 42. 3 * 14 = 42. 42 - 5 = 37. The answer is 37.", 1),
    ("3 * 14 - 5 = 37. The answer is 37.", 1),
    ("The answer is 37.", 0),
    ("2 + 2 = 4. The answer is 7.", 0),
    (f"{'1 + 1 = 2. ' * 9}The answer is 7.", 0),
    (f"{' '.join(f'{k} + 1 = {k + 1}.' for k in range(1, 10))} The answer is 7.", 0),
    ("3 * 14 = 42. The answer is 42.", 0),
    ("1 + 1 = 2. The answer is 37.", 0),
    ("37 + 0 = 37. The answer is 37.", 0),
    ("36 + 1 = 37. The answer is 37.", 0),
    ("3 * 14 = 43. 42 - 5 = 37. The answer is 37.", 0),
    ("2 + 2 = 5. 3 * 14 = 42. 42 - 5 = 37. The answer is 37.", 0),
]


@pytest.mark.parametrize(("text", "value"), CHAINS)
def test_without_gold_a_chain_holds_or_it_does_not(text: str, value: float) -> None:
    """Neither repeats nor equations from nowhere are coherent."""
    problem = Problem("pens", PENS, "37")
    own = ask(
        lambda _: text, items_for([problem], cell="in-format", family="in_format", style="plain", seed=0)
    )
    assert LAYERS["coherence"].score(Evidence(own)).value.value == value


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(2, 4), st.data())
def test_no_repeat_raises_coherence(seed: int, depth: int, data: st.DataObject) -> None:
    """Whatever is said again, and wherever, of a right chain or of its beginning: never more than it was."""
    world = World.of(1, depth=(depth, depth), distractors=(0, 2), seed=seed, verbosity="terse")
    (anatomy,) = world.anatomies
    *lines, last = anatomy.trace.text.split("\n")
    lines = lines[: data.draw(st.integers(1, len(lines)))]
    answer = data.draw(st.sampled_from([last, "The answer is 10000."]))
    more = data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=8))
    once, often = (coherence([*said, answer], world) for said in (lines, [*lines, *(lines[i] for i in more)]))
    assert often == once <= (1 if answer == last else depth / (depth + 1))


def coherence(lines: Sequence[str], world: World) -> float:
    own = ask(lambda _: "\n".join(lines), world.items())
    return LAYERS["coherence"].score(Evidence(own, gold=world.gold)).value.value


def test_steps_of_a_problem_without_computations_are_unknown() -> None:
    """The teacher of mazes computes nothing: its own right answers do not say how it reasons."""
    anatomies = WORLDS["mazes"].sample(8, seed=0, dials=Dials(depth=(2, 3)))
    world = World(anatomies)
    own = ask(lambda i: world.gold[i.pair].trace.text, world.items())
    assert all(a.score.right for a in own)
    for name in ("decomposition", "coherence", "error correction"):
        score = LAYERS[name].score(Evidence(own, gold=world.gold))
        assert (score.n, *score.value) == (0, 0.0, 0.0, 1.0)


def test_no_evidence_is_no_score() -> None:
    for layer in LAYERS.values():
        score = layer.score(Evidence(()))
        assert (score.n, *score.value) == (0, 0.0, 0.0, 1.0)


COUNTDOWN = "gym:countdown?min_numbers=3&max_numbers=3&max_value=20&min_target=10&max_target=99&seed=0#0"
"""Make 63 of 14, 9 and 2."""


@pytest.mark.parametrize(
    ("answer", "same"),
    [
        ("14*9/2", True),
        ("9 / 2 * 14", True),
        ("(14 / 2) * 9", True),
        ("14 × 9 ÷ 2 = 63", True),
        ("63", False),
        ("14*9-63", False),
        ("14*9/2 + 2 - 2", False),
        ("14 + 9 + 2", False),
        ("14*9/0", False),
        ("many", False),
    ],
)
def test_countdown_wants_the_given_numbers_and_the_value(answer: str, same: bool) -> None:
    assert same_answer("14*9/2", answer, COUNTDOWN).same is same


def test_search_counts_from_chance_on() -> None:
    items = LAYERS["search"].items([], 0, 40)
    assert len(items) == 40 and len({i.id for i in items}) == 40
    knaves = [i for i in items if "knights" in i.cell]
    quarter = {i.id for i in knaves[: len(knaves) // 4]}
    own = ask(lambda i: f"The answer is {i.gold if i.id in quarter else 'a secret'}.", items)
    score = LAYERS["search"].score(Evidence((), own))
    assert score.value.value == pytest.approx(0)
    assert score.parts["knights and knaves"] == score.parts["chance: knights and knaves"]
    half = ask(lambda i: f"The answer is {i.gold if 'countdown' in i.cell else 'a secret'}.", items)
    assert LAYERS["search"].score(Evidence((), half)).value.value == pytest.approx(1 / 2)


def searched(countdown: int, knaves: int) -> LayerScore:
    """Search of a student that has so many of twenty problems right in each family."""
    left = {"countdown": countdown, "knights": knaves}

    def answer(item: Item) -> str:
        family = next(name for name in left if name in item.cell)
        left[family] -= 1
        return f"The answer is {item.gold if left[family] >= 0 else 'a secret'}."

    return LAYERS["search"].score(Evidence((), ask(answer, LAYERS["search"].items([], 0, 40))))


@pytest.mark.parametrize(
    ("countdown", "knaves", "value"),
    [(6, 0, 0.15), (6, 5, 0.15), (0, 0, 0.0), (0, 20, 0.5), (20, 20, 1.0), (0, 10, 1 / 6)],
)
def test_one_family_takes_nothing_from_the_other(countdown: int, knaves: int, value: float) -> None:
    score = searched(countdown, knaves)
    assert score.value.value == pytest.approx(value)
    assert 0 <= score.value.low <= score.value.value <= score.value.high <= 1
    assert score.value.high > score.value.low, "none right of twenty, or all, is not certainty"
    assert score.trivial is not None and 0 < score.trivial < 0.05


def test_search_may_be_spoken() -> None:
    """No order forbids it, and an answer after trying is found and right."""
    items = LAYERS["search"].items([], 0, 12)
    assert not any(re.search(r"(?i)any other text|\bonly the\b|nothing else", i.prompt) for i in items)
    aloud = "Let me try. 14 + 9 = 23, too little. 14 * 9 = 126, and half of it fits."
    own = ask(lambda i: f"{aloud} If one were a knave, that would be wrong. The answer is {i.gold}", items)
    assert all(a.score.right for a in own)


def sizes(explained: float, n: int = 12) -> Sizes:
    """Readings of that share, of sizes that are 1 off the mean."""
    near = (1 - explained) ** 0.5
    return Sizes(tuple(SizeReading(f"t{i}", 3.0, 3.0 + near * (-1) ** i, 2.0) for i in range(n)))


@pytest.mark.parametrize(
    ("student", "base", "shuffled", "value"),
    [
        (1.0, 0.5, 0.0, 1.0),
        (0.6, 0.5, 0.0, 0.2),
        (0.6, 0.2, 0.5, 0.2),
        (0.4, -0.5, -0.2, 0.4),
        (0.5, 0.5, 0.0, 0.0),
        (0.1, 0.5, 0.0, 0.0),
        (-3.0, -0.1, -0.1, 0.0),
    ],
)
def test_representation_counts_above_the_better_control(
    student: float, base: float, shuffled: float, value: float
) -> None:
    score = LAYERS["representation"].score(
        Evidence((), inside=Inside(sizes(student), sizes(base), sizes(shuffled)))
    )
    assert score.value.value == pytest.approx(value) and score.trivial == 0
    assert score.parts == pytest.approx({"read": student, "base": base, "shuffled": shuffled})
    assert score.value.low <= score.value.value <= score.value.high and score.n == 12


class Taught:
    """Tiny students, taught the same few problems until they know them by heart."""

    def __init__(self, folder: Path) -> None:
        easy = {"depth": (2, 2), "distractors": (0, 0), "numbers": (2, 9)}
        self.world = World.of(8, verbosity="plain", **easy)  # type: ignore[arg-type]
        self.base = load_model("scratch:tiny")
        self.read = examples(self.base.chat, World.of(100, seed=5, **easy).anatomies)  # type: ignore[arg-type]
        self.students = {name: self.train(name, folder / name) for name in ("full", "style_only")}

    def train(self, name: str, folder: Path) -> Model:
        build = recipe({"style_only": "style_only?of=full"}.get(name, name))
        lessons = [encode(self.base.chat, build(a)) for a in self.world.anatomies]
        how = TrainSettings(epochs=80, learning_rate=1e-2, batch_size=4, micro_tokens=2000)
        train(load_model("scratch:tiny"), lessons, how, folder)
        return load_model(str(folder / "checkpoint"))

    def layers(self, name: str) -> dict[str, LayerScore]:
        """All five, on the very problems that the student was taught."""
        student = self.students[name]
        inside = look_inside(student, self.base, self.read)
        return measured(lambda items: ask_all(lambda i: written(student, i), items), self.world, inside)

    def answers(self, name: str, items: Sequence[Item]) -> list[Answered]:
        return ask_all(lambda asked: written(self.students[name], asked), items)

    def imitation(self, name: str) -> Imitation:
        """Likeness to the teacher on the problems that it was taught."""
        own = self.answers(name, self.world.items())
        unread = [None] * len(self.world.anatomies)
        rows = imitation_rows(
            self.world.anatomies, [a.item for a in own], [a.response for a in own], unread, unread
        )
        return imitation(rows)

    def transfer(self, name: str) -> float:
        """T of one of the students."""
        return transfer_score([a.score for a in self.answers(name, others())])


def others() -> list[Item]:
    """Problems that nobody was taught, in three styles, and deeper ones."""
    fresh = [problem_of(a) for a in World.of(8, depth=(2, 2), seed=1).anatomies]
    deeper = [problem_of(a) for a in World.of(8, depth=(3, 3), seed=2).anatomies]
    return [
        item
        for style in ("boxed", "system_prompt", "lower_case")
        for item in items_for(fresh, cell=f"style: {style}", family="style", style=style, seed=0)
    ] + items_for(deeper, cell="depth 3", family="difficulty", style="plain", seed=0)


def written(model: Model, items: Sequence[Item]) -> list[str]:
    """What the model writes after each prefill."""
    chat = model.chat
    prompts = [
        Prompt(
            chat.prompt(i.prompt) + (chat.encode(i.prefill) if i.prefill else []), min(96, i.max_new_tokens)
        )
        for i in items
    ]
    return [done.text for done in generate(model, prompts)]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taught]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # on a busy machine two would wait for each other at every small product
    yield Taught(tmp_path_factory.mktemp("students"))
    torch.set_num_threads(threads)


def test_a_student_that_only_imitates_has_the_words_and_none_of_the_layers(taught: Taught) -> None:
    """Taught the teacher's words with other numbers, it is like the teacher, and yet transfers and reasons nowhere.

    The student of the whole traces shows that so small a student can have layers, and that the words are the same.
    """
    alike = {name: taught.imitation(name) for name in taught.students}
    assert min(found.score.value for found in alike.values()) > 0.8
    same = {name: found.same_graph for name, found in alike.items()}
    assert same["style_only"] is not None and same["style_only"].value == 0
    knows = ask(lambda item: f"The answer is {item.gold}.", others())
    assert taught.transfer("style_only") <= 0.1 < transfer_score([a.score for a in knows]) == 1
    found = {name: taught.layers(name) for name in taught.students}
    assert all(score.value.value <= 0.1 for score in found["style_only"].values()), found["style_only"]
    full = {name: score.value.value for name, score in found["full"].items()}
    assert full["decomposition"] > 0.8 and full["coherence"] > 0.8
    assert full["error correction"] <= 0.2 < found["full"]["error correction"].parts["passed over"], (
        "it knows its answers by heart, and does not look at what stands there"
    )
    assert found["style_only"]["representation"].n > 40


def test_a_student_is_read_beside_the_base_and_beside_shuffled_values(taught: Taught) -> None:
    student = taught.students["full"]
    inside = look_inside(student, taught.base, taught.read)
    assert inside.student == read_sizes(read_states(student, taught.read, DEPTHS))
    assert inside.base == read_sizes(read_states(taught.base, taught.read, DEPTHS))
    assert inside == look_inside(student, inside.base, taught.read)
    pairs = zip(inside.student.readings, inside.base.readings, strict=True)
    assert all((a.trace_id, a.size) == (b.trace_id, b.size) for a, b in pairs)
    assert inside.shuffled.explained < 0.1
