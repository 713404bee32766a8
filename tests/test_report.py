"""The page and the terminal table, on a study of five arms and nine cells."""

import dataclasses
import io
import itertools
import json
import re
from pathlib import Path

import pages
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import HOSTILE, Loaded
from rich.console import Console

from fractionate.formats import compact, percent, points
from fractionate.report import print_table, render_page, scales, write_page
from fractionate.report.figures import COSTS, shares_figure, transfer_figure
from fractionate.report.labels import Point, place
from fractionate.storage import from_json
from fractionate.study.summary import ArmSummary, CellSummary, Costs, Interval, Sample, Summary

CELLS = {
    "in_format:depth1": "in_format",
    "in_format:depth2": "in_format",
    "in_format:depth3": "in_format",
    "style:reworded": "style",
    "style:question_first": "style",
    "style:noisy": "style",
    "style:boxed": "style",
    "difficulty:depth4": "difficulty",
    "gym:leg_counting": "related",
    "at_once": "at_once",
}
# arm: T, in-format, tokens with loss, tokens an answer, final loss, share of loss by role
ARMS = {
    "base": (0.083, 0.121, 0, 148.2, None, {}),
    "answer_only": (0.187, 0.342, 41_210, 4.1, 1.214, {"answer": 1.0}),
    "decision_points": (
        0.571,
        0.862,
        318_400,
        38.4,
        0.212,
        {"structure": 0.71, "decomposition": 0.18, "answer": 0.11},
    ),
    "random_drop": (
        0.462,
        0.741,
        318_260,
        39.0,
        0.398,
        {"structure": 0.44, "language": 0.45, "answer": 0.11},
    ),
    "full": (
        0.583,
        0.871,
        902_733,
        121.7,
        0.301,
        {"structure": 0.36, "decomposition": 0.1, "error_signal": 0.06, "language": 0.44, "answer": 0.04},
    ),
}


def around(value: float, half: float) -> Interval:
    return Interval(value, max(value - half, 0.0), min(value + half, 1.0))


def arm_summary(name: str) -> ArmSummary:
    transfer, in_format, tokens, mean_tokens, loss, shares = ARMS[name]
    trained = tokens > 0
    return ArmSummary(
        arm=name,
        recipe=name,
        seeds=(0, 1, 2) if trained else (0,),
        transfer=around(transfer, 0.024 if trained else 0.015),
        difference=None if name == "full" else Interval(transfer - 0.583, transfer - 0.60, transfer - 0.566),
        in_format=around(in_format, 0.019),
        reasoning_gain=None if name == "answer_only" else Interval(0.2, 0.17, 0.23),
        costs=Costs(
            teacher_tokens=941_002 if trained else 0,
            trained_tokens=tokens + 700_000 if trained else 0,
            supervised_tokens=tokens,
            training_flops=(tokens + 700_000) * 6 * 135e6 if trained else 0.0,
            student_tokens_per_right=mean_tokens / transfer,
        ),
        examples=4000 if trained else 0,
        left_out=0.012 if trained else 0.0,
        mean_tokens=mean_tokens,
        truncated=0.021,
        looping=0.004,
        unchecked=0.0,
        final_loss=loss,
        train_seconds=tokens / 2500,
        loss_shares=shares,
    )


def cell_summaries(arm: str) -> list[CellSummary]:
    easier = dict(zip(CELLS, (1.2, 1.05, 0.8, 1.2, 1.1, 0.95, 1.15, 0.45, 0.7, 0.35), strict=True))
    return [
        CellSummary(arm, cell, family, 600, around(min(ARMS[arm][0] * easier[cell] * 1.25, 0.98), 0.038))
        for cell, family in CELLS.items()
    ]


