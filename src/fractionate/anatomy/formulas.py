"""Formulas: the sides of the equations that a text writes and the symbols in them, to follow algebra from line to line.

    sides("So $x^2 + y^2 = 25 - 14$.")        # {"x^2+y^2", "25-14"}
    symbols("So $x^2 + y^2 = 25 - 14$.")      # {"x", "y"}

A side has two operands or more: a lone number or variable is too common to tell where it comes from.
"""

import re

from fractionate.anatomy.text import listed

_SHOWN_AS_NOTHING = re.compile(
    r"\\(?:left|right|displaystyle|quad|qquad|boxed|[,;:!\[\]()])|[\s$&{}]+|\\text\{[^{}]{0,80}\}"
)
_TIMES = r"(?:\\cdot|\\times|[*×·⋅])"
_UNSAID_PRODUCT = re.compile(rf"(?<!\d){_TIMES}|{_TIMES}(?!\d)")
_CUT = re.compile(
    r"=|≈|<|>|\\(?:leq?|geq?|neq?|approx|equiv|implies|Rightarrow)(?![a-zA-Z])|\\\\|[,;:\n]|\.(?!\d)|(?<![\\a-zA-Z])[A-Za-z]{2,}"
)
_OPERAND = re.compile(r"\\[a-zA-Z]+|[a-zA-Z]|\d+(?:\.\d+)?")
_SYMBOL = re.compile(r"(?<![A-Za-z\\'’])[B-HJ-Zb-z](?![A-Za-z'’])|\\[a-zA-Z]+")
_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
_LAYOUT = frozenset(
    listed(r"""\frac \dfrac \tfrac \left \right \text \cdot \times \circ \begin \end \quad \qquad \boxed \sqrt \mathrm
    \mathbf \textbf \implies \Rightarrow \le \leq \ge \geq \neq \approx \displaystyle \dots \ldots \div \pm""")
)


def sides(text: str) -> frozenset[str]:
    """The sides of two operands and more, without layout."""
    found = (_UNSAID_PRODUCT.sub("", _SHOWN_AS_NOTHING.sub("", side)) for side in _CUT.split(text))
    return frozenset(side for side in found if len(side) > 2 and len(_OPERAND.findall(side)) > 1)


def shape(text: str) -> str:
    """The text with every numeral alike, without what ends it: "C(10,1) = 10." and "C(10,2) = 45" have one shape."""
    return _NUMERAL.sub("#", text).rstrip(" .,;\n")


def symbols(text: str) -> frozenset[str]:
    """The single letters that stand alone ("a" and "I" are words) and the commands that name something (`\\theta`)."""
    return frozenset(_SYMBOL.findall(text)) - _LAYOUT
