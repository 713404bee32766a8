"""Words: which ones of a sentence carry content, and how alike two sentences are.

content_words("She sells the eggs daily")        # {"sell", "egg", "dai"}
"""

import re
from functools import lru_cache


def listed(words: str) -> list[str]:
    """The words of a list that is written as one string."""
    return words.split()


_LOOSE = re.compile(r"[\s.,;:!?*$]|\\\\?[()\[\],;!]")
_WORD = re.compile(r"[^\W\d_]{3,20}")
_STOP = frozenset(
    listed("""the and for are was were has have had with that this these those they them their then than but not his her
    hers its she him who how many much what when where which will would can could does did from into per each
    all also thus hence there here been being more some any our out about after before only just because since
    therefore now let get gets got one two three four five six seven eight nine ten""")
)


def content_words(text: str) -> frozenset[str]:
    """Crude stems of the words of three letters and more that are not among the commonest."""
    return frozenset(_stem(w) for w in _WORD.findall(text.lower()) if w not in _STOP)


def squeezed(text: str) -> str:
    """The letters, digits and signs of a text, so that wordings that differ in spaces and stops are the same."""
    return _LOOSE.sub("", text).lower()


def overlap(words: frozenset[str], others: frozenset[str]) -> float:
    """The share of `words` that stand in `others`, 0 to 1."""
    return len(words & others) / len(words) if words else 0.0


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
