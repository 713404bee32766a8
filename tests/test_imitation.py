"""How alike a student's text is to its teacher's, and the plot of imitation against transfer."""

import json
import math
import re
from difflib import SequenceMatcher
from functools import partial
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fractionate.errors import InputError
from fractionate.models import Model
from fractionate.records import Anatomy, Response
from fractionate.report.imitation import Mark, correlation, imitation_svg, imitation_table
from fractionate.storage import from_json, to_json
from fractionate.supervision import encode, recipe
from fractionate.transfer import Problem, items_for
from fractionate.transfer.correlation import rank_correlation
from fractionate.transfer.imitation import (
    Imitation,
    ImitationRow,
    compare,
    imitation,
    imitation_rows,
    likelihoods,
    mispaired,
    teacher_text,
)
from fractionate.transfer.likeness import common, counterparts, overlap, words_of
from fractionate.transfer.statistics import Interval
from fractionate.worlds import WORLDS, Dials

WORDS = st.lists(st.sampled_from("abcd"), max_size=12)
TRACES = WORLDS["ledger"].sample(8, seed=5, dials=Dials(depth=(1, 3), verbosity="chatty"))


def written(name: str, anatomies: list[Anatomy] = TRACES) -> Imitation:
    """What a student scores that writes a recipe's text to the letter."""
    return imitation(
        [compare(a, [recipe(name)(b).response()]) for a, b in zip(TRACES, anatomies, strict=True)]
    )


def slow_common(a: list[str], b: list[str]) -> int:
    """By the textbook's table."""
    row = [0] * (len(b) + 1)
    for word in a:
        before = row[:]
        for j, other in enumerate(b):
            row[j + 1] = before[j] + 1 if word == other else max(before[j + 1], row[j])
    return row[-1]


@given(WORDS, WORDS)
def test_the_longest_common_subsequence_is_that_of_the_textbook(a, b):
    assert common(a, b) == slow_common(a, b) == common(b, a)
    assert common(a, b) >= sum(
        m.size for m in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    )


@given(WORDS, WORDS)
def test_overlap_is_one_for_the_same_words_alone(a, b):
    assert overlap(a, a) == 1
    assert (overlap(a, b) == 1) == (a == b)
    assert 0 <= overlap(a, b) == overlap(b, a) <= 1


def test_words_are_without_case_and_punctuation_and_numbers_stay_whole():
    assert words_of("So, Tom's 3*4 = 1,200.50!") == ["so", "tom's", "3", "*", "4", "=", "1,200.50"]


@pytest.mark.parametrize(
    ("teacher", "student", "found"),
    [
        (["a b c", "d e f"], ["d e f", "a b c"], 1.0),
        (["a b c", "d e f"], ["a b c"], 0.5),
        (["a b c", "a b c"], ["a b c"], 0.5),
        (["a b", "a c"], ["a c", "a d"], 1.0),
        (["a b c"], ["x y", "z"], 0.0),
        (["a"], [], 0.0),
        ([], ["a"], 1.0),
    ],
)
def test_each_step_has_a_counterpart_of_its_own(teacher, student, found):
    assert counterparts([s.split() for s in teacher], [s.split() for s in student]) == found


def test_the_teacher_imitates_itself_and_wording_is_told_from_content():
    full, style, compact, answer = map(written, ("full", "style_only?of=full", "compact", "answer_only"))
    assert (full.score.value, full.same_graph.value, full.n) == (1, 1, len(TRACES))
    assert style.score.value > 0.9 and style.same_graph.value == 0, "the teacher's words, other values"
    assert compact.score.value < 0.6 and compact.same_graph.value == 1, "the same values, fewer words"
    assert answer.score.value < 0.1 and answer.same_graph.value == 0


def test_a_trace_of_another_problem_is_the_trivial_baseline():
    others = mispaired(TRACES)
    assert [o.trace.problem for o in others] == [a.trace.problem for a in TRACES]
    assert all(o.trace.text != a.trace.text for o, a in zip(others, TRACES, strict=True))
    assert written("full", others).score.high < 0.5
    assert written("full", others).same_graph.value == 0
    assert mispaired(TRACES[:1] * 2) == []


def test_responses_beside_other_problems_traces_are_rows_too():
    problems = [Problem(a.trace.id, a.trace.problem, "1") for a in TRACES]
    items = items_for(problems, cell="home", family="in_format", style="plain", seed=0)
    responses = [Response(i.id, teacher_text(a), 9, "end") for i, a in zip(items, TRACES, strict=True)]
    unknown = [None] * len(TRACES)
    own = imitation(imitation_rows(TRACES, items, responses, unknown, unknown))
    others = imitation(imitation_rows(mispaired(TRACES), items, responses, unknown, unknown))
    assert own.score.value == 1 and others.score.high < 0.5 and others.n == own.n


def test_a_teacher_who_wrote_equations_only_has_nothing_to_compare_in_an_answer():
    bare = compare(TRACES[0], [""])
    assert (bare.token_overlap, bare.step_overlap, bare.same_graph) == (0, 0, False)


def test_likelihood_is_of_the_tokens_that_carry_loss(tiny: Model):
    import torch

    found = likelihoods(tiny, TRACES[:2], "keep?r=0.5")
    for anatomy, value in zip(TRACES, found, strict=False):
        example = encode(tiny.chat, recipe("keep?r=0.5")(anatomy))
        with torch.inference_mode():
            logits = tiny.network(input_ids=torch.tensor([example.ids])).logits[0, :-1].float()
        known = torch.log_softmax(logits, -1).gather(1, torch.tensor(example.ids[1:])[:, None])[:, 0]
        learned = [float(v) for v, w in zip(known, example.weights[1:], strict=True) if w > 0]
        assert value == pytest.approx(sum(learned) / len(learned), abs=1e-4)


