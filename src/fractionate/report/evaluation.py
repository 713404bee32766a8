"""An evaluation in the terminal, as Markdown and as JSON: the same tables, one column a student.

print_evaluation(examined, rich.console.Console())
write_evaluation(examined, Path("runs/evaluate-transfer"))
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from fractionate.report.findings import deeper_parts
from fractionate.report.formats import decimal, difference_spread, percent, points
from fractionate.report.imitation import Mark, imitation_svg, imitation_table
from fractionate.report.parts import Part, in_markdown, print_part
from fractionate.report.shown import Shown, difference, share
from fractionate.storage import write_json, write_text
from fractionate.study.examine import Examined
from fractionate.transfer.effort import Effort
from fractionate.transfer.statistics import ArmEstimate, Interval


def parts(examined: Examined) -> list[Part]:
    """All tables that have something to say."""
    arms = examined.found.arms
    made = [
        _main(arms, examined.efforts),
        *deeper_parts(examined),
        _cells(arms),
        _budgets(arms, examined.efforts),
    ]
    return [part for part in made if part.rows]


def print_evaluation(examined: Examined, console: Console) -> None:
    """Print the tables."""
    for part in parts(examined):
        print_part(part, console)
    for line in remarks(examined):
        console.print(Text(line))


def markdown_of(examined: Examined) -> str:
    """The tables, after what they are of."""
    told = f"Suite **{examined.suite.title}**, items `{examined.asked}`. {' '.join(remarks(examined))}"
    blocks = [told.strip(), *map(in_markdown, parts(examined))]
    if marked := marks(examined):
        blocks.append(f"## Imitation and transfer\n\n{imitation_table(marked)}")
    return "\n\n".join(blocks) + "\n"


def marks(examined: Examined) -> list[Mark]:
    """Every student's place in the imitation–transfer plot; none where the teacher's traces are not known."""
    found = []
    for name, findings in examined.findings.items():
        arm = examined.arm_of[name]
        if findings.imitation is not None:
            transfer = examined.found[arm].transfer
            found.append(Mark(name, findings.imitation.score, transfer, arm in examined.untouched))
    return found


def write_evaluation(examined: Examined, folder: Path) -> None:
    """Write `evaluation.json`, `evaluation.md` and, where the teacher's traces are known, `imitation.svg`."""
    write_json(folder / "evaluation.json", as_plain(examined))
    write_text(folder / "evaluation.md", markdown_of(examined))
    if drawn := marks(examined):
        write_text(folder / "imitation.svg", imitation_svg(drawn))


def as_plain(examined: Examined) -> dict[str, Any]:
    """Everything as JSON values."""
    return {
        "suite": examined.suite.name,
        "version": examined.suite.version,
        "items": examined.asked,
        "reference": examined.reference,
        "students": [dataclasses.asdict(arm) for arm in examined.found.arms],
        "effort": {arm: dataclasses.asdict(effort) for arm, effort in examined.efforts.items()},
        "styles": {arm: dataclasses.asdict(report) for arm, report in examined.styles.items()},
        "curves": examined.curves,
        "findings": {name: dataclasses.asdict(findings) for name, findings in examined.findings.items()},
        "adaptability": {name: dataclasses.asdict(found) for name, found in examined.adaptability.items()},
        "skipped": examined.skipped,
    }


def remarks(examined: Examined) -> Iterator[str]:
    """Sentences that belong to the tables."""
    if examined.skipped:
        yield f"Not asked: {', '.join(sorted(examined.skipped))} ({next(iter(examined.skipped.values()))})."
    for arm in examined.found.arms:
        if (gain := arm.reasoning_gain) is not None:
            yield f"{arm.arm}: {_better(gain)} ({points(gain.value)} points, {difference_spread(gain)})."


def _better(gain: Interval) -> str:
    if gain.low > 0:
        return "reasoning makes the answers better"
    return (
        "reasoning makes the answers worse"
        if gain.high < 0
        else "reasoning makes answers longer, not shown better"
    )


def _main(arms: Sequence[ArmEstimate], efforts: Mapping[str, Effort]) -> Part:
    rows: list[tuple[str, Callable[[ArmEstimate], Shown]]] = [
        ("Transfer T", lambda a: share(a.transfer)),
        ("difference to the reference", lambda a: difference(a.difference)),
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
        "Seconds are those of this machine, all students of the batch together."
    )
    return Part("Students", about, names(arms), [(name, [show(arm) for arm in arms]) for name, show in rows])


def _cells(arms: Sequence[ArmEstimate]) -> Part:
    rows = [
        (f"{cell} ({found.family.replace('_', ' ')})", [share(arm.cells[cell].accuracy) for arm in arms])
        for cell, found in arms[0].cells.items()
    ]
    return Part("Accuracy by cell", "Unchecked answers are left out.", names(arms), rows)


def _budgets(arms: Sequence[ArmEstimate], efforts: Mapping[str, Effort]) -> Part:
    budgets = [point.tokens for point in efforts[arms[0].arm].curve]
    rows = [
        (f"at most {tokens}", [share(efforts[arm.arm].curve[n].accuracy) for arm in arms])
        for n, tokens in enumerate(budgets)
    ]
    about = (
        "All answers but those at once; an answer of more tokens counts as wrong, as if it had been cut off."
    )
    return Part("Accuracy under one budget of tokens", about, names(arms), rows)


def names(arms: Sequence[ArmEstimate]) -> list[str]:
    """The columns."""
    return [arm.arm for arm in arms]
