"""The figures: transfer against what it cost, and what the loss and the gradient were spent on.

    figure = transfer_figure(summary, SUPERVISED_TOKENS)
    figure.write_html("transfer.html")

A trained arm is a labelled point with its 95% interval; an arm that cost nothing, as the untouched base, is a
dashed line with its interval as a band. The reference is a diamond. Arms of one cost stand side by side.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import plotly.graph_objects as go

from fractionate.formats import compact, exists, percent, spread, whole
from fractionate.report.labels import HEIGHT, LINE, WIDTH, Box, Point, Side, place
from fractionate.report.layout import FAINT, layout, plain, whiskers
from fractionate.report.palette import arm_colors, role_colors
from fractionate.report.scales import Scale, cost_scale, ends, score_scale, side_by_side
from fractionate.study.summary import ArmSummary, Summary

CROWD = 5
"""More trained arms than these are labelled with their names alone."""


class Cost(NamedTuple):
    """A cost that can be the horizontal axis."""

    key: str
    label: str
    axis: str
    of: Callable[[ArmSummary], float]


SUPERVISED_TOKENS = Cost(
    "tokens", "Tokens with loss", "Tokens with loss, an arm", lambda a: a.costs.supervised_tokens
)
TRAINING_FLOPS = Cost("flops", "Training FLOPs", "Training FLOPs, an arm", lambda a: a.costs.training_flops)
COSTS = (SUPERVISED_TOKENS, TRAINING_FLOPS)


def transfer_figure(summary: Summary, cost: Cost = SUPERVISED_TOKENS) -> go.Figure:
    """Transfer T in percent against `cost`; arms without a finite T or cost are left out."""
    arms = [a for a in summary.arms if exists(a.transfer.value) and exists(cost.of(a))]
    paid = sorted((a for a in arms if cost.of(a) > 0), key=lambda a: (cost.of(a), a.transfer.value))
    free = [a for a in arms if cost.of(a) <= 0]
    x, y = (
        cost_scale([cost.of(a) for a in paid]),
        score_scale([end for a in arms for end in ends(a.transfer)]),
    )
    colors = arm_colors(summary)
    figure = go.Figure()
    for arm in free:
        _draw_level(figure, arm, x, colors[arm.arm])
    places = side_by_side([cost.of(a) for a in paid], x)
    for arm, place_ in zip(paid, places, strict=True):
        _draw_point(figure, arm, place_, cost, colors[arm.arm], arm.arm == summary.reference)
    _label_points(figure, paid, places, free, x, y, summary.reference)
    figure.update_layout(**layout(400), showlegend=False)
    figure.update_xaxes(title_text=cost.axis, range=[x.low, x.high], type="log" if x.log else "linear")
    if x.ticks:
        figure.update_xaxes(tickvals=list(x.ticks), ticktext=[compact(t) for t in x.ticks])
    figure.update_yaxes(title_text="Transfer T", ticksuffix="%", range=[y.low, y.high])
    return figure


Spent = Literal["loss", "gradient"]
"""What training is spent from; of the gradient, its squared norm at the states before the output layer."""


def shares_figure(summary: Summary, of: Spent) -> go.Figure | None:
    """The share of the loss, or of the gradient's squared norm, by role, one bar an arm; None if no arm says."""
    taken = {a.arm: a.loss_shares if of == "loss" else a.gradient_shares for a in summary.arms}
    arms = [arm for arm, shares in taken.items() if shares]
    if not arms:
        return None
    figure = go.Figure()
    for role, color in role_colors(summary).items():
        shares = [100 * taken[arm].get(role, 0.0) for arm in arms]
        name = plain(role.replace("_", " "))
        figure.add_bar(
            name=name,
            y=[plain(arm) for arm in arms],
            x=shares,
            orientation="h",
            marker={"color": color, "line": {"width": 0}},
            texttemplate="%{x:.0f}%",
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            hovertemplate=f"%{{y}}: {name} %{{x:.1f}}%<extra></extra>",
        )
    figure.update_layout(
        **layout(44 + 38 * len(arms)),
        barmode="stack",
        bargap=0.3,
        showlegend=False,
        uniformtext={"mode": "hide", "minsize": 11},
    )
    figure.update_xaxes(range=[0, 100], ticksuffix="%", dtick=25)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix="  ")
    return figure


