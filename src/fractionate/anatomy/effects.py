"""Counterfactual importance: by how many nats the answer's log-probability falls when a step is left out.

    questions = effect_questions(model.chat, anatomy, shown, model.context)
    values = score(model, [q.passage for q in questions])
    anatomy = with_effects(anatomy, questions, values)
    anatomy.steps[1].effect                    # 2.3: without step 1 the answer is 10 times less probable

The student reads the problem and the trace, then the line that every recipe ends in: "The answer is 72.". Asked for is
the answer's value with its full stop. The step is cut out with the white space after it, nothing takes its place, and
what follows is read again as it stands. The teacher's own bare statement of the answer is never shown, as in recipes.

A long trace does not cost its length squared. Of more than `MOST_STEPS` steps that many are drawn, and a trace of more
than `WINDOW` tokens is asked about in windows of whole steps: the student reads the problem, the window and the last
`TAIL` tokens of the trace, where its results come together, and both readings of a step are of this same excerpt.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from fractionate.anatomy.shown import Shown
from fractionate.models.chat import Chat
from fractionate.models.score import Passage
from fractionate.records import Anatomy, Step

MOST_STEPS = 32
"""Steps of one trace that are left out, one at a time."""
WINDOW = 1024
"""Tokens of a trace that are read together."""
TAIL = 256
"""Tokens from the end of a long trace that are read after each window."""


class Question(NamedTuple):
    """A reading of an excerpt: without the step `without`, or whole (None)."""

    excerpt: int
    without: int | None
    passage: Passage


class _Excerpt(NamedTuple):
    """The steps shown, and those of them that are left out in turn."""

    shown: list[int]
    asked: list[int]


def effect_questions(chat: Chat, anatomy: Anatomy, shown: Shown, context: int) -> list[Question]:
    """The readings that give each asked step's effect; none where no answer is known or the problem is too long."""
    trace = anatomy.trace
    answer = trace.answer if trace.answer is not None else trace.gold
    if answer is None:
        return []
    end = answer_tokens(chat, answer)
    cuts = shown.cuts(anatomy)
    questions: list[Question] = []
    for number, excerpt in enumerate(_excerpts(anatomy, cuts)):
        for without in (None, *excerpt.asked):
            ids = shown.cut_out(cuts, [i for i in excerpt.shown if i != without])
            passage = Passage((*shown.prompt, *ids, *end.ids), len(shown.prompt) + len(ids) + end.start)
            questions.append(Question(number, without, passage))
    fits = all(len(q.passage.ids) <= context for q in questions)
    return questions if fits else []


def with_effects(
    anatomy: Anatomy, questions: Sequence[Question], logprobs: Sequence[Sequence[float]]
) -> Anatomy:
    """The anatomy with `effect` on the steps that were asked about."""
    whole: dict[int, float] = {}
    effects: dict[int, float] = {}
    for question, values in zip(questions, logprobs, strict=True):
        if question.without is None:
            whole[question.excerpt] = sum(values)
        else:
            effects[question.without] = whole[question.excerpt] - sum(values)
    return replace(anatomy, steps=tuple(replace(s, effect=effects.get(s.index)) for s in anatomy.steps))


def answer_tokens(chat: Chat, answer: str) -> Passage:
    """The answer line after a text; asked for from the answer's first character on."""
    before = "\nThe answer is "
    line = f"{before}{answer}."
    coded = chat.tokenizer(line, add_special_tokens=False, return_offsets_mapping=True)
    start = next((i for i, (_, end) in enumerate(coded["offset_mapping"]) if end > len(before)), 0)
    return Passage(coded["input_ids"], start)


def _excerpts(anatomy: Anatomy, cuts: Sequence[int]) -> Iterator[_Excerpt]:
    """The windows that hold an asked step."""
    sizes = {s.index: cuts[s.index + 1] - cuts[s.index] for s in anatomy.steps if _stays(s)}
    asked = set(sizes)
    if len(sizes) > MOST_STEPS:
        asked = set(random.Random(anatomy.trace.id).sample(sorted(sizes), MOST_STEPS))
    tail = _fill(list(reversed(sizes)), sizes, TAIL)
    for window in _windows(sizes):
        here = [i for i in window if i in asked]
        if here:
            yield _Excerpt(sorted({*window, *tail}) if window[-1] != max(sizes) else window, here)


def _stays(step: Step) -> bool:
    """All but bare statements of the answer in the solution, which the answer line stands for."""
    return not (step.kind == "conclude" and step.part == "solution")


def _windows(sizes: dict[int, int]) -> Iterator[list[int]]:
    """Steps in order, as many as fit; one that is larger than a window is in none."""
    left = list(sizes)
    while left:
        window = _fill(left, sizes, WINDOW)
        if window:
            yield window
        left = left[max(len(window), 1) :]


def _fill(order: Sequence[int], sizes: dict[int, int], room: int) -> list[int]:
    """The first steps of an order that fit together."""
    taken: list[int] = []
    for index in order:
        room -= sizes[index]
        if room < 0:
            break
        taken.append(index)
    return taken
