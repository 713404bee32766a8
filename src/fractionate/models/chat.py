"""The chat template, used in one place: training and evaluation ask the student in the same tokens.

    chat = Chat(tokenizer)
    chat.prompt("What is 2 + 3?")    # ids up to and including the assistant's header
    chat.prompts([(problem, ()), …]) # the same for many at once, which is quicker
    chat.end_of_turn                 # ids that end the assistant's turn; training learns to write them

A tokenizer without a template gets a plain one (`Question: …\\nAnswer: …<end of text>`). Where a template refuses a
system prompt (Gemma's), or leaves it out, its text stands before the first question.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from fractionate.records import Message

PLAIN_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}{{ 'Answer: ' + message['content'] + eos_token + '\n' }}"
    "{% else %}{{ 'Question: ' + message['content'] + '\n' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Answer: ' }}{% endif %}"
)
MARKER = "\u2402response\u2403"
"""Words that no template writes by itself."""

Asked = tuple[str, Sequence[Message]]
"""A problem, and the turns before it."""


class Chat:
    """Turns problems into prompts, by the tokenizer's own template."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        if tokenizer.chat_template is None:
            tokenizer.chat_template = PLAIN_TEMPLATE
        self.control: frozenset[int] = frozenset(tokenizer.all_special_ids)
        spelled = "|".join(re.escape(token) for token in tokenizer.all_special_tokens)
        self._spelled = re.compile(spelled or "(?!)")
        self.end_of_turn: tuple[int, ...] = self._end_of_turn()
        self.own_controls = self.controls(self.prompt("?"))

    def render(self, problem: str, response: str | None = None, history: Sequence[Message] = ()) -> str:
        """The conversation as text; without a response it ends in the assistant's header."""
        messages = self._messages(problem, history)
        if response is not None:
            messages.append({"role": "assistant", "content": response})
        text: str = self.tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=response is None
        )
        return text

    def headed(self, asked: Sequence[Asked]) -> list[str]:
        """For each problem with its history, the text that ends where the student begins to write."""
        if not asked:
            return []
        conversations = [self._messages(problem, history) for problem, history in asked]
        texts: list[str] = self.tokenizer.apply_chat_template(
            conversations, tokenize=False, add_generation_prompt=True
        )
        return texts

    @cached_property
    def knows_system(self) -> bool:
        """Whether the template has a place for a system prompt."""
        from jinja2 import TemplateError

        spoken = [{"role": "system", "content": MARKER}, {"role": "user", "content": "q"}]
        try:
            text: str = self.tokenizer.apply_chat_template(spoken, tokenize=False, add_generation_prompt=True)
        except TemplateError:
            return False
        return MARKER in text

    def _messages(self, problem: str, history: Sequence[Message]) -> list[dict[str, str]]:
        """The turns up to the question; a system prompt that the template does not know goes before the first."""
        turns = [*history, Message("user", problem)]
        if turns[0].role == "system" and not self.knows_system:
            system, first, *rest = turns
            turns = [Message(first.role, f"{system.content}\n\n{first.content}"), *rest]
        return [{"role": turn.role, "content": turn.content} for turn in turns]

    def prompts(self, asked: Sequence[Asked]) -> list[list[int]]:
        """Token ids for each problem with its history, ending where the student begins to write."""
        return self.encode_all(self.headed(asked))

    def prompt(self, problem: str, history: Sequence[Message] = ()) -> list[int]:
        """Token ids that ask `problem`, ending where the student begins to write."""
        return self.prompts([(problem, history)])[0]

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text as it stands, with no special token added."""
        if not texts:
            return []
        if self.tokenizer.is_fast:
            # The library's own way also makes offsets and masks, which takes a third more time.
            backend = self.tokenizer.backend_tokenizer
            backend.no_truncation()
            backend.no_padding()
            return [coded.ids for coded in backend.encode_batch_fast(list(texts), add_special_tokens=False)]
        ids: list[list[int]] = self.tokenizer(
            list(texts), add_special_tokens=False, return_attention_mask=False
        )["input_ids"]
        return ids

    def encode(self, text: str) -> list[int]:
        """Token ids of `text` as it stands, with no special token added."""
        return self.encode_all([text])[0]

    def controls(self, ids: Sequence[int]) -> int:
        """How many of the ids are control tokens; the template itself writes `own_controls` around a problem."""
        return sum(map(self.control.__contains__, ids))

    def spells_control(self, text: str) -> bool:
        """Whether the text holds a control token written out, which any tokenizer of this template reads as one."""
        return self._spelled.search(text) is not None

    def decode(self, ids: Sequence[int]) -> str:
        """The text of generated ids, without special tokens."""
        text: str = self.tokenizer.decode(ids, skip_special_tokens=True)
        return text

    def _end_of_turn(self) -> tuple[int, ...]:
        """The ids between the assistant's words and the next turn, up to the first special token."""
        rendered = self.render("q", MARKER)
        ids = self.encode(rendered[rendered.index(MARKER) + len(MARKER) :])
        for i, token in enumerate(ids):
            if token in self.control:
                return tuple(ids[: i + 1])
        return (int(self.tokenizer.eos_token_id),)
