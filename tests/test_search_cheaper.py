"""What is cheaper still: in which order it is confirmed, when that ends, and what is said of it."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from searches import SEARCH, a_search, answers, costs_of, rung, trial
from test_search_page import seen_of

from fractionate.config import BASE, parse_config
from fractionate.records import Item
from fractionate.report.search_candidates import rung_parts
from fractionate.report.search_caveats import caveats
from fractionate.report.search_told import facts
from fractionate.study.search.choice import Choice, cheaper_still
from fractionate.study.search.confirming import Confirming
from fractionate.study.search.constraints import Check
from fractionate.study.search.outcome import untried
from fractionate.study.search.run import Search
from fractionate.study.search.trials import Trial

ITEMS = [
    Item(f"s/q{n}", "style: boxed", "style", "?", "1", pair=f"q{n}", cluster=f"q{n}") for n in range(400)
]
TRIED = {"full": 0.7, "compact": 0.72, "decision_points": 0.7, "answer_only": 0.2, "skeleton": 0.7}


def run(
    names: Sequence[str],
    monkeypatch: pytest.MonkeyPatch,
    skills: Mapping[str, float] = TRIED,
    per_right: Mapping[str, float] | None = None,
) -> tuple[Any, list[str]]:
    """A confirmation of these in turn, with made-up students, and the trials that it took."""
    places: list[str] = []

    def made_up(self: Confirming, place: str, arms: Sequence[str], *_: object) -> Trial:
        places.append(place)
        known = {BASE: 0.02, **{name: skills[name] for name in arms}}
        made = trial(
            [s for arm, t in known.items() for k in (1, 2, 3) for s in answers(arm, k, t, 400)], arms
        )
        for name in arms if per_right else ():
            made.costs[name] = replace(made.costs[name], student_tokens_per_right=per_right[name])
        return made

    monkeypatch.setattr(Confirming, "_trial", made_up)
    ground: Any = SimpleNamespace(train=320, confirmation=SimpleNamespace(items=ITEMS))
    console = Console(file=io.StringIO())
    text = SEARCH.replace(
        "[search]", '[search]\ncost = "student_tokens_per_right"' if per_right else "[search]"
    )
    work = Confirming(
        parse_config(text, "s.toml"), ground, "full", {}, Path(), console, lambda told: console.print(told)
    )
    return work.run([Choice(name, 320, True) for name in names]), places


def test_each_is_confirmed_if_the_one_before_held(monkeypatch: pytest.MonkeyPatch) -> None:
    found, places = run(["compact", "decision_points", "answer_only", "skeleton"], monkeypatch)
    assert found.label == "decision_points" and found.decision.outcome == "smaller"
    assert [before.label for before in found.before] == ["compact"] and found.failed.label == "answer_only"
    assert places == ["confirm", "confirm-cheaper-1", "confirm-cheaper-2"]


def test_nothing_follows_where_the_first_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    found, places = run(["answer_only", "compact"], monkeypatch)
    assert found.label == "answer_only" and found.decision.outcome != "smaller" and places == ["confirm"]
    assert not found.before and found.failed is None


DEAR = "roles?language=delete"


@pytest.mark.parametrize(
    ("accuracy", "order"),
    [(0.7, ["decision_points"]), (0.645, ["compact", "decision_points"]), (0.63, ["compact"])],
)
def test_the_order_is_by_what_each_promises(accuracy: float, order: list[str]) -> None:
    """The cheapest first if it is likely enough; last, or not at all, if it is not."""
    skill = {"full": 0.72, "compact": 0.72, "decision_points": accuracy, "answer_only": 0.1, DEAR: 0.74}
    config, rungs = parse_config(SEARCH, "s.toml"), [rung(320, skill, 240)]
    found = cheaper_still(config, rungs, Choice(DEAR, 320, True))
    assert [c.name for c in found] == order
    assert not cheaper_still(config, rungs, Choice("full", 320, False))
    assert not cheaper_still(config, rungs, Choice("decision_points", 320, True))


def test_the_page_says_what_else_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = run(["compact", "decision_points", "answer_only"], monkeypatch)
    whole = replace(a_search(), confirmed=found, decision=found.decision, recipe=found.label, open={})
    told = dict(facts(seen_of(whole)))
    assert told["Before that"].startswith("compact had looked not worse")
    cheaper = told["Cheaper still"]
    assert cheaper.startswith("compact (") and "held before decision_points was tried." in cheaper
    assert "answer_only (" in cheaper and "was not shown to be not worse" in cheaper
    unsure = seen_of(replace(whole, sure=False))
    assert not any("as the likeliest" in caveat for caveat in caveats(unsure))
    left = dict(facts(seen_of(replace(a_search(), open={"skeleton": 0.16}))))
    assert (
        "not tried: skeleton (16.0% of the tokens with loss) (search.confirm_cheaper)"
        in left["Cheaper still"]
    )
    told = whole.as_dict()
    assert [t["recipe"] for t in told["confirmed_before"]] == ["compact"]
    assert told["cheaper_but_not_confirmed"]["recipe"] == "answer_only"


def test_what_turns_out_dearer_does_not_take_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tokens that a right answer takes are known afterwards alone."""
    words = {"full": 100.0, "compact": 50.0, "decision_points": 90.0}
    found, _ = run(["compact", "decision_points"], monkeypatch, per_right=words)
    assert found.label == "compact" and found.failed.label == "decision_points" and not found.before
    told = dict(facts(seen_of(replace(a_search(), confirmed=found, decision=found.decision))))
    assert (
        "decision_points (" in told["Cheaper still"] and "turned out to cost no less" in told["Cheaper still"]
    )


