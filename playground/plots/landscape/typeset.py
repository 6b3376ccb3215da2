"""The loss landscape as a plot that LaTeX can typeset."""

from __future__ import annotations

from playground.plots.landscape.data import LandscapeData
from playground.plots.typeset_parts import surface_grid, thinned
from playground.style.theme import Style
from playground.widgets.plot import Axis, Curve, Pane, Plot


def landscape_plot(data: LandscapeData, style: Style) -> Plot:
    """Return the loss over the plane from above, with contour lines and the path."""
    theme = style.theme
    lines = [
        Curve(x=thinned(line[:, 0], 120), y=thinned(line[:, 1], 120), colour=theme.muted, thick=False)
        for contour in data.contours
        for line in contour.lines
    ]
    pane = Pane(
        x=Axis(data.names[0], (float(data.x[0]), float(data.x[-1]))),
        y=Axis(data.names[1], (float(data.y[0]), float(data.y[-1]))),
        layers=(surface_grid(data.x, data.y, data.heights, theme, "log loss"), *lines, *_path(data, style)),
        plane=data.plane,
    )
    return Plot((pane,))


def _path(data: LandscapeData, style: Style) -> list[Curve]:
    theme, (here_x, here_y) = style.theme, data.here
    curves = []
    if len(data.path):
        x, y = thinned(data.path[:, 0]), thinned(data.path[:, 1])
        curves = [
            Curve(x=x, y=y, colour=theme.accent, name="path"),
            Curve(x=x[:1], y=y[:1], colour=theme.accent, name="start", form="points", marker=1),
        ]
    return [*curves, Curve(x=(here_x,), y=(here_y,), colour=theme.accent, name="now", form="points")]
