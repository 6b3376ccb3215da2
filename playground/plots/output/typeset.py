"""The output card as plots that LaTeX can typeset."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from core.arrays import Floats
from playground.plots.output.borders import borders_of
from playground.plots.output.data import FitData, MapData, OutputData, ShareData, TileData, points_of
from playground.plots.output.fit import targets_of
from playground.plots.output.legend import point_colour
from playground.plots.typeset_parts import BAR, every, floats_of, rows_of, thinned
from playground.style.theme import Style, mixed
from playground.widgets.plot import Axis, Band, Curve, Grid, Note, Pane, Plot


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


def output_plot(data: OutputData, style: Style) -> Plot | None:
    """Return the output in the form that suits its data; ``None`` for images, whose predictions are a table."""
    match data:
        case MapData():
            return map_plot(data, style)
        case FitData():
            return fit_plot(data, style)
        case ShareData():
            return share_plot(data, style)
        case TileData():
            return None


def map_plot(data: MapData, style: Style) -> Plot:
    """Return the prediction over two inputs, with the training samples."""
    theme, source = style.theme, data.data
    columns, rows = every(len(data.x)), every(len(data.y))
    if data.predictions is not None:
        values, limits = data.predictions[np.ix_(rows, columns)], data.ends
        colours = tuple(theme.sign_colour(2.0 * step / 4.0 - 1.0).name() for step in range(5))
        name = "prediction"
    else:
        shares = data.probabilities if data.probabilities is not None else np.zeros((len(data.y), len(data.x), 1))
        values, limits = shares.argmax(axis=2).astype(np.float64)[np.ix_(rows, columns)], (0.0, shares.shape[2] - 1.0)
        panel, count = QColor(theme.panel), shares.shape[2]
        colours = tuple(mixed(theme.class_colour(index, count), panel, 0.38).name() for index in range(count))
        name = ""
    grid = Grid(
        x=floats_of(data.x[columns]), y=floats_of(data.y[rows]), values=rows_of(values), limits=limits, colours=colours,
        name=name, has_scale=data.predictions is not None,
    )  # fmt: skip
    first, second = (source.input_names[axis] for axis in data.axes)
    points = points_of(source, data.axes, test=False)
    pane = Pane(
        x=Axis(first, (float(data.x[0]), float(data.x[-1]))),
        y=Axis(second, (float(data.y[0]), float(data.y[-1]))),
        layers=(grid, *_samples(data, points.positions, points.labels, style)),
        is_square=bool(np.isclose(data.x[-1] - data.x[0], data.y[-1] - data.y[0])),
    )
    return Plot((pane,))


def border_plot(data: MapData, style: Style) -> Plot:
    """Return the borders of a pinned run's map as curves over the same two inputs."""
    first, second = (data.data.input_names[axis] for axis in data.axes)
    curves = tuple(
        Curve(x=thinned(border.line[:, 0]), y=thinned(border.line[:, 1]), colour=style.theme.ink)
        for border in borders_of(data, data.scale)
        if border.is_main
    )
    x, y = Axis(first, (float(data.x[0]), float(data.x[-1]))), Axis(second, (float(data.y[0]), float(data.y[-1])))
    return Plot((Pane(x=x, y=y, layers=curves),))


def _samples(data: MapData, positions: Floats, labels: Floats, style: Style) -> list[Curve]:
    source = data.data
    if source.coding == "value":
        x, y = thinned(positions[:, 0]), thinned(positions[:, 1])
        return [Curve(x=x, y=y, colour=style.theme.ink, name="data", form="points", thick=False)]
    curves = []
    for index, name in enumerate(source.class_names):
        own = positions[labels == index]
        if len(own):
            colour = point_colour(float(index), data, style).name()
            curves.append(
                Curve(x=thinned(own[:, 0]), y=thinned(own[:, 1]), colour=colour, name=str(name), form="points",
                      marker=index, thick=False)
            )  # fmt: skip
    return curves
