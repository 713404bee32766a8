"""Plain arithmetic as data files write it, evaluated exactly: labels such as `( 84.0 / 2.0 )`.

evaluated("( ( 29.0 + 4.0 ) / 2.0 )")     # "16.5"
evaluated("29 - some")                     # None
"""

import ast
import operator
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

LONGEST = 200
"""Characters of the longest expression that is tried: no label comes near, and nesting stays bounded."""

OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluated(expression: str) -> str | None:
    """The value of numbers joined by `+ - * /` and parentheses; None for anything else."""
    ungrouped = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", expression.strip())
    if not ungrouped or len(ungrouped) > LONGEST:
        return None
    try:
        return _written(_value(ast.parse(ungrouped, mode="eval").body))
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Fraction(str(node.value))
    raise ValueError("not plain arithmetic")


def _written(value: Fraction) -> str:
    """ "42", "16.5" where decimals end, otherwise "16/3"."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
