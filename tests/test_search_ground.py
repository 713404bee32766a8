"""What a search stands on: problems and questions, who is a candidate, which student is which, what a budget leaves."""

import dataclasses
import io
from math import ceil
from pathlib import Path

import pytest
from rich.console import Console
from searches import SEARCH

from fractionate.config import StudyConfig, parse_config
from fractionate.errors import InputError
from fractionate.models import load_model
from fractionate.records import Item
from fractionate.study.compile import compile_arms
from fractionate.study.data import gather
from fractionate.study.importances import measures_of, with_importances
from fractionate.study.search.bounds import bounds_of, visible
from fractionate.study.search.confirm import fresh_seeds
from fractionate.study.search.ground import Ground, prepare
from fractionate.study.search.outline import outline_of
from fractionate.study.search.pace import Pace
from fractionate.study.search.plan import shrunk
from fractionate.study.search.questions import Questions, apart, asked_before
from fractionate.study.search.run import Search
from fractionate.study.search.rungs import tuned
from fractionate.study.search.trials import Sizes, Trial, derived
from fractionate.transfer.statistics import Comparison, Interval, Plan, PlannedPart, minimum_margin

RECIPES = 'recipes = ["full", "answer_only", "decision_points"]'


def config(**changed: str) -> StudyConfig:
    """The study with some of its text exchanged."""
    text = SEARCH
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    return parse_config(text, "tiny.toml")


def prepared(study: StudyConfig) -> Ground:
    """Its ground, kept nowhere."""
    return prepare(study, None, Console(file=io.StringIO()))


def ids(study: StudyConfig) -> dict[str, str]:
    """The identifiers of its arms."""
    model = load_model(study.student.model, weights=False)
    return {arm.recipe: arm.id for arm in compile_arms(study, model, gather(study).anatomies).arms}


@pytest.mark.parametrize(
    ("old", "new"), [("chatty", "terse"), ("train = 24", "train = 25"), ("[1, 2]", "[1, 3]")]
)
def test_students_that_learned_something_else_are_others(old: str, new: str) -> None:
    one, other = ids(config()), ids(config(**{old: new}))
    assert one == ids(config(**{"items = 6": "items = 7"}))
    assert one["full"] != other["full"] and one["answer_only"] != other["answer_only"]


def test_all_traces_are_bought_of_which_some_are_chosen() -> None:
    study = config(**{"[search]": '[search]\nrecipes = ["full@short"]'})
    ground, model = prepared(study), load_model(study.student.model, weights=False)
    tokens = {}
    for order in ("", "short"):
        given = ground.given(24, order, confirming=False)
        arms = compile_arms(study, model, given.learned, given.pool).arms
        tokens[order] = {arm.recipe: arm.teacher_tokens for arm in arms}
    whole = sum(len(model.chat.encode(a.trace.text)) for a in ground.problems)
    assert tokens["short"]["full"] == tokens["short"]["answer_only"] == whole > 2 * tokens[""]["full"]
    assert tokens[""]["answer_only"] < tokens[""]["full"]


def test_solutions_are_at_hand_for_an_objective_that_is_only_searched() -> None:
    assert not prepared(config(**{'layers = ["coherence"]': ""})).development.solved
    named = '[search]\nrecipes = ["answer_only+representation@short"]'
    ground = prepared(config(**{'layers = ["coherence"]': "", "[search]": named}))
    assert ground.development.solved and ground.confirmation.solved


@pytest.mark.parametrize(("by", "effects"), [("surprise", False), ("effect", True)])
def test_who_chooses_by_what_a_student_makes_of_steps_has_it(by: str, effects: bool) -> None:
    study = config(**{RECIPES: RECIPES.replace("]", f', "keep?r=0.5&by={by}"]')})
    ground = prepared(study)
    assert f"keep?r=0.5&by={by}" in ground.candidates.names and ground.train == 24
    steps = [step for anatomy in ground.problems for step in anatomy.steps]
    assert any(s.surprise is not None for s in steps)
    assert any(s.effect is not None for s in steps) is effects


def test_what_a_student_was_asked_makes_no_other_students() -> None:
    study = config()
    model, anatomies = load_model(study.student.model, weights=False), gather(study).anatomies
    asked = with_importances(
        study, ["internalize?by=effect"], anatomies, Console(file=io.StringIO())
    ).anatomies
    assert asked != anatomies
    before, after = ([arm.id for arm in compile_arms(study, model, some).arms] for some in (anatomies, asked))
    assert before == after


