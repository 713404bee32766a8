"""A finished study, drawn: the self-contained page and the terminal table.

    write_page(folder / "report.html", summary)
    print_table(summary, rich.console.Console())

Both read a `fractionate.study.summary.Summary` and compute nothing of their own.
"""

from fractionate.report.markdown import markdown
from fractionate.report.page import render_page, write_page
from fractionate.report.table import print_table

__all__ = ["markdown", "print_table", "render_page", "write_page"]
