"""An evaluation in the terminal, as a page, as Markdown and as JSON: the same tables, one column a student.

print_evaluation(examined, rich.console.Console())
write_evaluation(examined, Path("runs/evaluate-transfer"))
"""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from fractionate.report.conclusion import caveats, explanation, remarks, verdict
from fractionate.report.evaluation_page import evaluation_page
from fractionate.report.findings import marks
from fractionate.report.imitation import imitation_svg, imitation_table
from fractionate.report.markdown import bullets
from fractionate.report.overview import parts
from fractionate.report.parts import in_markdown, print_part
from fractionate.storage import plain_json, write_text
from fractionate.study.examine import Examined


def print_evaluation(examined: Examined, console: Console) -> None:
    """Print the tables."""
    for part in parts(examined):
        print_part(part, console)
    for line in [verdict(examined), *remarks(examined), *caveats(examined)]:
        console.print(Text(line))


def markdown_of(examined: Examined) -> str:
    """The tables, after what they are of."""
    blocks = [
        f"Suite **{examined.suite.title}**, items `{examined.asked}`.",
        f"**{verdict(examined)}** {' '.join([explanation(examined), *remarks(examined)])}",
        f"## What to hold against it\n\n{bullets(caveats(examined))}",
        *map(in_markdown, parts(examined)),
    ]
    if marked := marks(examined):
        blocks.append(f"## Imitation and transfer\n\n{imitation_table(marked)}")
    return "\n\n".join(blocks) + "\n"


def write_evaluation(examined: Examined, folder: Path) -> None:
    """Write `report.html`, `evaluation.md`, `evaluation.json` and, where the teacher's traces are known, the plot of
    imitation and transfer as `imitation.svg`.
    """
    write_text(
        folder / "evaluation.json", json.dumps(as_plain(examined), indent=2, ensure_ascii=False) + "\n"
    )
    write_text(folder / "evaluation.md", markdown_of(examined))
    write_text(folder / "report.html", evaluation_page(examined, as_plain(examined)))
    if drawn := marks(examined):
        write_text(folder / "imitation.svg", imitation_svg(drawn))


def as_plain(examined: Examined) -> dict[str, Any]:
    """Everything as JSON values; a number that does not exist is null, an interval a list of its value and ends."""
    told = {
        "suite": examined.suite.name,
        "version": examined.suite.version,
        "items": examined.asked,
        "reference": examined.reference,
        "students": examined.found.arms,
        "margin": examined.margin,
        "comparisons": examined.comparisons,
        "effort": examined.efforts,
        "styles": examined.styles,
        "unchanged": examined.unchanged,
        "curves": examined.curves,
        "findings": examined.findings,
        "adaptability": examined.adaptability,
        "skipped": examined.skipped,
        "notes": examined.notes,
    }
    plain: dict[str, Any] = plain_json(told)
    return plain
