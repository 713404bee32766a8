"""Tables with one column a student, shown alike in the terminal and in Markdown.

part = Part("Layers", "Scores from 0 to 1.", ["base", "full"], [("coherence", [Shown("0.12"), Shown("0.71")])])
print_part(part, console)
in_markdown(part)          # "## Layers\\n\\nScores from 0 to 1.\\n\\n| | `base` | `full` |\\n…"
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fractionate.report.markdown import bullets, table
from fractionate.report.shown import Shown

Row = tuple[str, list[Shown]]
"""A measure's name, and a cell for each column."""


class Part(NamedTuple):
    """One table: its title, a sentence on what it says, its columns and its rows.

    `students` says where students are named; such names stand as they are. `said` are sentences that it comes to.
    """

    title: str
    about: str
    columns: Sequence[str]
    rows: Sequence[Row]
    students: Literal["columns", "rows", "nowhere"] = "columns"
    said: Sequence[str] = ()


def print_part(part: Part, console: Console) -> None:
    """Print the table."""
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", title=part.title)
    grid.add_column("", vertical="top", overflow="fold")
    for column in part.columns:
        grid.add_column(column.replace("_", "\n"), justify="right")
    for name, cells in part.rows:
        grid.add_row(Text(name), *(_text(cell) for cell in cells))
    console.print(grid)
    for sentence in part.said:
        console.print(Text(sentence))
    console.print(Text(part.about, style="dim"))
    console.print()


def in_markdown(part: Part) -> str:
    """The table under its title."""
    head = ["", *(_code(column, part.students == "columns") for column in part.columns)]
    rows = [
        [_code(name, part.students == "rows"), *(cell.inline for cell in cells)] for name, cells in part.rows
    ]
    blocks = [f"## {part.title}", part.about, bullets(part.said), table(head, rows)]
    return "\n\n".join(block for block in blocks if block)


def _code(name: str, is_student: bool) -> str:
    return f"`{name}`" if is_student else name


def _text(shown: Shown) -> Text:
    text = Text(shown.text)
    if shown.small:
        text.append(f"\n{shown.small}", style="dim")
    return text
