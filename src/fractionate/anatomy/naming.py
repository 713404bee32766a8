"""Naming: quantities that a phrase names, worked out line by line under the same name.

    "Total cost = 4 * 3"  "Total cost = 13"       # wrong: the second line says otherwise than the first

Only neighboring lines are compared: further on, the same words may well name another thing.
"""

import re
from fractions import Fraction

from fractionate.anatomy.draft import READ_LIMIT, Draft
from fractionate.anatomy.expression import Token, UnreadableError, evaluate
from fractionate.anatomy.tokens import tokens

_LINE = re.compile(
    r"(?:^|\n|\.\s|\[)\s{0,8}(?:\\text\s?\{)?([A-Za-z][A-Za-z' ()-]{2,60}?)\s{0,4}\}?\s{0,4}"
    r"=([^=\n]{1,120})(?=\n|$|\.\s|\.$|[,;]\s|\\\])"
)
_LETTER = re.compile(r"\b[b-zB-Z]\b")
ROUNDING = Fraction(1, 100)


def check_names(draft: Draft) -> None:
    """Marks the steps in which a named quantity takes another value than in the line before."""
    before: tuple[str, Fraction, int] | None = None
    for step in draft.steps:
        if "=" not in step.text:
            continue
        for line in _LINE.finditer(step.text[:READ_LIMIT]):
            name, value = line[1].strip().lower(), _value(line[2])
            if value is None or _LETTER.search(name):  # letters are algebra
                before = None
                continue
            if before is not None and before[0] == name and step.index - before[2] <= 1:
                if not any(_close(before[1] * scale, value) for scale in (1, 100, Fraction(1, 100))):
                    step.check = "wrong"
                elif step.check == "unchecked":
                    step.check = "right"
            before = name, value, step.index


def _close(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= ROUNDING * max(abs(one), abs(other))


def _value(text: str) -> Fraction | None:
    """The value of an expression whose numbers may be followed by units; None if it holds anything else."""
    found: list[Token] = []
    for token in tokens(text):
        if token.kind != "word":
            found.append(token)
        elif not found or found[-1].kind not in ("num", ")"):
            return None
    try:
        return evaluate(found) if found else None
    except UnreadableError:
        return None
