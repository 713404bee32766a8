"""An evaluation in curves: accuracy against difficulty, and against the tokens that an answer may take.

    difficulty_charts(examined, colors)["depth"].write_html("depth.html")

Points are of one student and one color; whiskers and bands are 95% intervals.
"""

from collections.abc import Sequence

import plotly.graph_objects as go

from fractionate.formats import exists
from fractionate.report.forest import AS_TRAINED, Colors
from fractionate.report.layout import layout, plain, whiskers
from fractionate.report.scales import ends
from fractionate.report.shown import share
from fractionate.study.examine import Examined
from fractionate.transfer.effort import AtBudget
from fractionate.transfer.statistics import Interval

PANEL, BUDGET = 230, 320
"""Pixels of height of a dial's figure, and of that of the budgets."""
BESIDE = 0.05
"""How far apart students stand, of the distance of two values."""


def difficulty_charts(examined: Examined, colors: Colors) -> dict[str, go.Figure]:
    """By dial, accuracy against its value; before them what the student can do as it was trained."""
    trained = {arm.arm: arm.in_format for arm in examined.found.arms if arm.in_format is not None}
    found = {}
    for dial, curves in examined.curves.items():
        values = dict.fromkeys(f"{point.value:g}" for curve in curves.values() for point in curve)
        figure = go.Figure()
        for place, (arm, curve) in enumerate(curves.items()):
            points = [(f"{point.value:g}", point.accuracy) for point in curve]
            if arm in trained:
                points = [(AS_TRAINED, trained[arm]), *points]
            _line(figure, arm, points, colors[arm], [AS_TRAINED, *values], place - (len(curves) - 1) / 2)
        labels = [AS_TRAINED, *values] if trained else [*values]
        figure.update_layout(**layout(PANEL), showlegend=False)
        shift = 0 if trained else 1
        figure.update_xaxes(
            tickvals=[i + shift for i in range(len(labels))],
            ticktext=labels,
            range=[shift - 0.4, len(values) + 0.4],
        )
        figure.update_yaxes(ticksuffix="%", rangemode="tozero", nticks=5)
        found[dial] = figure
    return found


def _line(
    figure: go.Figure,
    arm: str,
    points: Sequence[tuple[str, Interval]],
    color: str,
    places: Sequence[str],
    beside: float,
) -> None:
    """Points joined by a line, moved a little to the side so that whiskers do not cover each other."""
    known = [(label, accuracy) for label, accuracy in points if exists(accuracy.value)]
    reached = [ends(accuracy) for _, accuracy in known]
    figure.add_scatter(
        x=[places.index(label) + BESIDE * beside for label, _ in known],
        y=[value for value, _, _ in reached],
        mode="lines+markers",
        name=plain(arm),
        line={"color": color, "width": 1.6},
        marker={"color": color, "size": 8},
        cliponaxis=False,
        error_y=whiskers(reached, color),
        hovertemplate=[
            f"<b>{plain(arm)}</b>, {label}<br>{share(a).inline}<extra></extra>" for label, a in known
        ],
    )


def budget_chart(examined: Examined, colors: Colors) -> go.Figure | None:
    """Accuracy if every answer may take so many tokens at most."""
    curves = {arm: effort.curve for arm, effort in examined.efforts.items() if effort.curve}
    if not curves:
        return None
    figure = go.Figure()
    for arm, curve in curves.items():
        _band(figure, arm, [point for point in curve if exists(point.accuracy.value)], colors[arm])
    budgets = sorted({point.tokens for curve in curves.values() for point in curve})
    figure.update_layout(**layout(BUDGET), showlegend=False)
    figure.update_xaxes(
        title_text="Tokens an answer may take",
        type="log",
        tickvals=budgets,
        ticktext=[f"{b}" for b in budgets],
    )
    figure.update_yaxes(title_text="Accuracy", ticksuffix="%", rangemode="tozero")
    return figure


def _band(figure: go.Figure, arm: str, points: Sequence[AtBudget], color: str) -> None:
    """A line with its interval as a band."""
    tokens = [point.tokens for point in points]
    reached = [ends(point.accuracy) for point in points]
    figure.add_scatter(
        x=[*tokens, *reversed(tokens)],
        y=[*(high for _, _, high in reached), *(low for _, low, _ in reversed(reached))],
        fill="toself",
        fillcolor=color,
        opacity=0.13,
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=tokens,
        y=[value for value, _, _ in reached],
        mode="lines+markers",
        name=plain(arm),
        line={"color": color, "width": 1.8},
        marker={"color": color, "size": 8},
        hovertemplate=[
            f"<b>{plain(arm)}</b>, at most {p.tokens} tokens<br>{share(p.accuracy).inline}<extra></extra>"
            for p in points
        ],
    )
