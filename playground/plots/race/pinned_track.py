"""The path of training of a pinned run on the surface of a race, where both are of the same loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from core.analysis.landscape import path_on_plane
from core.analysis.race import Racer
from core.engine.background_evaluator import background_evaluator
from core.training.recorders.parameter_path import thinned
from playground.plots.landscape.data import PINNED_POINTS
from playground.plots.landscape_3d.height_field import HeightField
from playground.plots.race.data import RaceData, Trajectory
from playground.plots.race.exits import ARROW, exits_of, paint_exits
from playground.plots.race.field import drawn_points, runs_of, z_range
from playground.plots.race.marks import casing
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import faded, pen, polygon
from playground.plotting.pins.ghosts import Ghost
from playground.style.theme import Style

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.worker.background import Advance

NAME = "training"
"""Name of the path, which does not belong to a racer."""

ALL = 10**9
"""A step later than any."""

FAR = 1e100
"""Where points are drawn that are farther away, so that their pixels do not overflow; far beyond the map."""


def is_same_surface(snapshot: Snapshot, other: Snapshot) -> bool:
    """Return whether the parameters of both have the same losses: same network, same samples."""
    mine, theirs = snapshot.data, other.data
    return snapshot.network.architecture == other.network.architecture and (
        mine is theirs
        or (np.array_equal(mine.x_train, theirs.x_train) and np.array_equal(mine.y_train, theirs.y_train))
    )


def training_track(data: RaceData, snapshot: Snapshot, pinned: Snapshot, advance: Advance) -> RaceData | None:
    """Return the surface of ``data`` with the path of training of a ``pinned`` run as its only one, at its true losses.

    ``None`` if its losses are another surface, or if cancelled.
    """
    if data.axes is None or not pinned.path.points or not is_same_surface(snapshot, pinned) or not advance(0, 1):
        return None
    path = thinned(pinned.path, PINNED_POINTS * len(pinned.network.parameters))
    samples = len(pinned.trace.inputs[0])
    network = replace(pinned.network, parameters=data.axes.origin)
    seen = path_on_plane(
        network,
        pinned.data.x_train[:samples],
        pinned.data.y_train[:samples],
        data.axes.first,
        data.axes.second,
        np.array(path.points),
        background_evaluator(network.architecture),
    )
    training, last = pinned.experiment.training, int(path.steps[-1])
    track = Trajectory(
        racer=Racer(
            label=NAME,
            optimizer=training.optimizer,
            learning_rate=training.learning_rate,
            momentum=training.momentum,
            batch_size=training.batch_size,
        ),
        name=NAME,
        steps=path.steps,
        points=np.clip(np.column_stack([data.start[0] + seen.first, data.start[1] + seen.second]), -FAR, FAR),
        values=seen.losses,
        curve=seen.losses,
        detours=np.full(last + 1, np.nan),
        distances=seen.distances,
        arrival=None,
        diverged=False,
    )
    return replace(data, trajectories=(track,), steps=last, done=last)


def is_track(data: RaceData) -> bool:
    """Return whether ``data`` is the path of training of a pinned run, and no race of its own."""
    return any(each.name == NAME for each in data.trajectories)


def paint_track(p: QPainter, area: Area, ghost: Ghost[RaceData], style: Style) -> bool:
    """Draw the path on the map, with a ring at its start, a dot at its end, and an arrow where it leaves the map.

    Return whether it does.
    """
    leaves = False
    for track in ghost.data.trajectories:
        points = track.points[np.isfinite(track.points).all(axis=1)]
        if not len(points):
            continue
        line = polygon(area.xs(points[:, 0]), area.ys(points[:, 1]))
        p.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in (pen(faded(style.theme.panel, 0.7), style.px(3.2)), ghost.pen(style, 1.8)):
            p.setPen(stroke)
            draw_polyline(p, line)
        p.setPen(pen(ghost.tint(style), style.px(2)))
        p.drawEllipse(line.first(), style.px(4), style.px(4))
        p.setBrush(ghost.tint(style))
        p.drawEllipse(line.last(), style.px(3.5), style.px(3.5))
        pixels = np.column_stack([area.xs(points[:, 0]), area.ys(points[:, 1])])
        exits = exits_of(pixels, area.rect, style.px(ARROW))
        paint_exits(p, exits, ghost.tint(style), style)
        leaves = leaves or bool(exits)
    return leaves


def paint_track_over(p: QPainter, field: HeightField, ghost: Ghost[RaceData], opacity: float, style: Style) -> None:
    """Draw the path at its true losses over a surface in 3-D; what this hides has ``opacity``."""
    data, (low, high) = ghost.data, z_range(ghost.data)
    for track in data.trajectories:
        points, values = drawn_points(data, track, ALL)
        if not len(points):
            continue
        heights = np.clip(data.heights_of(values), low, high)
        tops = field.at(points[:, 0], points[:, 1], heights)
        hidden = field.hides(points[:, 0], points[:, 1], heights)
        for part, strength in ((hidden, opacity), (~hidden, 1.0)):
            own = ghost.pen(style, 1.8)
            own.setColor(faded(own.color(), strength))
            lines = [polygon(tops[first:last, 0], tops[first:last, 1]) for first, last in runs_of(part)]
            for stroke in (casing(strength, style), own):
                p.setPen(stroke)
                for line in lines:
                    draw_polyline(p, line)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(ghost.tint(style))
        p.drawEllipse(QPointF(float(tops[-1, 0]), float(tops[-1, 1])), style.px(3.5), style.px(3.5))
