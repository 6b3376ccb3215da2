"""Cards with curves and bars as plots that a program for documents can typeset."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec.structs import replace

from core.analysis.normal_ranges import DIAGNOSTICS
from core.arrays import Floats
from playground.plots.activation_data import ActivationData
from playground.plots.dropout_data import DropoutData
from playground.plots.forecast_data import ForecastData
from playground.plots.noise_data import NoiseData
from playground.plots.output_data import FitData, ShareData
from playground.plots.output_fit import targets_of
from playground.plots.ranges_data import RangesData
from playground.plots.sharpness_data import SharpnessData
from playground.plots.waterfall_picture import WaterfallData, bars_of
from playground.plotting.layer_names import delta_name
from playground.style.theme import Style
from playground.widgets.plot import Axis, Band, Curve, Note, Pane, Plot

MAX_POINTS: Final = 400
"""Maximum number of points of a curve or of a set of samples."""

HISTOGRAM: Final = 0.3
"""Height of the histogram of pre-activations relative to the range of the curves."""

BAR: Final = 0.4


def thinned(values: Floats, most: int = MAX_POINTS) -> tuple[float, ...]:
    """Return at most about ``most`` of ``values``, evenly spaced, with the first and the last."""
    step = max(1, -(-len(values) // most))
    return tuple(float(value) for value in [*values[:-1:step], *values[-1:]])


def activation_plot(data: ActivationData, style: Style) -> Plot:
    """Return φ and φ′ above the histogram of the pre-activations."""
    colour = style.theme.layer_colour(data.index, data.layers).name()
    both = np.concatenate([data.phi, data.slope])
    low, high = min(float(both.min()), 0.0), max(float(both.max()), 1.0)
    base, height = low - 1.2 * HISTOGRAM * (high - low), HISTOGRAM * (high - low)
    edges = np.repeat(np.linspace(data.z[0], data.z[-1], len(data.counts) + 1), 2)[1:-1]
    shares = np.repeat(data.counts / max(float(data.counts.max(initial=0.0)), 1e-300), 2)
    x = thinned(data.z)
    flat = tuple(base for _ in edges)
    ends = (float(data.z[0]), float(data.z[-1]))
    zones = tuple(
        Band(x=(max(zone.left, ends[0]), min(zone.right, ends[1])), low=(base, base), high=(high, high),
             colour=style.theme.muted, opacity=0.13)
        for zone in data.zones
        if zone.left < ends[1] and zone.right > ends[0]
    )  # fmt: skip
    histogram = Band(x=tuple(edges.tolist()), low=flat, high=tuple((base + height * shares).tolist()), colour=colour,
                     name="inputs z", hatch=data.index, opacity=0.6)  # fmt: skip
    slope = Curve(x=x, y=thinned(data.slope), colour=style.theme.muted, name="φ′", dash=1, thick=False)
    phi = Curve(x=x, y=thinned(data.phi), colour=colour, name="φ")
    pane = Pane(x=Axis("pre-activation z", ends), y=Axis("", (base, high)), layers=(*zones, histogram, slope, phi))
    return Plot((pane,))


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


def forecast_plot(data: ForecastData, style: Style) -> Plot:
    """Return forecast and measurement of activations and gradients, one pane each."""
    theme, band = style.theme, data.band
    moments = (
        ("E[a²], activations", data.predicted.activation_mean_square, data.measured.activation_mean_square,
         None if band is None else band.activations),
        ("E[δ²], gradients", data.predicted.delta_mean_square, data.measured.delta_mean_square,
         None if band is None else band.deltas),
    )  # fmt: skip
    panes = []
    for title, predicted, measured, limits in moments:
        x = tuple(float(layer) for layer in range(1, len(measured) + 1))
        layers: list[Band | Curve] = []
        if limits is not None:
            low, high = (tuple(each.tolist()) for each in limits)
            layers.append(Band(x=x, low=low, high=high, colour=theme.muted, name="20 seeds"))
        layers.append(Curve(x=x, y=tuple(predicted.tolist()), colour=theme.ink, name="forecast"))
        points = tuple(measured.tolist())
        layers.append(Curve(x=x, y=points, colour=theme.layer_colour(1, 3).name(), name="measured", form="points"))
        ticks = tuple((each, "out" if each == len(x) else f"{each:.0f}") for each in x)
        panes.append(Pane(x=Axis("layer", ticks=ticks), y=Axis(log=True), layers=tuple(layers), title=title))
    return Plot(tuple(panes))


def noise_plot(data: NoiseData, style: Style) -> Plot:
    """Return the variance of batch gradients against the batch size, both axes logarithmic."""
    theme, x = style.theme, tuple(float(size) for size in data.sizes.tolist())
    line = tuple((data.noise_scale / data.sizes).tolist())
    measured = tuple(data.measured.tolist())
    layers = (
        Band(x=x, low=tuple(data.low.tolist()), high=tuple(data.high.tolist()), colour=theme.muted, name="10 to 90 %"),
        Curve(x=x, y=line, colour=theme.ink, name="∝ 1/K"),
        Curve(x=x, y=measured, colour=theme.ink, name="variance ÷ ‖g‖²", form="points"),
    )
    ticks = tuple((size, f"{size:.0f}") for size in x)
    return Plot((Pane(x=Axis("batch size K", log=True, ticks=ticks), y=Axis(log=True), layers=layers),))


def sharpness_plot(data: SharpnessData, style: Style) -> Plot:
    """Return the largest curvature over the steps, with the limit 2/α."""
    theme, x = style.theme, tuple(float(step) for step in data.steps.tolist())
    limit = Curve(x=(x[0], x[-1]), y=(data.limit,) * 2, colour=theme.error, name="2/α", dash=1, thick=False)
    curve = Curve(x=x, y=tuple(data.values.tolist()), colour=theme.accent, name="λ", form="both")
    return Plot((Pane(x=Axis("step"), y=Axis("λ", log=True), layers=(limit, curve)),))


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


WIDTH_OF_ONE: Final = 0.1
"""Half the width of the normal range of a single layer, in layers."""


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
            if len(x) == 1:  # an area needs two places
                half = WIDTH_OF_ONE if diagnostic.per_layer else 0.5 * last
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


def fit_plot(data: FitData, style: Style) -> Plot:
    """Return the prediction over one input, with the training samples."""
    theme, source = style.theme, data.data
    count = data.curves.shape[1]
    layers: list[Curve] = []
    targets, x = targets_of(data, test=False), source.positions_train[:, 0]
    labels = source.labels_train[: len(x)]
    groups = [None] if source.coding == "value" else list(range(source.classes))
    for group in groups:
        kept = np.ones(len(x), dtype=np.bool_) if group is None else labels == group
        colour = theme.muted if group is None else theme.class_colour(group, source.classes).name()
        name = "data" if group is None else source.class_names[group]
        layers.append(
            Curve(x=thinned(x[kept]), y=thinned(targets[: len(x)][kept]), colour=colour, name=name, form="points",
                  marker=group or 0, thick=False)
        )  # fmt: skip
    for index in range(count):
        colour = theme.class_colour(index, count).name() if count > 1 else theme.ink
        name = "prediction" if count == 1 else ""
        curve = thinned(data.curves[:, index])
        layers.append(Curve(x=thinned(data.x), y=curve, colour=colour, name=name, dash=index))
    low, high = float(targets.min(initial=0.0)), float(targets.max(initial=0.0))
    room = 0.1 * max(high - low, 1e-9)
    y = Axis(data.target_name, (low - room, high + room))
    ends = (float(data.x[0]), float(data.x[-1]))
    return Plot((Pane(x=Axis(source.input_names[0], ends), y=y, layers=tuple(layers)),))


def share_plot(data: ShareData, style: Style) -> Plot:
    """Return predicted against true values, or the accuracy of each class as bars."""
    theme = style.theme
    if len(data.true):
        ends = (float(data.true.min()), float(data.true.max()))
        line = Curve(x=ends, y=ends, colour=theme.muted, thick=False)
        points = Curve(x=thinned(data.true), y=thinned(data.predicted), colour=theme.ink, form="points")
        return Plot((Pane(x=Axis("true value"), y=Axis("predicted"), layers=(line, points), is_square=True),))
    count = len(data.class_names)
    bars = tuple(
        Band(x=(index - BAR, index + BAR), low=(0.0, 0.0), high=(float(share),) * 2, hatch=index,
             colour=theme.class_colour(index, count).name(), opacity=1.0)
        for index, share in enumerate(data.shares.tolist())
    )  # fmt: skip
    notes = tuple(
        Note((float(index), float(share)), f"{100 * share:.0f} %")
        for index, share in enumerate(data.shares.tolist())
        if np.isfinite(share)
    )
    ticks = tuple((float(index), name) for index, name in enumerate(data.class_names))
    x = Axis("class", (-0.6, count - 0.4), ticks=ticks)
    return Plot((Pane(x=x, y=Axis("share correct", (0.0, 1.1)), layers=(*bars, *notes)),))
