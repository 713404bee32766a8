"""Weights from elsewhere: files of patterns, and datasets that say themselves where loss lies."""

import json
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from conftest import make_anatomy
from hypothesis import given, settings
from hypothesis import strategies as st

from fractionate import Study, analyze
from fractionate.config import parse_config
from fractionate.errors import InputError
from fractionate.models import Model, load_model
from fractionate.records import Anatomy, Message, Segment, Span, Supervision
from fractionate.storage import write_records
from fractionate.study.compile import compile_arms
from fractionate.study.data import gather
from fractionate.supervision import NotApplicable, encode, recipe
from fractionate.supervision.dataset import Order, compile_dataset
from fractionate.supervision.export.base import EXPORTERS, Item
from fractionate.supervision.recipes import patterns
from fractionate.supervision.weights import weighed
from fractionate.traces import read_files
from fractionate.traces.weights import Weighted
from fractionate.worlds import WORLDS, Dials

DIALS = Dials(depth=(2, 4), verbosity="chatty", mistakes=0.5)


def by_weight(supervision: Supervision) -> list[tuple[str, float]]:
    """The response in pieces of one weight, without its answer line."""
    found: list[tuple[str, float]] = []
    for segment in supervision.segments[:-2]:
        if found and found[-1][1] == segment.weight:
            found[-1] = (found[-1][0] + segment.text, segment.weight)
        else:
            found.append((segment.text, segment.weight))
    return found


# "First find the boxes. Tom has 3 boxes. So 3 * 4 = 12 pens.\nThen 12 + 1 = 13. That was fun!"
MATCHES: list[tuple[str, dict[str, list[float]], list[tuple[str, float]]]] = [
    ("no entry matches", {"Wait": [0]}, [("all", 1)]),
    ("the rest", {"": [0.5]}, [("all", 0.5)]),
    (
        "an expression, and the rest",
        {"": [0.5], r"Then[^.]*\.": [2]},
        [("…\n", 0.5), ("Then 12 + 1 = 13.", 2), ("…", 0.5)],
    ),
    ("a dot matches line ends", {r"So.*fun!": [0]}, [("…", 1), ("So … fun!", 0)]),
    (
        "the first from the left, and of those the first in the file",
        {"boxes. Tom": [0], "the boxes": [0.25], "the": [3]},
        [("…", 1), ("the boxes", 0.25), ("…", 1)],
    ),
    ("what matches nothing is passed over", {"z*": [0], "Tom": [2]}, [("…", 1), ("Tom", 2), ("…", 1)]),
    (
        "words, and what follows them",
        {"First": [1, 0], "So": [2, 0.5]},
        [("First", 1), ("…", 0), ("So", 2), ("…", 0.5)],
    ),
    ("words are literal", {"boxes.": [0, 1]}, [("…", 1), ("boxes.", 0), ("…", 1), ("boxes.", 0), ("…", 1)]),
]


@pytest.mark.parametrize(("case", "entries", "expected"), MATCHES, ids=[m[0] for m in MATCHES])
def test_what_a_file_of_patterns_weights(
    case: str, entries: dict[str, list[float]], expected: list[tuple[str, float]], tmp_path: Path
) -> None:
    file = tmp_path / "weights of mine.json"
    file.write_text(json.dumps(entries))
    whole = recipe("full")(make_anatomy())
    found = recipe(f"patterns?file={file}")(make_anatomy())
    assert found.response() == whole.response() and found.segments[-1] == whole.segments[-1]
    assert [weight for _, weight in by_weight(found)] == [weight for _, weight in expected]
    for (text, _), (wanted, _) in zip(by_weight(found), expected, strict=True):
        assert "…" in wanted or wanted in ("all", text)
    assert all(s.span is None or s.span.of(make_anatomy().trace.text) == s.text for s in found.segments)


