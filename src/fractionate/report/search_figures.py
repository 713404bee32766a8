"""The figures of a search: what is saved, what each role does to a measure, and the curve of sizes.

    effects_panels(seen)[0].figure.write_html("transfer.html")

Whiskers are 95% intervals, but for costs, which are drawn from nothing to what is spent.
"""

from collections.abc import Sequence

import plotly.graph_objects as go

from fractionate.formats import exists, percent
from fractionate.report.blocks import Panel
from fractionate.report.forest import Colors, Mark, in_rows
from fractionate.report.layout import FAINT, layout, plain, whiskers
from fractionate.report.palette import ARMS
from fractionate.report.scales import ends
from fractionate.report.search_candidates import term, terms
from fractionate.report.search_told import Searched
from fractionate.report.shown import difference, share
from fractionate.study.search.confirm import UNITS
from fractionate.study.search.effects import Effect
from fractionate.study.search.sizes import Grain, Size
from fractionate.transfer.statistics import Interval

SIZES_HIGH = 300
BESIDE = 1.015
"""The factor by which points of two curves are moved apart."""


def costs_chart(seen: Searched, color: str) -> go.Figure | None:
    """What was confirmed takes of each cost of the reference; None where it is the reference."""
    if seen.label == seen.reference or not seen.found.savings:
        return None
    marks = [
        Mark(
            UNITS[name],
            percent(part),
            Interval(part, 0.0, part),
            color,
            f"{percent(part)} of the reference's",
        )
        for name, part in seen.found.savings.items()
    ]
    return in_rows(marks, "Share of the reference's cost", guide=100.0, suffix="%")


def effects_panels(seen: Searched) -> list[Panel]:
    """A figure a measure, a row a term: strong where the interval is all on one side of nothing."""
    return [
        Panel(measure, measure, f"Effect of each role on {measure}", _effects(seen, measure))
        for measure in seen.found.roles[0].effects
    ]


def _effects(seen: Searched, measure: str) -> go.Figure:
    first = seen.found.roles[0]
    order = terms(first)
    effects = sorted(first.effects[measure], key=lambda effect: order.index(term(effect)))
    marks = [
        Mark(term(effect), shown.text, effect.value, _color(effect), f"{shown.inline} points")
        for effect in effects
        for shown in [difference(effect.value)]
    ]
    return in_rows(marks, f"Effect on {plain(measure)}, points", guide=0.0)


def _color(effect: Effect) -> str:
    return ARMS[0] if effect.value.low > 0 or effect.value.high < 0 else FAINT


def sizes_chart(seen: Searched, colors: Colors) -> go.Figure | None:
    """T against the number of problems; None where there is one number only."""
    curves = {
        name: [p for p in curve if exists(p.transfer.value)] for name, curve in seen.found.curves.items()
    }
    traces = sorted({point.traces for curve in curves.values() for point in curve})
    if len(traces) < 2:
        return None
    high = max(ends(point.transfer)[2] for curve in curves.values() for point in curve)
    figure = go.Figure()
    for place, (name, curve) in enumerate(curves.items()):
        _curve(figure, name, curve, colors[name], BESIDE ** (2 * place - len(curves) + 1))
    figure.update_layout(**layout(SIZES_HIGH), showlegend=False)
    figure.update_xaxes(
        title_text="Problems", type="log", tickvals=traces, ticktext=[f"{n:,}" for n in traces]
    )
    figure.update_yaxes(title_text="Transfer T", ticksuffix="%", range=[0.0, 1.06 * max(high, 1.0)])
    return figure


def grains_chart(seen: Searched, colors: Colors) -> go.Figure | None:
    """T against tokens with loss a trace: a point a candidate, hollow on the fewest problems; None for a single one."""
    grains = [g for g in seen.found.grains if exists(g.transfer.value) and g.tokens_a_trace > 0]
    if len({g.tokens_a_trace for g in grains}) < 2:
        return None
    figure = go.Figure()
    for traces in dict.fromkeys(g.traces for g in grains):
        _points(figure, [g for g in grains if g.traces == traces], seen, colors)
    high = max(ends(g.transfer)[2] for g in grains)
    figure.update_layout(**layout(SIZES_HIGH), showlegend=False)
    figure.update_xaxes(title_text="Tokens with loss, a trace", type="log")
    figure.update_yaxes(title_text="Transfer T", ticksuffix="%", range=[0.0, 1.06 * max(high, 1.0)])
    return figure


def _points(figure: go.Figure, grains: Sequence[Grain], seen: Searched, colors: Colors) -> None:
    reached = [ends(g.transfer) for g in grains]
    drawn = [colors.get(g.recipe, FAINT) for g in grains]
    symbol = "circle" if grains[0].traces == seen.problems else "circle-open"
    figure.add_scatter(
        x=[g.tokens_a_trace for g in grains],
        y=[value for value, _, _ in reached],
        mode="markers",
        marker={"color": drawn, "size": 9, "symbol": symbol, "line": {"width": 1.8}},
        error_y=whiskers(reached, FAINT),
        hovertemplate=[
            f"<b>{plain(g.recipe)}</b>, {g.traces} problems<br>{g.tokens_a_trace:.1f} tokens a trace<br>"
            f"T {share(g.transfer).inline}<extra></extra>"
            for g in grains
        ],
    )


def _curve(figure: go.Figure, name: str, curve: Sequence[Size], color: str, beside: float) -> None:
    reached = [ends(point.transfer) for point in curve]
    figure.add_scatter(
        x=[beside * point.traces for point in curve],
        y=[value for value, _, _ in reached],
        mode="lines+markers",
        name=plain(name),
        line={"color": color, "width": 1.8},
        marker={"color": color, "size": 9},
        error_y=whiskers(reached, color),
        hovertemplate=[
            f"<b>{plain(name)}</b>, {p.traces} problems<br>T {share(p.transfer).inline}<extra></extra>"
            for p in curve
        ],
    )
