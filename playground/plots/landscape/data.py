"""Data for the loss landscape cards: the surface over a plane, its contour lines and the training path."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias, cast

import numpy as np
from contourpy import contour_generator
from msgspec import Struct

from core.analysis.landscape import PathOnPlane
from core.analysis.loss_surface import PLANES, ROUNDING, LossSurface, OtherRun, Request, loss_surface, passed
from core.arrays import Floats, Integers
from core.engine.background_evaluator import background_evaluator
from core.training.recorders.parameter_path import ParameterPath, thinned
from core.training.snapshot import Snapshot
from playground.plots.landscape.track import NO_TRACK, Track
from playground.session.selection import Names, selection_of
from playground.style.numbers import percent, short
from playground.worker.background import Advance

NO_PINS: Final[Mapping[int, Snapshot]] = MappingProxyType({})

PINNED_POINTS: Final = 60
"""Maximum number of points of a pinned path."""

FLOOR: Final = 1e-12
"""Minimum loss that is drawn: the axis is logarithmic."""

COARSE_POINTS: Final = 24
"""Maximum number of points of the path over a coarse surface: the true loss of each costs as much as a grid point."""

MIN_COARSE_POINTS: Final = 12

LEVELS: Final = 12
"""Number of contour levels, evenly spaced in the logarithm of the loss."""

Limits: TypeAlias = tuple[int, int, float]
"""Minimum and maximum points per side and maximum multiplications of a surface."""

COARSE: Final[Limits] = (6, 13, 6e7)
"""The first surface after an edit, which is to appear within 100 ms even beside training."""

LIVE: Final[Limits] = (9, 41, 3.6e8)
"""The following surfaces during training."""

FINE: Final[Limits] = (9, 61, 1.2e9)
"""The surface that is computed while training is paused."""

SMALL_PRODUCTS: Final = 6e6
"""Maximum multiplications of a surface that is computed at once; the default network's coarse one takes 4 ms."""

SMALL_DEPTH: Final = 6
"""Maximum number of layers of such a network."""

Line: TypeAlias = Floats
"""One contour line, (n, 2)."""


class Contour(Struct, frozen=True):
    """All contour lines of one loss."""

    loss: float
    lines: tuple[Line, ...]


class PinnedPath(Struct, frozen=True, eq=False):
    """The path of a pinned run on the surface.

    Attributes:
        key: key of the pin.
        path: coordinates, (T, 2).
        steps: updates at each point, (T,).
        true: losses and distances from the plane.
    """

    key: int
    path: Floats
    steps: Integers
    true: PathOnPlane


class LandscapeData(Struct, frozen=True, eq=False):
    """Data of the loss landscape.

    Attributes:
        surface: losses and path on the plane.
        x: coordinates of the columns on the horizontal axis, (n,).
        y: coordinates of the rows on the vertical axis, (m,).
        names: names of the horizontal and the vertical axis.
        short_names: shorter names of the axes.
        here: coordinates of the current weights.
        path: coordinates of the path, (T, 2); (0, 2) without a path.
        steps: step at each point of the path, (T,).
        contours: contour lines.
        loss: loss at the current weights.
        is_fine: whether this is the fine surface.
        origin: the current weights, (P,).
        step: the current step.
        generation: of the experiment.
        pinned: paths of pinned runs with as many parameters.
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
    origin: Floats
    step: int
    generation: int
    pinned: tuple[PinnedPath, ...] = ()

    @property
    def plane(self) -> str:
        """What the axes are: coordinates in another plane cannot be compared, though principal directions have the same names."""
        plane = self.surface.plane
        return digest(plane.first, plane.second) if self.surface.spanned_by == "path" else " / ".join(self.names)

    @property
    def heights(self) -> Floats:
        """log₁₀ of the losses, (m, n); NaN where they are not finite."""
        return log_losses(self.surface.plane.losses)


def digest(first: Floats, second: Floats) -> str:
    """Return a text that is the same for the same two directions (P,) only."""
    return hashlib.sha256(first.tobytes() + second.tobytes()).hexdigest()


def log_losses(losses: Floats) -> Floats:
    """Return log₁₀ of ``losses``, clipped at ``FLOOR``; NaN where they are not finite."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(losses), np.log10(np.maximum(losses, FLOOR)), np.nan)


def side_for(snapshot: Snapshot, limits: Limits) -> int:
    """Return the number of points per side within ``limits``."""
    min_side, max_side, products = limits
    samples = len(snapshot.trace.inputs[0])
    return int(np.clip(math.sqrt(products / (samples * snapshot.network.architecture.size)), min_side, max_side))