def a_study() -> Summary:
    prompt = "Tom has 3 boxes of 4 pens and gives away 5 pens.\nHow many pens does he have left?"
    said = {
        "base": ("Tom has 3 boxes. He has 3 pens. The answer is 3.", False),
        "answer_only": ("#### 9", False),
        "decision_points": ("3*4 = 12\n12-5 = 7\n#### 7", True),
        "random_drop": ("3*4 = 12\n#### seven-ish", None),
        "full": (
            "First, let us work out how many pens there are. Each box holds 4 pens and there are 3 boxes, so "
            "there are 3*4 = 12 pens.\nHe gives away 5, so 12-5 = 7 pens are left.\n#### 7",
            True,
        ),
    }
    return Summary(
        name="Arithmetic word problems, first study",
        question="What is the smallest supervision from the teacher's traces that still transfers?",
        student="SmolLM2-135M, all weights trained",
        data="4,000 traces of the arithmetic world, depths 1 to 3, a talkative teacher without mistakes",
        held_equal="Examples (4,000), updates (750), learning rate, seeds and the items of every cell",
        reference="full",
        verdict="Decision points are enough: not worse than the full trace with 35% of its tokens with loss.",
        explanation="T is 57.1% against 58.3% for the full trace. The difference of −1.2 points has a lower bound "
        "of −1.9, above the margin of −2. Dropping as many tokens at random loses 12 points.",
        arms=tuple(arm_summary(name) for name in ARMS),
        cells=tuple(cell for name in ARMS for cell in cell_summaries(name)),
        samples=(
            Sample("in_format:depth2", prompt, "7", said),
            Sample("style:noisy", "the prcie of a pen is 2. " + prompt, "7", said),
        ),
        facts=(
            "The reference beats the untouched base by 50.0 points, so a decision is possible.",
            "12 of 4,000 examples were longer than the window and were left out of every arm.",
            "Trained on 2 CPU cores in 21 minutes, 3 seeds an arm.",
        ),
    )


def loaded(summary: Summary) -> Loaded:
    return pages.loaded(render_page(summary))


def printed(summary: Summary, width: int) -> str:
    console = Console(width=width, file=io.StringIO(), force_terminal=False)
    print_table(summary, console)
    return console.file.getvalue()


def refuse_constants(name: str) -> None:
    raise AssertionError(f"{name} in JSON")


def test_page_fetches_nothing():
    page = render_page(a_study())
    assert pages.fetches_nothing(page)
    assert len(pages.loaded(page).scripts) == len(COSTS) + 4


@pages.needs_browser
def test_the_page_is_drawn_in_a_browser(tmp_path: Path):
    page = render_page(a_study())
    for seen in pages.with_browser(tmp_path, {"wide": (page, 1100), "phone": (page, 380)}).values():
        assert seen["wrong"] == [] and seen["fetched"] == 0
        assert seen["drawn"] and not seen["scrolls"] and seen["clipped"] == []
        assert (seen["first"], seen["second"]) == (["tokens", ""], ["flops", ""])


def test_summary_in_the_page_is_the_summary():
    assert from_json(Summary, loaded(a_study()).scripts["summary"]) == a_study()


def test_numbers_in_the_page_are_those_of_the_summary():
    texts = "\n".join(loaded(a_study()).texts)
    for arm in a_study().arms:
        assert percent(arm.transfer.value) in texts
        assert f"{arm.costs.supervised_tokens:,}" in texts
    for cell in a_study().cells:
        assert percent(cell.accuracy.value) in texts
    assert (
        texts.index(a_study().verdict) < texts.index(a_study().held_equal) < texts.index("Accuracy by cell")
    )


def test_points_of_the_figure_are_those_of_the_summary():
    summary = a_study()
    drawn = {trace.name: trace for trace in transfer_figure(summary).data}
    for arm in summary.arms:
        assert drawn[arm.arm].y[0] == pytest.approx(100 * arm.transfer.value)
    assert drawn["base"].mode == "lines"
    full = drawn["full"]
    assert (full.x[0], full.marker.symbol) == (902_733, "diamond")
    assert full.y[0] + full.error_y.array[0] == pytest.approx(100 * summary.arms[-1].transfer.high)
    assert drawn["decision_points"].x != drawn["random_drop"].x
    assert len({t.marker.color for t in drawn.values() if t.mode == "markers"}) == 4


def test_loss_by_role_is_drawn_where_it_is_known():
    shares = {
        (t.name, arm): x
        for t in shares_figure(a_study(), "loss").data
        for arm, x in zip(t.y, t.x, strict=True)
    }
    assert shares["structure", "full"] == pytest.approx(36)
    bare = [dataclasses.replace(a, loss_shares={}) for a in a_study().arms]
    assert shares_figure(dataclasses.replace(a_study(), arms=tuple(bare)), "loss") is None


def test_the_gradient_by_role_is_drawn_beside_it_where_it_is_known():
    assert shares_figure(a_study(), "gradient") is None
    arms = [dataclasses.replace(a, gradient_shares=a.loss_shares) for a in a_study().arms]
    study = dataclasses.replace(a_study(), arms=tuple(arms))
    assert shares_figure(study, "gradient") == shares_figure(study, "loss")
    assert "What the gradient was spent on" in render_page(study)
    assert "What the gradient" not in render_page(a_study())


