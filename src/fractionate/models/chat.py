"""The chat template, used in one place: training and evaluation ask the student in the same tokens.

    chat = Chat(tokenizer)
    chat.prompt("What is 2 + 3?")    # ids up to and including the assistant's header
    chat.end_of_turn                 # ids that end the assistant's turn; training learns to write them

A tokenizer without a template gets a plain one (`Question: …\\nAnswer: …<end of text>`).
"""

from collections.abc import Sequence
from typing import Any

from fractionate.records import Message

PLAIN_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}{{ 'Answer: ' + message['content'] + eos_token + '\n' }}"
    "{% else %}{{ 'Question: ' + message['content'] + '\n' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Answer: ' }}{% endif %}"
)


class Chat:
    """Turns problems into prompts, by the tokenizer's own template."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        if tokenizer.chat_template is None:
            tokenizer.chat_template = PLAIN_TEMPLATE
        self.end_of_turn: tuple[int, ...] = self._end_of_turn()

    def render(self, problem: str, response: str | None = None, history: Sequence[Message] = ()) -> str:
        """The conversation as text; without a response it ends in the assistant's header."""
        messages = [{"role": m.role, "content": m.content} for m in history]
        messages.append({"role": "user", "content": problem})
        if response is not None:
            messages.append({"role": "assistant", "content": response})
        text: str = self.tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=response is None
        )
        return text

    def prompt(self, problem: str, history: Sequence[Message] = ()) -> list[int]:
        """Token ids that ask `problem`, ending where the student begins to write."""
        return self.encode(self.render(problem, history=history))

    def encode(self, text: str) -> list[int]:
        """Token ids of `text` as it stands, with no special token added."""
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The text of generated ids, without special tokens."""
        text: str = self.tokenizer.decode(ids, skip_special_tokens=True)
        return text

    def _end_of_turn(self) -> tuple[int, ...]:
        """The ids between the assistant's words and the next turn, up to the first special token."""
        marker = "\u2402response\u2403"
        rendered = self.render("q", marker)
        ids = self.encode(rendered[rendered.index(marker) + len(marker) :])
        special = set(self.tokenizer.all_special_ids)
        for i, token in enumerate(ids):
            if token in special:
                return tuple(ids[: i + 1])
        return (int(self.tokenizer.eos_token_id),)
