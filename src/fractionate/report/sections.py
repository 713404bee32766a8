"""The blocks of the page: each takes a `Summary` and gives HTML in which every text is escaped."""

from collections.abc import Iterable, Sequence
from html import escape

import plotly.graph_objects as go

from fractionate.report.figures import COSTS, Spent, shares_figure, transfer_figure
from fractionate.report.formats import MISSING, exists, percent, spread, whole
from fractionate.report.measures import GROUPS, Shown, told
from fractionate.report.palette import arm_colors, role_colors
from fractionate.study.summary import CellSummary, Sample, Summary

FAMILIES = {
    "in_format": "In format",
    "style": "Transfer: prompt style",
    "difficulty": "Transfer: difficulty",
    "related": "Transfer: related tasks",
    "at_once": "Answer at once",
}
MARKS = {True: ("right", "✓"), False: ("wrong", "✗"), None: ("unchecked", "?")}


def json_inside(text: str) -> str:
    """JSON that may stand inside a script element: no character that could end it."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


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
    choice = "".join(
        f'<label><input type="radio" name="cost" value="{cost.key}"{" checked" if not i else ""}>'
        f"<span>{escape(cost.label)}</span></label>"
        for i, cost in enumerate(drawn)
    )
    panels = "".join(
        _figure(
            transfer_figure(summary, cost), f"Transfer T of each arm against {cost.label}", cost.key, i > 0
        )
        for i, cost in enumerate(drawn)
    )
    switch = (
        f'<div class="switch" role="radiogroup" aria-label="Cost">{choice}</div>' if len(drawn) > 1 else ""
    )
    block = f'<div class="head"><h2>Transfer against cost</h2>{switch}</div>{panels}{CAPTION}'
    return block + _spent(summary, "loss") + _spent(summary, "gradient")


def _spent(summary: Summary, of: Spent) -> str:
    bars = shares_figure(summary, of)
    if bars is None:
        return ""
    drawn = _figure(bars, f"Share of the {of} by role")
    return f"<h3>What the {of} was spent on</h3>{_role_key(summary)}{drawn}"


CAPTION = (
    '<p class="note">Bars are 95% intervals; the diamond is the reference, the dashed line with its band the '
    "untrained student. Arms of nearly equal cost are drawn side by side.</p>"
)


def _role_key(summary: Summary) -> str:
    roles = "".join(
        f'<span class="role" style="--arm:{color}">{escape(role.replace("_", " "))}</span>'
        for role, color in role_colors(summary).items()
    )
    return f'<p class="key">{roles}</p>'


def _figure(figure: go.Figure, told: str, key: str = "", hidden: bool = False) -> str:
    data = json_inside(figure.to_json())
    height = int(figure.layout.height)
    return (
        f'<figure data-key="{key}"{" hidden" if hidden else ""}>'
        f'<div class="plot" role="img" aria-label="{escape(told)}" style="height:{height}px"></div>'
        f'<script type="application/json">{data}</script></figure>'
    )


def arms_table(summary: Summary) -> str:
    """Measures × arms, in groups; below them what some mean together."""
    body = ""
    for group, measures in GROUPS.items():
        body += _group_row(group, len(summary.arms))
        for measure in measures:
            shown = [measure.show(arm) for arm in summary.arms]
            if not told(shown):
                continue
            meaning = f"<small>{escape(measure.meaning)}</small>" if measure.meaning else ""
            name = escape(measure.name) + meaning
            cells = "".join(f"<td>{_shown(s)}</td>" for s in shown)
            body += f'<tr><th scope="row">{name}</th>{cells}</tr>'
    return _table("Arms", summary, body) + "".join(
        f'<p class="note">{escape(note)}.</p>' for note in summary.notes
    )


def cells_table(summary: Summary) -> str:
    """Cells × arms, shaded by accuracy, grouped by family."""
    found = {(c.cell, c.arm): c for c in summary.cells}
    families = {c.cell: c.family for c in summary.cells}
    known = [f for f in FAMILIES if f in families.values()]
    body = ""
    for family in dict.fromkeys([*known, *families.values()]):
        body += _group_row(FAMILIES.get(family, family.replace("_", " ")), len(summary.arms))
        for cell in (c for c, its in families.items() if its == family):
            row = [found.get((cell, arm.arm)) for arm in summary.arms]
            name = f"{_breakable(cell)}<small>{_checked(row)}</small>"
            body += f'<tr><th scope="row">{name}</th>{"".join(map(_heat, row))}</tr>'
    return _table("Cells", summary, body, "heat")


def _checked(row: Sequence[CellSummary | None]) -> str:
    """The count of checked answers, or its range where it differs between arms."""
    counts = sorted({cell.n for cell in row if cell is not None})
    return f"n {whole(counts[0])}" + (f" to {whole(counts[-1])}" if len(counts) > 1 else "")


def _heat(cell: CellSummary | None) -> str:
    if cell is None or not exists(cell.accuracy.value):
        return f"<td>{MISSING}</td>"
    told = f"{percent(cell.accuracy.value)}, 95% interval {spread(cell.accuracy)}, {cell.n} checked answers"
    shade = round(min(max(cell.accuracy.value, 0.0), 1.0), 3)
    return (
        f'<td style="--heat:{shade}" title="{escape(told)}">{percent(cell.accuracy.value)}'
        f"<small>{spread(cell.accuracy)}</small></td>"
    )


def _shown(shown: Shown) -> str:
    lines = shown.small.split("; ") if shown.small else []  # the interval, and what else there is to say
    kinds = ["", *[' class="wrap"'] * len(lines)]
    return escape(shown.text) + "".join(
        f"<small{kind}>{escape(line)}</small>" for kind, line in zip(kinds, lines, strict=False)
    )


def _arm_heads(summary: Summary) -> str:
    colors = arm_colors(summary)
    return "".join(
        f'<th scope="col">{"<small>reference</small>" if a.arm == summary.reference else ""}'
        f'<span class="arm" style="--arm:{colors[a.arm]}">{_breakable(a.arm)}</span></th>'
        for a in summary.arms
    )


def _breakable(name: str) -> str:
    return escape(name).replace("_", "_<wbr>").replace(":", ":<wbr>")


def _group_row(name: str, arms: int) -> str:
    return f'<tr class="group"><th scope="rowgroup">{escape(name)}</th><td colspan="{arms}"></td></tr>'


def _table(label: str, summary: Summary, body: str, kind: str = "") -> str:
    arms = len(summary.arms)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="{kind}" style="--arms:{arms}"><colgroup><col class="names"><col span="{max(arms, 1)}">'
        f"</colgroup><thead><tr><td></td>{_arm_heads(summary)}</tr></thead><tbody>{body}</tbody></table></div>"
    )


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
