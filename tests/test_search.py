"""The search: its parts by themselves, and a whole one with tiny students, killed and gone on with."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import searches
from hypothesis import given, settings
from hypothesis import strategies as st
from searches import SEARCH
from typer.testing import CliRunner

from fractionate import Study
from fractionate.cli import app
from fractionate.config import BASE, parse_config
from fractionate.errors import InputError
from fractionate.records import Anatomy, Item, Role, Score, Segment, Supervision
from fractionate.report.search_caveats import caveats
from fractionate.report.search_told import searched
from fractionate.storage import read_records
from fractionate.study.decide import Decision
from fractionate.study.reuse import reuse
from fractionate.study.search.around import beside
from fractionate.study.search.attribution import attributions
from fractionate.study.search.candidates import Candidates, eligible
from fractionate.study.search.choice import Choice, choose
from fractionate.study.search.confirm import Asked, Confirmed
from fractionate.study.search.effects import Attribution, effects_of
from fractionate.study.search.factors import OFF, FactorialArm, factorial, recipe_of, switchable
from fractionate.study.search.fates import Shown, fates_of, measured, shown_roles, with_effects
from fractionate.study.search.halving import Standing, survivors
from fractionate.study.search.run import Search
from fractionate.study.search.rungs import Rung, judge
from fractionate.study.search.sizes import flattening
from fractionate.study.search.tasks import tasks_of
from fractionate.study.search.trials import Trial
from fractionate.study.summary import Costs
from fractionate.supervision import check_arm, recipe
from fractionate.transfer.layers import LayerScore
from fractionate.transfer.statistics import Interval, Plan, PlannedPart
from fractionate.worlds import WORLDS, Dials

FIVE = tuple(OFF)


@pytest.mark.parametrize(
    ("factors", "half", "size"),
    [(FIVE, True, 16), (FIVE, False, 32), (FIVE[:4], True, 8), (FIVE[:3], True, 8)],
)
def test_a_factorial_is_balanced(factors: tuple[str, ...], half: bool, size: int) -> None:
    arms = factorial(factors, half=half)
    assert len(arms) == len({arm.on for arm in arms}) == size
    for one, other in combinations(factors, 2):
        together = sum(one in a.on and other in a.on for a in arms)
        assert together == size / 4 and sum(one in a.on for a in arms) == size / 2
    assert arms[-1] == FactorialArm("full", frozenset(factors))
    for arm in arms:
        check_arm(arm.recipe)


def test_with_everything_on_the_roles_are_the_full_trace() -> None:
    for anatomy in WORLDS["ledger"].sample(20, seed=0, dials=Dials(verbosity="chatty", mistakes=0.3)):
        full, roles = recipe("full", 0)(anatomy), recipe("roles", 0)(anatomy)
        assert [s.text for s in full.segments if s.text] and text_of(full) == text_of(roles)


def text_of(supervision: Supervision) -> str:
    return "".join(s.text for s in supervision.segments)


def test_roles_that_the_traces_lack_are_not_switched() -> None:
    terse = WORLDS["ledger"].sample(20, seed=0, dials=Dials(verbosity="terse"))
    factors, absent = switchable(terse)
    assert {"structure", "content"} <= set(factors) and "language" in absent


EFFECTS = {"structure": 0.3, "content": 0.1, "language": -0.05, "decomposition": 0.0, "error_signals": 0.0}


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_planted_effects_are_found(seed: int) -> None:
    rng, arms = np.random.default_rng(seed), factorial(FIVE, half=True)
    measured = {
        (arm.recipe, s): sum(EFFECTS[f] * (0.5 if f in arm.on else -0.5) for f in FIVE) + rng.normal(0, 0.001)
        for arm in arms
        for s in (0, 1)
    }
    found = {e.term: e for e in effects_of(arms, measured)}
    assert len(found) == 15 and not any(e.mixed_with for e in found.values())
    for factor, true in EFFECTS.items():
        assert found[factor].value.value == pytest.approx(true, abs=0.003)
    assert all(e.value.low <= e.value.value <= e.value.high for e in found.values())


def test_intervals_of_effects_cover_the_truth() -> None:
    arms, covered = factorial(FIVE[:4], half=True), 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        measured = {
            (a.recipe, s): 0.2 * ("structure" in a.on) + rng.normal(0, 0.05) for a in arms for s in (0, 1)
        }
        effect = next(e for e in effects_of(arms, measured) if e.term == "structure")
        covered += effect.value.low <= 0.2 <= effect.value.high
    assert 0.9 < covered / 300 < 0.99


def test_a_half_of_four_says_what_it_cannot_tell_apart() -> None:
    arms = factorial(FIVE[:4], half=True)
    measured = {(arm.recipe, s): 0.01 * i + s for i, arm in enumerate(arms) for s in (0, 1)}
    terms = {e.term: e.mixed_with for e in effects_of(arms, measured)}
    assert sum(bool(mixed) for mixed in terms.values()) == 3 and all(not terms[f] for f in FIVE[:4])


def test_one_seed_of_half_a_factorial_has_main_effects_only() -> None:
    arms = factorial(FIVE[:4], half=True)
    found = effects_of(arms, {(arm.recipe, 0): 0.1 * i for i, arm in enumerate(arms)})
    assert [e.term for e in found] == list(FIVE[:4]) or {e.term for e in found} == set(FIVE[:4])
    assert effects_of(arms, {}) == []


def test_a_factor_that_was_never_switched_has_no_effect() -> None:
    """Students without a measure are left out, and with them a factor may be on in all that are left."""
    arms = factorial(FIVE[:4], half=True)
    measured = {(a.recipe, s): 0.3 + 0.01 * s for a in arms for s in (0, 1) if "decomposition" in a.on}
    assert effects_of(arms, measured) == []
    together = {
        (a.recipe, s): 0.2 * ("decomposition" in a.on) + 0.01 * s
        for a in arms
        for s in (0, 1)
        if ("decomposition" in a.on) == ("structure" in a.on)
    }
    assert effects_of(arms, together) == []
    whole = {(a.recipe, s): 0.3 + 0.01 * s for a in arms for s in (0, 1)}
    gone = whole | {(arms[0].recipe, 0): float("nan")}
    assert {e.term for e in effects_of(arms, gone)} >= set(FIVE[:4])
    assert all(abs(e.value.value) < 0.02 for e in effects_of(arms, gone))


def test_a_measure_that_is_the_same_in_all_shows_no_effect() -> None:
    """Rather than one of zero, known exactly."""
    arms = factorial(FIVE[:4], half=True)
    assert effects_of(arms, {(a.recipe, s): 0.0 for a in arms for s in (0, 1)}) == []


def test_roles_are_compared_on_all_problems_too_where_a_balanced_part_came_so_far() -> None:
    roles = ("decomposition", "structure", "language")
    arms = factorial(roles, half=False)
    skill = {arm.recipe: 0.3 + 0.2 * ("language" in arm.on) for arm in arms}
    kept = {arm.recipe: skill[arm.recipe] for arm in arms if "structure" in arm.on}
    candidates = Candidates(tuple(skill), ("full",), roles, tuple(arms), ())
    first, later = attributions(candidates, [searches.rung(80, skill, 60), searches.rung(320, kept, 60)])
    assert (first.problems, later.problems) == (80, 320) and not first.always
    assert later.always == ("structure",) and not later.never
    found = {e.term: e.value for e in later.effects["transfer"]}
    assert len(found) == 3 and "structure" not in found
    assert found["language"].low > 0 and found["decomposition"].low <= 0 <= found["decomposition"].high
    fewer = dict(list(kept.items())[1:]) | {"full": skill["full"]}
    assert len(attributions(candidates, [searches.rung(80, skill, 60), searches.rung(320, fewer, 60)])) == 1
    assert not attributions(replace(candidates, factorial=()), [searches.rung(80, skill, 60)])


def standing(
    name: str, difference: float, cost: float, error: float = 0.02, reference: bool = False
) -> Standing:
    from scipy.stats import norm

    p = float(norm.sf((difference + 0.05) / error))
    return Standing(name, difference, difference + 1.64 * error, p, cost, reference)


FULL = Standing("full", 0.0, 0.0, 0.5, 1000, is_reference=True)
CASES = [
    # standings beside the reference, keep, informed, who goes on
    ([standing("a", -0.2, 10), standing("b", 0.0, 500)], 0.5, True, ["full", "b"]),  # clearly worse goes
    (
        [standing("a", 0.02, 10), standing("b", 0.0, 500)],
        0.5,
        True,
        ["full", "a"],
    ),  # the likeliest comes first
    (
        [standing("a", 0.0, 10), standing("b", 0.02, 900), standing("c", 0.01, 500)],
        0.5,
        True,
        ["full", "a", "b"],
    ),
    ([standing("a", 0.0, 10), standing("b", 0.0, 500)], 0.9, True, ["full", "a", "b"]),
    (
        [standing("a", -0.06, 10), standing("b", 0.0, 500)],
        0.5,
        True,
        ["full", "b"],
    ),  # likely worse comes last
    (
        [standing("a", -0.06, 10), standing("b", 0.0, 500)],
        0.5,
        False,
        ["full", "a", "b"],
    ),  # nothing is known yet
    ([standing("a", -0.3, 10), standing("b", -0.4, 20)], 0.5, False, ["full"]),
]


@pytest.mark.parametrize(("others", "keep", "informed", "go_on"), CASES)
def test_who_goes_on(others: list[Standing], keep: float, informed: bool, go_on: list[str]) -> None:
    kept = survivors([FULL, *others], keep=keep, margin=0.05, informed=informed)
    assert kept.go_on == go_on
    assert set(kept.go_on) | set(kept.dropped) == {"full", *(s.name for s in others)}


def rung(traces: int, accuracies: dict[str, float], costs: dict[str, float]) -> Rung:
    """Arms that are right on the first of 400 questions, as many as their accuracy says."""
    scores = [
        Score(arm, 0, "s", "style", f"s/{i}", str(i), i < 400 * accuracy, None, 10, False, False)
        for arm, accuracy in {"base": 0.0, **accuracies}.items()
        for i in range(400)
    ]
    spent = {name: Costs(round(cost), round(cost), round(cost), cost, 1.0) for name, cost in costs.items()}
    config = parse_config(SEARCH, "s.toml")
    candidates = Candidates(tuple(accuracies), ("full",), (), (), ())
    judged = judge(config, candidates, scores, spent, Plan((PlannedPart(1.0, 400, 1),), 2))
    return Rung(traces, scores, spent, judged, {}, {})


def test_easy_questions_make_nobody_cheaper() -> None:
    """A smaller rung asks a part of the questions: what an answer costs is compared on that part."""
    config = parse_config(SEARCH.replace("[search]", '[search]\ncost = "student_tokens_per_right"'), "s.toml")
    whole = rung(320, {"full": 0.7}, {"full": 1000})
    whole = replace(whole, costs={"full": Costs(1, 1, 1, 1.0, 10 / 0.7)})
    easy = [s for s in whole.scores if int(s.cluster) < 200]
    small = replace(whole, traces=160, scores=easy, costs={"full": Costs(1, 1, 1, 1.0, 10.0)})
    assert choose(config, [small, whole]) == Choice("full", 320, False)


CHOICES = [
    # T on half of the problems, on all; what is chosen
    ({"full": 0.6, "a": 0.3, "b": 0.5}, {"full": 0.7, "a": 0.3, "b": 0.72}, ("b", 320)),
    ({"full": 0.6, "a": 0.3, "b": 0.75}, {"full": 0.7, "a": 0.3, "b": 0.72}, ("b", 160)),
    ({"full": 0.72, "a": 0.3, "b": 0.3}, {"full": 0.7, "a": 0.3, "b": 0.4}, ("full", 160)),
    ({"full": 0.5, "a": 0.3, "b": 0.4}, {"full": 0.7, "a": 0.3, "b": 0.4}, ("b", 320)),
]


@pytest.mark.parametrize(("half", "whole", "chosen"), CHOICES)
def test_the_cheapest_that_looks_good_is_chosen(
    half: dict[str, float], whole: dict[str, float], chosen: tuple[str, int]
) -> None:
    rungs = [
        rung(160, half, {"full": 500, "a": 50, "b": 200}),
        rung(320, whole, {"full": 1000, "a": 100, "b": 400}),
    ]
    choice = choose(parse_config(SEARCH, "s.toml"), rungs)
    assert (choice.name, choice.traces) == chosen


def test_a_candidate_whose_answers_cannot_be_checked_goes() -> None:
    config, costs = parse_config(SEARCH, "s.toml"), {n: Costs(1, 1, 1, 1.0, 1.0) for n in ("full", "odd")}
    scores = [
        Score(
            arm,
            0,
            "s",
            "style",
            f"s/{i}",
            str(i),
            None if arm == "odd" else arm == "full",
            None,
            10,
            False,
            False,
        )
        for arm in ("base", "full", "odd")
        for i in range(50)
    ]
    candidates = Candidates(("full", "odd"), ("full",), (), (), ())
    judged = judge(config, candidates, scores, costs, Plan((PlannedPart(1.0, 50, 1),), 2))
    assert judged.kept.go_on == ["full"] and "checked" in judged.kept.dropped["odd"]
    for arm, said in (("full", "full"), ("base", "the untouched student")):
        mute = [replace(s, right=None) if s.arm == arm else s for s in scores]
        with pytest.raises(InputError, match=f"no answer of {said} could be checked"):
            judge(config, candidates, mute, costs, Plan((PlannedPart(1.0, 50, 1),), 2))


@pytest.mark.parametrize("name", ["random_drop@short", "filler+representation", "shuffle_steps?x=1@long"])
def test_controls_are_never_eligible(name: str) -> None:
    assert not eligible(name)


def layers(value: float, n: int = 400) -> list[dict[str, LayerScore]]:
    half = 1.96 * (max(value * (1 - value), 0.01) / n) ** 0.5
    return [
        {"decomposition": LayerScore("decomposition", Interval(value, value - half, value + half), n, {})}
        for _ in range(2)
    ]


FATES = [
    (Shown(0.9, 0.9), 0.6, 0.6, 0.1, "imitated"),
    (Shown(0.1, 0.1), 0.6, 0.6, 0.1, "imitated"),
    (Shown(0.04, 0.04), 0.6, 0.6, 0.1, "undecided"),
    (Shown(0.0, 0.0), 0.6, 0.6, 0.1, "rebuilt"),
    (Shown(0.0, 0.0), 0.3, 0.6, 0.1, "lost"),
    (Shown(0.0, 0.0), 0.1, 0.6, 0.1, "lost"),
    (Shown(0.9, 0.0), 0.6, 0.6, 0.1, "undecided"),
]


@pytest.mark.parametrize(("shown", "own", "taught", "base", "fate"), FATES)
def test_what_became_of_a_layer(shown: Shown, own: float, taught: float, base: float, fate: str) -> None:
    roles, full = dict.fromkeys(Role, shown), dict.fromkeys(Role, Shown(1.0, 1.0))
    (found,) = fates_of(roles, full, layers(own), layers(taught), layers(base))
    assert (found.layer, found.fate) == ("decomposition", fate)


def test_what_a_student_without_the_layer_scores_too_was_not_rebuilt() -> None:
    nothing, full = (dict.fromkeys(Role, Shown(x, x)) for x in (0.0, 1.0))
    for trivial, fate in ((0.5, "rebuilt"), (0.97, "undecided")):
        own = [{name: replace(s, trivial=trivial) for name, s in layer.items()} for layer in layers(0.6)]
        (found,) = fates_of(nothing, full, own, own, layers(0.1))
        assert (found.fate, found.trivial) == (fate, trivial)


def test_a_fate_says_what_its_role_does_over_the_factorial() -> None:
    arms = factorial(FIVE[:4], half=True)
    measured = {(a.recipe, k): 0.2 * ("decomposition" in a.on) + 0.01 * k for a in arms for k in (0, 1)}
    taught = dict.fromkeys(Role, Shown(1.0, 1.0))
    fates = fates_of(taught, taught, layers(0.6), layers(0.6), layers(0.1))
    (found,) = with_effects(fates, [Attribution(24, {"decomposition": effects_of(arms, measured)})])
    assert "its role (decomposition) adds +20.0 points" in found.why and found.fate == "imitated"
    assert with_effects(fates, [Attribution(24, {"transfer": effects_of(arms, measured)})]) == fates


@pytest.mark.parametrize("taught", [0.0, 0.02])
def test_what_hardly_anybody_was_taught_cannot_be_rebuilt(taught: float) -> None:
    nothing, full = (dict.fromkeys(Role, Shown(share, share)) for share in (0.0, taught))
    (found,) = fates_of(nothing, full, layers(0.6), layers(0.6), layers(0.1))
    assert found.fate == "undecided"


def test_seeds_that_differ_leave_a_layer_undecided() -> None:
    nothing, full = (dict.fromkeys(Role, Shown(x, x)) for x in (0.0, 1.0))
    own = [layers(0.3)[0], layers(0.75)[0]]
    (found,) = fates_of(nothing, full, own, layers(0.61), layers(0.1))
    assert found.fate == "undecided"


def one_layer(rng: np.random.Generator, rate: float, spread: float, answers: int) -> dict[str, LayerScore]:
    """A student whose true score varies with its seed."""
    value = rng.binomial(answers, min(max(rate + rng.normal(0, spread), 0.0), 1.0)) / answers
    half = 1.96 * (max(value * (1 - value), 1e-3) / answers) ** 0.5
    return {"search": LayerScore("search", Interval(value, value - half, value + half), answers, {})}


@pytest.mark.parametrize(("seeds", "spread", "answers"), [(3, 0.08, 100), (2, 0.08, 200), (5, 0.03, 60)])
def test_bounds_of_layers_hold_with_few_seeds(seeds: int, spread: float, answers: int) -> None:
    rng, wrong = np.random.default_rng(seeds), 0
    for _ in range(400):
        own, taught = (
            measured("search", [one_layer(rng, rate, spread, answers) for _ in range(seeds)])
            for rate in (0.5, 0.6)
        )
        assert own is not None and taught is not None
        wrong += own.minus(taught).at_least > -0.1
    assert wrong / 400 < 0.07


def test_few_answers_leave_a_layer_undecided() -> None:
    nothing, full = (dict.fromkeys(Role, Shown(x, x)) for x in (0.0, 1.0))
    (found,) = fates_of(nothing, full, layers(0.5, 6), layers(0.55, 6), layers(0.4, 6))
    assert found.fate == "undecided"


def test_what_was_not_measured_is_not_lost() -> None:
    nothing, full = (dict.fromkeys(Role, Shown(x, x)) for x in (0.0, 1.0))
    unmeasured = [{name: replace(s, n=0) for name, s in layers(0.0)[0].items()}]
    (found,) = fates_of(nothing, full, unmeasured, layers(0.6), layers(0.1))
    assert (found.fate, found.score, found.reference) == ("undecided", None, 0.6)
    (found,) = fates_of(nothing, full, [*unmeasured, *layers(0.6)], layers(0.6), layers(0.1))
    assert found.score == 0.6


def test_what_is_shown_is_counted_by_example() -> None:
    plan = Segment("We need A.", role=Role.DECOMPOSITION)
    hidden = Segment("We need A.", role=Role.DECOMPOSITION, weight=0.0)
    step = Segment("A = 3.", role=Role.STRUCTURE)
    found = shown_roles(
        [Supervision("a", "r", "?", (plan, step)), Supervision("b", "r", "?", (hidden, step))]
    )
    assert found[Role.DECOMPOSITION] == Shown(1.0, 0.5) and found[Role.STRUCTURE] == Shown(1.0, 1.0)
    assert found[Role.LANGUAGE] == Shown(0.0, 0.0)


@pytest.mark.parametrize(("last", "said"), [(0.5, "still rising"), (0.22, "cannot be told"), (0.05, "flat")])
def test_the_curve_says_whether_more_would_help(last: float, said: str) -> None:
    rungs = [rung(80, {"full": 0.2}, {"full": 100}), rung(160, {"full": last}, {"full": 200})]
    assert said in flattening(rungs, "full")
    full = [rung(80, {"full": 0.2}, {"full": 100}), rung(160, {"full": 0.9}, {"full": 200})]
    assert "twice as many would bring 10.0 points" in flattening(full, "full")
    assert "one size" in flattening(rungs[:1], "full")


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    """The search, run once without interruption."""
    folder = tmp_path_factory.mktemp("search")
    (folder / "s.toml").write_text(SEARCH)
    job = Search.from_toml(folder / "s.toml", folder / "out")
    job.run()
    return job


def test_a_search_leaves_everything_ready(search: Search) -> None:
    found = json.loads((search.root / "decision.json").read_text())
    assert found["decision"]["outcome"] in ("smaller", "reference", "no decision")
    assert found["recipe"] in (None, "full", "answer_only", "compact")
    assert set(found["share_of_reference"]) >= {"supervised_tokens", "training_flops", "teacher_tokens"}
    assert [rung["problems"] for rung in found["rungs"]] == [12, 24]
    assert {BASE, "full"} <= set(found["answers"])
    assert all(
        set(told) == {"tokens", "truncated", "looping", "unchecked"} for told in found["answers"].values()
    )
    decided = found["decision"]["recipe"] is not None
    assert (search.root / "student" / "model.safetensors").is_file() == decided
    assert (search.root / "dataset" / "supervision.parquet").is_file() == decided


def test_the_verb_leaves_reports_beside_the_decision(search: Search) -> None:
    before = (search.root / "decision.json").read_text()
    asked = ["search", str(search.root.parent / "s.toml"), "--out", str(search.root)]
    told = CliRunner().invoke(app, asked, catch_exceptions=False)
    assert told.exit_code == 0 and str(search.root / "report.html") in told.stdout.replace("\n", "")
    assert (search.root / "decision.json").read_text() == before
    assert json.loads(before)["decision"]["summary"] in (search.root / "report.md").read_text()
    assert "</html>" in (search.root / "report.html").read_text()


def test_what_lies_ready_is_what_was_decided(search: Search) -> None:
    confirm = next(search.root.glob("trials/confirm/*"))
    trial = Trial({"": Study.reopen(confirm)})
    reference = json.loads((search.root / "decision.json").read_text())["decision"]["reference"]
    asked = Asked("answer_only", trial, "answer_only", reference, trial)
    nothing = Decision("no decision", None, reference, 0.02, "", "")
    cases: list[tuple[str, str | None]] = [
        ("no decision", None), ("no decision", reference), ("reference", reference), ("smaller", "answer_only"),
    ]  # fmt: skip
    for outcome, use in cases:
        decision = replace(nothing, outcome=outcome, recipe=use)  # type: ignore[arg-type]
        confirmed = Confirmed("answer_only", 24, asked, decision, None, {})  # type: ignore[arg-type]
        assert confirmed.use() == (None if use is None else (trial, use))


def test_the_confirmation_asks_what_nobody_has_looked_at(search: Search) -> None:
    def asked(folder: Path) -> set[str]:
        scores = read_records(next(folder.rglob("scores.parquet")), Score)
        return {s.item for s in scores}

    trials = search.root / "trials"
    rungs = set().union(*(asked(folder) for folder in trials.glob("*-rung*")))
    assert rungs and not rungs & asked(trials / "confirm")
    confirming = read_records(next((trials / "confirm").rglob("scores.parquet")), Score)
    assert {s.seed for s in confirming if s.arm != "base"} == {1, 2, 3}


def test_smaller_trials_learn_from_and_ask_part_of_what_larger_ones_do(search: Search) -> None:
    def of(pattern: str, name: str) -> Path:
        return next(search.root.glob(f"trials/{pattern}/*/{name}.parquet"))

    small, large = (
        [a.trace.id for a in read_records(of(p, "anatomy"), Anatomy)] for p in ("1-rung*", "2-rung")
    )
    assert len(small) == 12 and large[:12] == small
    few, many, fresh = (
        {i.id for i in read_records(of(p, "items"), Item)} for p in ("1-rung*", "2-rung", "confirm")
    )
    assert few < many and len(few) == len(many) / 2
    assert len(fresh) > len(many) and not fresh & many


def test_candidates_keep_the_rate_that_served_them_best(search: Search) -> None:
    found = json.loads((search.root / "decision.json").read_text())
    assert set(found["rungs"][0]["learning_rates"].values()) <= {0.01, 0.03}
    used = found["recipe"] or found["confirmed"]["recipe"]
    assert found["learning_rate"] == found["rungs"][-1]["learning_rates"][used]
    for place in search.root.glob("trials/2-rung/*/arms/*/arm.json"):
        about = json.loads(place.read_text())
        if about["recipe"] != "base":
            rate = found["rungs"][0]["learning_rates"][about["recipe"]]
            assert about["training"]["learning_rate"] == rate


def test_killed_at_any_moment_it_ends_the_same(search: Search, tmp_path: Path) -> None:
    toml, out = tmp_path / "s.toml", tmp_path / "out"
    toml.write_text(SEARCH)
    for wanted in ("1-rung*/*/arms/full*/trained.json", "confirm/*/items.parquet"):
        with (tmp_path / "said.txt").open("w") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "fractionate", "search", str(toml), "--out", str(out)],
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
        deadline = time.monotonic() + 600
        while process.poll() is None and not list(out.glob(f"trials/{wanted}")):
            assert time.monotonic() < deadline, f"{wanted} never came"
            time.sleep(0.005)
        assert process.poll() is None, (tmp_path / "said.txt").read_text()[-2000:]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    again = Search.from_toml(toml, out)
    again.run()
    one, other = (json.loads((r / "decision.json").read_text()) for r in (search.root, out))
    assert one == other


def test_students_that_are_the_same_elsewhere_are_not_trained_again(
    search: Search, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s.toml").write_text(f'question = "Another one?"\n{SEARCH}')
    job = replace(Search.from_toml(tmp_path / "s.toml", tmp_path / "out"), known=(search.root,))
    with monkeypatch.context() as patched:
        patched.setattr("fractionate.study.run.train_arm", lambda *given: pytest.fail("trained again"))
        patched.setattr(
            "fractionate.transfer.asking.LocalStudent.open", lambda *given: pytest.fail("asked again")
        )
        job.run()
    one, other = (json.loads((r / "decision.json").read_text()) for r in (search.root, job.root))
    (told,) = other["asked_before"]
    assert one | {"asked_before": [told]} == other and str(search.root) in told
    for done in job.root.rglob("arms/*/trained.json"):
        weights = done.parent / "checkpoint" / "model.safetensors"
        assert weights.is_file() and (done.parent / "responses.parquet").is_file()


@pytest.mark.parametrize("package", ["torch", "fractionate"])
def test_students_of_other_versions_are_trained_anew(search: Search, tmp_path: Path, package: str) -> None:
    study = tmp_path / "known"
    shutil.copytree(next(search.root.glob("trials/confirm/*")), study)
    arm = next(study.glob("arms/full*")).name
    assert reuse([tmp_path], arm, tmp_path / "same") == study / "arms" / arm
    assert reuse([tmp_path], "full-s0-other", tmp_path / "other") is None
    manifest = json.loads((study / "manifest.json").read_text())
    manifest["versions"][package] = "0.0.1"
    (study / "manifest.json").write_text(json.dumps(manifest))
    assert reuse([tmp_path], arm, tmp_path / "new") is None


def test_another_search_is_refused(search: Search, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SEARCH.replace("train = 24", "train = 32"))
    with pytest.raises(InputError, match="another search"):
        Search.from_toml(tmp_path / "s.toml", search.root)


def test_other_budgets_are_refused(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SEARCH.replace("[arms]", '[arms]\nbudget = "compute"'))
    with pytest.raises(InputError, match="equal_compute"):
        Search.from_toml(tmp_path / "s.toml", tmp_path / "out")


UNKNOWN = [
    ('not_worse = { "style: typos" = 0.1 }', "no cell, family or layer 'style: typos'"),
    ('not_worse = { "layer: search" = 0.1 }', "the layer 'search' is not asked"),
]


@pytest.mark.parametrize(("constraint", "said"), UNKNOWN)
def test_constraints_on_what_is_not_asked_are_refused_before_anything_is_trained(
    constraint: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "s.toml").write_text(SEARCH.replace("[search]", f"[search]\n{constraint}"))
    job = Search.from_toml(tmp_path / "s.toml", tmp_path / "out")
    with pytest.raises(InputError, match=said):
        job.run()
    assert not (tmp_path / "out" / "trials").exists()


def test_suites_say_themselves_how_much_they_ask() -> None:
    cells = SEARCH[SEARCH.index("[transfer]") : SEARCH.index("[search]")]
    with pytest.raises(InputError, match="confirm_questions"):
        parse_config(SEARCH.replace(cells, '[transfer]\nsuite = "transfer-quick"\n'), "s.toml")


def test_what_breaks_a_constraint_is_not_chosen() -> None:
    strict = parse_config(SEARCH.replace("[search]", "[search]\nlonger = 0.5"), "s.toml")
    rungs = [rung(320, {"full": 0.7, "a": 0.72}, {"full": 1000, "a": 100})]
    assert choose(parse_config(SEARCH, "s.toml"), rungs).sure
    assert not choose(strict, rungs).sure


def test_each_task_has_its_own_smallest() -> None:
    one = rung(320, {"full": 0.7, "a": 0.3, "b": 0.72}, {"full": 1000, "a": 100, "b": 400})
    easy = [replace(s, cell="gym:sums", family="related", item=f"g/{s.item}", right=int(s.cluster) < 280)
            for s in one.scores if s.arm != "base"]  # fmt: skip
    easy += [
        replace(s, cell="gym:sums", family="related", item=f"g/{s.item}")
        for s in one.scores
        if s.arm == "base"
    ]
    found = {
        t.name: t for t in tasks_of(parse_config(SEARCH, "s.toml"), replace(one, scores=[*one.scores, *easy]))
    }
    assert found["style"].smallest == "b" and found["related: gym:sums"].smallest == "a"
    assert found["style"].accuracies["a"] == pytest.approx(0.3) and found["style"].questions == 400


HALF = SEARCH.replace('roles = "none"', 'roles = "half"').replace("rungs = [0.5, 1.0]", "rungs = [1.0]")
HALF = HALF.replace(
    'recipes = ["full", "answer_only", "decision_points"]', 'recipes = ["full"]\nreference = "full"'
)
HALF = HALF.replace("train = 24", "train = 8").replace("rates = [1.0, 3.0]", "")


def test_what_half_a_factorial_leaves_out_is_tried_around_the_best(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(HALF)
    job = Search.from_toml(tmp_path / "s.toml", tmp_path / "out")
    found = job.run()
    told = json.loads((job.root / "ground" / "candidates.json").read_text())
    half, left_out = ({arm["recipe"] for arm in told[key]} for key in ("factorial", "around"))
    near = set(found.rungs[-1].costs) - half
    assert half <= set(found.rungs[-1].costs) and near <= left_out and not half & left_out
    assert near == {
        arm["recipe"]
        for compiled in job.root.glob("trials/*-around/*/compiled.json")
        for arm in json.loads(compiled.read_text())["arms"]
        if arm["recipe"] != "base"
    }


PILOT = (
    SEARCH.replace("stop_early = false\n", "")
    .replace("rates = [1.0, 3.0]", "")
    .replace("train = 24", "train = 8")
)
PILOT = PILOT.replace('layers = ["coherence"]\nlayer_items = 4\n', "").replace(
    "confirm_questions = 1.5", "confirm_seeds = 1"
)
PILOT = PILOT.replace('"decision_points"]', '"decision_points"]\nreference = "full"')


def test_where_the_reference_learns_nothing_the_others_are_not_trained_on_everything(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(PILOT)
    job = Search.from_toml(tmp_path / "s.toml", tmp_path / "out")
    found = job.run()
    assert found.decision.outcome == "no decision" and list(found.rungs[-1].costs) == ["full"]
    assert {place.name for place in (job.root / "trials").iterdir()} == {"1-rung", "references", "confirm"}
    assert "nothing to compare with: full has gained" in found.rungs[0].judged.kept.dropped["decision_points"]
    told = " ".join(caveats(searched(job.config, found)))
    assert found.stopped and "The search ended early: nothing to compare with: full has gained" in told


def test_students_of_the_pilot_climb_on_with_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fractionate.study.search.pilot.nothing_learned", lambda rung: False)
    (tmp_path / "s.toml").write_text(PILOT)
    job = Search.from_toml(tmp_path / "s.toml", tmp_path / "out")
    assert set(job.run().rungs[-1].costs) > {"full"}
    alone, beside = (
        next(job.root.glob(f"trials/{name}/*/arms/full*/trained.json")) for name in ("references", "2-rung")
    )
    assert alone.read_text() == beside.read_text() and alone.parent.name == beside.parent.name


ARMS = tuple(factorial(FIVE[:4], half=True))
MORE = tuple(a for a in factorial(FIVE[:4], half=False) if a not in ARMS and eligible(a.recipe))
LATTICE = Candidates(("full",), ("full",), FIVE[:4], ARMS, (), MORE)
ONE, OTHER = (
    recipe_of(FIVE[:4], frozenset(FIVE[:4]) - {role}) for role in ("decomposition", "error_signals")
)
BOTH = recipe_of(FIVE[:4], frozenset(FIVE[:4]) - {"decomposition", "error_signals"})


@pytest.mark.parametrize(("best", "sure", "tried", "found"), [
    ("full", True, [], {ONE, OTHER}), ("full", True, [ONE], {OTHER}), (BOTH, True, [], set()),
    (BOTH, False, [], {ONE, OTHER}), ("answer_only", True, [], set()),
])  # fmt: skip
def test_beside_a_good_arm_only_cheaper_ones_are_tried(
    best: str, sure: bool, tried: list[str], found: set[str]
) -> None:
    assert set(beside(LATTICE, Choice(best, 320, sure), tried)) == found


@pytest.mark.parametrize("rungs", ["[0.5]", "[1.0, 0.5]", "[0.5, 0.5, 1.0]"])
def test_rungs_rise_to_the_whole(rungs: str) -> None:
    with pytest.raises(InputError, match="rungs"):
        parse_config(SEARCH.replace("rungs = [0.5, 1.0]", f"rungs = {rungs}"), "s.toml")


def test_recipes_of_factors_name_what_is_off() -> None:
    assert recipe_of(FIVE, frozenset(FIVE) - {"language"}) == "roles?language=delete"
    assert recipe_of(FIVE[:2], frozenset(FIVE[:2])) == "full"