def is_small(snapshot: Snapshot, limits: Limits) -> bool:
    """Return whether a surface within ``limits`` takes about 10 ms at most."""
    architecture, samples = snapshot.network.architecture, len(snapshot.trace.inputs[0])
    products = side_for(snapshot, limits) ** 2 * samples * architecture.size
    return products <= SMALL_PRODUCTS and len(architecture.layers) <= SMALL_DEPTH


def _path_within(snapshot: Snapshot, limits: Limits, side: int) -> ParameterPath:
    """Return the path of training, with fewer points for a coarse surface of ``side`` points per side."""
    if limits is FINE:
        return snapshot.path
    most = min(COARSE_POINTS, max(MIN_COARSE_POINTS, side**2 // 4))
    return thinned(snapshot.path, most * len(snapshot.network.parameters))


def landscape_data(
    snapshot: Snapshot,
    choice: str,
    pair: tuple[int, int],
    seed: int,
    advance: Advance,
    *,
    limits: Limits,
    pins: Mapping[int, Snapshot] = NO_PINS,
) -> LandscapeData | None:
    """Return the landscape of ``snapshot``; ``None`` if cancelled.

    Args:
        snapshot: the state of training.
        choice: key in ``PLANES``.
        pair: flat indices of the two weights for the plane of two weights.
        seed: seed of the random directions.
        advance: called between parts of the work; returns ``False`` to cancel.
        limits: ``COARSE``, ``LIVE`` or ``FINE``.
        pins: pinned runs by key; the paths of those with as many parameters are drawn, too.
    """
    network, side = snapshot.network, side_for(snapshot, limits)
    path = _path_within(snapshot, limits, side)
    samples = len(snapshot.trace.inputs[0])
    X, Y = snapshot.data.x_train[:samples], snapshot.data.y_train[:samples]
    pins = {key: each for key, each in pins.items() if each.network.architecture.size == network.architecture.size}
    others = {key: _other_run(each) for key, each in pins.items()}
    evaluator = background_evaluator(network.architecture)
    request = Request(network, X, Y, path.points, pair, seed, side, tuple(others.values()), evaluator)
    surface = loss_surface(request, choice, advance)
    if surface is None:
        return None
    here = (0.0, 0.0)
    if PLANES[choice].of_weights:
        here = (float(network.parameters[pair[0]]), float(network.parameters[pair[1]]))
    x, y = here[0] + surface.plane.first_offsets, here[1] + surface.plane.second_offsets
    points, steps = np.zeros((0, 2)), np.zeros(0, dtype=np.int64)
    if surface.path is not None:
        points = np.column_stack([here[0] + surface.path.first, here[1] + surface.path.second])
        steps = np.append(path.steps[passed(path.points, network.parameters)], snapshot.step)
    names, short_names = axis_names(snapshot, surface.spanned_by, pair, surface.explained, "the path")
    heights = log_losses(surface.plane.losses)
    contours = contours_of(x, y, heights)
    return LandscapeData(
        surface=surface,
        x=x,
        y=y,
        names=names,
        short_names=short_names,
        here=here,
        path=points,
        steps=steps,
        contours=contours,
        loss=snapshot.scores.train_loss,
        is_fine=limits is FINE,
        origin=network.parameters,
        step=snapshot.step,
        generation=snapshot.generation,
        pinned=_pinned_paths(pins, others, surface, here, len(network.parameters)),
    )


def _pinned_paths(
    pins: Mapping[int, Snapshot],
    others: Mapping[int, OtherRun],
    surface: LossSurface,
    here: tuple[float, float],
    parameters: int,
) -> tuple[PinnedPath, ...]:
    """Return the paths of the pinned runs on ``surface``, whose origin is ``here``."""
    if not surface.others:  # from parameters that are too large, no distances can be computed
        return ()
    return tuple(
        PinnedPath(
            key,
            np.column_stack([here[0] + true.first, here[1] + true.second]),
            thinned(pins[key].path, PINNED_POINTS * parameters).steps[list(other.usable)],
            true,
        )
        for (key, other), true in zip(others.items(), surface.others, strict=True)
    )


def _other_run(snapshot: Snapshot) -> OtherRun:
    samples = len(snapshot.trace.inputs[0])
    X, Y = snapshot.data.x_train[:samples], snapshot.data.y_train[:samples]
    points = thinned(snapshot.path, PINNED_POINTS * len(snapshot.network.parameters)).points
    return OtherRun(snapshot.network.architecture, X, Y, points)


def contours_of(x: Floats, y: Floats, heights: Floats) -> tuple[Contour, ...]:
    """Return the contour lines; none if the surface is flat or not finite."""
    known = heights[np.isfinite(heights)]
    if known.size < 2 or not known.max() - known.min() > 1e-9:
        return ()
    levels = np.linspace(known.min(), known.max(), LEVELS + 2)[1:-1].tolist()
    generator = contour_generator(x=x, y=y, z=np.ma.masked_invalid(heights))
    return tuple(Contour(float(10.0**level), tuple(cast("list[Line]", generator.lines(level)))) for level in levels)


def axis_names(
    snapshot: Snapshot, choice: str, pair: tuple[int, int], explained: tuple[float, float], what: str
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the names of both axes, in full and short.

    Args:
        snapshot: the state of training.
        choice: key in ``PLANES``.
        pair: flat indices of the two weights.
        explained: shares along each direction.
        what: of which they are shares.
    """
    if PLANES[choice].of_weights:
        names = Names.of(snapshot.network.architecture, snapshot.data)
        first, second = (selection_of(snapshot.network.architecture, index) for index in pair)
        symbols = (names.symbol_of(first) if first else "α", names.symbol_of(second) if second else "α")
        full = tuple(
            f"along {symbol}, {_lower_first(names.of_parameter(each))}" if each else f"along {symbol}"
            for symbol, each in zip(symbols, (first, second), strict=True)
        )
        return (full[0], full[1]), symbols
    short_names = ("direction 1", "direction 2")
    if choice == "random":
        return ("random direction 1, filter-normalized", "random direction 2, filter-normalized"), short_names
    shares = [f" ({percent(share, 0)} of {what})" if math.isfinite(share) and share else "" for share in explained]
    return (f"principal direction 1{shares[0]}", f"principal direction 2{shares[1]}"), short_names


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def interpolate(x: Floats, y: Floats, heights: Floats, points: Floats) -> Floats:
    """Return ``heights (m, n)`` on the grid ``y (m,)``, ``x (n,)`` at ``points (k, 2)`` by bilinear interpolation, (k,).

    NaN at points that are not finite.
    """
    known = np.isfinite(points).all(axis=1)
    columns = np.interp(np.where(known, points[:, 0], x[0]), x, np.arange(len(x)))
    rows = np.interp(np.where(known, points[:, 1], y[0]), y, np.arange(len(y)))
    j = np.minimum(columns.astype(np.int64), len(x) - 2)
    i = np.minimum(rows.astype(np.int64), len(y) - 2)
    s, t = columns - j, rows - i
    near = (1 - s) * heights[i, j] + s * heights[i, j + 1]
    far = (1 - s) * heights[i + 1, j] + s * heights[i + 1, j + 1]
    return np.where(known, (1 - t) * near + t * far, np.nan)


def surface_heights(data: LandscapeData, points: Floats) -> Floats:
    """Return log₁₀ of the surface's loss at ``points (n, 2)`` by bilinear interpolation, (n,)."""
    return interpolate(data.x, data.y, data.heights, points)


def distinct(losses: Sequence[float]) -> list[str]:
    """Format ``losses`` with as few digits (at least two) as make them distinct."""
    texts: list[str] = []
    for digits in range(2, 8):
        texts = [short(loss, digits) for loss in losses]
        if len(set(texts)) == len(texts):
            break
    return texts


def landscape_sentences(data: LandscapeData, live: Track = NO_TRACK) -> tuple[str, ...]:
    """Return sentences that summarize the landscape and the path since then, longest first."""
    losses = data.surface.plane.losses
    if not np.isfinite(losses).any():
        if math.isfinite(data.loss):
            return ("the parameters are too large for a surface around them; rewind to see one", "parameters too large")
        return ("the network overflows everywhere on this plane", "overflow everywhere")
    on_paths = data.surface.path.losses if data.surface.path is not None else np.zeros(0)
    every = np.concatenate([losses.ravel(), on_paths, live.losses])
    lowest = float(every[np.isfinite(every)].min())
    here = float(live.losses[-1]) if len(live.losses) else data.loss
    if here <= lowest:  # as after training has gone below the surface that was computed before
        losses_text = f"loss {short(here, 2)} here, the lowest point shown"
    else:
        at_here, at_lowest = distinct([here, lowest])
        losses_text = f"loss {at_here} here, {at_lowest} at the lowest point shown"
    if data.surface.path is None:
        return (f"{losses_text}; train to see the path", losses_text, f"loss {short(here, 2)} here")
    off = float(max(data.surface.path.distances.max(), live.distances.max(initial=0.0)))
    if off <= ROUNDING * float(np.ptp(data.path, axis=0).max()):  # of a straight path
        off = 0.0
    share = sum(data.surface.explained)
    in_plane = f"this plane holds {percent(share, 0)} of the path's variance"
    return (
        f"{losses_text}; {in_plane}; maximum distance {short(off, 2)}",
        f"{losses_text}; {in_plane}",
        losses_text,
        f"loss {short(here, 2)} here",
    )
