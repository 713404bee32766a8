"""Figures in rows: T of each student, the differences, accuracy by style, and the layers.

    figure = transfer_chart(examined.found, colors)   # a row a student: T with its interval
    figure.write_html("transfer.html")

A student is a color everywhere; whiskers are 95% intervals. `colors` are by the students' labels.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from fractionate.formats import decimal, exists, percent
from fractionate.report.blocks import Panel
from fractionate.report.layout import FAINT, layout, plain, whiskers
from fractionate.report.scales import ends
from fractionate.report.shown import difference, share
from fractionate.study.examine import Examined
from fractionate.transfer.layers import LayerScore
from fractionate.transfer.statistics import Estimates, Interval

Colors = Mapping[str, str]
AS_TRAINED = "as trained"
"""The questions in the format of the training data."""
ROW, STYLE, POINT, LINE = 46, 24, 5, 15
"""Pixels of a student with its name above it, of a style at least, and of a student among others on a row."""
ROOM = 36
"""Characters of a line that a phone has room for."""


class Mark(NamedTuple):
    """One row: its name with a note above it, what it lies at, and what is told of it where the pointer is."""

    name: str
    note: str
    at: Interval
    color: str
    told: str


def in_rows(marks: Sequence[Mark], title: str, *, guide: float | None = None, suffix: str = "") -> go.Figure:
    """Intervals one below the other, in percent or points; `guide` is where a line stands to compare with."""
    figure = go.Figure()
    reached = [] if guide is None else [guide]
    if guide is not None:
        _guide(figure, guide)
    for row, mark in enumerate(marks):
        _named(figure, row, mark.name, mark.note)
        _point(figure, mark.at, row, mark.color, f"<b>{plain(mark.name)}</b><br>{mark.told}")
        reached += ends(mark.at)
    return _rows(figure, len(marks), title, reached, suffix)


def transfer_panels(found: Estimates, colors: Colors) -> list[Panel]:
    """T of each student, and where several are compared its difference to the reference's."""
    panels = [Panel("t", "Transfer T", "Transfer T of each student", transfer_chart(found, colors))]
    if (compared := difference_chart(found, colors)) is not None:
        panels.append(Panel("difference", "Difference", "T of each student minus the reference's", compared))
    return panels


def transfer_chart(found: Estimates, colors: Colors) -> go.Figure:
    """T of each student, one below the other; a line where the reference stands."""
    arms = [arm for arm in found.arms if exists(arm.transfer.value)]
    marks = [
        Mark(
            arm.arm, ", ".join([percent(arm.transfer.value)] + ["reference"] * (arm.arm == found.reference)),
            arm.transfer, colors[arm.arm], f"T {share(arm.transfer).inline}",
        )
        for arm in arms
    ]  # fmt: skip
    guide = next((100 * arm.transfer.value for arm in arms if arm.arm == found.reference), None)
    return in_rows(marks, "Transfer T", guide=guide, suffix="%")


def difference_chart(found: Estimates, colors: Colors) -> go.Figure | None:
    """T minus the reference's T, in points, and the line of no difference; None where nobody is compared."""
    marks = [
        Mark(arm.arm, shown.text, arm.difference, colors[arm.arm], f"{shown.inline} points")
        for arm in found.arms
        if arm.difference is not None
        for shown in [difference(arm.difference)]
    ]
    if not marks:
        return None
    return in_rows(marks, f"T minus the T of {plain(found.reference)}, points", guide=0.0)


def styles_chart(examined: Examined, colors: Colors) -> go.Figure | None:
    """Accuracy under each style, the hardest last; above them the same questions as in training."""
    if not examined.styles:
        return None
    reports = [arm.arm for arm in examined.found.arms]
    found: dict[str, dict[str, Interval]] = {}
    for of_arms in examined.styles.values():
        for arm, report in of_arms.items():
            if report.plain is not None:
                found.setdefault(AS_TRAINED, {})[arm] = report.plain
            for style, accuracy in report.styles.items():
                found.setdefault(style.removeprefix("style: "), {})[arm] = accuracy
    order = sorted(found, key=lambda s: (s != AS_TRAINED, -sum(_values(found[s].values()))))
    reached = [100 * value for accuracies in found.values() for value in _values(accuracies.values())]
    figure = go.Figure()
    for arm, beside in zip(reports, _beside(len(reports), 0.5), strict=True):
        points = [(row, found[style].get(arm)) for row, style in enumerate(order)]
        known = [
            (row, accuracy) for row, accuracy in points if accuracy is not None and exists(accuracy.value)
        ]
        figure.add_scatter(
            x=[100 * accuracy.value for _, accuracy in known],
            y=[row + beside for row, _ in known],
            mode="markers",
            name=plain(arm),
            marker={"color": colors[arm], "size": 9},
            hovertemplate=[
                f"<b>{plain(arm)}</b>, {plain(order[row])}<br>{share(accuracy).inline}<extra></extra>"
                for row, accuracy in known
            ],
        )
    figure.update_layout(**layout(60 + max(STYLE, POINT * len(reports)) * len(order)), showlegend=False)
    figure.update_xaxes(title_text="Accuracy", ticksuffix="%", showgrid=True, range=_around([0.0, *reached]))
    return _labelled(figure, order)


