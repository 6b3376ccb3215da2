"""The dropout card as a plot that LaTeX can typeset."""

from __future__ import annotations

import numpy as np

from playground.plots.dropout_truth.data import DropoutData
from playground.style.theme import Style
from playground.widgets.plot import Axis, Band, Curve, Pane, Plot


def dropout_plot(data: DropoutData, style: Style) -> Plot | None:
    """Return the inputs of the next layer for each scaling, one pane each."""
    theme = style.theme
    colour = theme.layer_colour(data.layer, data.layers).name()
    panes = []
    for row in data.rows:
        edges = tuple(np.repeat(np.linspace(*data.ends, len(row.training) + 1), 2)[1:-1].tolist())
        training, mean, test = (tuple(np.repeat(each, 2).tolist()) for each in (row.training, row.mean, row.test))
        layers = (
            Band(x=edges, low=(0.0,) * len(edges), high=training, colour=colour, name="one mask", hatch=data.layer),
            Curve(x=edges, y=mean, colour=theme.ink, name="mean over masks"),
            Curve(x=edges, y=test, colour=theme.muted, name="test", dash=1),
        )
        panes.append(Pane(x=Axis("input z of the next layer"), y=Axis("share"), layers=layers, title=row.label))
    return Plot(tuple(panes)) if panes else None
