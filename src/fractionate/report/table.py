"""The result in the terminal: arms, then cells × arms, then the verdict.

    print_table(summary, rich.console.Console())

From 96 columns on the intervals stand beside their numbers; below that, under them.
"""

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from fractionate.formats import (
    MISSING,
    compact,
    decimal,
    difference_spread,
    exists,
    hundredths,
    points,
    spread,
    whole,
)
from fractionate.study.summary import ArmSummary, CellSummary, Interval, Summary

WIDE = 96


def print_table(summary: Summary, console: Console) -> None:
    """Print the arms, their cells and the verdict; fits 80 columns with up to six arms."""
    between = " " if console.width >= WIDE else "\n"
    console.print(_arms(summary, between))
    console.print()
    console.print(_cells(summary))
    console.print()
    console.print(Text(summary.verdict, style="bold"))
    console.print(Text(summary.explanation))
    for note in summary.notes:
        console.print(Text(f"{note}."))


def _arms(summary: Summary, between: str) -> Table:
    table = _table("arm")
    for head in (
        "transfer\nT, %",
        "to the\nreference",
        "in-format\n%",
        "loss\ntokens",
        "train\ns",
        "tokens/\nanswer",
    ):
        table.add_column(head, justify="right", no_wrap=True)
    for arm in summary.arms:
        table.add_row(*_arm_row(arm, arm.arm == summary.reference, between))
    return table


def _arm_row(arm: ArmSummary, reference: bool, between: str) -> tuple[Text, ...]:
    name = Text(arm.arm, style="bold")
    if reference:
        name.append(between + "reference", style="not bold dim")
    return (
        name,
        _with_spread(hundredths(arm.transfer.value), _dashed(arm.transfer), between, "bold"),
        _with_spread(_points(arm.difference), difference_spread(arm.difference), between),
        _with_spread(hundredths(arm.in_format.value), _dashed(arm.in_format), between),
        Text(compact(arm.costs.supervised_tokens)),
        Text(whole(arm.train_seconds)),
        Text(decimal(arm.mean_tokens, 0)),
    )


def _dashed(interval: Interval) -> str:
    return spread(interval).replace(" to ", "–")


def _points(interval: Interval | None) -> str:
    return MISSING if interval is None else points(interval.value)


def _with_spread(number: str, ends: str, between: str, style: str = "") -> Text:
    text = Text(number, style=style)
    if ends:
        text.append(f"{between}{ends}", style="not bold dim")
    return text


def _cells(summary: Summary) -> Table:
    found = {(c.cell, c.arm): c for c in summary.cells}
    table = _table("accuracy %, by cell")
    for arm in summary.arms:
        table.add_column(escape(arm.arm.replace("_", "\n")), justify="right")
    last = ""
    for cell, family in {c.cell: c.family for c in summary.cells}.items():
        if last and family != last:
            table.add_section()
        last = family
        table.add_row(Text(cell), *(_cell(found.get((cell, arm.arm))) for arm in summary.arms))
    return table


def _cell(cell: CellSummary | None) -> Text:
    if cell is None or not exists(cell.accuracy.value):
        return Text(MISSING, style="dim")
    share = cell.accuracy.value
    style = "green" if share >= 0.7 else "yellow" if share >= 0.4 else "red"
    return Text(hundredths(share), style=style)


def _table(first: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(first, vertical="top", overflow="fold")
    return table
