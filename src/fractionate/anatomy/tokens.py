"""Tokens: a sentence as numbers, operators, equal signs, words and the rest, for finding equations in it.

    [t.kind for t in tokens("9 eggs * $2/egg = $18")]
    # num word op num word = num

Light LaTeX is read as what it shows (`\\times`, `\\frac{1}{2}`, `\\text{eggs}`). Variables and functions are `bad`:
whatever touches them is not evaluated.
"""

import re
from fractions import Fraction

from fractionate.anatomy.expression import Token
from fractionate.anatomy.text import listed
from fractionate.anatomy.values import number

_TOKEN = re.compile(
    r"""
    [ ]*(?:(?P<plain>(?!(?:of|is|are|was|were|equals?|plus|minus|times|multiplied|divided|remainder|percent|makes?
      |gives?|totals?|leaves?|results?)\b)[a-z]{2,}(?=[ .,;:?!]))  # most words, before what only a few can be
    |(?P<bullet>\n[ \t]{0,8}[-*•]\s|\$\$)
    |(?P<skip>[^\S\n]+|\n|\.\.\.|…|\\left|\\right|\\[,;:!$()\[\]\ ]|\\q?quad\b
      |\\displaystyle|\\boxed|&|[$€£](?!\.?\d)|(?<![\d)])\*\*|\*\*(?![\d( ]))
    |(?P<bad>\d{1,2}:\d\d(?!\d)|\b0\d{3}\b|\d{1,2}/\d{1,2}/\d{4}
      |\b[A-Za-z]+(?=\()|\bremainder\b|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\b|\bMay(?=\s\d))
    |(?P<mixed>\d{1,4}[ ]\d{1,2}/\d{1,2}(?![\d/])|(?:(?<=[/÷]\s)|(?<=\bby\s))\d/\d(?!\s?[\d/*×÷])
      |\\[dt]?frac\s?\d\s?\d(?!\d))
    |[$€£]?(?P<num>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?P<percent>\s?\\?%|\s?percent\b)?
      (?P<tail>\s?¢|["″'′](?!\w)|(?:st|nd|rd|th)\b|[A-Za-z]+(?!\w))?
    |(?P<arrow>=+>|⇒|→|⟹|\\implies|\\Rightarrow)
    |(?P<eq>=+|≈|≃|\\approx|\\equiv|\bequals\b|\bequal\s+to\b|\b(?:is|are)\s+(?:equal|approximately\s+equal)\s+to\b)
    |(?P<is>\b(?:is|are|makes?|gives?|totals?|leaves?|was|were|results?\s+in)\b)
    |(?P<op>\\times|\\cdot|\\div|\\ast|\*\*|[-+−–*×·⋅∙÷∗/^](?![A-Za-z])
      |(?<![A-Za-z])[xX](?=\s*[$\d(.\\])|\b(?:(?:plus|minus|multiplied\s+by|divided\s+by)\b|times(?=\s+[$\d(])))
    |(?P<frac>\\[dt]?frac)
    |(?P<of>\bof\b)
    |(?P<word>\\(?:text|mathrm|mathbf|textbf|textit)\s?\{[^{}]{0,80}\}
      |\([A-Za-z]{2}[^()=+*/×÷]{0,80}\)|(?<=\s)\([\d.,]+\s?%\)
      |[-/]?[A-Za-z][A-Za-z'’-]*)
    |(?P<break>[,;:.?!])
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<other>\\[A-Za-z]+|.))
    """,
    re.VERBOSE | re.DOTALL,
)
SIGNS = {
    "−": "-", "–": "-", "plus": "+", "minus": "-", "times": "*", "x": "*", "X": "*", "×": "*", "·": "*", "⋅": "*",
    "∙": "*", "∗": "*", "\\times": "*", "\\cdot": "*", "\\ast": "*", "÷": "/", "\\div": "/", "**": "^",
}  # fmt: skip
_UNITS = frozenset(
    listed("¢ \" ″ ' ′ g kg m km cm mm l ml h hr hrs min mins s sec lb lbs oz ft in mph k am pm yd gb mb")
)
_KINDS = {
    "eq": "=", "arrow": "break", "bullet": "break", "open": "(", "close": ")", "other": "bad", "mixed": "num",
}  # fmt: skip
"""The kind of token of a group of the pattern, where it has another name."""
_HALVES = {"half": Fraction(1, 2), "twice": Fraction(2)}


def tokens(sentence: str) -> list[Token]:
    """The tokens of a text, white space and currency signs left out."""
    found: list[Token] = []
    for match in _TOKEN.finditer(sentence):
        group = match.lastgroup or ""
        if group == "plain":
            text = match["plain"]
            spoken = _HALVES.get(text)
            found.append(
                Token("word" if spoken is None else "num", text, spoken, False, *match.span("plain"))
            )
        elif group in ("num", "percent", "tail"):
            found.extend(_numeral(match))
        elif group != "skip":
            found.append(_token(group, match[group], found, *match.span(group)))
    return found


def _token(group: str, text: str, before: list[Token], start: int, end: int) -> Token:
    kind = _KINDS.get(group, group)
    if group == "word":
        return _word(text, start, end)
    if group == "mixed":
        whole, top, bottom = _parts(text)
        if not 0 < int(top) < int(bottom) and (text[0] != "\\" or bottom == "0"):
            return Token("bad", text, None, False, start, end)
        return Token("num", text, int(whole) + Fraction(int(top), int(bottom)), False, start, end)
    if group == "op":
        text = SIGNS.get(text) or (
            "*" if text.startswith("mult") else "/" if text.startswith("div") else text
        )
    elif group == "of":
        kind, text = ("op", "*") if _is_share(before) else ("word", text)
    return Token(kind, text, None, False, start, end)


def _parts(text: str) -> tuple[str, str, str]:
    """The whole, the numerator and the denominator of "2 3/4", of "3/4" and of \\frac34."""
    if text[0] == "\\":
        top, bottom = re.findall(r"\d", text)
        return "0", top, bottom
    whole, _, part = text.rpartition(" ")
    top, _, bottom = part.partition("/")
    return whole or "0", top, bottom


def _word(text: str, start: int, end: int) -> Token:
    value = _HALVES.get(text.lower())
    if value is not None:
        return Token("num", text, value, False, start, end)
    variable = len(text.lstrip("-")) == 1 and text not in "aAI"
    return Token("bad" if variable else "word", text, None, False, start, end)


def _numeral(match: re.Match[str]) -> tuple[Token, ...]:
    """A number and what is written right after it."""
    text, tail = match["num"], match["tail"]
    value = number(text)
    start, end = match.start("num"), match.end()
    start -= match.string[start - 1 : start] in ("$", "€", "£")  # a sign is part of the number
    if value is None or tail in ("st", "nd", "rd", "th"):
        return (Token("bad", text, None, False, start, end),)
    found = Token("num", text, value, match["percent"] is not None, start, end)
    if tail is None:
        return (found,)
    kind = "bad" if len(tail.strip()) == 1 and tail.strip() not in _UNITS else "word"
    return found, Token(kind, tail, None, False, match.start("tail"), end)


def _is_share(before: list[Token]) -> bool:
    """Whether "of" multiplies: after a percentage, a fraction or "half"."""
    if not before or before[-1].kind != "num":
        return False
    last = before[-1]
    if last.percent or last.text.lower() == "half":
        return True
    return len(before) > 2 and before[-2].text == "/" and before[-3].kind == "num"
