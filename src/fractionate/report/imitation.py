"""The imitation–transfer plot: how much each arm writes like its teacher, and what it can do with it.

    marks = [Mark("base", Interval(0.11, …), Interval(0.08, …), base=True), Mark("full", …), …]
    write_text(Path("imitation.svg"), imitation_svg(marks))       # stands alone, or inline in a page
    print(imitation_table(marks))                                 # Markdown

An arm is a labelled point with both its 95% intervals; the untouched base is a ring, with a dashed line at its
transfer. The picture is plain SVG that fetches nothing and follows the reader's light or dark.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from fractionate.formats import exists, signless
from fractionate.report.labels import HEIGHT, LINE, WIDTH, Box, Point, Side, place
from fractionate.report.markdown import table
from fractionate.report.palette import BASE, student_colors
from fractionate.report.scales import Scale, ends, round_ticks, score_scale
from fractionate.report.shown import share
from fractionate.study.summary import Interval
from fractionate.transfer.correlation import Correlation, rank_correlation


class Mark(NamedTuple):
    """One arm: its imitation and its transfer T, shares with their intervals; `base` for the untouched student."""

    name: str
    imitation: Interval
    transfer: Interval
    base: bool = False

    @property
    def drawn(self) -> bool:
        """Whether it has a place in the plot."""
        return exists(self.imitation.value) and exists(self.transfer.value)


class Frame(NamedTuple):
    """The plot inside the picture, in its units, and the whole picture's size."""

    left: float = 62
    top: float = 14
    width: float = 500
    height: float = 330
    size: tuple[int, int] = (580, 404)

    def x(self, share: float) -> float:
        """From a share of the horizontal axis."""
        return self.left + share * self.width

    def y(self, share: float) -> float:
        """From a share of the vertical axis, which points up."""
        return self.top + (1 - share) * self.height


FRAME = Frame()
NARROW = Frame(width=WIDTH, size=(356, 404))
"""For a phone."""
_STYLE = (
    ".imitation-transfer{--i:#1b1f24;--q:#5b626c;--l:#d9dce1;--p:#fff;max-width:100%;height:auto;"
    "font:13px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}"
    "@media (prefers-color-scheme:dark){.imitation-transfer{--i:#e7e9ec;--q:#9ba3ad;--l:#2c3138;--p:#14171b}}"
    "@media print{.imitation-transfer{--i:#000;--q:#444;--l:#ccc;--p:#fff}}"
    ".imitation-transfer text{fill:var(--q)}.imitation-transfer .name{fill:var(--i);font-weight:650}"
    ".imitation-transfer .name{paint-order:stroke;stroke:var(--p);stroke-width:3px;stroke-linejoin:round}"
    ".imitation-transfer .grid{stroke:var(--l)}.imitation-transfer .ring{fill:var(--p)}"
    ".imitation-transfer .leader{stroke:#9aa1ab}"
)


def imitation_svg(
    marks: Sequence[Mark], colors: Mapping[str, str] | None = None, frame: Frame = FRAME
) -> str:
    """The plot; arms without a finite imitation or transfer are left out. `colors` are by the marks' names."""
    shown = [mark for mark in marks if mark.drawn]
    x = _scale([end for mark in shown for end in ends(mark.imitation)])
    y = _scale([end for mark in shown for end in ends(mark.transfer)])
    colors = colors or student_colors([m.name for m in marks], {m.name for m in marks if m.base})
    body = [_axes(x, y, frame)]
    body += [_level(mark, y, frame) for mark in shown if mark.base]
    body += [_point(mark, x, y, colors[mark.name], frame) for mark in shown]
    body += _labels(shown, x, y, frame)
    told = "Transfer T of each arm against how much it writes like its teacher"
    wide, high = frame.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="imitation-transfer" role="img" '
        f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" aria-label="{told}">'
        f"<style>{_STYLE}</style>{''.join(body)}</svg>"
    )


def imitation_table(marks: Sequence[Mark]) -> str:
    """Markdown: a row an arm, by imitation, and what the order of the trained arms says."""
    rows = sorted(marks, key=lambda m: m.imitation.value if exists(m.imitation.value) else -1.0)
    lines = [
        [
            f"`{mark.name}`" + (" (untouched)" if mark.base else ""),
            share(mark.imitation).inline,
            share(mark.transfer).inline,
        ]
        for mark in rows
    ]
    told = correlation_told(correlation(marks))
    return f"{table(['arm', 'imitation', 'transfer T'], lines)}\n\n{told}\n"


def correlation(marks: Sequence[Mark]) -> Correlation | None:
    """Of imitation and transfer over the trained arms; the base would make any training look like a connection."""
    trained = [m for m in marks if m.drawn and not m.base]
    return rank_correlation([m.imitation.value for m in trained], [m.transfer.value for m in trained])


