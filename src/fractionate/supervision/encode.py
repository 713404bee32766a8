"""Supervision to tokens: the one place where token positions appear.

    encode(model.chat, supervision)
    # Example(ids=[prompt…, response…, end], weights=[0, …, 1, …, 1], roles=["", …, "structure", …, "answer"])
    encode_all(model.chat, supervisions)          # many at once, an Example or the reason against one for each

The response is tokenized as one text, apart from the prompt, so that a student writes at evaluation what it read in
training. A token takes the largest weight of the non-space characters that it touches (offsets of byte-level tokens
overlap). The end of the turn always carries loss. A text that holds the student's own control tokens is refused: its
words would become commands.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from fractionate.models.chat import Asked, Chat
from fractionate.records import Segment, Supervision
from fractionate.supervision.base import NotApplicable

ANSWER = "answer"
"""The role under which the answer line and the end of the turn are counted."""

CONTROL = "the text holds control tokens of the student's chat template"
"""Why a text is refused."""


class Target(NamedTuple):
    """A value that the student should know inside when it has read the token at `position`."""

    position: int
    value: str


@dataclass(frozen=True, slots=True)
class Example:
    """One training sequence; `ids`, `weights` and `roles` have its length. Weight 0: read, not learned.

    The first `prompt_length` tokens are the prompt. `targets` are for the auxiliary objective alone.
    """

    trace_id: str
    ids: tuple[int, ...]
    weights: tuple[float, ...]
    roles: tuple[str, ...]
    prompt_length: int
    targets: tuple[Target, ...] = ()

    def at(self, share: float) -> "Example":
        """What is trained on when `share` of training is over: the same all along."""
        return self

    @property
    def prompt(self) -> tuple[int, ...]:
        """The prompt's tokens."""
        return self.ids[: self.prompt_length]

    @property
    def supervised(self) -> int:
        """How many tokens carry loss."""
        return sum(w > 0 for w in self.weights)


def encode(chat: Chat, supervision: Supervision) -> Example:
    """Token ids, loss weights and roles of one supervision, in the student's own chat template.

    Raises:
        NotApplicable: it holds control tokens of the template.
    """
    found = encode_all(chat, [supervision])[0]
    if isinstance(found, NotApplicable):
        raise found
    return found


def encode_all(chat: Chat, supervisions: Sequence[Supervision]) -> list[Example | NotApplicable]:
    """What `encode` gives for each, or raises; a few hundred at once take half the time that they take one by one."""
    if not supervisions:
        return []
    asked = [asked_of(s) for s in supervisions]
    answers = [written_by(s) for s in supervisions]
    coded = chat.tokenizer(
        ["".join(s.text for s in segments) for segments in answers],
        add_special_tokens=False,
        return_attention_mask=False,
        return_offsets_mapping=True,
    )
    parts = zip(
        supervisions, asked, answers, chat.prompts(asked), coded["input_ids"], coded["offset_mapping"],
        strict=True,
    )  # fmt: skip
    return [
        NotApplicable(CONTROL)
        if _refused(chat, problem, prompt, ids)
        else _example(chat, supervision, prompt, ids, segments, offsets)
        for supervision, problem, segments, prompt, ids, offsets in parts
    ]


def asked_of(supervision: Supervision) -> Asked:
    """What the student is asked: the problem with the hints, and the turns before it."""
    hints = "".join(s.text for s in supervision.segments if s.visibility == "prompt")
    return supervision.problem + hints, supervision.history


def written_by(supervision: Supervision) -> list[Segment]:
    """The segments of the response."""
    return [s for s in supervision.segments if s.visibility == "response"]


def _refused(chat: Chat, asked: Asked, prompt: Sequence[int], response: Sequence[int]) -> bool:
    """Whether the problem, an earlier turn or the response holds a control token.

    A prompt with as many of them as the template itself writes needs no closer look.
    """
    if not chat.control.isdisjoint(response):
        return True
    problem, history = asked
    if not history and chat.controls(prompt) == chat.own_controls:
        return False
    texts = [problem, *(turn.content for turn in history)]
    return any(not chat.control.isdisjoint(ids) for ids in chat.encode_all(texts))


def _example(
    chat: Chat,
    supervision: Supervision,
    prompt: list[int],
    ids: list[int],
    segments: Sequence[Segment],
    offsets: Sequence[tuple[int, int]],
) -> Example:
    owners = _owners(segments, offsets)
    weights = [s.weight for s in segments]
    roles = [ANSWER if s.role is None else s.role.value for s in segments]
    end = chat.end_of_turn
    return Example(
        supervision.trace_id,
        (*prompt, *ids, *end),
        (*[0.0] * len(prompt), *[weights[i] for i in owners], *[1.0] * len(end)),
        (*[""] * len(prompt), *[roles[i] for i in owners], *[ANSWER] * len(end)),
        len(prompt),
    )


def _owners(segments: Sequence[Segment], offsets: Sequence[tuple[int, int]]) -> list[int]:
    """The segment that each token belongs to, by the token's characters."""
    ends = list(accumulate(len(s.text) for s in segments))
    owners = []
    at = first = stop = 0
    for start, end in offsets:
        if not first <= start < stop:
            at = min(bisect_right(ends, start), len(ends) - 1)
            first, stop = ends[at] - len(segments[at].text), ends[at]
        owners.append(at if end <= stop else _heaviest(segments, ends, at, start, end))
    return owners


def _heaviest(segments: Sequence[Segment], ends: Sequence[int], at: int, start: int, end: int) -> int:
    """Of the segments that a token crosses, from `at` on: the first with the largest weight among those with
    non-space characters in it, or among all.
    """
    touched: list[int] = []
    solid: list[int] = []
    for i in range(at, bisect_left(ends, end, hi=len(ends) - 1) + 1):
        first = ends[i] - len(segments[i].text)
        inside = segments[i].text[max(start - first, 0) : end - first]
        if inside:
            touched.append(i)
            if not inside.isspace():
                solid.append(i)
    return max(solid or touched, key=lambda i: segments[i].weight, default=at)
