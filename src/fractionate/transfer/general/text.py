"""Plain English prose that no student of ours is trained on: how surprising a student finds it.

    passages()[0][:40]                # "Little though they seem to think of it, "
    text_outcomes(model)              # [Outcome("text", "passage 0", 3.1), …]

The prose is "In the Year 2889" (M. and J. Verne, 1889, in the public domain), which the package reasoning-gym brings
along. Base models have probably read it: it tells what a student forgets, not what it knows beforehand. A few families
of reasoning-gym quote snatches of it (letter_counting, word_sorting, …): a student trained on those has seen them.
"""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from statistics import fmean

from fractionate.models import Model, Passage
from fractionate.models import score as logprobs
from fractionate.transfer.general.outcome import Outcome

COUNT = 12
LENGTH = 900
"""Characters of a passage, at least: to the end of its paragraph or of a sentence."""

_BOOK = re.compile(r"\*\*\* START OF[^\n]*\n(?P<body>.*)\*\*\* END OF", re.DOTALL)
_TITLE = "IN THE YEAR 2889."
_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?][\"”’]?(?=\s)")


@cache
def passages() -> tuple[str, ...]:
    """Passages from all over the story, each of whole sentences."""
    book = _BOOK.search(
        (files("reasoning_gym") / "data" / "in_the_year_2889.txt").read_text(encoding="utf-8")
    )
    assert book is not None, "the story stands between the marks of Project Gutenberg"
    story = _SPACE.sub(" ", book["body"].rpartition(_TITLE)[2]).replace("_", "").strip()
    starts = [0, *(m.end() + 1 for m in _SENTENCE_END.finditer(story))]
    chosen = [next(s for s in starts if s >= i * len(story) // COUNT) for i in range(COUNT)]
    return tuple(_to_sentence_end(story[start:]) for start in chosen)


def _to_sentence_end(text: str) -> str:
    end = _SENTENCE_END.search(text, LENGTH)
    return text[: end.end()] if end else text[:LENGTH]


def text_outcomes(model: Model, *, on_done: Callable[[int], None] = lambda tokens: None) -> list[Outcome]:
    """The mean surprise of each passage in nats a token, read as plain text without the chat template."""
    # Families that begin every text with a token of its own are lost without it.
    opening = model.tokenizer("")["input_ids"][:1]
    asked = [Passage((*opening, *model.chat.encode(passage)), max(len(opening), 1)) for passage in passages()]
    found = logprobs(model, asked, on_done=on_done)
    return [Outcome("text", f"passage {i}", -fmean(values)) for i, values in enumerate(found)]