def test_nobody_is_asked_for_what_no_recipe_chooses_by() -> None:
    anatomies = gather(config()).anatomies
    names = ["full", "keep?by=structural", "internalize?by=front"]
    assert with_importances(config(), names, anatomies, Console(file=io.StringIO())).anatomies == anatomies
    for name in ("keep?by=effect", "keep?r=0.5&by=effect+representation", "random_drop?of=keep?by%3Deffect"):
        assert measures_of([name]) == {"effect"}


def test_a_plan_asks_nobody_and_counts_what_asking_takes() -> None:
    both = ', "keep?r=0.5&by=effect", "keep?r=0.5&by=surprise"]'
    study = config(**{RECIPES: RECIPES.replace("]", both)})
    outline = outline_of(study, Console(file=io.StringIO()))
    assert outline.reading == prepared(study).reading > 1000
    asking, *_ = outline.plan(study, Pace(1000.0, 100.0, 1.0)).trials
    assert asking.name == "what steps are worth" and asking.seconds == outline.reading / 3000
    assert {"keep?r=0.5&by=effect", "keep?r=0.5&by=surprise"} < set(outline.candidates.names)
    assert outline.sizes["keep?r=0.5&by=effect"].written < outline.sizes["full"].written


@pytest.mark.parametrize("share", [0.5, 1.0])
@pytest.mark.parametrize("confirming", [False, True])
def test_solutions_are_of_what_is_asked(share: float, confirming: bool) -> None:
    given = prepared(config()).given(6, "", confirming, share)
    asked = {i.pair for i in given.items if i.family == "in_format"}
    assert {a.trace.id for a in given.solved} == asked and len(asked) == ceil(
        share * (9 if confirming else 6)
    )


def test_no_question_is_asked_twice_in_whatever_style() -> None:
    def asked(names: str) -> Questions:
        cells = ("in-format", "style: noisy")
        return Questions(
            tuple(Item(f"{c}/{n}", c, "style", f"{c}{n}", "1", pair=n) for c in cells for n in names), ()
        )

    one, other, told = apart(asked("abcdefgh"), asked("efghijkl"))
    first, second = ({i.pair for i in questions.items} for questions in (one, other))
    assert not first & second and first | second == set("abcdefghijkl")
    assert len(first) == len(second) == 6 and len(one.items) == 12
    assert told and "4 questions" in told[0]
    assert apart(asked("abcd"), asked("efgh"))[2] == []


def test_what_is_nearly_the_same_is_not_asked_on_both_sides() -> None:
    def asked(names: str) -> Questions:
        return Questions(
            tuple(Item(n, "svamp", "related", n, "1", pair=n, cluster=n.lower()) for n in names), ()
        )

    one, other, told = apart(asked("abC"), asked("ABcd"))
    assert not {i.cluster for i in one.items} & {i.cluster for i in other.items}
    assert one.items and other.items and "3 questions, with what is nearly" in told[0]


def test_what_is_all_nearly_the_same_is_asked_on_both_sides() -> None:
    def asked(names: str) -> Questions:
        return Questions(tuple(Item(n, "farm", "related", n, "1", pair=n, cluster="one") for n in names), ())

    one, other, told = apart(asked("abcd"), asked("cdef"))
    assert {i.id for i in one.items}.isdisjoint(i.id for i in other.items)
    assert len(one.items) == len(other.items) == 3 and told[0].startswith("2 questions")


def test_who_chooses_has_more_to_choose_from() -> None:
    plain, choosing = (
        prepared(config(**{"[search]": f"[search]\n{more}"})) for more in ("", 'recipes = ["compact@short"]')
    )
    assert choosing.train == plain.train == len(plain.problems) < len(choosing.problems)
    first = choosing.given(24, "", confirming=False).learned
    assert [a.trace.problem for a in first] == [a.trace.problem for a in plain.problems]
    short = choosing.given(24, "short", confirming=False).learned
    assert sum(len(a.trace.text) for a in short) < sum(len(a.trace.text) for a in first)
    taught = {a.trace.problem for a in choosing.problems}
    assert not taught & {i.prompt for g in (choosing.development, choosing.confirmation) for i in g.items}


