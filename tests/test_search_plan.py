"""What a search takes before it is run, how a budget fits it, and the constraints on what it may choose."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import searches
from searches import SEARCH
from typer.testing import CliRunner

from fractionate.cli import app
from fractionate.config import StudyConfig, parse_config
from fractionate.errors import InputError
from fractionate.records import Score
from fractionate.study.decide import Decision
from fractionate.study.search.bounds import bounds_of, chance, seeded, visible
from fractionate.study.search.choice import choose
from fractionate.study.search.confirm import constrained, promise
from fractionate.study.search.constraints import LENGTH, WORST, Check, checks_of
from fractionate.study.search.pace import Pace
from fractionate.study.search.plan import SearchPlan, TrialPlan, fit, shrinkage
from fractionate.study.search.run import Search
from fractionate.study.search.tasks import tasks_of
from fractionate.transfer.layers import LayerScore
from fractionate.transfer.statistics import Interval, Plan, PlannedPart, compare

TINY = parse_config(SEARCH, "s.toml")


def plan_of(config: StudyConfig) -> SearchPlan:
    """A minute for each problem, rate and confirming seed."""
    problems = config.search.problems or config.data.train or 24
    seconds = 60.0 * (problems + len(config.search.rates) + config.search.confirm_seeds)
    return SearchPlan((TrialPlan("rung 1", 4, problems, seconds, 0.0),), 0.0, "", "", 0.1)


def large() -> StudyConfig:
    return TINY.model_copy(update={"data": TINY.data.model_copy(update={"train": 400})})


def test_a_budget_takes_the_largest_version_that_fits() -> None:
    study = large()
    same, plan = fit(study, 60.0 * 405, 400, plan_of)
    assert same == study and plan.seconds == 60.0 * 405 and shrinkage(study, same, "7h") == []
    smaller, plan = fit(study, 60.0 * 300, 400, plan_of)
    assert smaller.search.problems == 260 and plan.seconds <= 60.0 * 300
    (told,) = shrinkage(study, smaller, "5h")
    assert told.startswith("fitted into 5h: problems 260 (the file: 400), 65% of the questions")


def test_what_still_does_not_fit_gives_up_rates_and_seeds_before_it_is_refused() -> None:
    lean, _ = fit(large(), 60.0 * 42, 400, plan_of)
    assert lean.search.rates == (1.0,) and lean.search.confirm_seeds == 1
    with pytest.raises(InputError, match="the smallest version of this search takes about"):
        fit(large(), 60.0 * 10, 400, plan_of)


def test_the_plan_names_arms_and_what_a_budget_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fractionate.study.search.run.calibrate", lambda *given: Pace(50.0, 50.0, 1.0, 1e9))
    toml = tmp_path / "s.toml"
    toml.write_text(SEARCH.replace("train = 24", "train = 48"))
    told = json.loads(CliRunner().invoke(app, ["search", str(toml), "--plan", "--json"]).stdout)
    assert [t["name"] for t in told["trials"]] == ["rung 1", "rung 2", "confirmation"]
    assert set(told["trials"][0]["arms"]) >= {"full", "answer_only", "compact"}
    assert told["fitted"] == [] and told["seconds"] > 0 and told["memory"] > 0
    assert not (tmp_path / "runs").exists()
    budget = f"{0.8 * told['seconds']:.0f}s"
    shown = CliRunner().invoke(app, ["search", str(toml), "--plan", "--budget", budget], terminal_width=200)
    assert shown.exit_code == 0, shown.output
    assert "rung 1 has" in shown.stdout and f"fitted into {budget}" in shown.stdout


PARTS = (PlannedPart(1.0, 80, 2),)


def test_a_plan_says_the_chance_within_the_margin_that_will_be() -> None:
    few, many = Plan(PARTS, 3), Plan((PlannedPart(1.0, 100_000, 4),), 12)
    assert "its confirmation alone has" in promise(few, 0.02)
    assert "allowed" not in promise(many, 0.05)
    for plan in (few, many, Plan(PARTS, 1)):
        assert chance(plan, visible(plan)) == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize(("skill", "verdict"), [(0.7, "undecided"), (0.1, "worse")])
def test_one_seed_says_less_than_its_questions(skill: float, verdict: str) -> None:
    scores = [s for arm, of in (("full", 0.72), ("a", skill)) for s in searches.answers(arm, 0, of, 400)]
    raw = compare(scores, "a", "full", margin=0.02)
    found = seeded(raw)
    assert found.verdict == verdict and (found.lower_bound, found.upper_bound) == bounds_of(raw)
    assert found.lower_bound < raw.lower_bound
    twice = [*scores, *(replace(s, seed=1) for s in scores)]
    several = compare(twice, "a", "full", margin=0.02)
    assert seeded(several) == several


def layer(value: float) -> list[dict[str, LayerScore]]:
    return [
        {"search": LayerScore("search", Interval(value, value - 0.02, value + 0.02), 500, {})} for _ in (0, 1)
    ]


CONSTRAINTS = [
    # the constraint, the candidate's skill, whether it is shown to keep it
    ('not_worse = { "style: boxed" = 0.1 }', 0.72, True),
    ('not_worse = { "style: boxed" = 0.1 }', 0.5, False),
    ('not_worse = { "related" = 0.1 }', 0.72, True),
    (f'not_worse = {{ "{WORST}" = 0.2 }}', 0.72, True),
    (f'not_worse = {{ "{WORST}" = 0.02 }}', 0.72, False),
    ('not_worse = { "layer: search" = 0.1 }', 0.72, True),
    ('not_worse = { "layer: search" = 0.02 }', 0.5, False),
    ("longer = 1.5", 0.72, True),
    ("longer = 0.9", 0.72, False),
]


@pytest.mark.parametrize(("constraint", "skill", "kept"), CONSTRAINTS)
def test_what_cannot_be_shown_does_not_keep_a_constraint(constraint: str, skill: float, kept: bool) -> None:
    settings = parse_config(SEARCH.replace("[search]", f"[search]\n{constraint}"), "s.toml").search
    scores = [
        s
        for arm, of in (("full", 0.72), ("a", skill))
        for k in (0, 1)
        for s in searches.answers(arm, k, of, 300)
    ]
    (check,) = checks_of(settings, scores, "full", "a", layer(0.6 * skill / 0.72), layer(0.6))
    assert check.holds == kept and (check.name == LENGTH or check.found < check.value)


def held(check: Check) -> Decision:
    """What a decision for something smaller becomes under a constraint."""
    smaller = searches.a_search().decision
    assert smaller.outcome == "smaller"
    return constrained(smaller, [Check("related", -0.1, 0.0, -0.03, True), check])


def test_a_constraint_that_cannot_be_told_leaves_it_undecided() -> None:
    found = held(Check("style: boxed", -0.05, -0.01, -0.09, False))
    assert (found.outcome, found.recipe) == ("no decision", "full")
    # An error of 8 points has to shrink to 4: four times as many answers.
    assert "style: boxed" in found.explanation and "about 4 times as many answers" in found.explanation
    assert "more than 20 times" in held(Check("layer: search", -0.1, -0.01, -math.inf, False)).explanation
    for broken in (
        Check("style: boxed", -0.05, -0.06, -0.09, False),
        Check("length of answers", 1.5, 1.6, 1.6, False),
        Check("style: boxed", -0.05, math.nan, -math.inf, False),
    ):
        found = held(broken)
        assert (found.outcome, found.recipe) == ("reference", "full") and broken.name in found.explanation


@pytest.mark.parametrize(
    ("cell", "constraint"),
    [
        ("style: boxed", 'not_worse = { "style: boxed" = 0.2 }'),
        ("style: noisy", f'not_worse = {{ "{WORST}" = 0.9 }}'),
        ("style: boxed", f'not_worse = {{ "{WORST}" = 0.9 }}'),
        ("gym:leg_counting", 'not_worse = { "related" = 0.2 }'),
    ],
)
def test_what_could_not_be_checked_does_not_keep_a_constraint(cell: str, constraint: str) -> None:
    text = SEARCH.replace("[search]", f"[search]\n{constraint}")
    whole = searches.rung(320, {"full": 0.72, "compact": 0.72}, 60)
    scores = [replace(s, right=None) if (s.arm, s.cell) == ("compact", cell) else s for s in whole.scores]
    (check,) = checks_of(parse_config(text, "s.toml").search, scores, "full", "compact", [], [])
    assert not check.holds and not check.likely
    assert not choose(parse_config(text, "s.toml"), [replace(whole, scores=scores)]).sure
    (before,) = checks_of(parse_config(text, "s.toml").search, whole.scores, "full", "compact", [], [])
    assert before.likely


def test_a_task_is_of_those_who_can_be_compared() -> None:
    """One arm's answers were checked to even questions alone, the reference's to odd ones."""
    whole = searches.rung(320, {"full": 0.72, "compact": 0.72}, 60)
    odd = {"full": 1, "compact": 0}

    def unchecked(score: Score) -> bool:
        number = int(score.item.rpartition("q")[2])
        return score.cell == "gym:leg_counting" and number % 2 != odd.get(score.arm, number % 2)

    scores = [replace(s, right=None) if unchecked(s) else s for s in whole.scores]
    tasks = {t.name: t for t in tasks_of(TINY, replace(whole, scores=scores))}
    assert "compact" not in tasks["related: gym:leg counting"].differences
    assert "compact" in tasks["difficulty: depth 3"].differences


def test_what_may_follow_goes_before_problems_do() -> None:
    study = large()
    study = study.model_copy(update={"search": study.search.model_copy(update={"confirm_cheaper": 2})})

    def with_followers(config: StudyConfig) -> SearchPlan:
        plan = plan_of(config)
        more = TrialPlan("cheaper", 2, 400, 60.0 * 50 * config.search.confirm_cheaper, 0.0)
        return replace(plan, trials=(*plan.trials, more))

    version, _ = fit(study, 60.0 * 410, 400, with_followers)
    assert version.search.confirm_cheaper == 0 and version.search.problems is None
    (told,) = shrinkage(study, version, "7h")
    assert told == "fitted into 7h: cheaper ones that may follow 0 (the file: 2)"


def test_a_search_does_not_take_rates_that_it_would_not_use(tmp_path: Path) -> None:
    toml = tmp_path / "s.toml"
    toml.write_text(SEARCH.replace("[arms]", "[training.learning_rates]\nfull = 5e-5\n[arms]"))
    with pytest.raises(InputError, match=r"leave out training\.learning_rates, and see search\.rates"):
        Search.described(toml)
