"""The card of each layer's gradient over time as a plot that LaTeX can typeset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from playground.plots.gradient_history.picture import HistoryData
from playground.plots.typeset_parts import every, floats_of, greys, rows_of
from playground.plotting.drawing.layer_names import weight_name
from playground.style.theme import Style
from playground.widgets.plot import Axis, Grid, Pane, Plot

MAX_TIMES: Final = 80


def history_plot(runs: Sequence[tuple[str, HistoryData]], style: Style) -> Plot | None:
    """Return the gradient of each layer over time, on one scale of decades; for each named run a pane."""
    shown = [(name, data, every(len(data.times), MAX_TIMES)) for name, data in runs if len(data.times) >= 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [np.log10(data.history.norms[kept].T) for _, data, kept in shown]
    known = np.concatenate([each[np.isfinite(each)] for each in logs]) if logs else np.zeros(0)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    limits, panes = (low, high if high > low else low + 1.0), []
    for (name, data, kept), values in zip(shown, logs, strict=True):
        count = len(values)
        grid = Grid(
            x=floats_of(data.times[kept]), y=tuple(float(row) for row in range(count)), values=rows_of(values),
            limits=limits, colours=greys(style.theme, 0.95), name="log ‖∂L/∂W‖",
        )  # fmt: skip
        ticks = tuple((float(row), weight_name(row)) for row in range(count))
        y = Axis("", (count - 0.5, -0.5), ticks=ticks)
        panes.append(Pane(x=Axis("step" if data.by_steps else "epoch"), y=y, layers=(grid,), title=name))
    return Plot(tuple(panes)) if panes else None