@pytest.mark.parametrize("order", ["random", "hard"])
def test_an_order_that_chooses_nothing_is_refused(order: str) -> None:
    with pytest.raises(InputError, match="takes its traces as compact does"):
        config(**{"[search]": f'[search]\nrecipes = ["compact@{order}"]'})


REPAIRS = {
    "[search]": '[search]\nrecipes = ["errors?mode=repair"]',
    "train = 24": "train = 48\nmistakes = 0.7",
}


def test_traces_that_one_candidate_cannot_use_are_counted() -> None:
    ground = prepared(config(**REPAIRS))
    (told,) = [fact for fact in ground.facts if "of 48 traces" in fact]
    assert f"left out: {48 - ground.train} of 48" in told and "errors?mode=repair has nothing for it" in told


def test_what_teaches_the_same_is_trained_once() -> None:
    recipes = RECIPES.replace('"decision_points"', '"compact", "decision_points", "internalize?from=compact"')
    beside = '[training.representation]\nrecipes = ["decision_points"]\n[student]'
    ground = prepared(config(**{RECIPES: recipes, "[student]": beside}))
    names = ground.candidates.names
    assert not {"solution_only", "decision_points"} & set(names)
    assert {"compact", "decision_points+representation", "internalize?from=compact"} <= set(names)
    (told,) = [fact for fact in ground.facts if "teaches" in fact]
    assert (
        told == "left out: solution_only: teaches what full does; decision_points: teaches what compact does"
    )


def test_a_twin_in_another_order_is_not_the_same() -> None:
    recipes = RECIPES.replace('"decision_points"', '"compact"')
    study = config(**{RECIPES: recipes, "[search]": '[search]\nrecipes = ["decision_points@short"]'})
    assert "decision_points@short" in prepared(study).candidates.names


def test_of_twins_the_one_that_may_be_chosen_stays() -> None:
    recipes = 'recipes = ["full", "shuffle_steps?of=skeleton", "skeleton", "answer_only"]'
    names = prepared(config(**{RECIPES: recipes, "[1, 2]": "[1, 1]"})).candidates.names
    assert "skeleton" in names and "shuffle_steps?of=skeleton" not in names


@pytest.mark.parametrize("changed", [{}, REPAIRS])
def test_a_smaller_version_learns_from_as_many_as_its_plan_says(changed: dict[str, str]) -> None:
    study = config(**changed)
    outline = outline_of(study, Console(file=io.StringIO()))
    pace = Pace(500.0, 500.0, 1.0)
    for share in (1.0, 0.8):
        version = shrunk(study, share, False, outline.problems)
        planned, ground = outline.plan(version, pace), prepared(version)
        assert (
            planned.trials[-1].problems
            == ground.train
            == max(ceil(share * outline.problems), min(32, outline.problems))
        )
    assert shrunk(study, 1.0, False, outline.problems) == study


def test_a_reference_needs_no_full_trace_beside_it() -> None:
    study = config(**{RECIPES: 'recipes = ["compact", "answer_only"]\nreference = "compact"'})
    assert prepared(study).candidates.names == ("compact", "answer_only")


def test_a_reference_that_the_traces_do_not_have_is_refused() -> None:
    study = config(**{RECIPES: 'recipes = ["think_only", "full"]\nreference = "think_only"'})
    with pytest.raises(InputError, match=r"think_only has something for 0% .* another arms.reference"):
        prepared(study)


def test_a_trial_of_the_objective_alone_has_no_other_arm() -> None:
    trial = derived(config(), "t", ["answer_only+representation"], Sizes(6, (0,)), {}, False)
    assert trial.arms.recipes == () and trial.training.representation.recipes == ("answer_only",)


def test_one_rate_is_taken_whatever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class StopError(Exception):
        pass

    def planned(*given: object, **more: object) -> Trial:
        raise StopError(given[5])

    study = config(**{"rates = [1.0, 3.0]": "rates = [3.0]"})
    monkeypatch.setattr(Trial, "of", planned)
    with pytest.raises(StopError) as stopped:
        tuned(study, prepared(study), tmp_path, ["full"], Sizes(6, (0,)), Console(file=io.StringIO()))
    assert stopped.value.args[0] == {"full": pytest.approx(3 * study.training.learning_rate)}


