"""What the cards of the loss landscape show: the surface over a plane, its contour lines and the path of training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import numpy as np
from contourpy import contour_generator

from core.analysis.loss_surface import LossSurface, Request, loss_surface, passed
from core.arrays import Floats, Integers
from core.training.snapshot import Snapshot
from playground.session.selection import Names, selection_of
from playground.style.numbers import percent, short
from playground.worker.background import Advance

FLOOR: Final = 1e-12
"""Losses are drawn by their logarithm; one of 0 is drawn as if it were this."""

LEVELS: Final = 12
"""Contour lines, evenly spaced in the logarithm of the loss."""

COARSE: Final = (9, 25, 1.5e8)
"""Fewest and most points along a side, and products they may cost in all, while training or at first."""

FINE: Final = (9, 61, 1.2e9)
"""The same once the network rests."""

Line: TypeAlias = Floats
"""One contour line, (n, 2)."""


@dataclass(frozen=True, slots=True)
class Contour:
    """All lines of one loss."""

    loss: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LandscapeData:
    """What is drawn.

    Attributes:
        surface: losses and path.
        x: coordinates of the columns on the horizontal axis, (n,).
        y: coordinates of the rows on the vertical axis, (m,).
        names: what lies along the horizontal and the vertical axis.
        short_names: the same where there is little room.
        here: the present point's coordinates.
        path: the path's coordinates, (T, 2); (0, 2) without one.
        steps: updates made at each point of the path, (T,).
        contours: lines of equal loss.
        loss: at the present point.
        is_fine: whether the surface is as fine as it gets.
    """

    surface: LossSurface
    x: Floats
    y: Floats
    names: tuple[str, str]
    short_names: tuple[str, str]
    here: tuple[float, float]
    path: Floats
    steps: Integers
    contours: tuple[Contour, ...]
    loss: float
    is_fine: bool

    @property
    def heights(self) -> Floats:
        """Return log₁₀ of the losses, (m, n); NaN where they are not finite."""
        return log_losses(self.surface.plane.losses)


def log_losses(losses: Floats) -> Floats:
    """Return log₁₀ of ``losses``, at least that of the floor; NaN where they are not finite."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(losses), np.log10(np.maximum(losses, FLOOR)), np.nan)


def side_for(snapshot: Snapshot, limits: tuple[int, int, float]) -> int:
    """Return how many points along each side may be computed."""
    fewest, most, products = limits
    samples = len(snapshot.trace.inputs[0])
    return int(np.clip(math.sqrt(products / (samples * snapshot.network.architecture.size)), fewest, most))


def landscape_data(
    snapshot: Snapshot, choice: str, pair: tuple[int, int], seed: int, advance: Advance, *, fine: bool
) -> LandscapeData | None:
    """Return the landscape of ``snapshot``; ``None`` if cancelled.

    Args:
        snapshot: the state of training.
        choice: key in ``PLANES``.
        pair: flat indices of the two weights for the plane of two weights.
        seed: draws random directions.
        advance: called between parts of the work.
        fine: whether to take the time for many points.
    """
    network, path = snapshot.network, snapshot.path
    samples = len(snapshot.trace.inputs[0])
    X, Y = snapshot.data.x_train[:samples], snapshot.data.y_train[:samples]
    side = side_for(snapshot, FINE if fine else COARSE)
    surface = loss_surface(Request(network, X, Y, path.points, pair, seed, side), choice, advance)
    if surface is None:
        return None
    here = (0.0, 0.0)
    if choice == "weights":
        here = (float(network.parameters[pair[0]]), float(network.parameters[pair[1]]))
    x, y = here[0] + surface.plane.first_offsets, here[1] + surface.plane.second_offsets
    points, steps = np.zeros((0, 2)), np.zeros(0, dtype=np.int64)
    if surface.path is not None:
        points = np.column_stack([here[0] + surface.path.first, here[1] + surface.path.second])
        steps = np.append(path.steps[passed(path.points, network.parameters)], snapshot.step)
    names, short_names = _names(snapshot, surface, pair)
    heights = log_losses(surface.plane.losses)
    contours = contours_of(x, y, heights)
    return LandscapeData(
        surface, x, y, names, short_names, here, points, steps, contours, snapshot.scores.train_loss, fine
    )