def test_what_a_recipe_has_nothing_for_has_no_likelihood(tiny: Model):
    assert likelihoods(tiny, TRACES[:2], "think_only") == [None, None]
    ramp = likelihoods(tiny, TRACES[:1], "ramp?short=answer_only&long=full")
    assert ramp == pytest.approx(likelihoods(tiny, TRACES[:1], "full"))
    assert likelihoods(tiny, TRACES[:1], "full") != likelihoods(tiny, TRACES[:1], "answer_only")


def test_rows_come_from_the_responses_to_the_same_problems_and_are_kept_as_records():
    problems = [Problem(a.trace.id, a.trace.problem, "1") for a in TRACES]
    items = items_for(problems, cell="home", family="in_format", style="plain", seed=0)
    responses = [Response(i.id, teacher_text(a), 9, "end") for i, a in zip(items, TRACES, strict=True)][1:]
    responses.append(Response(items[1].id, "", 0, "end", sample=1))
    taught = [-0.5] * 7 + [None]
    rows = imitation_rows(TRACES, items, responses, taught, taught)
    assert [r.trace for r in rows] == [a.trace.id for a in TRACES[1:]]
    assert rows[0].token_overlap == 0.5, "two answers, one of them empty"
    assert rows[-1].likelihood is None and rows[0].likelihood == -0.5
    assert from_json(ImitationRow, to_json(rows[0])) == rows[0]
    found = imitation(rows)
    assert from_json(Imitation, to_json(found)) == found
    with pytest.raises(InputError, match="held-out traces"):
        imitation([])


def test_traces_of_one_problem_count_once():
    row = partial(ImitationRow, step_overlap=0.0)
    rows = [row("a", "p", 1.0), row("b", "p", 1.0), row("c", "q", 0.0)]
    found = imitation(rows)
    assert (found.token_overlap.value, found.n, found.likelihood, found.same_graph) == (0.5, 2, None, None)


def test_rank_correlation_says_how_little_a_few_arms_tell():
    found = rank_correlation([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])
    assert found.rho == pytest.approx(1) and found.p == pytest.approx(2 / 120) and found.low < 0.9
    against = rank_correlation([1, 2, 3, 4, 5], [5, 4, 3, 1, 2])
    assert against.rho == pytest.approx(-0.9) and against.low < -0.9 < against.high
    assert rank_correlation([1, 2, 3], [1, 2, 3]) is rank_correlation([1] * 5, [1, 2, 3, 4, 5]) is None
    many = rank_correlation(range(12), range(12))
    assert many.p < 0.001 and many == rank_correlation(range(12), range(12))


def around(value: float, half: float = 0.03) -> Interval:
    return Interval(value, value - half, value + half)


MARKS = [
    Mark("base", around(0.16), around(0.08), base=True),
    Mark("answer_only", around(0.07), around(0.19)),
    Mark("decision_points", around(0.42), around(0.57)),
    Mark("random_drop", around(0.45), around(0.46)),
    Mark("full", around(0.84), around(0.58)),
    Mark("style_only", around(0.72), around(0.11)),
]


def boxes(svg: str) -> list[tuple[str, float, float, float, float]]:
    """The arms' names with the room that they take."""
    found = []
    for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        if text.get("class") == "name":
            wide, x, y = 7.6 * len(text.text), float(text.get("x")), float(text.get("y"))
            left = x - {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")] * wide
            found.append((text.text, left, left + wide, y - 12, y + 3))
    return found


def test_the_plot_marks_every_arm_and_no_name_covers_another():
    svg = imitation_svg(MARKS)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|url\(|@import|href", svg)
    found = boxes(svg)
    assert [name for name, *_ in found] == ["base, untouched", *(m.name for m in MARKS[1:])]
    for i, (_, left, right, top, bottom) in enumerate(found):
        assert left >= 0 and right <= 580
        for _, left2, right2, top2, bottom2 in found[:i]:
            assert right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top
    circles = [c for c in ElementTree.fromstring(svg).iter() if c.tag.endswith("circle")]
    across = {m.name: float(c.get("cx")) for m, c in zip(MARKS, circles, strict=True)}
    up = {m.name: -float(c.get("cy")) for m, c in zip(MARKS, circles, strict=True)}
    assert sorted(across, key=across.get) == sorted(
        across, key=lambda n: {m.name: m.imitation for m in MARKS}[n]
    )
    assert sorted(up, key=up.get) == sorted(up, key=lambda n: {m.name: m.transfer for m in MARKS}[n])
    assert [c.get("class") for c in circles] == ["ring", *[None] * 5]


def test_the_table_says_the_same_and_leaves_the_base_out_of_the_correlation():
    table = imitation_table(MARKS)
    assert "| `base` (untouched) | 16.0% (13.0 to 19.0) | 8.0% (5.0 to 11.0) |" in table
    assert table.index("answer_only") < table.index("base") < table.index("`full`")
    assert correlation(MARKS).n == 5 and "over 5 trained arms" in table
    assert "Too few" in imitation_table(MARKS[:3])


HALF = Mark('<a href="x">&', around(0.5), Interval(0.5, math.nan, math.nan))


@pytest.mark.parametrize("marks", [[], MARKS[:1], [HALF]])
def test_any_arms_can_be_drawn(marks):
    ElementTree.fromstring(imitation_svg(marks))
    lost = [*marks, Mark("lost", Interval(math.nan, math.nan, math.nan), around(0.5))]
    assert "lost" not in imitation_svg(lost) and "nan" not in imitation_svg(lost) + json.dumps(
        imitation_table(lost)
    )
