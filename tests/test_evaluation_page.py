"""The page of an evaluation, on three students whose answers are made up."""

import dataclasses
import json
import re
from pathlib import Path

import pages
import pytest
from pages import HOSTILE

from fractionate.formats import MISSING, percent
from fractionate.records import Score
from fractionate.report.conclusion import caveats, remarks, verdict
from fractionate.report.curves import difficulty_charts
from fractionate.report.evaluation import as_plain, write_evaluation
from fractionate.report.evaluation_page import evaluation_page
from fractionate.report.forest import difference_chart, layers_chart, styles_chart, transfer_chart
from fractionate.report.overview import parts
from fractionate.report.palette import ARMS, BASE, student_colors
from fractionate.study.examine import Examined
from fractionate.transfer import compare_arms, curve, estimates, style_report
from fractionate.transfer.effort import efforts
from fractionate.transfer.findings import Findings
from fractionate.transfer.general.outcome import Outcome
from fractionate.transfer.imitation import Imitation
from fractionate.transfer.interventions import Effect
from fractionate.transfer.layers import LayerScore
from fractionate.transfer.statistics import Interval
from fractionate.transfer.suite import load_suite

SKILL = {"base": 2, "full": 12, "decision_points": 14}
"""How many of twenty questions each answers right in the format of its training."""
CELLS = {
    "in-format": ("in_format", 1.0), "at once": ("at_once", 0.3), "style: boxed": ("style", 0.9),
    "style: noisy": ("style", 0.6), "gym:leg_counting": ("related", 0.3), "depth 3": ("difficulty", 0.5),
    "depth 4": ("difficulty", 0.0),
}  # fmt: skip


def answers(arm: str, skill: int) -> list[Score]:
    """Twenty to each cell; the full student's are long."""
    tokens = 120 if arm == "full" else 40
    return [
        Score(
            arm, 0, cell, family, f"{cell}/q{n}", f"q{n}", n < share * skill, "1", tokens + n, n > 17, False
        )
        for cell, (family, share) in CELLS.items()
        for n in range(20)
    ]


def found_in(arm: str) -> Findings:
    at = Interval(SKILL.get(arm, 5) / 20, 0.05, 0.9)
    return Findings(
        (Effect("filler: accuracy", Interval(-0.4, -0.6, -0.2), 18, "its own steps", "", True),),
        {
            "decomposition": LayerScore("decomposition", at, 20, {}, 0.93),
            "search": LayerScore("search", Interval(0.0, 0.0, 1.0), 0, {}),
        },
        Imitation(at, at, at, at, Interval(-1.0, -1.2, -0.8), None, 20),
        (Outcome("facts", "f1", 1.0), Outcome("facts", "f2", 0.0)),
    )


def an_evaluation(names: tuple[str, ...] = tuple(SKILL)) -> Examined:
    """Of the students with these names; one that has none here answers as a weak one."""
    scores = [score for arm in names for score in answers(arm, SKILL.get(arm, 5))]
    reference = "full" if "full" in names else names[0]
    return Examined(
        suite=load_suite("transfer-quick"), asked="4f08", reference=reference,
        found=estimates(scores, reference=reference, resamples=200), efforts=efforts(scores, dict.fromkeys(names, 9.0)),
        styles={"": style_report(scores, resamples=200)}, curves={"depth": curve(scores, "depth")},
        findings={arm: found_in(arm) for arm in names}, arm_of={arm: arm for arm in names},
        untouched=frozenset({"base"} & set(names)), skipped={}, adaptability={}, margin=0.02,
        comparisons=compare_arms(scores, reference, margin=0.02, resamples=200), unchanged={"style: noisy": 0.25},
        notes={},
    )  # fmt: skip


EVALUATION = an_evaluation()
COLORS = student_colors(list(SKILL), {"base"})


def page_of(examined: Examined) -> str:
    return evaluation_page(examined, as_plain(examined))