def contours_of(x: Floats, y: Floats, heights: Floats) -> tuple[Contour, ...]:
    """Return the lines of equal height, named by their losses; none on a surface that is flat or not finite."""
    known = heights[np.isfinite(heights)]
    if known.size < 2 or not known.max() - known.min() > 1e-9:
        return ()
    levels = np.linspace(known.min(), known.max(), LEVELS + 2)[1:-1].tolist()
    generator = contour_generator(x=x, y=y, z=np.ma.masked_invalid(heights))
    return tuple(Contour(float(10.0**level), tuple(cast("list[Line]", generator.lines(level)))) for level in levels)


def _names(snapshot: Snapshot, surface: LossSurface, pair: tuple[int, int]) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return what lies along both axes, in full and in short."""
    if surface.choice == "weights":
        names = Names.of(snapshot.network.architecture, snapshot.data)
        first, second = (selection_of(snapshot.network.architecture, index) for index in pair)
        whole = (names.of_parameter(first) if first else "α", names.of_parameter(second) if second else "α")
        return whole, whole
    short_names = ("direction 1", "direction 2")
    if surface.choice == "random":
        return ("random direction 1, filter-normalised", "random direction 2, filter-normalised"), short_names
    shares = [f" ({percent(share, 0)} of the path)" if math.isfinite(share) else "" for share in surface.explained]
    return (f"principal direction 1{shares[0]}", f"principal direction 2{shares[1]}"), short_names


def surface_heights(data: LandscapeData, points: Floats) -> Floats:
    """Return log₁₀ of the surface's loss at ``points (n, 2)``, interpolated between the four around each, (n,)."""
    columns = np.interp(points[:, 0], data.x, np.arange(len(data.x)))
    rows = np.interp(points[:, 1], data.y, np.arange(len(data.y)))
    j = np.minimum(columns.astype(np.int64), len(data.x) - 2)
    i = np.minimum(rows.astype(np.int64), len(data.y) - 2)
    s, t, heights = columns - j, rows - i, data.heights
    near = (1 - s) * heights[i, j] + s * heights[i, j + 1]
    far = (1 - s) * heights[i + 1, j] + s * heights[i + 1, j + 1]
    return np.asarray((1 - t) * near + t * far)


def distinct(losses: Sequence[float]) -> list[str]:
    """Return ``losses`` with the fewest digits, two at least, that tell them apart."""
    texts: list[str] = []
    for digits in range(2, 8):
        texts = [short(loss, digits) for loss in losses]
        if len(set(texts)) == len(texts):
            break
    return texts


def landscape_sentences(data: LandscapeData) -> tuple[str, ...]:
    """Return what is to be seen, longest form first."""
    losses = data.surface.plane.losses
    if not np.isfinite(losses).any():
        return ("the network overflows everywhere on this plane", "overflow everywhere")
    lowest, here = float(np.nanmin(np.where(np.isfinite(losses), losses, np.nan))), data.loss
    place = f"loss {short(here, 2)} here, {short(lowest, 2)} at the lowest point in sight"
    if data.surface.path is None:
        return (f"{place}; train to see the path", place, f"loss {short(here, 2)} here")
    distances = data.surface.path.distances
    off = float(distances.max())
    share = sum(data.surface.explained)
    whole = f"{place}; this plane holds {percent(share, 0)} of the path, which leaves it by up to {short(off, 2)}"
    return (whole, f"{place}; {percent(share, 0)} of the path lies in this plane", place, f"loss {short(here, 2)} here")
