"""Plain: a computation in numbers and signs alone, without units, words and LaTeX.

formula(chains(tokens("So 9 eggs * $2 = $18 a day."))[0])      # "9 * 2 = 18"
"""

from itertools import pairwise

from fractionate.anatomy.chains import Side
from fractionate.anatomy.expression import Token


def formula(sides: list[Side]) -> str | None:
    """The last computation of a chain and what it gives, without units and words: "3 * 4 = 12"."""
    for left, right in reversed(list(pairwise(sides))):
        result = right.number or right.fraction
        if left.sound and left.operations and result is not None:
            given = result.text if right.number is None else _plain(right)
            return f"{_plain(left)} = {given}"
    return None


def _plain(side: Side) -> str:
    """The side's numbers, operators and brackets, a space between them but inside brackets and after a sign."""
    held = side.tokens
    bare = {
        k
        for i, t in enumerate(held)
        if t.kind == "(" and _is_numeral(held[i + 1 : i + 3])
        for k in (i, i + 2)
    }
    written = ""
    before, fractions = "", 0
    for at, token in enumerate(held):
        if token.kind == "frac":
            fractions += 1
            continue
        if token.kind == "(" and before in ("num", ")"):
            written += " /" if fractions and before == ")" else " *"
            fractions -= fractions > 0 and before == ")"
        sign = written in ("-", "") or written.endswith(("(-", "("))
        if at not in bare:
            written += ("" if sign or token.kind == ")" else " ") + _numeral(token)
        before = token.kind
    return written


def _is_numeral(held: list[Token]) -> bool:
    """Whether a bracket that opens before these tokens holds a number and nothing else."""
    return [t.kind for t in held] == ["num", ")"]


def _numeral(token: Token) -> str:
    """A number in digits; any other token as it stands."""
    if token.value is None:
        return token.kind if token.kind in "()" else token.text
    digits = token.text.replace(",", "")
    plain = digits.replace(".", "", 1).isdecimal()
    return (digits if plain else f"({token.value})") + ("%" if token.percent else "")
