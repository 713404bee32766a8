"""Near-duplicates stay together, and a split depends on nothing but its seed and its traces."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fractionate.errors import InputError
from fractionate.records import Span, Trace
from fractionate.traces import near_duplicates, split_traces

SEEDS = (
    "{} found {} seashells on the beach. She gave Sam {} of her seashells. How many seashells does she have?",
    "A train with {} cars leaves at {} o'clock and {} people get off at each station. How many people are left?",
    "{} bakes {} loaves of bread every day and sells {} of them at the market. How many loaves stay in a week?",
    "There are {} red, {} blue and {} green marbles in a jar. What is the chance to draw a blue one?",
)


@st.composite
def problems(draw):
    """Versions of few problems: other numbers, spaces, signs and case."""
    text = draw(st.sampled_from(SEEDS)).format(*draw(st.tuples(*[st.integers(2, 5000)] * 3)))
    text = draw(
        st.sampled_from([text, text.upper(), text.replace(".", " ."), f" {text.replace(' ', '  ')}\n"])
    )
    return draw(st.sampled_from(["", "Question 3: "])) + text


def trace(id: str, problem: str) -> Trace:
    return Trace(id=id, problem=problem, text="t", solution=Span(0, 1))


@given(
    st.lists(problems(), max_size=40),
    st.integers(0, 99),
    st.floats(0, 0.45),
    st.floats(0, 0.45),
    st.randoms(use_true_random=False),
)
def test_clusters_stay_whole_whatever_the_order(texts, seed, development, confirmation, shuffler):
    traces = [trace(str(i), text) for i, text in enumerate(texts)]
    split = split_traces(traces, seed=seed, development=development, confirmation=confirmation)
    sides = [split.train, split.development, split.confirmation]
    assert sorted(t.id for side in sides for t in side) == sorted(t.id for t in traces)
    clusters = [{split.clusters[t.id] for t in side} for side in sides]
    assert sum(map(len, clusters)) == len(set().union(*clusters))

    shuffled = shuffler.sample(traces, len(traces))
    again = split_traces(shuffled, seed=seed, development=development, confirmation=confirmation)
    assert again.clusters == split.clusters
    assert [{t.id for t in s} for s in (again.train, again.development, again.confirmation)] == [
        {t.id for t in side} for side in sides
    ]


def test_shares_are_met_and_seeds_differ():
    words = random.Random(0)
    vocabulary = ["".join(words.choices("abcdefghij", k=5)) for _ in range(500)]
    traces = [trace(str(i), " ".join(words.choices(vocabulary, k=20))) for i in range(200)]
    split = split_traces(traces, seed=0)
    assert [len(s) for s in (split.train, split.development, split.confirmation)] == [160, 20, 20]
    assert split_traces(traces, seed=1).development != split.development


def test_what_is_near():
    joan = "Jo found 70 seashells on the beach . she gave Sam some of her seashells . She has 27 seashell . How many"
    other = "Jo found 64 seashells on the beach. she gave Sam some of her seashells. She has 9 seashell left. How many"
    assert len(set(near_duplicates([joan, other]))) == 1
    assert len(set(near_duplicates([SEEDS[0], SEEDS[1]]))) == 2


def test_bare_calculations_are_known_by_their_numbers():
    assert len(set(near_duplicates(["23 * 45 = ?", "23 + 45 = ?", "24 * 45 = ?"]))) == 3


def test_shares_and_identifiers_are_checked():
    with pytest.raises(InputError, match="nothing to train on"):
        split_traces([], seed=0, development=0.5, confirmation=0.5)
    with pytest.raises(InputError, match="'a' occurs twice"):
        split_traces([trace("a", "p"), trace("a", "q")], seed=0)


def test_ten_thousand_problems_take_seconds():
    words = random.Random(0)
    vocabulary = ["".join(words.choices("abcdefghij", k=5)) for _ in range(2000)]
    texts = [" ".join(words.choices(vocabulary, k=40)) for _ in range(5000)]
    start = time.perf_counter()
    labels = near_duplicates(texts + [f"{text} 5" for text in texts])
    assert labels[:5000] == labels[5000:]
    assert len(set(labels)) == 5000
    assert time.perf_counter() - start < 30, "far from linear"
