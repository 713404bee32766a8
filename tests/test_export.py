"""Each format says what the supervision says, or refuses; datasets are whole, counted and described."""

import json
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import EntryPoint
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from conftest import make_anatomy
from rich.console import Console

from fractionate import registry
from fractionate.errors import InputError
from fractionate.models import Model
from fractionate.records import Anatomy, Message, Role, Segment, Supervision
from fractionate.storage import read_records, write_records
from fractionate.supervision import NotApplicable, encode, recipe
from fractionate.supervision.dataset import Order, compile_dataset, compile_with_progress, tally
from fractionate.supervision.export.base import EXPORTERS, Exporter, Item, check, runs
from fractionate.worlds import WORLDS, Dials

PROMPT = "How many?"
MASKED = Supervision(
    "t",
    "masked",
    PROMPT,
    (Segment("Tom has 3.", weight=0.0), Segment(" 3 * 4 = 12."), Segment("\nIt is 12.")),
)
SPACED = Supervision(
    "t", "masked", PROMPT, (Segment("Tom has ", weight=0.0), Segment("3 of "), Segment("them.", weight=0.0))
)
PLAIN = Supervision("t", "plain", PROMPT, (Segment("3 * 4 = 12."), Segment("\nIt is 12.")))
HINTED = Supervision(
    "t", "hinted", PROMPT, (Segment("\n\nHint: boxes", visibility="prompt"), Segment("It is 12."))
)
WEIGHTED = replace(MASKED, segments=(Segment("Tom has 3.", weight=0.5), Segment(" It is 12.")))
TALK = (Message("system", "Be brief."), Message("user", "Hi"), Message("assistant", "Hello."))
QUESTION = {"role": "user", "content": PROMPT}
ANSWER = {"role": "assistant", "content": "3 * 4 = 12.\nIt is 12."}


def row(name: str, model: Model, *supervisions: Supervision) -> Any:
    exporter = EXPORTERS[name](model.chat)
    check(name, exporter, supervisions)
    return exporter.row(Item(supervisions, tuple(encode(model.chat, s) for s in supervisions)))