def test_a_folder_in_which_nothing_was_trained_takes_a_mended_file(tmp_path: Path) -> None:
    toml, out = tmp_path / "s.toml", tmp_path / "out"
    toml.write_text(SEARCH.replace("[search]", '[search]\nnot_worse = { "style: typos" = 0.1 }'))
    with pytest.raises(InputError, match="typos"):
        Search.from_toml(toml, out).run(Console(file=io.StringIO()))
    (out / ".fitted.toml.12-34.part").write_text("killed while it was wri")
    toml.write_text(SEARCH)
    assert Search.from_toml(toml, out).config.search.not_worse == {} and not (out / "ground").exists()
    (out / "ground").mkdir()
    toml.write_text(SEARCH.replace("train = 24", "train = 25"))
    with pytest.raises(InputError, match="another search"):
        Search.from_toml(toml, out)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep me")
    with pytest.raises(InputError, match="not a search's folder"):
        Search.from_toml(toml, tmp_path / "mine")
    assert (tmp_path / "mine" / "notes.txt").is_file()
    (tmp_path / "own").mkdir()
    own = toml.rename(tmp_path / "own" / "study.toml")
    with pytest.raises(InputError, match="not a search's folder"):
        Search.from_toml(own, own.parent)
    assert own.is_file()
    for name in ("movie.mkv.part", "ground", "plan.json.part"):
        (tmp_path / name / name).mkdir(parents=True)
        with pytest.raises(InputError, match="not a search's folder"):
            Search.from_toml(own, tmp_path / name)
        assert (tmp_path / name / name).is_dir()


def test_what_a_budget_left_is_said(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SEARCH)
    job = Search.from_toml(tmp_path / "s.toml", tmp_path / "out")
    assert job.fitted() == []
    fewer = job.config.search.model_copy(update={"problems": 8})
    smaller = dataclasses.replace(job, config=job.config.model_copy(update={"search": fewer}))
    assert "problems 8 (the file: 24)" in smaller.fitted()[0]


def test_one_seed_is_not_taken_for_all_seeds() -> None:
    parts = (PlannedPart(1.0, 100_000, 4),)
    one = Comparison(
        "a", "full", 0.02, Interval(0.0, -0.002, 0.002), -0.0017, 0.0017, 0.0, 0.0, 1.0, 1.0,
        over_seeds=False, family=("a",), verdict="equivalent",
    )  # fmt: skip
    low, high = bounds_of(one)
    assert low == pytest.approx(-high) and low < -0.03
    assert bounds_of(dataclasses.replace(one, over_seeds=True)) == (-0.0017, 0.0017)
    assert visible(Plan(parts, 1)) > 0.05 > 0.02 > minimum_margin(Plan(parts, 1))
    assert visible(Plan(parts, 3)) == minimum_margin(Plan(parts, 3))


def test_another_draw_confirms_with_other_questions_and_seeds() -> None:
    one, other = config(), config(**{"[search]": "[search]\nconfirm_draw = 2"})
    first, second = prepared(one), prepared(other)
    assert first.development == second.development and first.problems == second.problems
    assert not set(first.confirmation.texts().values()) & set(second.confirmation.texts().values())
    assert not set(fresh_seeds(one)) & set(fresh_seeds(other))


def test_questions_that_say_the_same_are_the_same_whatever_they_are_called() -> None:
    def asked(side: str, names: str) -> Questions:
        return Questions(
            tuple(Item(f"{side}{n}", "in-format", "in_format", n, "1", pair=f"{side}{n}") for n in names), ()
        )

    one, other, told = apart(asked("d", "abcd"), asked("c", "cdef"))
    assert not set(one.texts().values()) & set(other.texts().values())
    assert len(one.items) == len(other.items) == 3 and told


def test_questions_of_an_earlier_confirmation_are_told(tmp_path: Path) -> None:
    ground = prepare(config(), tmp_path / "old" / "ground", Console(file=io.StringIO()))
    assert asked_before([tmp_path], ground.confirmation) == []
    scores = tmp_path / "old" / "trials" / "confirm" / "as-they-come" / "scores.parquet"
    scores.parent.mkdir(parents=True)
    scores.touch()
    (told,) = asked_before([tmp_path], ground.confirmation)
    count = len(ground.confirmation.texts())
    assert told.startswith(f"{count} of the {count} questions") and str(tmp_path / "old") in told
    assert asked_before([tmp_path], ground.development) == []
