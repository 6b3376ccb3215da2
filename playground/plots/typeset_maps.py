"""Cards with maps and surfaces as plots that a program for documents can typeset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtGui import QColor

from core.arrays import Floats, Integers
from playground.plots.height_field import Camera
from playground.plots.history_picture import HistoryData
from playground.plots.landscape_data import LandscapeData, log_losses
from playground.plots.minima_data import MinimaData
from playground.plots.minima_histogram import MAX_BINS, minimum_colour
from playground.plots.minima_network import NetworkMinima
from playground.plots.output_borders import borders_of
from playground.plots.output_data import FitData, MapData, OutputData, ShareData, TileData, points_of
from playground.plots.output_legend import point_colour
from playground.plots.race_data import RaceData
from playground.plots.race_marks import racer_colour
from playground.plots.typeset_curves import fit_plot, share_plot, thinned
from playground.plotting.layer_names import weight_name
from playground.style.theme import Style, Theme, mixed
from playground.widgets.plot import Axis, Band, Curve, Grid, Note, Pane, Plot

MAX_SIDE: Final = 41
"""Maximum number of rows and columns of a map; TeX needs seconds for some thousand cells."""

MAX_TIMES: Final = 80


def _every(count: int, most: int = MAX_SIDE) -> list[int]:
    """Return at most ``most`` indices below ``count``, evenly spaced, with both ends."""
    return sorted({round(float(place)) for place in np.linspace(0, count - 1, min(count, most))})


def _rows(values: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in values.tolist())


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(values.tolist())


def _greys(theme: Theme, darkest: float) -> tuple[str, ...]:
    """Return colours from the background towards ink."""
    panel, ink = QColor(theme.panel), QColor(theme.ink)
    return tuple(mixed(panel, ink, share).name() for share in (0.05, darkest / 2, darkest))


def _surface(x: Floats, y: Floats, heights: Floats, theme: Theme, name: str) -> Grid:
    columns, rows = _every(len(x)), _every(len(y))
    values = heights[np.ix_(rows, columns)]
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    limits = (low, high if high > low else low + 1.0)
    return Grid(
        x=_floats(x[columns]), y=_floats(y[rows]), values=_rows(values), limits=limits, colours=_greys(theme, 0.5),
        name=name,
    )  # fmt: skip


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
    columns, rows = _every(len(data.x)), _every(len(data.y))
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
        x=_floats(data.x[columns]), y=_floats(data.y[rows]), values=_rows(values), limits=limits, colours=colours,
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


def history_plot(runs: Sequence[tuple[str, HistoryData]], style: Style) -> Plot | None:
    """Return the gradient of each layer over time, on one scale of decades; for each named run a pane."""
    shown = [(name, data, _every(len(data.times), MAX_TIMES)) for name, data in runs if len(data.times) >= 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [np.log10(data.history.norms[kept].T) for _, data, kept in shown]
    known = np.concatenate([each[np.isfinite(each)] for each in logs]) if logs else np.zeros(0)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    limits, panes = (low, high if high > low else low + 1.0), []
    for (name, data, kept), values in zip(shown, logs, strict=True):
        count = len(values)
        grid = Grid(
            x=_floats(data.times[kept]), y=tuple(float(row) for row in range(count)), values=_rows(values),
            limits=limits, colours=_greys(style.theme, 0.95), name="log ‖∂L/∂W‖",
        )  # fmt: skip
        ticks = tuple((float(row), weight_name(row)) for row in range(count))
        y = Axis("", (count - 0.5, -0.5), ticks=ticks)
        panes.append(Pane(x=Axis("step" if data.by_steps else "epoch"), y=y, layers=(grid,), title=name))
    return Plot(tuple(panes)) if panes else None


def matrix_plot(counts: Integers, names: tuple[str, ...], style: Style) -> Plot:
    """Return the ``counts`` (K, K) of true and predicted classes as shades with numbers."""
    count = len(names)
    places = tuple(float(index) for index in range(count))
    grid = Grid(
        x=places, y=places, values=_rows(counts.astype(np.float64)), limits=(0.0, max(float(counts.max()), 1.0)),
        colours=_greys(style.theme, 0.5), name="samples",
    )  # fmt: skip
    notes = tuple(
        Note((float(column), float(row)), str(int(counts[row, column])))
        for row in range(count)
        for column in range(count)
    )
    ticks = tuple((float(index), name) for index, name in enumerate(names))
    x, y = Axis("predicted", (-0.5, count - 0.5), ticks=ticks), Axis("true", (count - 0.5, -0.5), ticks=ticks)
    return Plot((Pane(x=x, y=y, layers=(grid, *notes)),))


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
        layers=(_surface(data.x, data.y, data.heights, theme, "log loss"), *lines, *_path(data, style)),
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


def surface_plot(data: LandscapeData, camera: Camera, style: Style) -> Plot:
    """Return the loss over the plane as a surface, with the path at its true loss."""
    theme = style.theme
    layers: list[Grid | Curve] = [_surface(data.x, data.y, data.heights, theme, "log loss")]
    if data.surface.path is not None and len(data.path):
        heights = log_losses(data.surface.path.losses)
        x, y, z = thinned(data.path[:, 0]), thinned(data.path[:, 1]), thinned(heights)
        layers.append(Curve(x=x, y=y, z=z, colour=theme.error, name="path, at its true loss"))
    pane = Pane(
        x=Axis(data.short_names[0]), y=Axis(data.short_names[1]), z=Axis("log loss"), layers=tuple(layers),
        camera=(camera.azimuth, camera.elevation),
    )  # fmt: skip
    return Plot((pane,))


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
        layers=(_surface(data.x, data.y, data.heights, theme, f"log {data.value_name}"), *lines, *paths, start),
    )
    return Plot((pane,))


def minima_plot(data: MinimaData | NetworkMinima, style: Style) -> Plot:
    """Return how many restarts end at which loss, or the basin of each start."""
    theme = style.theme
    if isinstance(data, NetworkMinima):
        counts, edges = np.histogram(data.levels[np.isfinite(data.levels)], MAX_BINS, data.range())
        x = tuple((10.0 ** np.repeat(edges, 2)[1:-1]).tolist())
        high = tuple(np.repeat(counts, 2).astype(np.float64).tolist())
        bars = Band(x=x, low=(0.0,) * len(x), high=high, colour=theme.faint, hatch=0, opacity=0.8)
        return Plot((Pane(x=Axis("final loss", log=True), y=Axis("restarts"), layers=(bars,)),))
    columns, rows = _every(len(data.x)), _every(len(data.y))
    count, panel = len(data.depths), QColor(theme.panel)
    colours = (theme.panel, *(mixed(QColor(theme.class_palette[i % 10]), panel, 0.45).name() for i in range(count)))
    grid = Grid(
        x=_floats(data.x[columns]), y=_floats(data.y[rows]),
        values=_rows(data.basins[np.ix_(rows, columns)].astype(np.float64) + 1.0), limits=(0.0, float(count)),
        colours=colours, has_scale=False,
    )  # fmt: skip
    marks = [
        Curve(x=(x,), y=(y,), colour=minimum_colour(index, style).name(), form="points", marker=index,
              name=f"f = {float(data.depths[index]):.3g}")
        for index, (x, y) in enumerate(data.surface.minima)
        if index < count
    ]  # fmt: skip
    return Plot((Pane(x=Axis("start x"), y=Axis("y"), layers=(grid, *marks)),))
