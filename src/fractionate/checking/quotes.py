"""What a response did not say itself: repetitions of its prompt, and the next question that it made up.

    own_words("Tom has 3 pens. How many pens? He has 4.", "Tom has 3 pens. How many pens?")     # "He has 4."
    own_words("Answer: 12\\n\\nQuestion: Ann has 3 pens …", "…")                              # "Answer: 12"

A sentence is a quotation if it stands in the prompt and so does the sentence before or after it, next to it as there,
or if it asks something, or is long and not all that is said. A short statement that an example of the prompt makes too
("The answer is 5.") is the response's own unless its neighbor is quoted as well.
"""

import re
from itertools import pairwise

_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*(?:[.!?]+[\"'”)*]*|\n|$)[^\S\n]*")
_LABEL = re.compile(r"\A[\W_]*(?:(?:question|problem|q|user|given)\s*:)?[\W_]*")
_NEXT_QUESTION = re.compile(
    r"\n[^\S\n]{0,9}\n\s{0,9}(?:Q|Question|Problem|Human|User)\s{0,9}:|<\|(?:im_start|user|im_end|endoftext)\|>"
)
_LONG = 40
"""Characters from which on a sentence is not repeated by chance."""
_SHORTEST = 3


def own_words(text: str, asked: str = "") -> str:
    """`text` without quotations of `asked`, up to where another question begins."""
    text = _up_to_next_question(text)
    quotable = _keys(asked)
    if not quotable:
        return text
    pieces = _SENTENCE.findall(text)
    keys = [_key(piece) for piece in pieces]
    known = frozenset(quotable)
    pairs = frozenset(pairwise(quotable))
    said = [i for i, key in enumerate(keys) if key]
    long = _LONG if len(said) > 1 else len(text) + 1
    quoted = {i for i in said if keys[i] in known and (len(keys[i]) >= long or keys[i].endswith("?"))}
    for before, after in pairwise(said):
        if (keys[before], keys[after]) in pairs:
            quoted |= {before, after}
    return "".join("\n" if i in quoted else piece for i, piece in enumerate(pieces))


def _up_to_next_question(text: str) -> str:
    found = _NEXT_QUESTION.search(text, re.match(r"\s*", text).end())  # type: ignore[union-attr]
    return text[: found.start()] if found and text[: found.start()].strip() else text


def _keys(text: str) -> list[str]:
    return [key for piece in _SENTENCE.findall(text) if (key := _key(piece))]


def _key(sentence: str) -> str:
    """A sentence as it is compared: without case, spaces, label and marks around it; empty if nothing is left."""
    key = _LABEL.sub("", " ".join(sentence.casefold().split())).rstrip("\"'”)*_ ")
    return key if len(key) >= _SHORTEST else ""
