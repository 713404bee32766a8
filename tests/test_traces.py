"""Readers, case by case (`readers.json`), and what holds for any reading."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fractionate.errors import InputError
from fractionate.records import Trace
from fractionate.storage import write_records
from fractionate.traces import read_files, read_traces, split_parts, write_rejected
from fractionate.traces.expressions import evaluated
from fractionate.traces.files import labels

CASES = json.loads(Path(__file__).with_name("readers.json").read_text("utf-8"))


NAMES = st.sampled_from(
    ["problem", "question", "response", "answer", "generations", "messages", "conversations", "output", "role", "from",
     "content", "value", "pred", "chain-of-thought", "metadata", "text", "id", "history", "data", "prompt",
     "segments", "label", "loss", "loss_scale"]
)  # fmt: skip


def put(folder: Path, case: dict) -> Path:
    """Write the file of a case, and the files beside it."""
    name = case["file"]
    if "raw" in case:
        content = case["raw"]
    elif name.endswith(".jsonl"):
        content = "\n".join(map(json.dumps, case["rows"]))
    else:
        content = json.dumps(case["rows"])
    for path, text in {**case.get("beside", {}), name: content}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder / name


def seen(trace: Trace) -> dict:
    """A trace as the cases write it."""
    return {
        **{name: getattr(trace, name) for name in ("id", "problem", "text", "answer", "gold", "teacher")},
        "thinking": trace.thinking and trace.thinking.of(trace.text),
        "solution": trace.solution.of(trace.text),
        "history": [list(message) for message in trace.history],
        "metadata": dict(trace.metadata),
    }


@pytest.mark.parametrize("case", CASES["read"], ids=lambda case: case["name"])
def test_formats(case, tmp_path):
    path = put(tmp_path, case)
    reading = read_files([path], mapping=case.get("mapping"))
    assert [
        {name: value for name, value in seen(trace).items() if name in wanted}
        for trace, wanted in zip(reading.traces, case["traces"], strict=True)
    ] == case["traces"]
    rejected = case.get("rejected", [])
    assert [row.line for row in reading.rejected] == [line for line, _ in rejected]
    assert all(reason in row.reason for row, (_, reason) in zip(reading.rejected, rejected, strict=True))
    (report,) = reading.files
    assert (report.path, report.format) == (str(path), case["format"])
    assert (report.traces, report.rejected) == (len(case["traces"]), len(rejected))
    assert report.rows == report.traces + report.rejected


@pytest.mark.parametrize("case", CASES["refuse"], ids=lambda case: case["name"])
def test_refusals(case, tmp_path):
    with pytest.raises(InputError, match=case["error"]) as raised:
        read_files([put(tmp_path, case)], **case.get("options", {}))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", '{"problem": "p"}'.encode("utf-16"), "UTF-16"),
        ("a.json", b'[{"problem": "caf\xe9"}]', "line 1: the text is not UTF-8"),
        ("a.jsonl", b'{"problem": "caf\xe9"}\n', "line 1: the text is not UTF-8"),
        ("a.jsonl", b"\x1f\x8b\x08", "binary"),
        ("a.parquet", b"PAR1 but not for long", "not a Parquet file"),
    ],
)
def test_what_is_no_text(name, content, message, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_files([tmp_path / name])


CELLS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(NAMES, CELLS, min_size=1, max_size=5) | CELLS, max_size=4), st.booleans())
def test_no_row_of_any_shape_breaks_a_reading(tmp_path_factory, rows, as_list):
    path = tmp_path_factory.mktemp("any") / "x.json"
    path.write_text(json.dumps(rows) if as_list else "\n".join(map(json.dumps, rows)))
    try:
        reading = read_files(path)
    except InputError:
        return
    (report,) = reading.files
    assert report.rows == report.traces + report.rejected >= max(1, len(reading.traces))


@given(st.binary(max_size=60))
@example(b"\v")
@example(b"\xef\xbb\xbf\f\n")
def test_no_bytes_break_a_reading(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "x.jsonl"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_files(path)


def test_missing_empty_and_repeated_paths(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_files([tmp_path / "none.jsonl"])
    with pytest.raises(InputError, match=r"folder holds no \.jsonl"):
        read_files([tmp_path])
    path = put(tmp_path, CASES["read"][0])
    with pytest.raises(InputError, match="named twice"):
        read_files([tmp_path, path])


def test_folders_and_identifiers_of_their_own(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        put(tmp_path / folder, {"file": "x.jsonl", "rows": [{"problem": "p", "response": folder}]})
    put(tmp_path / "b", {"file": "x.json", "rows": [{"problem": "p", "response": "list"}]})
    (tmp_path / "README.md").write_text("no data")
    reading = read_files([tmp_path], domain="math")
    assert [(t.id, t.text, t.domain) for t in reading.traces] == [
        ("x#1", "a", "math"),
        ("x.json#1", "list", "math"),
        ("x.jsonl#1", "b", "math"),
    ]


def test_a_row_in_another_encoding_is_one_rejected_row(tmp_path):
    row = '{"problem": "caf\u00e9", "response": "r"}'
    for lines in ((row.encode("latin-1"), row.encode()), (row.encode(), row.encode("latin-1"))):
        (tmp_path / "x.jsonl").write_bytes(b"\n".join(lines))
        reading = read_files([tmp_path / "x.jsonl"])
        assert [(f.traces, f.rejected) for f in reading.files] == [(1, 1)]
        assert "not UTF-8" in reading.rejected[0].reason


def test_files_of_one_name_are_told_apart_by_their_folders():
    paths = [Path(p) for p in ("/d/a/x.jsonl", "/d/b/x.jsonl", "/d/b/y.json", "/d/b/y.jsonl")]
    assert labels(paths) == ["a/x", "b/x", "y.json", "y.jsonl"]


def test_parquet_reads_as_json_does(tmp_path):
    rows = [{"problem": "p", "generations": ["a", "b"], "answer": "1", "level": 2}, {"problem": None}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "x.parquet")
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)))
    parquet, lines = (read_files([tmp_path / name]) for name in ("x.parquet", "x.jsonl"))
    assert parquet.traces == lines.traces
    assert [row.line for row in parquet.rejected] == [row.line for row in lines.rejected] == [2]


@pytest.mark.parametrize("name", ["own.jsonl", "own.parquet"])
def test_own_traces_come_back_as_they_were(name, tmp_path):
    case = next(case for case in CASES["read"] if case["format"] == "chat")
    traces = read_files([put(tmp_path, case)], domain="math").traces
    write_records(tmp_path / name, Trace, traces)
    assert read_files([tmp_path / name]).traces == traces


def test_streaming_warns_of_what_it_leaves_out(tmp_path):
    case = next(case for case in CASES["read"] if "broken lines" in case["name"])
    path = put(tmp_path, case)
    with pytest.warns(UserWarning, match="2 rows could not be used"):
        assert tuple(read_traces(path)) == read_files([path]).traces


def test_rejected_rows_are_written_down(tmp_path):
    case = next(case for case in CASES["read"] if "broken lines" in case["name"])
    reading = read_files([put(tmp_path, case)])
    write_rejected(tmp_path / "out" / "rejected.jsonl", reading.rejected)
    rows = [json.loads(line) for line in (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()]
    assert [(row["line"], row.keys()) for row in rows] == [(n, {"file", "line", "reason"}) for n in (3, 4)]


@given(
    st.lists(
        st.sampled_from(["<think>", "</think>", "<|begin_of_solution|>", "<|end_of_solution|>", " ", "a\n"])
    )
)
def test_parts_lie_in_order_inside_the_text(pieces):
    text = "".join(pieces)
    thinking, solution = split_parts(text)
    assert 0 <= solution.start <= solution.end <= len(text)
    if thinking is None:
        assert solution.of(text) == text or "<|begin_of_solution|>" in text
    else:
        assert 0 <= thinking.start <= thinking.end <= solution.start
        assert thinking.of(text) == thinking.of(text).strip()


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("( 84.0 / 2.0 )", "42"), ("1 / 3", "1/3"), ("-(2 - 5) * 1,000", "3000"), ("1 / 8", "0.125"), ("7", "7"),
        ("1 / 0", None), ("some - 8", None), ("175, 5", None), ("2 ** 9", None), ("", None), ("(" * 300, None),
        ("__import__('os')", None),
    ],
)  # fmt: skip
def test_expressions(expression, value):
    assert evaluated(expression) == value
