"""The page: one HTML file that holds everything, opens offline, prints, and follows the reader's light or dark.

    write_page(Path("studies/first/report.html"), summary)

Its frame is `page.html` beside this module; the drawing library is inlined once. The numbers stand in the page
as JSON too: the element `#summary` holds the whole record, and `fractionate.storage.from_json` reads it back.
"""

from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from plotly.offline import get_plotlyjs

from fractionate.report import sections
from fractionate.storage import to_json, write_text
from fractionate.study.summary import Summary


def render_page(summary: Summary) -> str:
    """The whole page as HTML text, about 5 MB of which the drawing library is nearly all."""
    return _frame().substitute(
        name=escape(summary.name),
        question=escape(summary.question),
        verdict=escape(summary.verdict),
        explanation=escape(summary.explanation),
        comparison=sections.comparison(summary),
        figures=sections.figures(summary),
        arms=sections.arms_table(summary),
        cells=sections.cells_table(summary),
        samples=sections.samples(summary),
        summary=sections.json_inside(to_json(summary)),
        plotly=get_plotlyjs(),
    )


def write_page(path: Path, summary: Summary) -> None:
    """Write the page to `path`, whole or not at all; missing folders are made."""
    write_text(path, render_page(summary))


@cache
def _frame() -> Template:
    return Template(files("fractionate.report").joinpath("page.html").read_text(encoding="utf-8"))