def test_a_broken_constraint_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = run(["compact", "decision_points"], monkeypatch)
    (before,) = found.before
    broken = replace(found, before=(), checks=[Check("style: boxed", -0.05, -0.1, -0.12, False)])
    seen = seen_of(replace(a_search(), confirmed=replace(before, failed=broken), decision=before.decision))
    assert "not shown to keep within its constraints (style: boxed)" in dict(facts(seen))["Cheaper still"]
    assert seen.found.as_dict()["cheaper_but_not_confirmed"]["constraints"][0]["name"] == "style: boxed"


@pytest.mark.parametrize(("skill", "then"), [(0.72, "confirmed"), (0.3, "tried")])
def test_the_table_says_confirmed_of_what_was(skill: float, then: str) -> None:
    found = a_search({"full": 0.72, "compact": skill, "decision_points": 0.7, "answer_only": 0.1})
    rungs = [rung(320, {"full": 0.72, "compact": 0.72}, 60)]
    (part,) = rung_parts(seen_of(replace(found, rungs=rungs)))
    assert dict(part.rows)["compact"][0].text == then


def test_what_was_passed_over_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dearer one that looked likelier than the one that failed."""
    skill = {"full": 0.72, "compact": 0.72, "decision_points": 0.7, "answer_only": 0.1, DEAR: 0.74}
    found, _ = run([DEAR, "decision_points"], monkeypatch, {**TRIED, DEAR: 0.74, "decision_points": 0.2})
    assert found.failed.label == "decision_points"
    left = untried(parse_config(SEARCH, "s.toml"), [rung(320, skill, 240)], found)
    assert list(left) == ["compact"] and 0 < left["compact"] < 1


EVERY_KIND = """[search]
recipes = ["full@short", "internalize?from=full", "answer_only+representation"]
confirm_cheaper = 1
equal_compute = true
"""


def test_a_real_search_goes_on_to_cheaper_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over candidates of every kind; what is chosen is trained with as many FLOPs as the reference, too."""
    text = SEARCH.replace("[search]\n", EVERY_KIND).replace("rungs = [0.5, 1.0]", "rungs = [1.0]")
    text = text.replace("rates = [1.0, 3.0]", "confirm_seeds = 1").replace("train = 24", "train = 8")
    text = text.replace('layers = ["coherence"]\n', "")
    (tmp_path / "s.toml").write_text(text)
    chosen = [Choice("decision_points", 8, True), Choice("answer_only", 8, False)]
    monkeypatch.setattr("fractionate.study.search.run.choose", lambda *_: chosen[0])
    monkeypatch.setattr("fractionate.study.search.run.cheaper_still", lambda *_: chosen[1:])
    smaller = {"outcome": "smaller", "recipe": "made up"}
    from fractionate.study.search import confirm

    rule = confirm.rule

    def held(*given: Any) -> Any:
        decision, found = rule(*given)
        return replace(decision, **smaller), found

    monkeypatch.setattr(confirm, "rule", held)
    job = Search.from_toml(tmp_path / "s.toml", tmp_path / "out")
    job.run(Console(file=io.StringIO()))
    told = json.loads((job.root / "decision.json").read_text())
    assert told["recipe"] == "answer_only" and told["confirmed_before"][0]["recipe"] == "decision_points"
    assert json.loads((job.root / "dataset" / "arm.json").read_text())["recipe"] == "answer_only"
    trials = {"1-rung", "confirm", "confirm-cheaper-1", "confirm-equal-compute"}
    assert {p.name for p in (job.root / "trials").iterdir()} == trials
    (longer,) = job.root.glob("trials/confirm-equal-compute/*/arms/answer_only*/trained.json")
    spent = told["costs"]["full"]["training_flops"]
    assert json.loads(longer.read_text())["flops"] == pytest.approx(spent, rel=0.2)
    assert told["equal_compute"]["arm"] == "answer_only"
    tried = {"full@short", "internalize?from=full", "answer_only+representation"}
    assert tried < set(told["rungs"][0]["transfer"])
    assert list(job.root.glob("trials/1-rung/*/arms/answer_only-representation*/readout.json"))
    assert costs_of("answer_only").supervised_tokens < costs_of("decision_points").supervised_tokens
