"""The page of an evaluation: the tables of `evaluation`, each below its figure, in the frame of all pages.

    write_text(folder / "report.html", evaluation_page(examined))

It says first who transfers and what to hold against that, then what stands behind it. The element `#summary` holds
what `evaluation.json` holds.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

import plotly.graph_objects as go

from fractionate.report.blocks import (
    CellRow,
    Column,
    cells_table,
    figure_block,
    key_of,
    measure_row,
    switched,
    table,
)
from fractionate.report.conclusion import caveats, explanation, remarks, verdict
from fractionate.report.curves import budget_chart, difficulty_charts
from fractionate.report.findings import DIFFICULTY, IMITATION, LAYERS, STYLES, marks
from fractionate.report.forest import layers_chart, styles_chart, transfer_panels
from fractionate.report.imitation import FRAME, NARROW, correlation, correlation_told, imitation_svg
from fractionate.report.overview import BUDGETS, CELLS, STUDENTS, parts
from fractionate.report.page import framed, template
from fractionate.report.palette import student_colors
from fractionate.report.parts import Part
from fractionate.study.examine import Examined

Colors = Mapping[str, str]


def evaluation_page(examined: Examined, record: Mapping[str, Any]) -> str:
    """The whole page as HTML text; `record` is what it says as JSON values."""
    colors = student_colors([arm.arm for arm in examined.found.arms], examined.untouched)
    first, *others = [_section(examined, part, colors) for part in parts(examined)]
    body = template("evaluation.html").substitute(
        suite=escape(examined.suite.title),
        about=escape(examined.suite.about),
        verdict=escape(verdict(examined)),
        explanation=escape(explanation(examined)),
        remarks=_list(remarks(examined)),
        students=first,
        caveats=_list(caveats(examined)),
        parts="".join(others),
        asked=escape(examined.asked),
    )
    return framed(f"Suite {examined.suite.title}", body, json.dumps(record, ensure_ascii=False))


def _list(sentences: Iterable[str]) -> str:
    return f'<ul class="facts">{"".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)}</ul>'


def _section(examined: Examined, part: Part, colors: Colors) -> str:
    """A table under its figure, where it has one."""
    head = DRAWN[part.title](examined, colors) if part.title in DRAWN else f"<h2>{escape(part.title)}</h2>"
    about = f'<p class="note">{escape(part.about)}</p>'
    return f"<section>{head}{about}{_table(examined, part, colors)}</section>"


def _table(examined: Examined, part: Part, colors: Colors) -> str:
    """As in Markdown; that of the cells is shaded."""
    columns = [
        Column(name, colors[arm], "reference" if arm == examined.reference else "")
        for name in part.columns
        for arm in [examined.arm_of.get(name, name)]
    ]
    if part.title == CELLS:
        return cells_table(columns, _cell_rows(examined))
    body = "".join(measure_row(name, "", cells) for name, cells in part.rows)
    return table(part.title, columns, body, "lead" if part.title == STUDENTS else "")


def _cell_rows(examined: Examined) -> list[CellRow]:
    arms = examined.found.arms
    return [
        CellRow(cell, found.family, [arm.cells.get(cell) for arm in arms])
        for cell, found in arms[0].cells.items()
    ]


Drawn = Callable[[Examined, Colors], str]
"""A heading with a figure below it."""


def _students(examined: Examined, colors: Colors) -> str:
    return switched(STUDENTS, "What is drawn", transfer_panels(examined.found, colors))


def _one(title: str, chart: Callable[[Examined, Colors], go.Figure | None], told: str, note: str) -> Drawn:
    """A heading, the key of the colors, and one figure with a note, where there is something to draw."""

    def drawn(examined: Examined, colors: Colors) -> str:
        figure = chart(examined, colors)
        head = f"<h2>{escape(title)}</h2>"
        if figure is None:
            return head
        return f'{head}{key_of(colors)}{figure_block(figure, told)}<p class="note">{escape(note)}</p>'

    return drawn


def _difficulty(examined: Examined, colors: Colors) -> str:
    panels = "".join(
        f"<div><h3>{escape(dial)}</h3>{figure_block(figure, f'Accuracy against {dial}')}</div>"
        for dial, figure in difficulty_charts(examined, colors).items()
    )
    return f'<h2>{DIFFICULTY}</h2>{key_of(colors)}<div class="panels">{panels}</div>'


def _imitation(examined: Examined, colors: Colors) -> str:
    marked = marks(examined)
    by_name = {mark.name: colors[examined.arm_of[mark.name]] for mark in marked}
    wide, narrow = (imitation_svg(marked, by_name, frame) for frame in (FRAME, NARROW))
    return (
        f'<h2>{IMITATION}</h2><figure class="wide">{wide}</figure><figure class="narrow">{narrow}</figure>'
        f'<p class="note">{escape(correlation_told(correlation(marked)))}</p>'
    )


DRAWN: dict[str, Drawn] = {
    STUDENTS: _students,
    STYLES: _one(
        STYLES,
        styles_chart,
        "Accuracy of each student under each prompt style",
        "The style that costs all students together most stands last; as trained are the same questions unchanged.",
    ),
    DIFFICULTY: _difficulty,
    BUDGETS: _one(
        BUDGETS,
        budget_chart,
        "Accuracy against the tokens that an answer may take",
        "Bands are 95% intervals.",
    ),
    LAYERS: _one(
        LAYERS,
        layers_chart,
        "Score of each student in each layer of reasoning",
        "A gray bar is what a student without the layer scores.",
    ),
    IMITATION: _imitation,
}
