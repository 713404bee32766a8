"""The blocks of a study's page: each takes a `Summary` and gives HTML in which every text is escaped."""

from collections.abc import Iterable
from html import escape

from fractionate.report.blocks import (
    CellRow,
    Column,
    Panel,
    cells_table,
    figure_block,
    group_row,
    key_of,
    measure_row,
    switched,
    table,
)
from fractionate.report.figures import COSTS, Spent, shares_figure, transfer_figure
from fractionate.report.measures import GROUPS
from fractionate.report.palette import arm_colors, role_colors
from fractionate.report.shown import told
from fractionate.study.summary import Sample, Summary

MARKS = {True: ("right", "✓"), False: ("wrong", "✗"), None: ("unchecked", "?")}
CAPTION = (
    '<p class="note">Bars are 95% intervals; the diamond is the reference, the dashed line with its band the '
    "untrained student. Arms of nearly equal cost are drawn side by side.</p>"
)


def comparison(summary: Summary) -> str:
    """What was compared and what was held equal, as a list of terms; the facts below it."""
    told = (
        ("Student", summary.student),
        ("Data", summary.data),
        ("Held equal", summary.held_equal),
        ("Reference", summary.reference),
    )
    terms = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in told if value)
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in summary.facts)
    return f'<dl class="terms">{terms}</dl>' + (f'<ul class="facts">{facts}</ul>' if facts else "")


def figures(summary: Summary) -> str:
    """Transfer against each cost, one visible at a time, and what training was spent on by role."""
    drawn = [cost for cost in COSTS if any(cost.of(arm) > 0 for arm in summary.arms)] or [*COSTS[:1]]
    panels = [
        Panel(c.key, c.label, f"Transfer T of each arm against {c.label}", transfer_figure(summary, c))
        for c in drawn
    ]
    block = switched("Transfer against cost", "Cost", panels) + CAPTION
    return block + _spent(summary, "loss") + _spent(summary, "gradient")


def _spent(summary: Summary, of: Spent) -> str:
    bars = shares_figure(summary, of)
    if bars is None:
        return ""
    roles = {role.replace("_", " "): color for role, color in role_colors(summary).items()}
    drawn = figure_block(bars, f"Share of the {of} by role")
    return f"<h3>What the {of} was spent on</h3>{key_of(roles, 'role')}{drawn}"


def arms_table(summary: Summary) -> str:
    """Measures × arms, in groups; below them what some mean together."""
    body = ""
    for group, measures in GROUPS.items():
        body += group_row(group, len(summary.arms))
        for measure in measures:
            shown = [measure.show(arm) for arm in summary.arms]
            body += measure_row(measure.name, measure.meaning, shown) if told(shown) else ""
    return table("Arms", _columns(summary), body) + "".join(
        f'<p class="note">{escape(note)}.</p>' for note in summary.notes
    )


def cells(summary: Summary) -> str:
    """Cells × arms."""
    found = {(c.cell, c.arm): c for c in summary.cells}
    families = {c.cell: c.family for c in summary.cells}
    return cells_table(
        _columns(summary),
        [CellRow(c, family, [found.get((c, a.arm)) for a in summary.arms]) for c, family in families.items()],
    )


def _columns(summary: Summary) -> list[Column]:
    colors = arm_colors(summary)
    return [
        Column(a.arm, colors[a.arm], "reference" if a.arm == summary.reference else "") for a in summary.arms
    ]


def samples(summary: Summary) -> str:
    """One closed block a sample: its prompt, the right answer, and every arm's whole response."""
    if not summary.samples:
        return '<p class="note">No samples were kept.</p>'
    return "".join(_sample(sample, arm_colors(summary)) for sample in summary.samples)


def _sample(sample: Sample, colors: dict[str, str]) -> str:
    marks = "".join(_mark(right, arm) for arm, (_, right) in sample.responses.items())
    blocks = "".join(
        f'<div class="response"><h4><span class="arm" style="--arm:{colors.get(arm, "gray")}">{escape(arm)}</span>'
        f"{_mark(right)}</h4><pre>{escape(text)}</pre></div>"
        for arm, (text, right) in sample.responses.items()
    )
    return (
        f'<details><summary><span class="cell">{escape(sample.cell)}</span>'
        f'<span class="prompt">{escape(_first(sample.prompt.splitlines()))}</span>'
        f'<span class="marks">{marks}</span></summary>'
        f"<h4>Prompt</h4><pre>{escape(sample.prompt)}</pre>"
        f"<h4>Right answer</h4><pre>{escape(sample.gold)}</pre>{blocks}</details>"
    )


def _first(lines: Iterable[str]) -> str:
    return next((line for line in lines if line.strip()), "")


def _mark(right: bool | None, arm: str = "") -> str:
    word, sign = MARKS[right]
    told = f"{arm}: {word}" if arm else word
    written = sign if arm else f"{sign} {word}"
    return f'<span class="mark {word}" title="{escape(told)}">{written}</span>'
