"""The page: one HTML file that holds everything, opens offline, prints, and follows the reader's light or dark.

    write_page(Path("studies/first/report.html"), summary)

What all pages share is `frame.html` beside this module; the drawing library is inlined once. The numbers stand in the
page as JSON too: the element `#summary` holds the whole record, and `fractionate.storage.from_json` reads it back.
"""

from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from plotly.offline import get_plotlyjs

from fractionate.report import sections
from fractionate.report.blocks import json_inside
from fractionate.storage import to_json, write_text
from fractionate.study.summary import Summary


def render_page(summary: Summary) -> str:
    """The whole page of a study as HTML text, about 5 MB of which the drawing library is nearly all."""
    body = template("study.html").substitute(
        name=escape(summary.name),
        question=escape(summary.question),
        verdict=escape(summary.verdict),
        explanation=escape(summary.explanation),
        comparison=sections.comparison(summary),
        figures=sections.figures(summary),
        arms=sections.arms_table(summary),
        cells=sections.cells(summary),
        samples=sections.samples(summary),
    )
    return framed(summary.name, body, to_json(summary))


def write_page(path: Path, summary: Summary) -> None:
    """Write the page of a study to `path`, whole or not at all; missing folders are made."""
    write_text(path, render_page(summary))


def framed(title: str, body: str, record: str) -> str:
    """A page around `body` (HTML); `record` is its content as JSON."""
    return template("frame.html").substitute(
        title=escape(title), body=body, record=json_inside(record), plotly=get_plotlyjs()
    )


@cache
def template(name: str) -> Template:
    """A file of HTML beside this module, with `$places` for what differs."""
    return Template(files("fractionate.report").joinpath(name).read_text(encoding="utf-8"))
