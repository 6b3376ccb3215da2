"""The waterfall card as plots that LaTeX can typeset."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from playground.plots.typeset_parts import BAR
from playground.plots.waterfall.bars import WaterfallData, bars_of
from playground.plotting.drawing.layer_names import delta_name
from playground.style.theme import Style
from playground.widgets.plot import Axis, Band, Curve, Pane, Plot


def waterfall_plot(data: WaterfallData, style: Style) -> Plot:
    """Return two bars for each hidden layer, on an axis of decades."""
    theme, bars = style.theme, bars_of(data.split)
    layers: list[Band | Curve] = []
    named: set[str] = set()
    for bar in bars:
        left = bar.layer - BAR if bar.is_slope else float(bar.layer)
        low, high = sorted((bar.start, max(bar.end, bar.start - 60.0)))
        name = f"{'φ′' if bar.is_slope else 'W'} {'gained' if bar.change > 0 else 'lost'}"
        hatch = (1 if bar.change > 0 else 0) + (0 if bar.is_slope else 4)
        layers.append(
            Band(x=(left, left + BAR), low=(low, low), high=(high, high), hatch=hatch,
                 colour=theme.positive if bar.change > 0 else theme.negative,
                 name="" if name in named else name, opacity=0.9 if bar.is_slope else 0.35)
        )  # fmt: skip
        named.add(name)
    last, start = len(data.names) - 1, float(data.split.log_norms[-1])
    if np.isfinite(start):
        layers.append(Curve(x=(last - BAR, last + BAR), y=(start, start), colour=theme.ink))
    ticks = tuple((float(index), delta_name(index)) for index in range(len(data.names)))
    x = Axis("layer", (-0.6, last + 0.6), ticks=ticks)
    return Plot((Pane(x=x, y=Axis("decades, log ‖δ‖"), layers=tuple(layers)),))


def staircase_plot(data: WaterfallData, style: Style) -> Plot:
    """Return the waterfall as a line through the ends of its bars."""
    plot = waterfall_plot(data, style)
    last, level = len(data.names) - 1, float(data.split.log_norms[-1])
    x, y = [last + BAR, last - BAR], [level, level]
    for bar in bars_of(data.split):
        left = bar.layer - BAR if bar.is_slope else float(bar.layer)
        x += [left + BAR, left]
        y += [bar.end] * 2
    stairs = Curve(x=tuple(x), y=tuple(y), colour=style.theme.ink)
    return Plot((replace(plot.panes[0], layers=(stairs,)),))
