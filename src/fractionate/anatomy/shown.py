"""A trace as a student reads it: the problem in its chat template, then the text without asides, in tokens.

    shown = show(model.chat, anatomy)
    shown.tokens_of(anatomy.steps[1].span)        # range(4, 13): the tokens that touch the step

A token touches the characters that it stands for, white space at its ends left out. Offsets of byte-level tokens
overlap where one character takes several tokens: each of them touches it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from fractionate.models.chat import Chat
from fractionate.records import Anatomy, Span


@dataclass(frozen=True, slots=True)
class Shown:
    """`ids[i]` touches the characters `[starts[i], ends[i])` of the trace's text; none where it is white space."""

    prompt: tuple[int, ...]
    ids: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def tokens_of(self, span: Span) -> range:
        """The tokens that touch a span of the trace's text."""
        return range(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))

    def cuts(self, anatomy: Anatomy) -> list[int]:
        """For each step its first token, and the end: between two of them lie a step and the gap after it."""
        return [*(self.tokens_of(step.span).start for step in anatomy.steps), len(self.ids)]

    def cut_out(self, cuts: Sequence[int], steps: Sequence[int]) -> list[int]:
        """The tokens of these steps and the gaps after them, white space at the end left out."""
        places = [place for i in steps for place in range(cuts[i], cuts[i + 1])]
        if steps and steps[0] == 0:
            places = [*range(cuts[0]), *places]
        while places and self.starts[places[-1]] == self.ends[places[-1]]:
            places.pop()
        return [self.ids[place] for place in places]


def show(chat: Chat, anatomy: Anatomy) -> Shown:
    """The trace in the student's tokens."""
    trace = anatomy.trace
    text, place = _without_asides(anatomy)
    coded = chat.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    touched = [_touched(text, place, start, end) for start, end in coded["offset_mapping"]]
    prompt = chat.prompt(trace.problem, trace.history)
    return Shown(tuple(prompt), tuple(coded["input_ids"]), *_columns(touched))


def _columns(touched: list[Span]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(s.start for s in touched), tuple(s.end for s in touched)


def _without_asides(anatomy: Anatomy) -> tuple[str, list[int]]:
    """The text without asides, and where each of its characters (and its end) stands in the trace's text."""
    text = anatomy.trace.text
    place: list[int] = []
    at = 0
    for aside in sorted(anatomy.asides):
        place += range(at, aside.start)
        at = max(at, aside.end)
    place += range(at, len(text))
    return "".join(text[i] for i in place), [*place, len(text)]


def _touched(text: str, place: list[int], start: int, end: int) -> Span:
    solid = text[start:end].strip()
    if not solid:
        return Span(place[start], place[start])
    first = text.index(solid, start)
    return Span(place[first], place[first + len(solid) - 1] + 1)