BROKEN = [
    ("[]", "should be an object"),
    ("{", "Invalid JSON"),
    ("{}", "at least 1 item"),
    ('{"Wait(": [0]}', r"'Wait\(' is no regular expression"),
    ('{"(?P<a>x)(?P<a>y)": [0]}', "no regular expression"),
    ('{"Wait": 0}', "'Wait': .*valid array"),
    ('{"Wait": [-1]}', "greater than or equal to 0"),
    ('{"Wait": ["1"]}', "valid number"),
    ('{"Wait": [true]}', "valid number"),
    ('{"Wait": [NaN]}', "finite"),
    ('{"Wait": [0, 1, 2]}', "at most 2"),
    ('{"Wait": [0], "So": [0, 1]}', "one weight and of two"),
    ('{"Wait": [0], "": [0, 1]}', "one weight and of two"),
    (json.dumps({str(n): [0] for n in range(300)}), "at most 256"),
    (json.dumps({"x" * 70_000: [0]}), "larger than"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN, ids=[m for _, m in BROKEN])
def test_a_broken_file_is_one_line_that_names_it(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    file.write_text(text)
    with pytest.raises(InputError, match=message) as raised:
        recipe(f"patterns?file={file}")
    assert str(file) in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("patterns", r"needs the option 'file': patterns\?file="),
        ("patterns?file=no.json", "no.json: cannot be read"),
    ],
)
def test_a_file_must_be_named_and_be_there(spec: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        recipe(spec)
    study = f'name = "x"\n[data]\nworld = "ledger"\n[arms]\nrecipes = ["full", "{spec}"]\n'
    with pytest.raises(InputError, match=f"s.toml: .*{message}"):
        parse_config(study, "s.toml")


def test_texts_too_long_to_search_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "w.json").write_text('{"a": [0]}')
    monkeypatch.setattr(patterns, "LONGEST", 20)
    with pytest.raises(NotApplicable, match="longer than 20 characters"):
        recipe(f"patterns?file={tmp_path / 'w.json'}")(make_anatomy())


SPANS = st.lists(st.integers(0, 30), max_size=8, unique=True).map(sorted)


