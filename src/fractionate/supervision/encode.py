"""Supervision to tokens: the one place where token positions appear.

    encode(model.chat, supervision)
    # Example(ids=[prompt…, response…, end], weights=[0, …, 1, …, 1], roles=["", …, "structure", …, "answer"])

The response is tokenized as one text, so that a student writes at evaluation what it read in training. A token
takes the largest weight of the non-space characters that it touches (offsets of byte-level tokens overlap).
The end of the turn always carries loss. A text that holds the student's own control tokens is refused: its words
would become commands.
"""

from dataclasses import dataclass

from fractionate.models.chat import Chat
from fractionate.records import Segment, Supervision
from fractionate.supervision.base import NotApplicable

ANSWER = "answer"
"""The role under which the answer line and the end of the turn are counted."""


@dataclass(frozen=True, slots=True)
class Example:
    """One training sequence; `ids`, `weights` and `roles` have its length. Weight 0: read, not learned.

    The first `prompt_length` tokens are the prompt.
    """

    trace_id: str
    ids: tuple[int, ...]
    weights: tuple[float, ...]
    roles: tuple[str, ...]
    prompt_length: int

    @property
    def prompt(self) -> tuple[int, ...]:
        """The prompt's tokens."""
        return self.ids[: self.prompt_length]

    @property
    def supervised(self) -> int:
        """How many tokens carry loss."""
        return sum(w > 0 for w in self.weights)


def encode(chat: Chat, supervision: Supervision) -> Example:
    """Token ids, loss weights and roles of one supervision, in the student's own chat template."""
    hints = "".join(s.text for s in supervision.segments if s.visibility == "prompt")
    prompt = chat.prompt(supervision.problem + hints, supervision.history)
    segments = [s for s in supervision.segments if s.visibility == "response"]
    ids, weights, roles = _encode_response(chat, segments)
    control = set(chat.tokenizer.all_special_ids)
    if control & {*ids, *chat.encode(supervision.problem + hints)}:
        raise NotApplicable("the text holds control tokens of the student's chat template")
    end = list(chat.end_of_turn)
    return Example(
        supervision.trace_id,
        (*prompt, *ids, *end),
        (*[0.0] * len(prompt), *weights, *[1.0] * len(end)),
        (*[""] * len(prompt), *roles, *[ANSWER] * len(end)),
        len(prompt),
    )


def _encode_response(chat: Chat, segments: list[Segment]) -> tuple[list[int], list[float], list[str]]:
    text = "".join(s.text for s in segments)
    owner = [i for i, segment in enumerate(segments) for _ in segment.text]
    coded = chat.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    weights: list[float] = []
    roles: list[str] = []
    for start, end in coded["offset_mapping"]:
        touched = range(start, max(end, start + 1))
        solid = [i for i in touched if i < len(text) and not text[i].isspace()]
        owners = [segments[owner[i]] for i in (solid or touched) if i < len(text)]
        heaviest = max(owners, key=lambda s: s.weight)
        weights.append(heaviest.weight)
        roles.append(heaviest.role.value if heaviest.role is not None else ANSWER)
    return coded["input_ids"], weights, roles