def _draw_level(figure: go.Figure, arm: ArmSummary, x: Scale, color: str) -> None:
    value, low, high = ends(arm.transfer)
    if high > low:
        figure.add_hrect(y0=low, y1=high, fillcolor=color, opacity=0.15, line_width=0, layer="below")
    across = [10**x.low, 10**x.high] if x.log else [x.low, x.high]
    figure.add_scatter(
        x=across,
        y=[value, value],
        mode="lines",
        name=plain(arm.arm),
        line={"color": color, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )


def _draw_point(
    figure: go.Figure, arm: ArmSummary, x: float, cost: Cost, color: str, reference: bool
) -> None:
    value, low, high = ends(arm.transfer)
    told = f"<b>{plain(arm.arm)}</b><br>T {percent(arm.transfer.value)}"
    told += (
        f" ({spread(arm.transfer)})<br>{whole(cost.of(arm))} {cost.label.lower().replace('flops', 'FLOPs')}"
    )
    figure.add_scatter(
        x=[x],
        y=[value],
        mode="markers",
        name=plain(arm.arm),
        marker={
            "color": color,
            "size": 13 if reference else 11,
            "symbol": "diamond" if reference else "circle",
        },
        error_y=whiskers([(value, low, high)], color, 1.8),
        hovertemplate=told + "<extra></extra>",
    )


def _label_points(
    figure: go.Figure,
    paid: Sequence[ArmSummary],
    places: Sequence[float],
    free: Sequence[ArmSummary],
    x: Scale,
    y: Scale,
    reference: str,
) -> None:
    levels = [y.share(ends(arm.transfer)[0]) * HEIGHT for arm in free]
    taken = [Box(0, level - 1, WIDTH, level + LINE) for level in levels]
    texts = [_lines(arm, reference, len(paid) > CROWD) for arm in paid]
    points = [
        Point(x.share(place_), *_shares(arm, y), max(map(len, lines)), len(lines))
        for arm, place_, lines in zip(paid, places, texts, strict=True)
    ]
    for arm, place_, lines, side in zip(paid, places, texts, place(points, taken), strict=True):
        value, low, high = ends(arm.transfer)
        figure.add_annotation(
            x=x.unit(place_),
            y={"value": value, "high": high, "low": low}[side.at],
            text="<br>".join([f"<b>{plain(lines[0])}</b>", *lines[1:]]),
            align=side.xanchor,
            xanchor=side.xanchor,
            yanchor=side.yanchor,
            **_offset(side),
        )
    for arm in free:
        figure.add_annotation(
            x=0,
            xref="paper",
            y=ends(arm.transfer)[0],
            text=f"<b>{plain(arm.arm)}</b> {percent(arm.transfer.value)}, untrained",
            xanchor="left",
            yanchor="bottom",
            xshift=6,
            showarrow=False,
        )


def _offset(side: Side) -> dict[str, Any]:
    if not side.leader:
        return {"showarrow": False, "xshift": side.xshift, "yshift": side.yshift}
    line = {"arrowhead": 0, "arrowwidth": 1, "arrowcolor": FAINT, "standoff": 5}
    return line | {"showarrow": True, "ax": side.xshift, "ay": -side.yshift}


def _shares(arm: ArmSummary, y: Scale) -> tuple[float, float, float]:
    value, low, high = ends(arm.transfer)
    return y.share(value), y.share(low), y.share(high)


def _lines(arm: ArmSummary, reference: str, crowded: bool) -> tuple[str, ...]:
    """An arm's label; in a crowd only what cannot be told from the axis."""
    told = [] if crowded else [percent(arm.transfer.value)]
    told += ["reference"] if arm.arm == reference else []
    return (arm.arm, ", ".join(told)) if told else (arm.arm,)
