"""The landscape of a pinned run for a figure with both runs: on the same plane where their parameters correspond."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from core.analysis.landscape import LossPlane, path_on_plane, plane
from core.analysis.loss_surface import PLANES, LossSurface, explained, passed, rows_together
from core.engine.background_evaluator import background_evaluator
from core.network import Network
from core.training.recorders.parameter_path import thinned
from playground.plots.landscape.data import (
    FINE,
    PINNED_POINTS,
    LandscapeData,
    axis_names,
    contours_of,
    landscape_data,
    log_losses,
)
from playground.worker.background import Background

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from core.arrays import Floats
    from core.training.snapshot import Snapshot
    from playground.worker.background import Advance


def landscape_beside(
    data: LandscapeData, snapshot: Snapshot, pair: tuple[int, int], seed: int, advance: Advance
) -> LandscapeData | None:
    """Return the landscape of the pinned ``snapshot`` to be shown beside ``data``; ``None`` if cancelled.

    With as many parameters, it is the loss of the pinned network on the very plane of ``data``, and with two weights as axes,
    where all others are those of the pinned run. Otherwise its weights have no place there, and it has a plane of its own.

    Args:
        data: the landscape of the current run.
        snapshot: the pinned run.
        pair: flat indices of the two weights, where the pinned network has a plane of its own.
        seed: seed of the random directions.
        advance: called between parts of the work; returns ``False`` to cancel.
    """
    choice = data.surface.choice
    if snapshot.network.architecture.size != len(data.origin) or not data.surface.plane.first.any():
        return landscape_data(snapshot, choice, pair, seed, advance, limits=FINE)
    return _on_plane_of(data, snapshot, advance)


def _on_plane_of(data: LandscapeData, snapshot: Snapshot, advance: Advance) -> LandscapeData | None:
    of_weights, grid = PLANES[data.surface.choice].of_weights, data.surface.plane
    pair = int(np.argmax(np.abs(grid.first))), int(np.argmax(np.abs(grid.second)))  # if the directions are two weights
    present, samples = snapshot.network.parameters, len(snapshot.trace.inputs[0])
    X, Y = snapshot.data.x_train[:samples], snapshot.data.y_train[:samples]
    origin = data.origin
    if of_weights:
        origin = present.copy()
        origin[list(pair)] = data.here
    network = Network(snapshot.network.architecture, origin)
    evaluator = background_evaluator(network.architecture)
    losses: list[Floats] = []
    together = rows_together(network, samples, len(grid.second_offsets))
    for index in range(0, len(grid.second_offsets), together):
        if not advance(index, len(grid.second_offsets)):
            return None
        few = grid.second_offsets[index : index + together]
        losses.append(plane(network, X, Y, grid.first, grid.second, grid.first_offsets, few, evaluator).losses)
    short = thinned(snapshot.path, PINNED_POINTS * len(present))
    moved = passed(short.points, present)
    points = np.stack([*(short.points[index] for index in moved), present])
    path = path_on_plane(network, X, Y, grid.first, grid.second, points, evaluator)
    shares = explained(points - origin, grid.first, grid.second) if moved else (float("nan"), float("nan"))
    surface = LossSurface(
        data.surface.choice,
        LossPlane(grid.first, grid.second, grid.first_offsets, grid.second_offsets, np.concatenate(losses)),
        path if moved else None,
        shares,
        (),
        data.surface.spanned_by,
    )
    along = np.column_stack([data.here[0] + path.first, data.here[1] + path.second])
    names, short_names = axis_names(snapshot, surface.spanned_by, pair, shares, "the path")
    return replace(
        data,
        surface=surface,
        names=names,
        short_names=short_names,
        here=(float(along[-1, 0]), float(along[-1, 1])),
        path=along if moved else np.zeros((0, 2)),
        steps=np.append(short.steps[moved], snapshot.step) if moved else np.zeros(0, dtype=np.int64),
        contours=contours_of(data.x, data.y, log_losses(surface.plane.losses)),
        loss=snapshot.scores.train_loss,
        is_fine=True,
        origin=origin,
        step=snapshot.step,
        generation=snapshot.generation,
        pinned=(),
    )


class PairedSurface:
    """Keeps the surface of one pinned run beside one of the current run, computed on a separate thread.

    Args:
        name: name of the thread.
        owner: the card.
    """

    def __init__(self, name: str, owner: QObject) -> None:
        self._jobs = Background(name, owner)
        self._jobs.succeeded.connect(self._take)
        self._jobs.failed.connect(lambda _error: self._forget())
        self._asked: object = None
        self._known: tuple[object, LandscapeData | None] = (None, None)

    def prepare(self, key: object, compute: Callable[[Advance], LandscapeData | None]) -> bool:
        """Compute what belongs to ``key`` on the thread, unless that is done or under way; return whether it is done."""
        if self._known[0] == key:
            return True
        if self._asked != key:
            self._asked = key
            self._jobs.submit(lambda advance: (key, compute(advance)), urgent=True)
        return False

    def get(self, key: object, compute: Callable[[Advance], LandscapeData | None]) -> LandscapeData | None:
        """Return what belongs to ``key``, computed now unless it is known."""
        if self._known[0] != key:
            self._known = (key, compute(lambda _done, _every: True))
        return self._known[1]

    def _take(self, result: object) -> None:
        if isinstance(result, tuple):
            self._known = (result[0], result[1])

    def _forget(self) -> None:
        """Compute again when it is needed, on the thread that can show why it fails."""
        self._known = (self._asked, None)
