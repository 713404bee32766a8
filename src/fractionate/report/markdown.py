"""The summary as Markdown: the table of arms, all five costs and the cells, to keep beside the code.

write_text(Path("docs/results/first.md"), markdown(summary))
"""

from collections.abc import Iterable, Sequence

from fractionate.formats import percent, spread
from fractionate.report.measures import GROUPS
from fractionate.report.shown import told
from fractionate.study.summary import Summary


def markdown(summary: Summary) -> str:
    """Verdict, what was compared, and the two tables."""
    facts = "".join(f"- {fact}.\n" for fact in _told(summary))
    notes = "".join(f"{note}.\n\n" for note in summary.notes)
    return (
        f"**{summary.verdict}** {summary.explanation}\n\n{facts}\n"
        f"{_arms(summary)}\n\n{notes}Accuracy by cell, 95% intervals:\n\n{_cells(summary)}\n"
    )


def _told(summary: Summary) -> list[str]:
    return [
        f"Student: {summary.student}",
        f"Data: {summary.data}",
        f"Held equal: {summary.held_equal}",
        *summary.facts,
    ]


def _arms(summary: Summary) -> str:
    header = ["", *(f"`{a.arm}`" for a in summary.arms)]
    rows = [
        [measure.name, *(s.inline for s in shown)]
        for group in GROUPS.values()
        for measure in group
        for shown in [[measure.show(arm) for arm in summary.arms]]
        if told(shown)
    ]
    return table(header, rows)


def _cells(summary: Summary) -> str:
    names = [a.arm for a in summary.arms]
    known = {(c.cell, c.arm): c for c in summary.cells}
    cells = dict.fromkeys((c.cell, c.family) for c in summary.cells)
    rows = []
    for cell, family in cells:
        found = [known.get((cell, name)) for name in names]
        counts = sorted({c.n for c in found if c is not None})
        shown = [
            f"{percent(c.accuracy.value)} ({spread(c.accuracy)})" if c is not None else "" for c in found
        ]
        rows.append([cell, family, "/".join(map(str, counts)), *shown])
    return table(["cell", "family", "n", *(f"`{n}`" for n in names)], rows)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose numbers stand to the right."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def bullets(sentences: Iterable[str]) -> str:
    """A Markdown list."""
    return "\n".join(f"- {sentence}" for sentence in sentences)
