"""What holds in every world: exact spans and links, series that nest, recipes that apply or say why not."""

import pytest
from conftest import EVERY_RECIPE
from hypothesis import given, settings
from hypothesis import strategies as st

from fractionate.checking import same_answer
from fractionate.checking.extract import extract_answer
from fractionate.errors import InputError
from fractionate.records import Anatomy, Premise
from fractionate.supervision import NotApplicable, recipe
from fractionate.transfer import load_benchmark
from fractionate.worlds import WORLDS, Dials

NAMES = ("ledger", "chains", "mazes", "products")
SEEDS = st.integers(0, 10_000)
DIALS = st.builds(
    lambda depth, distractors, verbosity, mistakes, remarks: Dials(
        (depth, depth), (distractors, distractors), verbosity, mistakes, (3, 90), (remarks, remarks)
    ),
    st.integers(1, 5),
    st.integers(0, 4),
    st.sampled_from(["terse", "plain", "chatty"]),
    st.sampled_from([0.0, 1.0]),
    st.integers(0, 2),
)
ANATOMIES = st.builds(
    lambda name, seed, dials: WORLDS[name].sample(1, seed=seed, dials=dials)[0],
    st.sampled_from(NAMES),
    SEEDS,
    DIALS,
)


def sample(name: str, count: int, seed: int = 7, **dials: object) -> list[Anatomy]:
    return WORLDS[name].sample(count, seed=seed, dials=Dials(**dials))  # type: ignore[arg-type]


@settings(max_examples=80)
@given(ANATOMIES)
def test_sentences_are_the_steps_and_the_premises(anatomy: Anatomy) -> None:
    trace = anatomy.trace
    said = " ".join(s.span.of(trace.text) for s in anatomy.steps)
    assert said == trace.text.replace("\n", " ")
    assert " ".join(p.span.of(trace.problem) for p in anatomy.premises) == trace.problem
    assert trace.gold == trace.answer and trace.text.endswith(f"The answer is {trace.answer}.")
    assert anatomy.steps[-1].kind == "conclude" and anatomy.steps[-1].results == (trace.answer,)


@settings(max_examples=80)
@given(ANATOMIES)
def test_links_quote_their_sources_and_reach_the_needed_steps_alone(anatomy: Anatomy) -> None:
    reached = {len(anatomy.steps) - 1}
    for link in sorted(anatomy.links, key=lambda k: -k.user):
        source = (anatomy.premises if link.source_is == "premise" else anatomy.steps)[link.source]
        stated = source.values if isinstance(source, Premise) else source.results
        assert link.value is None or link.value in stated
        if link.user in reached and link.source_is == "step":
            reached.add(link.source)
    assert reached == {s.index for s in anatomy.needed()}
    assert all(s.paths == "all" for s in anatomy.needed())
    assert set(anatomy.decision_points()) <= set(anatomy.needed())


@settings(max_examples=40)
@given(ANATOMIES)
def test_every_recipe_applies_or_says_why_not(anatomy: Anatomy) -> None:
    for name in EVERY_RECIPE:
        try:
            made = recipe(name)(anatomy)
        except NotApplicable as reason:
            assert str(reason)
            continue
        right = made.response().rstrip().endswith(f"The answer is {anatomy.trace.answer}.")
        assert right == (name != "wrong_answer"), name


@pytest.mark.parametrize("name", NAMES)
def test_a_series_is_the_same_in_every_wording_and_for_every_count(name: str) -> None:
    dials = {"depth": (2, 3), "distractors": (1, 3), "numbers": (3, 60)}
    wordings = [sample(name, 20, verbosity=v, **dials) for v in ("terse", "plain", "chatty")]
    assert len({tuple(a.trace.problem for a in said) for said in wordings}) == 1
    assert len({tuple(a.trace.text for a in said) for said in wordings}) == 3
    assert sample(name, 5, **dials) == sample(name, 20, **dials)[:5] != sample(name, 5, seed=8, **dials)
    wide = dials | {"numbers": (3, 90_000)}
    assert len({a.trace.problem for a in sample(name, 500, **wide)}) == 500


@pytest.mark.parametrize("name", NAMES)
def test_remarks_lengthen_the_problem_and_leave_what_is_said(name: str) -> None:
    plain, remarked = (sample(name, 10, remarks=(n, n), depth=(2, 2)) for n in (0, 3))
    for short, long in zip(plain, remarked, strict=True):
        assert len(long.premises) == len(short.premises) + 3 and long.trace.text == short.trace.text
        for a, b in zip(short.links, long.links, strict=True):
            if a.source_is == "premise":
                told = (x.premises[k.source].span.of(x.trace.problem) for x, k in ((short, a), (long, b)))
                assert len(set(told)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_asks_for_what_the_teacher_answers(name: str) -> None:
    problems = load_benchmark(f"world:{name}?depth=2-3&distractors=3&numbers=10-60&seed=3", 20)
    assert len(problems) == 20
    for problem in problems:
        answer = extract_answer(problem.solution, problem.checker, problem.text)
        assert same_answer(problem.gold, answer, problem.checker).same is True
        other = problem.gold[:-1] + ("1" if problem.gold[-1] == "2" else "2")
        assert same_answer(problem.gold, other, problem.checker).same is False


@pytest.mark.parametrize(
    ("name", "dials", "message"),
    [
        ("chains", {"depth": (20, 20), "distractors": (9, 9)}, "more than the .* names"),
        ("chains", {"depth": (1, 1), "distractors": (3, 3), "numbers": (5, 5)}, "widen numbers"),
        ("mazes", {"depth": (9, 9), "distractors": (9, 9)}, "widen numbers"),
    ],
)
def test_dials_without_room_are_refused(name: str, dials: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        sample(name, 5, **dials)
