"""Records go to JSON and Parquet and back without loss."""

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fractionate.errors import InputError
from fractionate.records import Anatomy, Link, Message, Premise, Role, Score, Span, Step, Trace
from fractionate.storage import from_json, read_records, to_json, write_records

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
WRONG = st.none() | st.just(0)
JSONS = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | TEXT, lambda x: st.lists(x, max_size=2))


@st.composite
def anatomies(draw: st.DrawFn) -> Anatomy:
    text = draw(TEXT)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    spans = [Span(a, b) for a, b in pairwise(cuts)]
    steps = tuple(
        Step(i, s, draw(st.sampled_from(Role)), "compute", results=tuple(draw(st.lists(TEXT, max_size=2))))
        for i, s in enumerate(spans)
    )
    trace = Trace(
        draw(TEXT), draw(TEXT), text, Span(0, len(text)), answer=draw(st.none() | TEXT),
        history=tuple(Message("user", t) for t in draw(st.lists(TEXT, max_size=2))),
        metadata=draw(st.dictionaries(TEXT, JSONS, max_size=2)),
    )  # fmt: skip
    links = tuple(Link(i, i - 1, value=draw(st.none() | TEXT)) for i in range(1, len(steps)))
    return Anatomy(trace, (Premise(0, Span(0, 0), ("1",)),), steps, links, first_wrong=draw(WRONG))


@settings(deadline=None)
@given(anatomies())
def test_json_round_trip(anatomy: Anatomy) -> None:
    assert from_json(Anatomy, to_json(anatomy)) == anatomy


@settings(deadline=None)
@given(st.lists(anatomies(), max_size=3))
def test_parquet_round_trip(records: list[Anatomy]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        write_records(path, Anatomy, records)
        assert read_records(path, Anatomy) == records


def test_scores_keep_unknown_verdicts(tmp_path: Path) -> None:
    verdicts = (True, False, None)
    rows = [Score("a", 0, "c", "style", "i", "k", right, None, 3, False, True) for right in verdicts]
    for name in ("s.parquet", "s.jsonl"):
        write_records(tmp_path / name, Score, rows)
        assert read_records(tmp_path / name, Score) == rows


def test_damaged_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_text("no parquet")
    with pytest.raises(InputError, match=r"x\.parquet: no Score records"):
        read_records(tmp_path / "x.parquet", Score)


def test_links_may_not_point_forwards() -> None:
    steps = (Step(0, Span(0, 1), Role.STRUCTURE, "infer"), Step(1, Span(1, 2), Role.STRUCTURE, "infer"))
    with pytest.raises(ValueError, match="points forwards"):
        Anatomy(Trace("t", "p", "ab", Span(0, 2)), (), steps, (Link(0, 1),))
