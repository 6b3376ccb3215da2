"""The card of normal ranges as a plot that LaTeX can typeset."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.analysis.normal_ranges import DIAGNOSTICS
from playground.plots.ranges.data import RangesData
from playground.style.theme import Style
from playground.widgets.plot import Axis, Band, Curve, Pane, Plot

SINGLE_LAYER_HALF_WIDTH: Final = 0.1
"""Half the width of the band of a single layer, in layers."""


def ranges_plot(data: RangesData, style: Style) -> Plot:
    """Return this network's diagnostics by layer on their normal ranges, one pane each."""
    theme, panes = style.theme, []
    count = len(data.yours["update_ratio"])
    for key, values in data.yours.items():
        diagnostic, band = DIAGNOSTICS[key], data.ranges.by_key.get(key)
        x = tuple(float(layer) for layer in range(1, len(values) + 1))
        layers: list[Band | Curve] = []
        last = max(count, len(x))
        if not diagnostic.per_layer:
            x = (0.5 * (last + 1.0),)
        if band is not None:
            wide, times = x, 1
            if len(x) == 1:  # a band needs two points
                half = SINGLE_LAYER_HALF_WIDTH if diagnostic.per_layer else 0.5 * last
                wide, times = (x[0] - half, x[0] + half), 2
            low, middle, high = (tuple(np.repeat(each, times).tolist()) for each in (band.low, band.middle, band.high))
            layers.append(Band(x=wide, low=low, high=high, colour=theme.muted, name="normal"))
            layers.append(Curve(x=wide, y=middle, colour=theme.faint, thick=False))
        layers.append(Curve(x=x, y=tuple(values.tolist()), colour=theme.ink, name="this network", form="points"))
        is_log = diagnostic.scale == "log"
        y = Axis(log=is_log) if is_log else Axis(range=(-0.02, 1.02), ticks=((0.0, "0"), (1.0, "100 %")))
        ticks = tuple((float(each), "out" if each == last else str(each)) for each in range(1, last + 1))
        across = Axis(
            "layer" if diagnostic.per_layer else "", (0.5, last + 0.5), ticks=ticks if diagnostic.per_layer else ()
        )
        panes.append(Pane(x=across, y=y, layers=tuple(layers), title=diagnostic.label))
    return Plot(tuple(panes))