def correlation_told(found: Correlation | None) -> str:
    """A sentence."""
    if found is None:
        return "Too few trained arms for a rank correlation of imitation and transfer."
    rho, low, high = (signless(f"{value:+.2f}") for value in found[:3])
    return (
        f"Rank correlation of imitation and transfer over {found.n} trained arms: ρ = {rho} "
        f"(95% interval {low} to {high}, permutation p = {found.p:.2f})."
    )


def _scale(reached: Sequence[float]) -> Scale:
    found = score_scale(reached)
    low, high = max(found.low, -2.0), min(found.high, 106.0)
    ticks = tuple(t for t in round_ticks(low, high) if 0 <= t <= 100)
    return Scale(False, low, high, ticks)


def _axes(x: Scale, y: Scale, frame: Frame) -> str:
    left, bottom, right = frame.x(0), frame.y(0), frame.x(1)
    parts = [_line((left, bottom), (right, bottom), 'class="grid"')]
    for tick in x.ticks:
        at = frame.x(x.share(tick))
        parts.append(_text((at, bottom + 19), f"{tick:g}%", 'text-anchor="middle"'))
    for tick in y.ticks:
        at = frame.y(y.share(tick))
        parts.append(_line((left, at), (right, at), 'class="grid"'))
        parts.append(_text((left - 8, at + 4.5), f"{tick:g}%", 'text-anchor="end"'))
    middle = frame.y(0.5)
    parts.append(
        _text(
            (frame.x(0.5), frame.size[1] - 12), "Imitation of the teacher’s wording", 'text-anchor="middle"'
        )
    )
    turned = f'text-anchor="middle" transform="rotate(-90 15 {middle:.1f})"'
    parts.append(_text((15, middle), "Transfer T", turned))
    return "".join(parts)


def _level(mark: Mark, y: Scale, frame: Frame) -> str:
    at = frame.y(y.share(100 * mark.transfer.value))
    return _line((frame.x(0), at), (frame.x(1), at), f'stroke="{BASE}" stroke-dasharray="5 4"')


def _point(mark: Mark, x: Scale, y: Scale, color: str, frame: Frame) -> str:
    across, x_low, x_high = (frame.x(x.share(end)) for end in ends(mark.imitation))
    up, y_low, y_high = (frame.y(y.share(end)) for end in ends(mark.transfer))
    bar = f'stroke="{color}" stroke-width="1.8"'
    ring = f'class="ring" stroke="{color}" stroke-width="2.5"' if mark.base else f'fill="{color}"'
    told = f"{mark.name}: imitation {share(mark.imitation).inline}, transfer {share(mark.transfer).inline}"
    return (
        f"<g><title>{escape(told)}</title>"
        + _line((x_low, up), (x_high, up), bar)
        + _line((across, y_low), (across, y_high), bar)
        + f'<circle cx="{across:.1f}" cy="{up:.1f}" r="5.5" {ring}/></g>'
    )


def _labels(marks: Sequence[Mark], x: Scale, y: Scale, frame: Frame) -> list[str]:
    """The arms' names, where none covers a point, an interval or another name."""
    names = [f"{m.name}, untouched" if m.base else m.name for m in marks]
    points, bars = [], []
    for mark, name in zip(marks, names, strict=True):
        across, x_low, x_high = (x.share(end) for end in ends(mark.imitation))
        up, y_low, y_high = (y.share(end) for end in ends(mark.transfer))
        points.append(Point(across, up, y_low, y_high, len(name), lines=1))
        bars.append(Box(x_low * WIDTH, up * HEIGHT - LINE / 2, x_high * WIDTH, up * HEIGHT + LINE / 2))
        if mark.base:
            bars.append(Box(0, up * HEIGHT - LINE / 3, WIDTH, up * HEIGHT + LINE / 3))
    sides = place(points, bars)
    return [
        _label(name, point, side, [x.share(end) for end in ends(mark.imitation)], frame)
        for name, point, side, mark in zip(names, points, sides, marks, strict=True)
    ]


def _label(name: str, point: Point, side: Side, bar: Sequence[float], frame: Frame) -> str:
    """At its side of the point; one beside it begins where the bar ends."""
    height = {"value": point.y, "high": point.high, "low": point.low}[side.at]
    beside = side.yanchor == "middle" and not side.leader
    hangs_on = {"left": max(bar), "right": min(bar)}.get(side.xanchor, point.x) if beside else point.x
    across, up = frame.x(hangs_on), frame.y(height)
    anchor = {"left": "start", "center": "middle", "right": "end"}[side.xanchor]
    down = {"bottom": -2.0, "middle": 4.5, "top": 12.0}[side.yanchor]
    at = (across + side.xshift, up - side.yshift + down)
    text = _text(at, escape(name), f'class="name" text-anchor="{anchor}"')
    return _line((across, up), (at[0], at[1] - 5), 'class="leader"') + text if side.leader else text


def _line(start: tuple[float, float], end: tuple[float, float], how: str) -> str:
    return f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" {how}/>'


def _text(at: tuple[float, float], text: str, how: str) -> str:
    return f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" {how}>{text}</text>'
