"""The race card as a plot that LaTeX can typeset."""

from __future__ import annotations

import numpy as np

from playground.plots.race.data import RaceData
from playground.plots.race.marks import racer_colour
from playground.plots.typeset_parts import surface_grid, thinned
from playground.style.theme import Style
from playground.widgets.plot import Axis, Curve, Pane, Plot


def race_plot(data: RaceData, shown: int, style: Style, *, as_curves: bool) -> Plot:
    """Return the paths on the surface up to step ``shown``, or the losses against the steps."""
    theme = style.theme
    if as_curves:
        curves = [
            Curve(x=thinned(np.arange(float(len(part)))), y=thinned(part - data.lowest), name=each.name, dash=index,
                  colour=racer_colour(index, style).name())
            for index, each in enumerate(data.trajectories)
            for part in [each.curve[: shown + 1]]
        ]  # fmt: skip
        name = "loss" if data.goal is not None else "f above the deepest minimum"
        return Plot((Pane(x=Axis("step"), y=Axis(name, log=True), layers=tuple(curves)),))
    lines = [
        Curve(x=thinned(line[:, 0], 120), y=thinned(line[:, 1], 120), colour=theme.muted, thick=False)
        for line in data.contours
    ]
    paths = []
    for index, each in enumerate(data.trajectories):
        points = each.points[: each.seen(shown)]
        points = points[np.abs(points).max(axis=1) < 1e6] if len(points) else points
        if len(points):
            colour = racer_colour(index, style).name()
            x, y = thinned(points[:, 0]), thinned(points[:, 1])
            paths.append(Curve(x=x, y=y, colour=colour, name=each.name, dash=index))
    start = Curve(x=data.start[:1], y=data.start[1:], colour=theme.ink, name="start", form="points", marker=1)
    pane = Pane(
        x=Axis(data.names[0], (float(data.x[0]), float(data.x[-1]))),
        y=Axis(data.names[1], (float(data.y[0]), float(data.y[-1]))),
        layers=(surface_grid(data.x, data.y, data.heights, theme, f"log {data.value_name}"), *lines, *paths, start),
        plane=data.plane,
    )
    return Plot((pane,))