def test_the_page_stands_beside_the_other_files_and_holds_what_they_say(tmp_path: Path) -> None:
    write_evaluation(EVALUATION, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {
        "evaluation.json", "evaluation.md", "imitation.svg", "report.html",
    }  # fmt: skip
    page = (tmp_path / "report.html").read_text()
    parsed, texts = pages.loaded(page), "\n".join(pages.loaded(page).texts)
    assert pages.fetches_nothing(page)
    assert json.loads(parsed.scripts["summary"]) == json.loads((tmp_path / "evaluation.json").read_text())
    for part in parts(EVALUATION):
        assert part.title in parsed.texts
        assert all(cell.text in texts for _, cells in part.rows for cell in cells)
    assert all(said in parsed.texts for said in (verdict(EVALUATION), *caveats(EVALUATION)))
    assert (
        texts.index("What to hold against it")
        < texts.index("Prompt styles")
        < texts.index("Accuracy by cell")
    )


def test_json_has_no_number_that_json_does_not_know() -> None:
    plain = as_plain(an_evaluation(("base",)))
    json.dumps(plain, allow_nan=False)
    assert plain["curves"]["depth"]["base"][0]["accuracy"] == pytest.approx([0.05, 0.009, 0.236], abs=1e-3)


def test_a_student_without_any_checked_answer_is_unknown_everywhere() -> None:
    silent = [dataclasses.replace(s, arm="silent", right=None) for s in answers("silent", 5)]
    scores = [*silent, *answers("full", 12)]
    examined = dataclasses.replace(
        EVALUATION, found=estimates(scores, reference="full", resamples=200), efforts=efforts(scores),
        styles={"": style_report(scores, resamples=200)}, curves={"depth": curve(scores, "depth")},
        findings={arm: found_in(arm) for arm in ("silent", "full")}, arm_of={"silent": "silent", "full": "full"},
    )  # fmt: skip
    assert verdict(examined).startswith("full: transfer T is")
    shown = {name: cells for part in parts(examined) for name, cells in part.rows}
    for name in ("Transfer T", "in-format", "tokens an answer", "at most 32", "in-format (in format)"):
        assert shown[name][0].text == MISSING and shown[name][1].text != MISSING, name
    assert [shown["unchecked"][k].text for k in (0, 1)] == ["100.0%", "0.0%"]
    assert "silent" in page_of(examined)
    json.dumps(as_plain(examined), allow_nan=False)


def test_figures_draw_the_numbers() -> None:
    drawn = list(transfer_chart(EVALUATION.found, COLORS).data)
    assert [t.x[0] for t in drawn] == pytest.approx([100 * a.transfer.value for a in EVALUATION.found.arms])
    assert [t.marker.color for t in drawn] == [BASE, ARMS[0], ARMS[1]]
    full = EVALUATION.found["full"].transfer
    assert drawn[1].x[0] + drawn[1].error_x.array[0] == pytest.approx(100 * full.high)
    differences = difference_chart(EVALUATION.found, COLORS)
    assert differences is not None and len(differences.data) == 2
    styles = styles_chart(EVALUATION, COLORS)
    assert styles is not None
    assert list(styles.layout.yaxis.ticktext) == ["as trained", "boxed", "noisy"]
    assert list(styles.data[1].x) == pytest.approx([60.0, 55.0, 40.0])
    depth = difficulty_charts(EVALUATION, COLORS)["depth"]
    assert list(depth.data[2].y) == pytest.approx([70.0, 35.0, 0.0])
    layers = layers_chart(EVALUATION, COLORS)
    assert layers is not None and [list(t.x) for t in layers.data][:2] == [[0.93], [0.1]]


def test_what_is_held_against_it_follows_from_the_numbers() -> None:
    told = "\n".join(caveats(EVALUATION))
    for part in (
        "One training seed of full and decision_points",
        "10.0% of base’s, 10.0% of full’s and 10.0% of decision_points’s answers were cut off at the limit",
        "A cell has 20 checked answers",
        "In 1 of 7 cells all students are below 10%",
        "The layer decomposition: 0.93 is what a student without it scores, and none here scores more",
        "The layer decomposition rests on 20 answers",
    ):
        assert part in told
    assert "search" not in told
    noted = dataclasses.replace(EVALUATION, notes={"base": ("its chat has no system prompt",)})
    assert next(iter(caveats(noted))) == "base: its chat has no system prompt."
    seen = dataclasses.replace(EVALUATION, skipped={"at once": "it cannot be made to"})
    assert next(iter(caveats(seen))) == "Not asked: at once (it cannot be made to)."


def test_the_verdict_names_each_student_once() -> None:
    full = percent(EVALUATION.found["full"].transfer.value)
    assert verdict(EVALUATION).startswith(f"Against full (T {full}): base is worse; decision_points is ")
    assert verdict(an_evaluation(("base",))).startswith("base: transfer T is ")


def test_a_margin_has_its_verdict_beside_the_difference() -> None:
    main = parts(EVALUATION)[0]
    rows = dict(main.rows)
    assert list(rows)[1:3] == ["difference to the reference", "at a margin of 2 points"]
    shown = [cell.text for cell in rows["at a margin of 2 points"]]
    assert shown == ["worse", "–", EVALUATION.comparisons["decision_points"].verdict]


def test_the_share_of_problems_that_a_style_leaves_is_said() -> None:
    [styles] = [part for part in parts(EVALUATION) if part.title == "Prompt styles"]
    assert "Problems that a style leaves as they are: noisy 25.0%." in styles.about


def test_remarks_tell_what_answers_took() -> None:
    told = list(remarks(an_evaluation(("base",))))
    assert len(told) == 1 and "49.5 tokens an answer" in told[0] and "longer" not in told[0]


def test_one_untouched_student_alone_can_be_shown() -> None:
    page = page_of(an_evaluation(("base",)))
    assert 'value="difference"' not in page and pages.fetches_nothing(page)
    assert not re.search(r"\b(nan|inf|None)\b", "\n".join(pages.loaded(page).texts))
    assert student_colors(["base"], {"base"}) == {"base": ARMS[0]}


def test_hostile_names_stay_text() -> None:
    page, clean = (pages.loaded(page_of(an_evaluation(("base", name)))) for name in (HOSTILE, "other"))
    assert page.fetched == clean.fetched and page.tags.count("script") == clean.tags.count("script")
    assert "img" not in page.tags
    assert HOSTILE in json.loads(page.scripts["summary"])["findings"]


def test_many_students_are_not_named_one_by_one() -> None:
    told = "\n".join(caveats(an_evaluation(tuple(f"a{n}" for n in range(7)))))
    assert "10.0% to 10.0% of the answers of each of 7 students" in told
    assert "One training seed of each student: " in told


LONG = "internalize?from=compact&by=structural+next_result"


@pages.needs_browser
@pytest.mark.parametrize(("dark", "paper"), [(False, 255), (True, 20)])
def test_the_page_is_drawn_in_a_browser(tmp_path: Path, dark: bool, paper: int) -> None:
    page = page_of(dataclasses.replace(an_evaluation((*SKILL, LONG)), reference=LONG))
    found = pages.with_browser(tmp_path, {"wide": (page, 1100), "phone": (page, 380)}, dark)
    for seen in found.values():
        assert seen["wrong"] == [] and seen["fetched"] == 0
        assert seen["plots"] == 5 and seen["drawn"]
        assert not seen["scrolls"] and seen["clipped"] == [] and seen["covered"] == []
        assert (seen["first"], seen["second"]) == (["t", *[""] * 4], ["difference", *[""] * 4])
        assert seen["paper"].startswith(f"rgb({paper}, ")
        assert abs(brightness(seen["paper"]) - brightness(seen["axis"])) > 60 < brightness_gap(seen)
    (wide,), (narrow,) = (found[name]["svgs"] for name in ("wide", "phone"))
    assert wide == 580 and 320 < narrow < 360, "a picture of its own, hardly shrunk, for the phone"


def brightness(color: str) -> float:
    return sum(map(int, re.findall(r"\d+", color)[:3])) / 3


def brightness_gap(seen: dict[str, str]) -> float:
    return abs(brightness(seen["paper"]) - brightness(seen["ink"]))
