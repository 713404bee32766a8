"""All tables of an evaluation, in order; those of this module say what the students can do and what it costs them.

[part.title for part in parts(examined)]      # ["Students", "Prompt styles", "Difficulty", …]
"""

from collections.abc import Callable, Mapping, Sequence

from fractionate.formats import MISSING, decimal, percent, points
from fractionate.report.findings import behind_answers, changed_questions
from fractionate.report.parts import Part
from fractionate.report.shown import Shown, difference, share
from fractionate.study.examine import Examined
from fractionate.transfer.effort import Effort
from fractionate.transfer.statistics import ArmEstimate, Comparison

STUDENTS, CELLS, BUDGETS = "Students", "Accuracy by cell", "Accuracy under one budget of tokens"


def parts(examined: Examined) -> list[Part]:
    """All tables that have something to say."""
    arms = examined.found.arms
    made = [
        _main(examined),
        *changed_questions(examined),
        _budgets(arms, examined.efforts),
        *behind_answers(examined),
        _cells(arms),
    ]
    return [part for part in made if part.rows]


def _main(examined: Examined) -> Part:
    arms, efforts = examined.found.arms, examined.efforts
    verdict = f"at a margin of {100 * examined.margin:g} points"
    rows: list[tuple[str, Callable[[ArmEstimate], Shown]]] = [
        ("Transfer T", lambda a: share(a.transfer)),
        ("difference to the reference", lambda a: difference(a.difference)),
        (verdict, lambda a: _verdict(examined.comparisons.get(a.arm))),
        ("in-format", lambda a: share(a.in_format)),
        ("reasoning gain", lambda a: difference(a.reasoning_gain)),
        ("cut off at the limit of tokens", lambda a: Shown(percent(efforts[a.arm].truncated))),
        ("looping", lambda a: Shown(percent(efforts[a.arm].looping))),
        ("unchecked", lambda a: Shown(percent(efforts[a.arm].unchecked))),
        ("tokens an answer", lambda a: Shown(decimal(efforts[a.arm].tokens, 1))),
        ("tokens a right answer takes", lambda a: Shown(decimal(efforts[a.arm].tokens_right, 1))),
        ("tokens spent for each right answer", lambda a: Shown(decimal(efforts[a.arm].tokens_per_right, 0))),
        ("seconds spent for each right answer", lambda a: Shown(decimal(efforts[a.arm].seconds_per_right, 2))),
    ]  # fmt: skip
    about = (
        "T is the mean over families of the mean over their cells; 95% intervals, paired by question. "
        "Seconds are of generating the free answers of the cells on this machine, shared out by tokens where other "
        "questions were in the batch."
    )
    return Part(STUDENTS, about, names(arms), [(name, [show(arm) for arm in arms]) for name, show in rows])


def _verdict(compared: Comparison | None) -> Shown:
    """Not worse and equivalent are tests of their own, at 5% each."""
    if compared is None:
        return Shown(MISSING)
    return Shown(compared.verdict, f"at least {points(compared.lower_bound)} points, one-sided 95%")


def _cells(arms: Sequence[ArmEstimate]) -> Part:
    rows = [
        (f"{cell} ({found.family.replace('_', ' ')})", [share(arm.cells[cell].accuracy) for arm in arms])
        for cell, found in arms[0].cells.items()
    ]
    return Part(CELLS, "Unchecked answers are left out.", names(arms), rows)


def _budgets(arms: Sequence[ArmEstimate], efforts: Mapping[str, Effort]) -> Part:
    budgets = [point.tokens for point in efforts[arms[0].arm].curve]
    rows = [
        (f"at most {tokens}", [share(efforts[arm.arm].curve[n].accuracy) for arm in arms])
        for n, tokens in enumerate(budgets)
    ]
    about = (
        "All answers but those at once; an answer of more tokens counts as wrong. Nothing is forced at the budget, so "
        "long answers lose by their length alone."
    )
    return Part(BUDGETS, about, names(arms), rows)


def names(arms: Sequence[ArmEstimate]) -> list[str]:
    """The columns."""
    return [arm.arm for arm in arms]
