"""Equality: whether two sides of an equation are equal, as far as people write them.

    left, right = chains(tokens("20 / 3 = 6.67"))[0]
    holds(left, right, about=False, cents=False)     # "right": the decimal rounds the exact value

A right side that is a rounded decimal is right if it rounds (or truncates) the exact value. Where the sides may differ
in unit or sense, inequality proves nothing and the equation stays unchecked.
"""

from fractions import Fraction
from typing import NamedTuple

from fractionate.anatomy.chains import Side
from fractionate.anatomy.expression import UnreadableError, evaluate
from fractionate.anatomy.text import listed
from fractionate.anatomy.units import DIMENSIONS, FACTORS, SIZES, converted
from fractionate.records import CheckResult

_MEASURES = frozenset(
    listed("""second minute hour day week month year inch foot yard mile cm meter km cent dollar dime nickel quarter
    pint quart gallon cup ounce liter ml gram kg pound ton dozen mph""")
)
_CLOCK = frozenset(listed("am pm a.m p.m o'clock o’clock noon midnight"))
SLACK = Fraction(1, 500)
"""Relative error that is forgiven where the computation itself works on rounded decimals."""


def holds(left: Side, right: Side, about: bool, cents: bool, computed: bool = False) -> CheckResult:
    """Whether two neighboring sides are equal; unchecked if one cannot be read.

    Where neither computes, it shows only if the chain `computed` before: "2 + 2 = 4 = 5".
    """
    if not (left.sound and right.sound and left.tokens and right.tokens):
        return "unchecked"
    if not (left.operations or right.operations):
        return _conversion(left, right, computed)
    if (measured := _measured_sum(left, right)) is not None:
        return measured
    rough = _Rough(about, cents, left.rounded or (right.rounded and right.operations > 0))
    percents = [(True, True)]
    if any(t.percent for t in (*left.tokens, *right.tokens)):
        percents.append((False, False))
        if right.number:
            percents.append((True, False))  # "100 * 4 / 5 = 80%"
    try:
        for p, q in percents:
            if _same(evaluate(left.tokens, p), evaluate(right.tokens, q), right, rough):
                return "right"
    except UnreadableError:
        return "unchecked"
    return "unchecked" if _converts(left, right) else "wrong"


def _conversion(left: Side, right: Side, computed: bool) -> CheckResult:
    """Whether "2 hours = 120 minutes" holds."""
    one, other = left.number, right.number
    if not (one and other and one.value is not None and other.value) or one.percent or other.percent:
        return "unchecked"
    if left.units == right.units:
        equal = agree(one.value, other.value, other.text, rough=True) or left.led or right.led
        return "wrong" if computed and not equal else "unchecked"
    value = converted(one.value, left.units, right.units)
    if value is None:
        return "unchecked"
    return "right" if agree(value, other.value, other.text, rough=True) else "wrong"


def _measured_sum(left: Side, right: Side) -> CheckResult | None:
    """Whether "2 hours + 30 minutes = 150 minutes" holds; None if not all is measured, or all in one unit.

    What measures different things cannot be added.
    """
    if not (left.measured and right.measured):
        return None
    units = [*left.measured.values(), *right.measured.values()]
    if len(set(units)) < 2 or not right.number or len(left.tokens) != 2 * len(left.measured) - 1:
        return None
    if any(t.kind != "op" or t.text not in "+-" for t in left.tokens[1::2]) or len(right.measured) != 1:
        return None
    if len({DIMENSIONS[u] for u in units}) > 1:
        return "wrong"
    terms = [
        (t.value or 0) * SIZES[DIMENSIONS[u]][u]
        for t, u in zip(left.tokens[::2], left.measured.values(), strict=True)
    ]
    signs = [-1 if t.text == "-" else 1 for t in left.tokens[1::2]]
    unit = SIZES[DIMENSIONS[units[-1]]][units[-1]]
    total = terms[0] + sum(sign * term for sign, term in zip(signs, terms[1:], strict=True))
    return (
        "right"
        if agree(Fraction(total) / unit, right.number.value or Fraction(0), right.number.text)
        else "wrong"
    )


class _Rough(NamedTuple):
    """What makes an inexact equation right: a word such as "about", cents for dollars, decimals on the left."""

    about: bool
    cents: bool
    decimals: bool


def _converts(left: Side, right: Side) -> bool:
    """Whether the sides may differ in unit or sense and not in value.

    "1 hour = 60 * 60 seconds", "double of 36 = 36 * 2", "2s + 3s = 10", "10 am + 3 hours = 1 pm", "2010-2015 = 5
    years", "= cost of 2 pens / 2".
    """
    units = left.units | right.units
    part = left.fraction.value if left.fraction else None
    share = part is not None and abs(part) < 1 and right.fraction is None
    if left.number is not None or share or (right.weak and right.operations > 0):
        return True  # "1/4 = 10 pens"
    if any(len(u) < 2 for u in units) or units & _CLOCK or left.led or right.led or _is_range(left):
        return True
    return len(_MEASURES & units) > 1 and not (
        right.number and _multiplies(left) and not _by_factor(left, right)
    )


def _is_range(side: Side) -> bool:
    """Whether the side is two numbers with a dash between them, the smaller one first."""
    if [t.kind for t in side.tokens] != ["num", "op", "num"] or side.tokens[1].text != "-":
        return False
    first, dash, last = side.tokens
    return first.end == dash.start and dash.end == last.start and (first.value or 0) < (last.value or 0)


def _multiplies(side: Side) -> bool:
    """Whether the side is a product of numbers."""
    return all(t.kind == "num" or t.text == "*" for t in side.tokens)


def _by_factor(left: Side, right: Side) -> bool:
    """Whether the sides differ as one unit differs from another."""
    value = evaluate(right.tokens)
    return not value or any(agree(evaluate(left.tokens), value * f, "", rough=True) for f in FACTORS)


def _same(left: Fraction, right: Fraction, side: Side, rough: _Rough) -> bool:
    if left == right:
        return True
    numeral = side.number
    written = numeral.text if numeral else ""
    percent = numeral is not None and numeral.percent
    factor = 100 if numeral and percent and right != numeral.value else 1
    scales = (1, 100, Fraction(1, 100)) if rough.cents else (1,)
    if any(agree(left * factor * s, right * factor, written, rough.about or percent) for s in scales):
        return True
    return rough.decimals and abs(left - right) <= abs(left) * SLACK


def agree(exact: Fraction, stated: Fraction, written: str, rough: bool = False) -> bool:
    """Whether `stated`, written as the numeral `written`, is `exact`, rounded or truncated."""
    if exact == stated:
        return True
    places = len(written.partition(".")[2])
    if places:
        unit, over = Fraction(1, 10**places), abs(exact) - abs(stated)
        least = -unit if rough else -unit / 2  # rounded up at most from a half
        return exact * stated >= 0 and least <= over < unit
    return rough and abs(exact - stated) < 1
