"""What a student should know inside: the next intermediate result, at chosen places of an example.

    with_targets(chat, encode(chat, supervision), supervision, anatomy, at="problem").targets
    # (Target(position=57, value="56"),)       where the student begins to write, it knows the first result

Values are those of the trace's steps, shown or not: structure can be taught without being spoken. Only whole numbers of
a few digits are kept, which is what small heads can say.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from fractionate.models.chat import Chat
from fractionate.records import Anatomy, Step, Supervision
from fractionate.supervision.encode import Example, Target

At = Literal["problem", "steps"]
"""Where: at the end of the prompt, or at the token before each step of the response."""

PLACES = 6
"""The most digits of a value."""
BLANK = 10
"""Stands before a number's first digit."""


def with_targets(chat: Chat, example: Example, supervision: Supervision, anatomy: Anatomy, at: At) -> Example:
    """The example with its targets."""
    if at == "problem":
        value = _first_result([*anatomy.needed(), *anatomy.steps])
        found = [] if value is None else [Target(example.prompt_length - 1, value)]
    else:
        found = list(_before_steps(chat, example, supervision, anatomy))
    return replace(example, targets=tuple(found))


@lru_cache(maxsize=100_000)
def digits(value: str) -> tuple[int, ...] | None:
    """Of a whole number its digits from the units up, blanks behind them; None for any other value."""
    if not (value.isascii() and value.isdigit() and len(value) <= PLACES):
        return None
    return (*map(int, reversed(value)), *[BLANK] * (PLACES - len(value)))


def spelled(signs: Sequence[int]) -> str:
    """What `digits` were of: `spelled(digits(v)) == v`; a blank among them stays one."""
    return "".join(" " if sign == BLANK else str(sign) for sign in reversed(signs)).lstrip()


def _first_result(steps: Sequence[Step]) -> str | None:
    """The next result that can be said; of a step's results the last, which the others lead to."""
    results = (step.results[-1] for step in steps if step.results)
    return next((value for value in results if digits(value) is not None), None)


def _before_steps(
    chat: Chat, example: Example, supervision: Supervision, anatomy: Anatomy
) -> Iterator[Target]:
    """For each step of the response: what the token before it leads to."""
    starts: dict[int, int] = {}
    text = ""
    for segment in supervision.segments:
        if segment.visibility == "response":
            for step in segment.steps:
                starts.setdefault(step, len(text))
            text += segment.text
    coded = chat.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    ends = [end for _, end in coded["offset_mapping"]]
    order = sorted(starts, key=lambda step: starts[step])
    for i, step in enumerate(order):
        value = _first_result([anatomy.steps[j] for j in order[i:]])
        if value is not None:
            yield Target(example.prompt_length + bisect_right(ends, starts[step]) - 1, value)
