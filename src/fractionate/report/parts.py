"""Tables with one column a student, shown alike in the terminal and in Markdown.

part = Part("Layers", "Scores from 0 to 1.", ["base", "full"], [("coherence", [Shown("0.12"), Shown("0.71")])])
print_part(part, console)
in_markdown(part)          # "## Layers\\n\\nScores from 0 to 1.\\n\\n| | `base` | `full` |\\n…"
"""

from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fractionate.report.formats import MISSING, decimal, difference_spread, exists, percent, points, spread
from fractionate.transfer.statistics import Interval


class Shown(NamedTuple):
    """A number, and its interval or another remark in small."""

    text: str
    small: str = ""


Row = tuple[str, list[Shown]]
"""A measure's name, and a cell for each column."""


class Part(NamedTuple):
    """One table: its title, a sentence on what it says, its columns and its rows."""

    title: str
    about: str
    columns: Sequence[str]
    rows: Sequence[Row]


def print_part(part: Part, console: Console) -> None:
    """Print the table."""
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", title=part.title)
    grid.add_column("", vertical="top", overflow="fold")
    for column in part.columns:
        grid.add_column(column.replace("_", "\n"), justify="right")
    for name, cells in part.rows:
        grid.add_row(Text(name), *(_text(cell) for cell in cells))
    console.print(grid)
    console.print(Text(part.about, style="dim"))
    console.print()


def in_markdown(part: Part) -> str:
    """The table under its title."""
    head = ["", *(f"`{column}`" for column in part.columns)]
    rule = ["---", *["---:"] * len(part.columns)]
    rows = [[name, *(_marked(cell) for cell in cells)] for name, cells in part.rows]
    table = "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])
    return f"## {part.title}\n\n{part.about}\n\n{table}"


def share(interval: Interval | None) -> Shown:
    """A share as a percentage."""
    if interval is None or not exists(interval.value):
        return Shown(MISSING)
    return Shown(percent(interval.value), spread(interval))


def difference(interval: Interval | None) -> Shown:
    """A difference of shares in points."""
    return Shown(MISSING) if interval is None else Shown(points(interval.value), difference_spread(interval))


def number(interval: Interval | None) -> Shown:
    """A plain number with its interval."""
    if interval is None or not exists(interval.value):
        return Shown(MISSING)
    return Shown(decimal(interval.value), f"{decimal(interval.low)} to {decimal(interval.high)}")


def _text(shown: Shown) -> Text:
    text = Text(shown.text)
    if shown.small:
        text.append(f"\n{shown.small}", style="dim")
    return text


def _marked(shown: Shown) -> str:
    return f"{shown.text} ({shown.small})" if shown.small else shown.text
