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
    (?P<skip>\s+|\.\.\.|…|\\left|\\right|\\[,;:!$()\[\]\ ]|\\q?quad\b
      |\\displaystyle|\\boxed|&|[$€£](?!\.?\d)|(?<![\d)])\*\*|\*\*(?![\d( ]))
    |(?P<bad>\d{1,2}:\d\d(?!\d)|\d{1,2}/\d{1,2}/\d{4}
      |\b[A-Za-z]+(?=\()|\bremainder\b|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\b|\bMay(?=\s\d))
    |(?P<mixed>\d{1,4}[ ]\d{1,2}/\d{1,2}(?![\d/])|(?:(?<=[/÷]\s)|(?<=\bby\s))\d/\d(?!\s?[\d/*×÷]))
    |[$€£]?(?P<num>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?P<percent>\s?\\?%|\s?percent\b)?
      (?P<tail>\s?¢|(?:st|nd|rd|th)\b|[A-Za-z]+(?!\w))?
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
    |(?P<other>\\[A-Za-z]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SIGNS = {
    "−": "-", "–": "-", "plus": "+", "minus": "-", "times": "*", "x": "*", "X": "*", "×": "*", "·": "*", "⋅": "*",
    "∙": "*", "∗": "*", "\\times": "*", "\\cdot": "*", "\\ast": "*", "÷": "/", "\\div": "/", "**": "^",
}  # fmt: skip
_UNITS = frozenset(
    listed("¢ g kg m km cm mm l ml h hr hrs min mins s sec lb lbs oz ft in mph k am pm yd gb mb")
)
_HALVES = {"half": Fraction(1, 2), "twice": Fraction(2)}


def tokens(text: str) -> list[Token]:
    """The tokens of a text, white space and currency signs left out."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        group = match.lastgroup or ""
        if group != "skip":
            found.extend(_tokens(group, match, found))
    return found


def _tokens(group: str, match: re.Match[str], before: list[Token]) -> list[Token]:
    start, end, text = match.start(), match.end(), match[0]
    if group == "word":
        return [_word(text, start, end)]
    if group in ("num", "percent", "tail"):
        return _numeral(match)
    if group == "mixed":
        whole, top, bottom = re.split(r"[ /]", text if " " in text else "0 " + text)
        if not 0 < int(top) < int(bottom):
            return [Token("bad", text, start=start, end=end)]
        return [Token("num", text, int(whole) + Fraction(int(top), int(bottom)), start=start, end=end)]
    if group == "op":
        sign = _SIGNS.get(text) or (
            "*" if text.startswith("mult") else "/" if text.startswith("div") else text
        )
        return [Token("op", sign, start=start, end=end)]
    if group == "of":
        return [
            Token("op", "*", start=start, end=end)
            if _is_share(before)
            else Token("word", text, start=start, end=end)
        ]
    kind = {"eq": "=", "arrow": "break", "open": "(", "close": ")", "other": "bad"}.get(group, group)
    return [Token(kind, text, start=start, end=end)]


def _word(text: str, start: int, end: int) -> Token:
    value = _HALVES.get(text.lower())
    if value is not None:
        return Token("num", text, value, start=start, end=end)
    variable = len(text.lstrip("-")) == 1 and text not in "aAI"
    return Token("bad" if variable else "word", text, start=start, end=end)


def _numeral(match: re.Match[str]) -> list[Token]:
    value, tail = number(match["num"]), match["tail"]
    start = match.start()
    if value is None or tail in ("st", "nd", "rd", "th"):
        return [Token("bad", match[0], start=start, end=match.end())]
    found = [Token("num", match["num"], value, match["percent"] is not None, start, match.end())]
    if tail is None:
        return found
    kind = "bad" if len(tail.strip()) == 1 and tail.strip() not in _UNITS else "word"
    return [*found, Token(kind, tail, start=match.start("tail"), end=match.end())]


def _is_share(before: list[Token]) -> bool:
    """Whether "of" multiplies: after a percentage, a fraction or "half"."""
    if not before or before[-1].kind != "num":
        return False
    last = before[-1]
    if last.percent or last.text.lower() == "half":
        return True
    return len(before) > 2 and before[-2].text == "/" and before[-3].kind == "num"
