r"""The parts of a problem's text that several styles need: sentences, the one that asks, and what is no prose.

split_sentences("Mrs. Hilt has 3.5 pens. How many?")     # ["Mrs. Hilt has 3.5 pens.", "How many?"]
asking(["Tom has 3 pens.", "How many pens?"])             # 1
in_prose(str.upper, "let $x$ be 3")                       # "LET $x$ BE 3"
"""

import re
from collections.abc import Callable, Sequence

_BOUNDARY = re.compile(
    r"(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<=[.!?])\s+(?=[\"'“(]?[A-Z$\\\d])"
)
_IMPERATIVE = re.compile(
    r"(?:Find|Calculate|Compute|Determine|Evaluate|Express|Simplify|Solve|Name|Give|Write)\b"
)
_FORMULA = re.compile(
    r"(\$(?=[^$]*\\)[^$]*\$|\$[^$\d\s][^$]*\$|\\\[(?:(?!\\\[).)*?\\\]|\\\((?:(?!\\\().)*?\\\)"
    r"|\[asy\](?:(?!\[asy\]).)*?\[/asy\])",
    re.DOTALL,
)


def split_sentences(text: str) -> list[str]:
    """Sentences in order; decimals, times of day and titles (`Mrs.`) do not end one."""
    return [s.strip() for s in _BOUNDARY.split(text) if s.strip()]


def sentence_starts(text: str) -> list[int]:
    """Where each sentence but the first begins, in characters."""
    return [boundary.end() for boundary in _BOUNDARY.finditer(text)]


def asking(sentences: Sequence[str]) -> int | None:
    """Which sentence asks: the last question, else the last command to find something; None if none is told."""
    questions = [i for i, s in enumerate(sentences) if s.rstrip("\"'”)").endswith("?")]
    questions = questions or [i for i, s in enumerate(sentences) if _IMPERATIVE.match(s)]
    return questions[-1] if questions else None


def in_prose(change: Callable[[str], str], text: str) -> str:
    """The text with everything but its formulas changed."""
    pieces = _FORMULA.split(text)
    pieces[::2] = [change(piece) for piece in pieces[::2]]
    return "".join(pieces)


def formulas(text: str) -> list[tuple[int, int]]:
    """Where the text's formulas in LaTeX begin and end, in characters."""
    return [found.span() for found in _FORMULA.finditer(text)]
