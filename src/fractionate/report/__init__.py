"""What was found, drawn: self-contained pages and terminal tables of a study and of an evaluation.

    write_page(folder / "report.html", summary)
    print_table(summary, rich.console.Console())

Those read a `fractionate.study.summary.Summary`, and `fractionate.report.evaluation` a
`fractionate.study.examine.Examined`; neither computes anything of its own.
"""

from fractionate.report.markdown import markdown
from fractionate.report.page import render_page, write_page
from fractionate.report.table import print_table

__all__ = ["markdown", "print_table", "render_page", "write_page"]
