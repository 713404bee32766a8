"""The report of a search, on answers that are made up."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pages
import pytest
import searches
from pages import HOSTILE
from rich.console import Console

from fractionate.formats import MISSING, percent
from fractionate.report.parts import Part
from fractionate.report.search import print_search, search_markdown, write_search
from fractionate.report.search_candidates import effects_parts, rung_parts, sizes_part, terms
from fractionate.report.search_caveats import caveats, untested
from fractionate.report.search_figures import costs_chart, effects_panels, sizes_chart
from fractionate.report.search_page import search_page
from fractionate.report.search_parts import adapted_part, confirmed_parts, layers_part
from fractionate.report.search_tasks import tasks_of_rungs
from fractionate.report.search_told import Searched, facts, searched
from fractionate.storage import write_json
from fractionate.study.search.halving import Kept
from fractionate.study.search.outcome import SearchDecision

WORSE = {**searches.SKILL, "decision_points": 0.4}
NOTHING = dict.fromkeys(searches.SKILL, 0.02)


def seen_of(found: SearchDecision) -> Searched:
    return searched(searches.config(), found)


SMALLER = seen_of(searches.a_search())
FEWER = seen_of(searches.a_search(traces=160))
REFERENCE = seen_of(searches.a_search(WORSE, "decision_points", cut=0.2, unchecked=0.1))
ALONE = seen_of(searches.a_search(chosen="full"))
NO_DECISION = seen_of(searches.a_search(NOTHING))
ALL = {
    "smaller": SMALLER, "fewer": FEWER, "reference": REFERENCE, "alone": ALONE, "no decision": NO_DECISION,
}  # fmt: skip


def parts(seen: Searched) -> list[Part]:
    """All tables."""
    behind = [layers_part(seen), *effects_parts(seen), sizes_part(seen), adapted_part(seen)]
    tasks = [tasked.part for tasked in tasks_of_rungs(seen)]
    return [*confirmed_parts(seen), *behind, *tasks, *rung_parts(seen)]


@pytest.mark.parametrize("name", ALL)
def test_page_and_markdown_hold_the_same(name: str, tmp_path: Path) -> None:
    seen = ALL[name]
    write_json(tmp_path / "decision.json", seen.found.as_dict())
    write_search(seen, tmp_path)
    page, told = ((tmp_path / file).read_text() for file in ("report.html", "report.md"))
    parsed = pages.loaded(page)
    texts = "\n".join(parsed.texts)
    assert pages.fetches_nothing(page)
    record = json.loads(parsed.scripts["summary"], parse_constant=pytest.fail)
    assert record == json.loads((tmp_path / "decision.json").read_text(), parse_constant=pytest.fail)
    for part in parts(seen):
        assert part.title in parsed.texts and f"## {part.title}\n" in told
        assert part.about in parsed.texts and part.about in told
        for _, cells in part.rows:
            assert all(cell.text in texts and f"| {cell.inline} |" in told for cell in cells)
    decision = seen.found.decision
    for sentence in (decision.summary, decision.explanation, *(f.told for f in facts(seen)), *caveats(seen)):
        assert sentence in parsed.texts and sentence in told
    assert not re.search(r"\b(nan|inf|None)\b", texts + told)


def test_it_says_first_what_to_use_then_why() -> None:
    told = search_markdown(SMALLER)
    order = ["Use compact", "It takes", "Confirmed on fresh", "Costs", "## Layers", "What each role", "## Sizes",
             "Tasks", "Adaptability", "Rung 1", "Rung 2", "Not tested"]  # fmt: skip
    assert [told.index(part) for part in order] == sorted(told.index(part) for part in order)


USE = [
    ("smaller", "compact on all 320 problems", "It takes", "21.7% of the tokens with loss"),
    ("fewer", "compact on 160 of 320 problems", "It takes", "21.7% of the training FLOPs"),
    ("reference", "full on all 320 problems", "Tried", "decision_points, which takes"),
    ("no decision", "nothing yet", "Tried", "compact, which takes"),
]


@pytest.mark.parametrize(("name", "use", "term", "takes"), USE)
def test_what_to_use_follows_from_the_outcome(name: str, use: str, term: str, takes: str) -> None:
    told = dict(facts(ALL[name]))
    assert told["Use"].startswith(use) and takes in told[term]
    assert told["Confirmed on"] == (
        "1,200 questions that the search had not looked at; 2 fresh seeds of each student."
    )


def test_what_had_not_looked_good_is_said() -> None:
    assert "had looked not worse" in dict(facts(SMALLER))["Before that"]
    assert "was the likeliest" in dict(facts(REFERENCE))["Before that"]
    assert "was out before the last rung" in dict(facts(ALONE))["Before that"]
    last = ALONE.found.rungs[-1]
    only = replace(last, judged=last.judged._replace(kept=Kept(["full"], {})))
    nothing_else = replace(ALONE, found=replace(ALONE.found, rungs=(only,)))
    assert "stands alone" in dict(facts(nothing_else))["Before that"]
    assert not {"Tried", "Equal FLOPs", "Constraints"} & dict(facts(ALONE)).keys()


def test_what_is_held_against_it_follows_from_the_numbers() -> None:
    assert not list(caveats(SMALLER))
    told = "\n".join(caveats(REFERENCE))
    assert "decision_points was confirmed as the likeliest" in told
    assert "20.0% of decision_points’s answers were cut off" in told
    assert "10.0% of decision_points’s answers could not be checked" in told
    assert next(iter(caveats(NO_DECISION))).startswith("There is no decision. What stands below")
    undecided = replace(NO_DECISION.found, decision=replace(NO_DECISION.found.decision, recipe="full"))
    assert "What lies ready is full." in next(iter(caveats(seen_of(undecided))))
    assert "rank correlation" in "\n".join(caveats(seen_of(replace(SMALLER.found, ranking_held=0.1))))


def test_one_seed_is_held_against_it() -> None:
    asked = SMALLER.found.confirmed.found
    alone = replace(asked, arms=tuple(replace(arm, over_seeds=False) for arm in asked.arms))
    found = replace(SMALLER.found, confirmed=replace(SMALLER.found.confirmed, found=alone))
    assert any("One fresh seed of each" in caveat for caveat in caveats(seen_of(found)))


def test_tables_hold_the_numbers_of_the_decision() -> None:
    confirmed, costs, constraints = confirmed_parts(SMALLER)
    estimate = SMALLER.found.confirmed.found["compact"]
    assert confirmed.columns == ["compact", "full", "base"]
    assert dict(confirmed.rows)["Transfer T"][0].text == percent(estimate.transfer.value)
    assert dict(costs.rows)["tokens with loss"][0].inline == "260k (21.7% of the reference's)"
    assert dict(constraints.rows)["length of answers"][0].text == "×1.02"
    broken = dict(confirmed_parts(REFERENCE)[2].rows)["layer: search"]
    assert [cell.text for cell in broken] == ["−1.0", "−14.0", "−10.0", "not shown"]
    assert [name for name, _ in layers_part(SMALLER).rows] == ["decomposition", "search", "coherence"]
    assert layers_part(SMALLER).rows[1][1][0].text == "lost"


def test_rungs_say_who_went_and_why() -> None:
    first, last = (dict(part.rows) for part in rung_parts(SMALLER))
    then = {name: cells[0].inline for name, cells in first.items()}
    assert then["full"] == then["compact"] == "goes on"
    assert then["answer_only"].startswith("out (worse than the reference")
    assert then["random_drop"] == "control"
    assert last["compact"][0].text == "confirmed" and last["compact"][-1].text == "0.0003"
    assert rung_parts(SMALLER)[1].said == [
        "Rank correlation of T in the first rung with T in the last: 1.00, over the candidates that came so far; "
        "of those that went early nothing is known."
    ]
    assert dict(rung_parts(FEWER)[0].rows)["compact"][0].text == "confirmed"


def test_candidates_without_a_checked_answer_stand_last() -> None:
    rungs = [*SMALLER.found.rungs]
    silent = [replace(s, right=None) if s.arm == "answer_only" else s for s in rungs[0].scores]
    rungs[0] = searches.judged(160, silent, rungs[0].costs)
    name, cells = rung_parts(seen_of(replace(SMALLER.found, rungs=rungs)))[0].rows[-1]
    assert name == "answer_only" and cells[0].small == "none of its answers could be checked"
    assert [cell.text for cell in cells[1:]] == [MISSING] * 4


def test_tasks_go_from_much_to_little_and_show_the_smallest() -> None:
    (part, _), (early, _) = tasks_of_rungs(SMALLER)
    assert part.columns[0] == "full" and part.columns[-2:] == ["compact", "base"]
    assert "a place to look, not a decision" in part.about
    rows = dict(part.rows)
    assert set(part.columns) - {"roles?language=delete"} < set(early.columns)
    assert "all candidates on 160 problems" in early.title
    assert tasks_of_rungs(NO_DECISION)[0].part.rows[1][1][0].small == "nothing learned"
    style = rows["style, 480 questions"]
    assert style[0].small == "margin 5.0; smallest: compact"
    assert style[-2].small.endswith("; smallest") and style[-1].small == ""
    page = search_page(SMALLER)
    both = [*SMALLER.found.tasks, *SMALLER.found.first_tasks]
    assert page.count("<td class=chosen") == sum(task.smallest is not None for task in both)
    assert {task.smallest for task in SMALLER.found.tasks} == {"compact"}


def test_figures_draw_the_numbers() -> None:
    panels = effects_panels(SMALLER)
    assert [panel.label for panel in panels] == list(searches.MEASURES)
    transfer = SMALLER.found.roles[0].effects["transfer"]
    strongest = max(abs(e.value.value) for e in transfer)
    first = panels[0].figure.data[0]
    assert (
        abs(first.x[0]) == pytest.approx(100 * strongest) and terms(SMALLER.found.roles[0])[0] == "structure"
    )
    assert len(panels[0].figure.data) == len(transfer) == len(terms(SMALLER.found.roles[0]))
    assert {d.marker.color for d in panels[0].figure.data} == {"#0072b2", "#9aa1ab"}
    costs = costs_chart(FEWER, "#000000")
    assert costs is not None and costs_chart(ALONE, "#000000") is None
    assert [d.x[0] for d in costs.data] == pytest.approx(
        [100 * part for part in FEWER.found.savings.values()]
    )
    sizes = sizes_chart(SMALLER, dict.fromkeys(("full", "compact"), "#000000"))
    assert sizes is not None
    assert list(sizes.data[0].y) == pytest.approx(
        [100 * p.transfer.value for p in SMALLER.found.curves["full"]]
    )
    short = replace(SMALLER.found, curves={"full": SMALLER.found.curves["full"][:1]})
    assert sizes_chart(seen_of(short), {"full": "#000000"}) is None


def test_what_was_not_measured_is_not_drawn_but_said() -> None:
    found = replace(SMALLER.found, fates=[], roles=[], adapted={}, tasks=[])
    told = untested(seen_of(found))
    assert len(told) == len(untested(SMALLER)) + 2 and "transfer.layers" in told[-2]
    page = pages.loaded(search_page(seen_of(found)))
    assert not {"Layers ", "What each role does", "Adaptability", "Tasks and granularity"} & {*page.texts}


def test_hostile_names_stay_text() -> None:
    def with_name(name: str) -> Searched:
        found = searches.a_search({**searches.SKILL, name: 0.72}, name)
        found = replace(found, untested=[name], flat={name: name}, sure=False)
        return searched(searches.config().model_copy(update={"name": name, "question": name}), found)

    hostile, clean = (search_page(with_name(name)) for name in (HOSTILE, "other"))
    page, other = pages.loaded(hostile), pages.loaded(clean)
    assert page.fetched == other.fetched and page.tags.count("script") == other.tags.count("script")
    assert "img" not in page.tags
    assert json.loads(page.scripts["summary"])["confirmed"]["recipe"] == HOSTILE


def test_a_bar_in_a_name_does_not_break_a_table() -> None:
    name = "patterns?file=a|b"
    told = search_markdown(seen_of(searches.a_search({**searches.SKILL, name: 0.72}, name)))
    tables = re.findall(r"(?:^\|.*\n)+", told, re.M)
    assert any(r"a\|b" in table for table in tables)
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_the_terminal_has_the_decision_and_what_it_rests_on(capsys: pytest.CaptureFixture[str]) -> None:
    print_search(REFERENCE, Console(width=100))
    told = capsys.readouterr().out
    assert "Stay with full." in told and "cut off" in told and "Constraints" in told


def test_what_was_tried_around_the_best_has_no_rank_in_the_first_rung() -> None:
    rungs = SMALLER.found.rungs
    assert set(rungs[1].costs) - set(rungs[0].costs) == {"roles?language=delete"}
    assert SMALLER.found.ranking_held == pytest.approx(1.0)


LONG = "roles?decomposition=delete&error_signals=delete&language=delete"


@pages.needs_browser
@pytest.mark.parametrize(("dark", "paper"), [(False, 255), (True, 20)])
def test_the_page_is_drawn_in_a_browser(tmp_path: Path, dark: bool, paper: int) -> None:
    page = search_page(seen_of(searches.a_search({**searches.SKILL, LONG: 0.72}, LONG)))
    found = pages.with_browser(tmp_path, {"wide": (page, 1100), "phone": (page, 380)}, dark)
    for seen in found.values():
        assert seen["wrong"] == [] and seen["fetched"] == 0
        assert seen["plots"] == 4 and seen["drawn"]
        assert not seen["scrolls"] and seen["clipped"] == [] and seen["covered"] == []
        assert seen["first"] == ["t", "", "transfer", ""]
        assert seen["second"] == ["difference", "", [*searches.MEASURES][-1], ""]
        assert seen["paper"].startswith(f"rgb({paper}, ")
