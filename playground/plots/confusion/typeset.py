"""The confusion matrix as a plot that LaTeX can typeset."""

from __future__ import annotations

import numpy as np

from core.arrays import Integers
from playground.plots.typeset_parts import greys, rows_of
from playground.style.theme import Style
from playground.widgets.plot import Axis, Grid, Note, Pane, Plot


def matrix_plot(counts: Integers, names: tuple[str, ...], style: Style) -> Plot:
    """Return the ``counts`` (K, K) of true and predicted classes as shades with numbers."""
    count = len(names)
    places = tuple(float(index) for index in range(count))
    grid = Grid(
        x=places, y=places, values=rows_of(counts.astype(np.float64)), limits=(0.0, max(float(counts.max()), 1.0)),
        colours=greys(style.theme, 0.5), name="samples",
    )  # fmt: skip
    notes = tuple(
        Note((float(column), float(row)), str(int(counts[row, column])))
        for row in range(count)
        for column in range(count)
    )
    ticks = tuple((float(index), name) for index, name in enumerate(names))
    x, y = Axis("predicted", (-0.5, count - 0.5), ticks=ticks), Axis("true", (count - 0.5, -0.5), ticks=ticks)
    return Plot((Pane(x=x, y=y, layers=(grid, *notes)),))
