"""How every figure looks: its font, margins and axes; the page colors lines and text for light and dark.

figure.update_layout(**layout(height=400), showlegend=False)
"""

import html
from collections.abc import Sequence
from typing import Any

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
FAINT = "#9aa1ab"
"""Lines that only guide the eye, on white and on black."""


def layout(height: int) -> dict[str, Any]:
    """What every figure is laid out by, `height` pixels high; its width follows the page."""
    axis = {"showgrid": True, "gridcolor": "#d9dce1", "zeroline": False, "automargin": True}
    axis |= {"fixedrange": True, "title": {"standoff": 12, "font": {"size": 13}}, "ticks": ""}
    return {
        "template": "none",
        "height": height,
        "margin": {"l": 8, "r": 24, "t": 12, "b": 8},
        "font": {"family": FONT, "size": 13, "color": "#5b626c"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"},
        "xaxis": axis | {"showgrid": False, "showline": True, "linecolor": "#d9dce1"},
        "yaxis": axis,
    }


def whiskers(
    reached: Sequence[tuple[float, float, float]], color: str, thickness: float = 1.6
) -> dict[str, Any]:
    """Error bars of points, given each as its value, low and high end."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - value for value, _, high in reached],
        "arrayminus": [value - low for value, low, _ in reached],
        "color": color,
        "thickness": thickness,
        "width": 0,
    }


def plain(text: str) -> str:
    """Text that the drawing library shows as it stands, markup and all."""
    return html.escape(text)
