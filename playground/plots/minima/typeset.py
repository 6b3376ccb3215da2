"""The minima card as a plot that LaTeX can typeset."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from playground.plots.minima.data import MinimaData
from playground.plots.minima.histogram import MAX_BINS, minimum_colour
from playground.plots.minima.network import NetworkMinima
from playground.plots.typeset_parts import every, floats_of, rows_of
from playground.style.theme import Style, mixed
from playground.widgets.plot import Axis, Band, Curve, Grid, Pane, Plot


def minima_plot(data: MinimaData | NetworkMinima, style: Style) -> Plot:
    """Return how many restarts end at which loss, or the basin of each start."""
    theme = style.theme
    if isinstance(data, NetworkMinima):
        counts, edges = np.histogram(data.levels[np.isfinite(data.levels)], MAX_BINS, data.range())
        x = tuple((10.0 ** np.repeat(edges, 2)[1:-1]).tolist())
        high = tuple(np.repeat(counts, 2).astype(np.float64).tolist())
        bars = Band(x=x, low=(0.0,) * len(x), high=high, colour=theme.faint, hatch=0, opacity=0.8)
        return Plot((Pane(x=Axis("final loss", log=True), y=Axis("restarts"), layers=(bars,)),))
    columns, rows = every(len(data.x)), every(len(data.y))
    count, panel = len(data.depths), QColor(theme.panel)
    colours = (theme.panel, *(mixed(QColor(theme.class_palette[i % 10]), panel, 0.45).name() for i in range(count)))
    grid = Grid(
        x=floats_of(data.x[columns]), y=floats_of(data.y[rows]),
        values=rows_of(data.basins[np.ix_(rows, columns)].astype(np.float64) + 1.0), limits=(0.0, float(count)),
        colours=colours, has_scale=False,
    )  # fmt: skip
    marks = [
        Curve(x=(x,), y=(y,), colour=minimum_colour(index, style).name(), form="points", marker=index,
              name=f"f = {float(data.depths[index]):.3g}")
        for index, (x, y) in enumerate(data.surface.minima)
        if index < count
    ]  # fmt: skip
    return Plot((Pane(x=Axis("start x"), y=Axis("y"), layers=(grid, *marks)),))
