r"""Prompt styles: the same question asked in another way. Meaning, numbers and names stay.

    STYLES["plain"](text, rng)            # the problem alone: in-format
    STYLES["question_first"](text, rng)   # "Question: How many pens? Given: Tom has 3 boxes of 4 pens."
    STYLES["boxed"](text, rng)            # "…\n\nPut the final answer in \boxed{}."

A style of your own is a function `(text, rng) -> prompt`, registered with `@STYLES.register("name")` or by the
entry-point group "fractionate.style". The random numbers choose among wordings; one seed, one prompt.
"""

import random
import re
from collections.abc import Callable

from fractionate.registry import Registry

Style = Callable[[str, random.Random], str]
"""From the text of a problem to a prompt."""

STYLES: Registry[Style] = Registry("style")

_BEFORE = (
    "Work out the following step by step and state the result.",
    "Here is a problem. Reason carefully, then give the answer.",
    "Please solve this. Show how you get there.",
    "Think through the task below and tell me what comes out.",
)
_AFTER = (
    "Work it out step by step, then give the final answer.",
    "Explain your reasoning before you answer.",
    "What is the result? Show your work.",
    "Solve the problem above; reason first, answer last.",
)
_BOUNDARY = re.compile(
    r"(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<=[.!?])\s+(?=[\"'“(]?[A-Z$\\\d])"
)
_IMPERATIVE = re.compile(
    r"(?:Find|Calculate|Compute|Determine|Evaluate|Express|Simplify|Solve|Name|Give|Write)\b"
)

_TYPOS = {
    "many": "mnay", "much": "muhc", "does": "deos", "have": "hvae", "there": "tehre", "their": "thier",
    "they": "tehy", "with": "wiht", "which": "wich", "total": "totla", "altogether": "alltogether",
    "together": "togehter", "would": "woudl", "because": "becuase", "different": "diffrent", "people": "poeple",
    "money": "mony", "remaining": "remianing", "received": "recieved", "bought": "bougth",
}  # fmt: skip
"""Slips in common words only: a misspelt name, unit or invented word would be another word."""

_LOWERED = (
    "How What If There The A An Each Every All He She They It His Her Their In On At When After Before Then "
    "Some Many So Now And But Of For Is Are Does Did Do Yesterday Today Later Which Who Find Calculate"
)
_FIRST_WORD = re.compile(rf"(?:^|(?<=[.!?]\s)|(?<=[.!?]\s\s))(?:{_LOWERED.replace(' ', '|')})(?= [a-z\d$])")
_FORMULA = re.compile(
    r"(\$[^$]*\\[^$]*\$|\$[^$\d\s][^$]*\$|\\\[.*?\\\]|\\\(.*?\\\)|\[asy\].*?\[/asy\])", re.DOTALL
)


@STYLES.register("plain")
def plain(text: str, rng: random.Random) -> str:
    """The text of the problem, nothing added: what the student was trained on."""
    return text


@STYLES.register("reworded")
def reworded(text: str, rng: random.Random) -> str:
    """An instruction before the problem."""
    return f"{rng.choice(_BEFORE)}\n\n{text}"


@STYLES.register("question_last")
def question_last(text: str, rng: random.Random) -> str:
    """An instruction after the problem."""
    return f"{text}\n\n{rng.choice(_AFTER)}"


@STYLES.register("question_first")
def question_first(text: str, rng: random.Random) -> str:
    """The sentence that asks goes to the front; where none can be told, the whole text is the question."""
    sentences = split_sentences(text)
    asking = [i for i, s in enumerate(sentences) if s.rstrip("\"'”)").endswith("?")]
    asking = asking or [i for i, s in enumerate(sentences) if _IMPERATIVE.match(s)]
    if not asking or len(sentences) == 1:
        return f"Question: {text}"
    question = sentences.pop(asking[-1])
    return f"Question: {question}\nGiven: {' '.join(sentences)}"


@STYLES.register("noisy")
def noisy(text: str, rng: random.Random) -> str:
    """Typed in a hurry: small letters, slips in common words, "the" and the last mark left out."""
    pieces = _FORMULA.split(text)
    pieces[::2] = [_hurried(piece, rng) for piece in pieces[::2]]
    return "".join(pieces).rstrip().removesuffix("?").removesuffix(".")


@STYLES.register("boxed")
def boxed(text: str, rng: random.Random) -> str:
    """The answer is wanted in a box."""
    return f"{text}\n\nPut the final answer in \\boxed{{}}."


@STYLES.register("hash_format")
def hash_format(text: str, rng: random.Random) -> str:
    """The answer is wanted after four hashes."""
    return f'{text}\n\nWrite the final answer on a line of its own, after "####".'


@STYLES.register("json_format")
def json_format(text: str, rng: random.Random) -> str:
    """Reasoning and answer are wanted as JSON."""
    return f'{text}\n\nReply with JSON: {{"reasoning": "...", "answer": "..."}}'


def split_sentences(text: str) -> list[str]:
    """Sentences in order; decimals, times of day and titles (`Mrs.`) do not end one."""
    return [s.strip() for s in _BOUNDARY.split(text) if s.strip()]


def _hurried(text: str, rng: random.Random) -> str:
    text = _FIRST_WORD.sub(lambda found: found[0].lower(), text)
    text = re.sub(r"\bthe (?=[a-z]{3})", "", text)
    return re.sub(r"\b[a-z]+\b", lambda found: _slip(found[0], rng), text)


def _slip(word: str, rng: random.Random) -> str:
    return _TYPOS[word] if word in _TYPOS and rng.random() < 0.5 else word