@given(SPANS, SPANS)
def test_weights_fall_on_their_characters(cuts: list[int], edges: list[int]) -> None:
    text = "abcdefghijklmnopqrstuvwxyz0123"
    segments = [Segment(text[a:b], Span(a, b)) for a, b in pairwise(cuts)]
    weights = [Weighted(a, b, float(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    found = weighed(segments, weights, otherwise=0.5)
    assert "".join(s.text for s in found) == "".join(s.text for s in segments)
    for segment in found:
        assert segment.span is not None and segment.text == segment.span.of(text)
        for c in range(*segment.span):
            assert segment.weight == next((w.weight for w in weights if w.start <= c < w.end), 0.5)


ROUND_TRIPS = [
    ("axolotl", "full"),
    ("axolotl", "skeleton"),
    ("axolotl", "roles?language=mask&error_signals=delete"),
    ("axolotl", "roles?language=mask&decomposition=prompt"),
    ("axolotl", "errors?mode=mask"),
    ("ms-swift", "roles?language=mask"),
    ("ms-swift", "roles?language=learn:0.2&structure=mask"),
]


@pytest.mark.parametrize(("form", "name"), ROUND_TRIPS)
def test_what_is_exported_and_read_back_trains_on_the_same_tokens(
    form: str, name: str, tmp_path: Path
) -> None:
    source = tmp_path / "anatomy.parquet"
    write_records(source, Anatomy, WORLDS["ledger"].sample(30, seed=4, dials=DIALS))

    def rows(order: Order) -> list[dict[str, Any]]:
        compile_dataset(order)
        return pq.read_table(order.out / "data.parquet").to_pylist()

    order = Order(source, name, "parquet", tmp_path / "ours", student="scratch:tiny")
    compile_dataset(replace(order, format=form, out=tmp_path / "theirs"))
    data = tmp_path / "theirs" / "data.jsonl"
    (report,) = read_files(data).files
    assert report.format == form and report.rejected == 0
    ours, back = rows(order), rows(replace(order, source=data, recipe="imported", out=tmp_path / "back"))
    assert len(ours) == len(back) > 5 and any(0 < sum(r["weights"]) < len(r["weights"]) for r in ours)
    for before, after in zip(ours, back, strict=True):
        for column in ("input_ids", "labels", "weights"):
            assert after[column] == before[column]


PIECES = st.lists(
    st.tuples(st.text("aé 1\n中=*", min_size=1, max_size=6), st.booleans()), min_size=1, max_size=5
)


@settings(max_examples=50)
@given(PIECES, st.booleans())
def test_any_masks_come_back(
    tiny: Model, tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[str, bool]], before: bool
) -> None:
    """Also a response that begins or ends without loss, after earlier turns or none."""
    history = (Message("user", "Hi"), Message("assistant", "Hello.")) if before else ()
    segments = tuple(Segment(text, weight=float(learned)) for text, learned in pieces)
    given_ = Supervision("t", "r", "How many?", (*segments, Segment("\nIt is 1.")), history=history)
    example = encode(tiny.chat, given_)
    file = tmp_path_factory.mktemp("row") / "x.jsonl"
    file.write_text(json.dumps(EXPORTERS["axolotl"](tiny.chat).row(Item((given_,)))))
    (trace,) = read_files(file).traces
    assert trace.problem == "How many?" and trace.text == given_.response()
    back = encode(tiny.chat, recipe("imported")(analyze(trace)))
    assert back.ids == example.ids and back.prompt == example.prompt
    for token, ours, theirs in zip(example.ids, example.weights, back.weights, strict=True):
        # Where pieces of nothing but spaces meet, a token of spaces may go to either.
        assert ours == theirs or not tiny.chat.tokenizer.decode([token]).strip()


def test_spans_of_ones_own_traces(tmp_path: Path) -> None:
    anatomy = make_anatomy()
    for spans, fits in (
        ([[0, 5, 0.0], [8, 9, 0.5]], True),
        (None, False),
        ([], False),
        ([[5, 0, 1.0]], False),
        ([[0, 5, 1.0], [3, 6, 1.0]], False),
        ([[0, 5, -1.0]], False),
        ([[0, 5, float("nan")]], False),
        ([[0, 999, 1.0]], False),
        (0.25, False),
    ):
        trace = replace(anatomy.trace, metadata={"loss_spans": spans})
        if fits:
            found = recipe("imported")(replace(anatomy, trace=trace))
            assert found.response() == trace.text
            assert [s.text for s in found.segments if s.weight == 0.5] == [trace.text[8:9]]
        else:
            with pytest.raises(NotApplicable, match="no spans with loss"):
                recipe("imported")(replace(anatomy, trace=trace))


def test_a_changed_file_of_weights_is_noticed(tmp_path: Path) -> None:
    source, file = tmp_path / "anatomy.parquet", tmp_path / "w.json"
    write_records(source, Anatomy, [make_anatomy(n) for n in range(2, 9)])
    file.write_text('{"Then": [0]}')
    order = Order(source, f"errors?of=patterns?file={file}", "trl", tmp_path / "out", student="scratch:tiny")
    assert compile_dataset(order) == compile_dataset(order)
    file.write_text('{"Tom": [0]}')
    with pytest.raises(InputError, match="another dataset"):
        compile_dataset(order)


def test_a_study_takes_a_file_of_weights(tmp_path: Path) -> None:
    file = tmp_path / "w.json"
    file.write_text('{"Then": [0]}')
    (tmp_path / "study.toml").write_text(
        'name = "x"\n[data]\nworld = "ledger"\ntrain = 8\n[student]\nmodel = "scratch:tiny"\n'
        f'[arms]\nrecipes = ["full", "patterns?file={file}"]\n'
    )
    Study.from_toml(tmp_path / "study.toml", tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert str(file) in manifest["inputs"]


def test_a_study_learns_from_spans(tmp_path: Path) -> None:
    """Beside `full`, which learns the same words with other weights and is therefore not the same arm."""
    taught = WORLDS["ledger"].sample(30, seed=4, dials=DIALS)
    write_records(tmp_path / "anatomy.parquet", Anatomy, taught)
    order = Order(
        tmp_path / "anatomy.parquet", "roles?language=mask", "axolotl", tmp_path / "out", "scratch:tiny"
    )
    compile_dataset(order)
    rows = map(json.loads, (order.out / "data.jsonl").read_text().splitlines())
    file = tmp_path / "x.jsonl"
    file.write_text(
        "\n".join(json.dumps(r | {"gold": a.trace.gold}) for r, a in zip(rows, taught, strict=True))
    )
    config = parse_config(
        f'name = "x"\n[data]\nfiles = ["{file}"]\nkeep = "all"\n[student]\nmodel = "scratch:tiny"\n'
        '[arms]\nrecipes = ["imported", "full"]\n',
        "s.toml",
    )
    model = load_model("scratch:tiny", weights=False)
    compiled = compile_arms(config, model, gather(config).anatomies)
    imported, whole = compiled.arms[1:]
    assert len(imported.examples) == len(whole.examples) > 10
    assert imported.cost.supervised_tokens < whole.cost.supervised_tokens
    assert not any("learn the same text" in fact for fact in compiled.facts)


def test_the_command_line_takes_a_file_of_weights(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(r'{"\\d+": [0.5]}')
    line = {"question": "Tom has 2 pens and buys 3. How many?", "solution": "2 + 3 = 5.", "answer": "5"}
    (tmp_path / "t.jsonl").write_text(json.dumps(line) + "\n")
    command = [sys.executable, "-m", "fractionate", "compile", "t.jsonl", "--recipe", "patterns?file=w.json"]
    done = subprocess.run(
        [*command, "--format", "ms-swift", "--out", "d"], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    row = json.loads((tmp_path / "d" / "data.jsonl").read_text())
    scales = [m.get("loss_scale") for m in row["messages"] if m["role"] == "assistant"]
    assert set(scales) == {0.5, 1.0}