def test_hostile_text_stays_text():
    bad = Sample(HOSTILE, HOSTILE, HOSTILE, {HOSTILE: (HOSTILE, True)})
    arms = tuple(dataclasses.replace(a, arm=HOSTILE) if a.arm == "full" else a for a in a_study().arms)
    texts = dict.fromkeys(("name", "question", "student", "data", "held_equal", "verdict"), HOSTILE)
    summary = dataclasses.replace(a_study(), samples=(bad,), arms=arms, facts=(HOSTILE,), **texts)
    page, clean = loaded(summary), loaded(a_study())
    assert page.fetched == clean.fetched
    assert page.tags.count("script") == clean.tags.count("script")
    assert "img" not in page.tags
    assert HOSTILE in page.texts
    assert from_json(Summary, page.scripts["summary"]) == summary
    assert HOSTILE[:20] in printed(summary, 400)


NAN = float("nan")


@pytest.mark.parametrize(
    "change",
    [
        {"transfer": Interval(0.5, 0.5, 0.5)},
        {"transfer": Interval(0.5, NAN, NAN)},
        {"transfer": Interval(NAN, NAN, NAN), "in_format": Interval(NAN, NAN, NAN)},
        {"difference": None, "reasoning_gain": None, "final_loss": None, "loss_shares": {}},
        {"final_loss": NAN, "costs": Costs(1, 1, 1, float("inf"), None)},
        {"costs": Costs(0, 0, 0, 0.0, None)},
    ],
    ids=["point", "no interval", "no score", "none", "not finite", "free"],
)
def test_any_arm_can_be_shown(change):
    arms = tuple(dataclasses.replace(a, **change) for a in a_study().arms)
    for some in (arms, (*a_study().arms[:-1], arms[-1]), arms[:1]):
        summary = dataclasses.replace(a_study(), arms=some, samples=(), facts=())
        page = loaded(summary)
        for name, script in page.scripts.items():
            if name == "summary" or script.startswith('{"data"'):
                json.loads(script, parse_constant=refuse_constants)
        assert not re.search(r"\b(nan|inf|None)\b", "\n".join(page.texts))
        assert "nan" not in printed(summary, 80)


def test_a_study_without_results_can_be_shown():
    empty = dataclasses.replace(a_study(), arms=(), cells=(), samples=(), facts=())
    assert a_study().verdict in loaded(empty).texts
    assert "No" not in printed(empty, 80)


@pytest.mark.parametrize("width", [80, 100])
def test_terminal_table_fits_and_says_all(width):
    text = printed(a_study(), width)
    assert max(map(len, text.splitlines())) <= width
    for told in ("decision_points", "57.1", "−1.2", "318k", " 361 ", "style:noisy"):
        assert told in text
    assert "…" not in text
    assert " ".join(text.split()).endswith(" ".join(a_study().explanation.split()))


def test_page_is_written_whole(tmp_path: Path):
    write_page(tmp_path / "new" / "report.html", a_study())
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (None, "–"), (7.0, "7"), (999, "999"), (999.6, "1k"), (1_240_512, "1.24M"), (3.1e15, "3.1P")],
)
def test_compact_counts(value, text):
    assert compact(value) == text


def test_rounded_zero_has_no_sign():
    assert points(-0.0001) == "0.0"


@given(st.lists(st.floats(1, 1e12), min_size=1, max_size=6))
def test_arms_side_by_side_keep_their_order_and_stay_on_the_axis(values):
    values = sorted(values)
    scale = scales.cost_scale(values)
    places = scales.side_by_side(values, scale)
    shares = [scale.share(p) for p in places]
    assert all(0 <= s <= 1 for s in shares)
    assert all(later > earlier for earlier, later in itertools.pairwise(shares))


@given(st.lists(st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9)), min_size=1, max_size=6))
def test_every_label_has_a_place_on_the_plot(spots):
    sides = place([Point(x, y, y - 0.05, y + 0.05, chars=12) for x, y in spots])
    assert len(sides) == len(spots)
    assert all(side.xanchor != "left" for side, (x, _) in zip(sides, spots, strict=True) if x > 0.8)


@given(st.floats(1, 1e18), st.floats(1, 1e4))
def test_ticks_of_a_cost_lie_on_its_axis(low, factor):
    scale = scales.cost_scale([low, low * factor])
    assert 2 <= len(scale.ticks) <= 9
    assert all(-1e-6 <= scale.share(tick) <= 1 + 1e-6 for tick in scale.ticks)
