"""Pieces of HTML that every page is made of: figures, tables with one column a student, shaded cells, switches.

columns = [Column("base", "#8a8f98"), Column("full", "#0072b2", "reference")]
table("Students", columns, measure_row("Transfer T", "", [Shown("4.6%"), Shown("13.6%", "10.0 to 18.7")]))

Every text that comes from outside is escaped here.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple, Protocol

import plotly.graph_objects as go

from fractionate.formats import MISSING, exists, percent, spread, whole
from fractionate.report.shown import Shown
from fractionate.transfer.statistics import Interval

FAMILIES = {
    "in_format": "In format",
    "style": "Transfer: prompt style",
    "difficulty": "Transfer: difficulty",
    "related": "Transfer: related tasks",
    "at_once": "Answer at once",
}


class Column(NamedTuple):
    """A column of a table: whose it is, its color (none where it is no student), and a remark above its name."""

    name: str
    color: str = ""
    note: str = ""


class Accuracy(Protocol):
    """What an arm did in one cell, over `n` checked answers."""

    @property
    def n(self) -> int:
        """Checked answers."""
        ...

    @property
    def accuracy(self) -> Interval:
        """The share of them that is right."""
        ...


class CellRow(NamedTuple):
    """One cell of the suite, and what each column did in it."""

    cell: str
    family: str
    found: Sequence[Accuracy | None]


class Shaded(NamedTuple):
    """A number, the share from 0 to 1 that it is shaded by, and whether it is the one to look at."""

    shown: Shown
    heat: float | None
    chosen: bool = False


class Panel(NamedTuple):
    """One of several figures of which a switch shows one at a time."""

    key: str
    label: str
    told: str
    figure: go.Figure


def json_inside(text: str) -> str:
    """JSON that may stand inside a script element: no character that could end it."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def figure_block(figure: go.Figure, told: str, key: str = "", hidden: bool = False) -> str:
    """A figure; `told` is what it shows, for who cannot see it, `key` what a switch knows it by."""
    data = json_inside(figure.to_json())
    height = int(figure.layout.height)
    return (
        f'<figure data-key="{escape(key)}"{" hidden" if hidden else ""}>'
        f'<div class="plot" role="img" aria-label="{escape(told)}" style="height:{height}px"></div>'
        f'<script type="application/json">{data}</script></figure>'
    )


def switched(heading: str, label: str, panels: Sequence[Panel]) -> str:
    """A heading, and its figures, of which the first is visible; a switch for the others where there are any."""
    choice = "".join(
        f'<label><input type="radio" name="{escape(label)}" value="{escape(panel.key)}"'
        f"{' checked' if not i else ''}><span>{escape(panel.label)}</span></label>"
        for i, panel in enumerate(panels)
    )
    switch = f'<div class="switch" role="radiogroup" aria-label="{escape(label)}">{choice}</div>'
    drawn = (figure_block(panel.figure, panel.told, panel.key, i > 0) for i, panel in enumerate(panels))
    head = f"<h2>{escape(heading)}</h2>{switch if len(panels) > 1 else ''}"
    return f'<div class="head">{head}</div>{"".join(drawn)}'


def key_of(colors: Mapping[str, str], kind: str = "arm") -> str:
    """What the colors stand for; `kind` is how they are marked: a dot for an arm, a square for a role."""
    marks = "".join(
        f'<span class="{kind}" style="--arm:{color}">{breakable(name)}</span>'
        for name, color in colors.items()
    )
    return f'<p class="key">{marks}</p>'


def table(label: str, columns: Sequence[Column], body: str, kind: str = "") -> str:
    """A table that scrolls sideways where there is no room for it; `body` are its rows."""
    count = len(columns)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="{kind}" style="--arms:{count}"><colgroup><col class="names"><col span="{max(count, 1)}">'
        f"</colgroup><thead><tr><td></td>{''.join(map(_head, columns))}</tr></thead><tbody>{body}</tbody></table>"
        f"</div>"
    )


def _head(column: Column) -> str:
    note = f"<small>{escape(column.note)}</small>" if column.note else ""
    dot = f'<span class="arm" style="--arm:{column.color}">' if column.color else "<span>"
    named = f"{dot}{breakable(column.name)}</span>"
    return f'<th scope="col">{note}{named}</th>'


def group_row(name: str, columns: int) -> str:
    """A heading among the rows."""
    return f'<tr class="group"><th scope="rowgroup">{escape(name)}</th><td colspan="{columns}"></td></tr>'


def measure_row(name: str, meaning: str, cells: Sequence[Shown]) -> str:
    """A measure with its meaning in small, and what each column has of it."""
    about = f"<small>{escape(meaning)}</small>" if meaning else ""
    shown = "".join(f"<td>{_number(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{breakable(name)}{about}</th>{shown}</tr>'


def shaded_row(name: str, meaning: str, cells: Sequence[Shaded]) -> str:
    """A measure whose cells are shaded by a share, those that stand out with a frame."""
    about = f"<small>{escape(meaning)}</small>" if meaning else ""
    shown = "".join(
        f"<td{' class=chosen' if cell.chosen else ''}{_shade(cell.heat)}>{_number(cell.shown)}</td>"
        for cell in cells
    )
    return f'<tr><th scope="row">{breakable(name)}{about}</th>{shown}</tr>'


def _number(shown: Shown) -> str:
    lines = shown.small.split("; ") if shown.small else []  # the interval, and what else there is to say
    kinds = ["" if line[-1:].isdigit() else ' class="wrap"' for line in lines]  # an interval is not broken
    return escape(shown.text) + "".join(
        f"<small{kind}>{escape(line)}</small>" for kind, line in zip(kinds, lines, strict=True)
    )


def cells_table(columns: Sequence[Column], rows: Sequence[CellRow]) -> str:
    """Cells × columns, shaded by accuracy, grouped by family."""
    present = dict.fromkeys(row.family for row in rows)
    body = ""
    for family in [*(f for f in FAMILIES if f in present), *(f for f in present if f not in FAMILIES)]:
        body += group_row(FAMILIES.get(family, family.replace("_", " ")), len(columns))
        for row in (row for row in rows if row.family == family):
            name = f"{breakable(row.cell)}<small>{_checked(row.found)}</small>"
            body += f'<tr><th scope="row">{name}</th>{"".join(map(_heat, row.found))}</tr>'
    return table("Cells", columns, body, "heat")


def _checked(found: Sequence[Accuracy | None]) -> str:
    """The count of checked answers, or its range where it differs between columns."""
    counts = sorted({cell.n for cell in found if cell is not None})
    return f"n {whole(counts[0])}" + (f" to {whole(counts[-1])}" if len(counts) > 1 else "")


def _heat(cell: Accuracy | None) -> str:
    if cell is None or not exists(cell.accuracy.value):
        return f"<td>{MISSING}</td>"
    told = f"{percent(cell.accuracy.value)}, 95% interval {spread(cell.accuracy)}, {cell.n} checked answers"
    return (
        f'<td{_shade(cell.accuracy.value)} title="{escape(told)}">{percent(cell.accuracy.value)}'
        f"<small>{spread(cell.accuracy)}</small></td>"
    )


def _shade(share: float | None) -> str:
    if share is None or not exists(share):
        return ""
    return f' style="--heat:{round(min(max(share, 0.0), 1.0), 3)}"'


def breakable(name: str) -> str:
    """A name that may break after its marks."""
    return "".join(escape(part) + ("<wbr>" if part in "_:?&=+" else "") for part in name)