def _labelled(figure: go.Figure, rows: Sequence[str]) -> go.Figure:
    """With a name at each row, from above."""
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=[plain(row) for row in rows], ticksuffix="  ",
        range=[len(rows) - 0.5, -0.5], showgrid=False,
    )  # fmt: skip
    for row in range(1, len(rows)):
        figure.add_hline(y=row - 0.5, line={"color": FAINT, "width": 0.6}, opacity=0.4, layer="below")
    return figure


def _beside(count: int, room: float) -> list[float]:
    """Where students stand on a row, from its middle."""
    return [room * ((place + 0.5) / count - 0.5) for place in range(count)]


def _values(intervals: Iterable[Interval]) -> list[float]:
    return [i.value for i in intervals if exists(i.value)]


def layers_chart(examined: Examined, colors: Colors) -> go.Figure | None:
    """Each layer's scores, one student below the other; a bar is what a student without the layer scores."""
    found = {name: findings.layers for name, findings in examined.findings.items() if findings.layers}
    layers = list(dict.fromkeys(layer for scores in found.values() for layer in scores))
    if not layers:
        return None
    figure = go.Figure()
    for (name, scores), beside in zip(found.items(), _beside(len(found), 0.72), strict=True):
        judged = [(layers.index(layer) + beside, score) for layer, score in scores.items() if score.n]
        _scores(figure, name, judged, colors[examined.arm_of[name]])
    figure.update_layout(**layout(60 + len(layers) * (len(found) * LINE + 18)), showlegend=False)
    figure.update_xaxes(title_text="Score", range=[-0.02, 1.02], showgrid=True)
    return _labelled(figure, layers)


def _scores(figure: go.Figure, name: str, rows: Sequence[tuple[float, LayerScore]], color: str) -> None:
    trivial = [(at, score.trivial) for at, score in rows if score.trivial is not None]
    figure.add_scatter(
        x=[score for _, score in trivial],
        y=[at for at, _ in trivial],
        mode="markers",
        marker={"symbol": "line-ns", "size": LINE - 2, "line": {"width": 2, "color": FAINT}},
        hoverinfo="skip",
    )
    values = [score.value for _, score in rows]
    figure.add_scatter(
        x=[value for value, _, _ in values],
        y=[at for at, _ in rows],
        mode="markers",
        name=plain(name),
        marker={"color": color, "size": 9},
        error_x=whiskers(values, color),
        hovertemplate=[f"<b>{plain(name)}</b>, {_layer_told(score)}<extra></extra>" for _, score in rows],
    )


def _layer_told(score: LayerScore) -> str:
    value, low, high = map(decimal, score.value)
    without = "" if score.trivial is None else f"<br>without the layer {decimal(score.trivial)}"
    return f"{plain(score.name)}<br>{value} ({low} to {high}), {score.n} answers{without}"


def _guide(figure: go.Figure, at: float) -> None:
    figure.add_vline(x=at, line={"color": FAINT, "width": 1.2, "dash": "dash"}, layer="below")


def _named(figure: go.Figure, row: int, name: str, note: str) -> None:
    """A student's name above its row: beside it there is no room on a phone."""
    most = ROOM - len(note)
    short = name if len(name) <= most else f"{name[: most - 1]}…"
    figure.add_annotation(
        x=0, xref="paper", y=row, yshift=6, text=f"<b>{plain(short)}</b> {note}", xanchor="left", yanchor="bottom",
        showarrow=False,
    )  # fmt: skip


def _point(figure: go.Figure, interval: Interval, row: int, color: str, told: str) -> None:
    reached = ends(interval)
    figure.add_scatter(
        x=[reached[0]],
        y=[row],
        mode="markers",
        marker={"color": color, "size": 11},
        error_x=whiskers([reached], color, 2),
        hovertemplate=told + "<extra></extra>",
    )


def _rows(figure: go.Figure, rows: int, title: str, reached: Sequence[float], suffix: str) -> go.Figure:
    figure.update_layout(**layout(64 + ROW * rows), showlegend=False)
    figure.update_xaxes(title_text=title, ticksuffix=suffix, showgrid=True, range=_around(reached))
    figure.update_yaxes(range=[rows - 0.6, -0.8], visible=False)
    return figure


def _around(reached: Sequence[float]) -> list[float]:
    """An axis on which all of it has room."""
    low, high = min(reached, default=0.0), max(reached, default=1.0)
    room = max(0.04 * (high - low), 0.5)
    return [low - room, high + room]