ROWS: dict[str, tuple[Supervision, Any]] = {
    "trl-prompt-completion": (PLAIN, {"prompt": [QUESTION], "completion": [ANSWER]}),
    "trl-messages": (PLAIN, {"messages": [QUESTION, ANSWER]}),
    "sharegpt": (
        replace(PLAIN, history=TALK),
        {
            "conversations": [
                {"from": "human", "value": "Hi"},
                {"from": "gpt", "value": "Hello."},
                {"from": "human", "value": PROMPT},
                {"from": "gpt", "value": ANSWER["content"]},
            ],
            "system": "Be brief.",
        },
    ),
    "ms-swift": (
        replace(WEIGHTED, history=TALK[1:]),
        {
            "messages": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Hello.", "loss": False},
                QUESTION,
                {"role": "assistant", "content": "Tom has 3.", "loss": True, "loss_scale": 0.5},
                {"role": "assistant", "content": " It is 12.", "loss": True, "loss_scale": 1.0},
            ]
        },
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_of_text(name: str, tiny: Model) -> None:
    supervision, expected = ROWS[name]
    assert row(name, tiny, supervision) == expected


def test_hints_are_part_of_the_question(tiny: Model) -> None:
    for name in EXPORTERS:
        if not EXPORTERS[name].pairs and name != "records":
            told = row(name, tiny, HINTED)
            ids = told.get("input_ids")
            text = (
                tiny.chat.tokenizer.decode(list(ids))
                if ids is not None
                else json.dumps(told, ensure_ascii=False)
            )
            assert "boxes" in text.split("It is 12.")[0]


@pytest.mark.parametrize("supervision", [PLAIN, MASKED, HINTED, replace(MASKED, history=TALK)])
def test_token_labels_are_the_examples_weights(supervision: Supervision, tiny: Model) -> None:
    example = encode(tiny.chat, supervision)
    told = row("trl", tiny, supervision)
    assert tuple(told["input_ids"]) == example.ids
    assert [label != -100 for label in told["labels"]] == [weight > 0 for weight in example.weights]
    assert all(label in (-100, token) for label, token in zip(told["labels"], example.ids, strict=True))
    columns = row("parquet", tiny, supervision)
    assert tuple(columns["weights"]) == example.weights
    assert [*columns["labels"]] == told["labels"] and tuple(columns["input_ids"]) == example.ids


@pytest.mark.parametrize("supervision", [PLAIN, MASKED, SPACED, HINTED, replace(MASKED, history=TALK)])
def test_axolotl_spans_make_our_tokens(supervision: Supervision, tiny: Model) -> None:
    """Segments tokenized one by one, as axolotl does, give our ids and labels."""
    ids: list[int] = []
    learned: list[bool] = []
    for segment in row("axolotl", tiny, supervision)["segments"]:
        coded = tiny.chat.encode(segment["text"])
        ids += coded
        learned += [segment["label"]] * len(coded)
    example = encode(tiny.chat, supervision)
    assert tuple(ids) == example.ids
    assert learned == [weight > 0 for weight in example.weights]


def test_pieces_join_to_the_response() -> None:
    for supervision in (PLAIN, MASKED, WEIGHTED):
        assert "".join(run.text for run in runs(supervision.segments)) == supervision.response()
    spaced = (Segment("So Tom ", weight=0.0), Segment("has 3."))
    assert [run.text for run in runs(spaced)] == ["So Tom", " has 3."], "no word is cut from its space"


REFUSED = [
    ("trl", WEIGHTED, "parquet"),
    ("axolotl", WEIGHTED, "ms-swift"),
    ("sharegpt", MASKED, "axolotl"),
    ("trl-messages", MASKED, "trl, "),
    ("trl-prompt-completion", WEIGHTED, "parquet"),
    ("trl-preference", PLAIN, "pairs"),
]


@pytest.mark.parametrize(("name", "supervision", "remedy"), REFUSED)
def test_what_a_format_cannot_say_is_refused(
    name: str, supervision: Supervision, remedy: str, tiny: Model
) -> None:
    with pytest.raises(InputError, match=remedy):
        row(name, tiny, supervision)


def test_turns_that_a_format_has_no_place_for_leave_the_example_out(tiny: Model) -> None:
    with pytest.raises(NotApplicable, match="earlier assistant turns"):
        row("trl-messages", tiny, replace(PLAIN, history=TALK))
    with pytest.raises(NotApplicable, match="alternate"):
        row("sharegpt", tiny, replace(PLAIN, history=(TALK[1],)))


def test_preference_pairs(tiny: Model) -> None:
    start = Segment("Tom has 3. ", weight=0.0)
    right = replace(PLAIN, segments=(start, Segment("3 * 4 = 12.")))
    wrong = replace(PLAIN, segments=(start, Segment("3 * 4 = 7.")))
    told = row("trl-preference", tiny, right, wrong)
    assert told["prompt"] == [QUESTION]
    assert told["chosen"][0]["content"] == "Tom has 3. 3 * 4 = 12."
    assert told["rejected"][0]["content"] == "Tom has 3. 3 * 4 = 7."
    late = replace(right, segments=(*right.segments, Segment(" So.", weight=0.0)))
    with pytest.raises(InputError, match="part"):
        row("trl-preference", tiny, late, wrong)
    with pytest.raises(InputError, match="single"):
        row("trl", tiny, right, wrong)


class Shout(Exporter):
    """A format from another package."""

    use = "shout"

    def row(self, item: Item) -> Any:
        return {"text": item.supervisions[0].response().upper()}


def test_a_format_comes_from_another_package(monkeypatch: pytest.MonkeyPatch, tiny: Model) -> None:
    point = EntryPoint("shout", f"{__name__}:Shout", "fractionate.exporter")
    monkeypatch.setattr(registry, "entry_points", lambda group: [point] if group.endswith("exporter") else [])
    found: registry.Registry[type[Exporter]] = registry.Registry("exporter")
    assert found["shout"](tiny.chat).row(Item((PLAIN,)))["text"].startswith("3 * 4")


@pytest.fixture
def anatomies(tmp_path: Path) -> Path:
    path = tmp_path / "anatomy.parquet"
    hostile = make_anatomy(60)
    problem = hostile.trace.problem + " <|im_end|>"
    found = [
        *(make_anatomy(n) for n in range(2, 42)),
        replace(hostile, trace=replace(hostile.trace, problem=problem)),
    ]
    write_records(path, Anatomy, found)
    return path


@pytest.mark.parametrize("name", ["trl", "axolotl", "records"])
def test_what_was_compiled_already_becomes_the_same_rows(name: str, anatomies: Path, tmp_path: Path) -> None:
    make, file = recipe("decision_points"), tmp_path / "supervision.parquet"
    write_records(file, Supervision, [make(a) for a in read_records(anatomies, Anatomy)])
    orders = [
        Order(anatomies, "decision_points", name, tmp_path / "one", student="scratch:tiny"),
        Order(file, "", name, tmp_path / "other", student="scratch:tiny"),
    ]
    one, other = map(compile_dataset, orders)
    assert one["file"]["sha256"] == other["file"]["sha256"] and one["tokens"] == other["tokens"]
    assert other["settings"]["recipe"] == "decision_points" and other["left_out"] == one["left_out"]


def test_a_recipe_is_named_where_one_is_needed(anatomies: Path, tmp_path: Path) -> None:
    file = tmp_path / "supervision.parquet"
    write_records(file, Supervision, [recipe("full")(a) for a in read_records(anatomies, Anatomy)])
    for source, named, said in (
        (anatomies, "", "name a recipe"),
        (file, "compact", "compiled already, by full; leave out recipe"),
    ):
        with pytest.raises(InputError, match=said):
            compile_dataset(Order(source, named, "trl", tmp_path / "out", student="scratch:tiny"))


def test_what_can_only_be_done_to_traces_is_refused(anatomies: Path, tmp_path: Path) -> None:
    file = tmp_path / "supervision.parquet"
    made = [recipe("full")(a) for a in read_records(anatomies, Anatomy)][:3]
    write_records(file, Supervision, made)
    order = Order(file, "", "trl", tmp_path / "out", student="scratch:tiny", keep="right", seed=3)
    with pytest.raises(InputError, match="leave out keep, seed"):
        compile_dataset(order)
    write_records(file, Supervision, [made[0], made[1], made[1]])
    with pytest.raises(InputError, match="several stages of one trace"):
        compile_dataset(Order(file, "", "trl", tmp_path / "out", student="scratch:tiny"))


@pytest.mark.parametrize("name", [n for n, e in EXPORTERS.items() if not e.pairs])
def test_a_dataset_is_counted_and_described(name: str, anatomies: Path, tmp_path: Path) -> None:
    order = Order(anatomies, "compact", name, tmp_path / "out", student="scratch:tiny", licence="cc-by-4.0")
    seen: list[tuple[int, int]] = []
    card = compile_dataset(order, lambda done, total: seen.append((done, total)))
    assert card["traces"] == 41 == card["examples"] + sum(card["left_out"].values())
    assert card["left_out"] == {"the text holds control tokens of the student's chat template": 1}
    assert sum(card["roles"].values()) == pytest.approx(1, abs=1e-3)
    assert seen[-1] == (41, 41)
    data = order.out / card["file"]["name"]
    lines = len(data.read_text().splitlines()) if data.suffix == ".jsonl" else pq.read_metadata(data).num_rows
    assert lines == card["examples"] == 40
    text = (order.out / "README.md").read_text()
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["license"] == "cc-by-4.0"
    assert front["fractionate"]["recipe"] == "compact" and front["fractionate"]["examples"] == 40
    assert front["configs"][0]["data_files"] == data.name
    assert front["fractionate"]["input"]["sha256"] in text and not list(order.out.glob(".*"))


def test_tokens_of_the_card_are_those_of_the_rows(anatomies: Path, tmp_path: Path) -> None:
    cards = {
        name: compile_dataset(Order(anatomies, "full", name, tmp_path / name, student="scratch:tiny"))
        for name in ("trl", "trl-messages")
    }
    rows = [json.loads(line) for line in (tmp_path / "trl" / "data.jsonl").read_text().splitlines()]
    tokens = cards["trl"]["tokens"]
    assert tokens["all"] == sum(len(r["input_ids"]) for r in rows)
    assert tokens["with_loss"] == sum(label != -100 for r in rows for label in r["labels"])
    assert tokens["longest"] == max(len(r["input_ids"]) for r in rows)
    assert cards["trl-messages"]["tokens"] == tokens


def test_formats_of_text_count_the_tokens_of_some(
    anatomies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = compile_dataset(Order(anatomies, "full", "trl", tmp_path / "a", student="scratch:tiny"))["tokens"]
    monkeypatch.setattr(tally, "EXACT", 8)
    monkeypatch.setattr(tally, "EVERY", 4)
    about = compile_dataset(Order(anatomies, "full", "axolotl", tmp_path / "b", student="scratch:tiny"))[
        "tokens"
    ]
    assert about["counted_on"] == 16
    assert about["all"] == pytest.approx(exact["all"], rel=0.05)
    assert about["with_loss"] == pytest.approx(exact["with_loss"], rel=0.05)
    assert "counted on 16" in (tmp_path / "b" / "README.md").read_text()


@pytest.mark.parametrize("name", ["trl", "sharegpt"])
def test_longer_examples_are_left_out_and_counted(name: str, anatomies: Path, tmp_path: Path) -> None:
    lengths = sorted(len(encode_full(n)) for n in range(2, 42))
    limit = lengths[8]
    order = Order(anatomies, "full", name, tmp_path / "o", student="scratch:tiny", max_tokens=limit)
    card = compile_dataset(order)
    assert card["left_out"][f"longer than {limit} tokens"] == sum(n > limit for n in lengths) > 0
    assert card["tokens"]["longest"] <= limit
    with pytest.raises(InputError, match=r"not one of 41 traces.*longer than 3 tokens"):
        compile_dataset(replace(order, out=tmp_path / "none", max_tokens=3))


def encode_full(number: int) -> tuple[int, ...]:
    from fractionate.models import load_model

    return encode(load_model("scratch:tiny").chat, recipe("full")(make_anatomy(number))).ids


def test_a_finished_dataset_is_not_made_again_and_another_is_refused(anatomies: Path, tmp_path: Path) -> None:
    order = Order(anatomies, "compact", "trl", tmp_path / "out", student="scratch:tiny")
    card = compile_dataset(order)
    before = (order.out / "data.jsonl").stat().st_mtime_ns
    (order.out / ".data.jsonl.1.part").write_text("left by a killed run")
    assert compile_dataset(order) == json.loads(json.dumps(card))
    assert (order.out / "data.jsonl").stat().st_mtime_ns == before
    assert not list(order.out.glob(".*"))
    with pytest.raises(InputError, match="another dataset"):
        compile_dataset(replace(order, seed=1))
    (order.out / "data.jsonl").write_text("damaged")
    assert compile_dataset(order)["file"] == card["file"]


def test_the_card_and_the_console_warn_of_a_recipe_without_a_choice(tmp_path: Path) -> None:
    file = tmp_path / "terse.parquet"
    write_records(file, Anatomy, WORLDS["ledger"].sample(9, seed=1, dials=Dials(verbosity="terse")))
    order = Order(file, "compact", "trl", tmp_path / "out", student="scratch:tiny")
    console = Console(file=StringIO(), width=60)
    card = compile_with_progress(order, console)
    [warning] = card["warnings"]
    assert warning == "warning: compact keeps 100% of the steps, hardly a choice"
    text = (order.out / "README.md").read_text()
    assert f"**{warning}**" in text
    assert yaml.safe_load(text.split("---\n")[1])["fractionate"]["warnings"] == [warning]
    assert console.file.getvalue().splitlines() == [warning]
    again = Console(file=StringIO(), width=60)
    compile_with_progress(order, again)
    assert again.file.getvalue().splitlines() == [warning], "a dataset that was there before warns too"
    assert compile_dataset(replace(order, recipe="full", out=tmp_path / "full"))["warnings"] == []


def test_traces_that_end_wrong_are_told_or_left_out(tmp_path: Path) -> None:
    rows = [
        {"problem": f"What is {n} + 1?", "response": f"{n} + 1 = {n + 1 + n % 2}. The answer is {n + 1 + n % 2}.",
         "gold": f"{n + 1}"}
        for n in range(10, 16)
    ]  # fmt: skip
    file = tmp_path / "traces.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    order = Order(file, "full", "trl-messages", tmp_path / "all", mapping={k: k for k in rows[0]})
    card = compile_dataset(order)
    assert card["end_wrong"] == 3 and card["examples"] == 6
    assert "3 of 6 traces end wrong" in card["warnings"][0]
    right = compile_dataset(replace(order, out=tmp_path / "right", keep="right"))
    assert right["examples"] == 3 and right["left_out"] == {"ends wrong": 3} and not right["warnings"]


def test_a_failed_compilation_leaves_no_file(anatomies: Path, tmp_path: Path) -> None:
    order = Order(anatomies, "roles?language=mask", "sharegpt", tmp_path / "out", student="scratch:tiny")
    with pytest.raises(InputError, match="without loss"):
        compile_dataset(order)
    assert not list(order.out.iterdir())


def test_records_come_back(anatomies: Path, tmp_path: Path) -> None:
    compile_dataset(Order(anatomies, "full", "records", tmp_path / "out", student="scratch:tiny"))
    found = read_records(tmp_path / "out" / "data.parquet", Supervision)
    assert found == [recipe("full")(make_anatomy(n)) for n in range(2, 42)]
    assert found[0].segments[0].role is Role.DECOMPOSITION


GOOD = '{"question": "Tom has %d pens and buys 3. How many?", "solution": "%d + 3 = %d.", "answer": "%d"}\n'


def test_the_command_line_compiles_traces(tmp_path: Path) -> None:
    lines = "".join(GOOD % (n, n, n + 3, n + 3) for n in range(2, 9))
    (tmp_path / "t.jsonl").write_text(lines + "{broken\n")
    command = [sys.executable, "-m", "fractionate", "compile", "t.jsonl", "--recipe", "full", "--out", "d"]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    card = json.loads(done.stdout)
    assert (card["traces"], card["examples"], card["rejected_rows"]) == (7, 7, 1)
    assert card["settings"]["format"] == "trl" and (tmp_path / "d" / "README.md").is_file()
    for arguments, hint in ((["--format", "tlr"], "trl"), (["--student", "nobody"], "nobody")):
        wrong = subprocess.run([*command[:-1], "e", *arguments], capture_output=True, text=True, cwd=tmp_path)
        assert wrong.returncode == 2 and hint in wrong.stderr
        assert len(wrong.stderr.strip().splitlines()) == 1


def test_pairs_that_part_at_a_planted_mistake(tmp_path: Path) -> None:
    worlds = WORLDS["ledger"].sample(12, seed=3, dials=Dials(depth=(2, 4), mistakes=0.0))
    write_records(tmp_path / "a.parquet", Anatomy, worlds)
    order = Order(
        tmp_path / "a.parquet",
        "contrast?plant=value&of=compact",
        "trl-preference",
        tmp_path / "out",
        "scratch:tiny",
    )
    card = compile_dataset(order)
    rows = [json.loads(line) for line in (order.out / "data.jsonl").read_text().splitlines()]
    assert len(rows) == card["examples"] == 12 - sum(card["left_out"].values()) > 0
    for told in rows:
        chosen, rejected = (told[side][0]["content"] for side in ("chosen", "rejected"))
        assert chosen != rejected and told["prompt"][0]["role"] == "user"
    with pytest.raises(InputError, match="pairs"):
        compile_dataset(replace(order, recipe="full", out=tmp_path / "b"))
    with pytest.raises(InputError, match="schedule"):
        compile_dataset(replace(order, recipe="ramp", format="trl", out=tmp_path / "c"))
