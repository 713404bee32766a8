"""The ledger's problems are fair, and its gold anatomy is exact in every wording."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fractionate.errors import InputError
from fractionate.records import Anatomy, Premise, Role
from fractionate.worlds import WORLDS, Dials, Graph, solve

EQUATION = re.compile(r"(\d+) ([-+*/]) (\d+) = (\d+)")
NUMBER = re.compile(r"\d+|twice|half|third|quarter|fifth")
WORDS = {"twice": "2", "half": "2", "third": "3", "quarter": "4", "fifth": "5"}
SEEDS = st.integers(0, 10_000)
DIALS = st.builds(
    lambda depth, distractors, verbosity, mistakes: Dials(
        (depth, depth), (distractors, distractors), verbosity, mistakes
    ),
    st.integers(1, 5),
    st.integers(0, 2),
    st.sampled_from(["terse", "plain", "chatty"]),
    st.sampled_from([0.0, 1.0]),
)


def ledger(count: int, seed: int, dials: Dials) -> list[Anatomy]:
    return WORLDS["ledger"].sample(count, seed=seed, dials=dials)


def is_right(left: str, symbol: str, right: str, result: str) -> bool:
    a, b = Fraction(left), Fraction(right)
    return {"+": a + b, "-": a - b, "*": a * b, "/": a / b}[symbol] == Fraction(result)


@settings(max_examples=60)
@given(SEEDS, DIALS)
def test_gold_is_exact(seed: int, dials: Dials) -> None:
    (anatomy,) = ledger(1, seed, dials)
    trace = anatomy.trace
    rebuilt = " ".join(s.span.of(trace.text) for s in anatomy.steps)
    assert rebuilt == trace.text.replace("\n", " ")
    assert [p.span.of(trace.problem) for p in anatomy.premises]
    assert " ".join(p.span.of(trace.problem) for p in anatomy.premises) == trace.problem
    for step in anatomy.steps:
        verdicts = [is_right(*m) for m in EQUATION.findall(step.span.of(trace.text))]
        assert all(verdicts) == (step.check != "wrong")
        if step.kind == "check":
            assert verdicts == [True] and step.check == "right"
        if step.kind in ("compute", "correction"):
            assert len(verdicts) == 1 and step.check == "right"
    answer = solve(Graph.of(trace.metadata["graph"]))
    assert trace.gold == trace.answer == str(answer)
    assert trace.text.endswith(f"The answer is {answer}.")


@settings(max_examples=60)
@given(SEEDS, DIALS)
def test_needed_steps_are_the_graphs_operations(seed: int, dials: Dials) -> None:
    (anatomy,) = ledger(1, seed, dials)
    needed = [s for s in anatomy.needed() if s.kind != "conclude"]
    assert len(needed) == dials.depth[0] == anatomy.trace.metadata["depth"]
    assert set(anatomy.decision_points()) <= set(needed)
    graph = Graph.of(anatomy.trace.metadata["graph"])
    reached = {len(anatomy.steps) - 1}
    for link in sorted(anatomy.links, key=lambda k: -k.user):
        if link.user in reached and link.source_is == "step":
            reached.add(link.source)
    assert reached == {s.index for s in anatomy.needed()}, (
        "the answer's links reach the needed steps, no others"
    )
    assert all(q.value > 0 for q in graph.quantities)


@settings(max_examples=60)
@given(SEEDS, DIALS)
def test_premises_state_every_number_and_links_quote_it(seed: int, dials: Dials) -> None:
    (anatomy,) = ledger(1, seed, dials)
    numbers = [WORDS.get(n, n) for n in NUMBER.findall(anatomy.trace.problem)]
    assert numbers == [v for p in anatomy.premises for v in p.values]
    for link in anatomy.links:
        sources = anatomy.premises if link.source_is == "premise" else anatomy.steps
        source = sources[link.source]
        stated = source.values if isinstance(source, Premise) else source.results
        assert link.value is None or link.value in stated
    used = {k.source for k in anatomy.links if k.source_is == "premise" and is_needed(anatomy, k.user)}
    unused = set(range(len(anatomy.premises) - 1)) - used
    assert len(unused) == dials.distractors[0], "no needed step uses a distractor"


def is_needed(anatomy: Anatomy, step: int) -> bool:
    return anatomy.steps[step].paths != "none"


def test_same_problems_in_every_wording_and_for_every_count() -> None:
    plain, chatty = (ledger(30, 7, Dials(verbosity=v)) for v in ("plain", "chatty"))
    assert [a.trace.problem for a in plain] == [a.trace.problem for a in chatty]
    assert ledger(5, 7, Dials()) == ledger(30, 7, Dials())[:5]
    assert ledger(5, 7, Dials()) != ledger(5, 8, Dials())


def test_two_thousand_different_problems() -> None:
    problems = [a.trace.problem for a in ledger(2000, 3, Dials(depth=(2, 3)))]
    assert len(set(problems)) == len(problems)


def test_remarks_lengthen_the_problem_and_leave_its_quantities() -> None:
    short, long = (ledger(30, 7, Dials(remarks=(n, n))) for n in (0, 4))
    for plain, remarked in zip(short, long, strict=True):
        texts = [[p.span.of(a.trace.problem) for p in a.premises] for a in (plain, remarked)]
        added = [t for t in texts[1] if t not in texts[0]]
        assert len(added) == 4 and [t for t in texts[1] if t not in added] == texts[0]
        assert " ".join(texts[1]) == remarked.trace.problem and texts[0][-1] == texts[1][-1]
        assert remarked.trace.text == plain.trace.text
        assert remarked.trace.metadata["graph"] == plain.trace.metadata["graph"]
        for a, b in zip(plain.links, remarked.links, strict=True):
            if a.source_is == "premise":
                assert texts[0][a.source] == texts[1][b.source]


def test_numbers_can_be_large() -> None:
    for low, high in ((100, 999), (10_000, 99_999)):
        for anatomy in ledger(20, 7, Dials(depth=(3, 3), numbers=(low, high))):
            graph = Graph.of(anatomy.trace.metadata["graph"])
            stated = [q.literal or 0 for q in graph.quantities if q.op == "given"]
            assert all(low <= n <= high for n in stated)
            assert all(0 < q.value <= 10 * high for q in graph.quantities)


def test_chatty_traces_mix_roles_and_plain_ones_do_not() -> None:
    chatty = [s.role for a in ledger(40, 1, Dials(verbosity="chatty")) for s in a.steps]
    assert set(chatty) == set(Role)
    plain = {s.role for a in ledger(40, 1, Dials(verbosity="plain")) for s in a.steps}
    assert plain == {Role.STRUCTURE}


def test_a_mistake_is_noticed_and_repaired() -> None:
    for anatomy in ledger(30, 5, Dials(depth=(2, 4), mistakes=1.0)):
        kinds = [s.kind for s in anatomy.steps]
        at = kinds.index("mistake")
        assert anatomy.first_wrong == at
        assert kinds[at + 1 : at + 3] == ["backtrack", "correction"]
        assert anatomy.steps[at].paths == "none" and anatomy.steps[at + 2].paths == "all"
        assert anatomy.steps[at].results != anatomy.steps[at + 2].results


@pytest.mark.parametrize(
    "dials",
    [{"depth": (0, 2)}, {"depth": (3, 2)}, {"mistakes": 2.0}, {"verbosity": "x"}, {"remarks": (0, 11)}],
)
def test_dials_out_of_range_are_refused(dials: dict[str, object]) -> None:
    with pytest.raises(InputError, match="dial"):
        Dials(**dials)  # type: ignore[arg-type]
