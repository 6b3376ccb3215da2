"""The loss on a plane through the current parameters, with the path of training projected onto it.

The plane is spanned by two single weights, two random directions, or the two principal components of the path. The path
is drawn at its true loss, because it does not lie in the plane.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.analysis.landscape import LossPlane, PathOnPlane, path_directions, path_on_plane, plane, random_direction
from core.arrays import Floats
from core.engine.evaluation import Evaluator
from core.network import Network
from core.registry import Entry, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.network.architecture import Architecture

Advance: TypeAlias = Callable[[int, int], bool]
"""Progress callback: called with (done, total); returns whether to continue."""

MARGIN: Final = 0.25
"""Margin of the surface around the path, relative to the path's extent."""

MAX_PARAMETER: Final = 1e100
"""Maximum magnitude of a parameter; distances between larger ones could overflow, so such points are left out."""

NUMBERS_TOGETHER: Final = 2**19
"""Maximum number of activations between two calls of ``advance``; each part repeats what is the same in all."""

ROUNDING: Final = 1e-9
"""Extent of the path along one axis, relative to the other, up to which it is rounding error: the path is straight."""

MIN_REACH: Final = 1.0
"""Minimum extent of the surface around the current point, in units of a weight or of a neuron's norm."""


class OtherRun(Struct, frozen=True):
    """Another run over the same parameters, whose path is drawn over the surface at its own true loss.

    Attributes:
        architecture: its architecture, with as many parameters.
        X: its features, (B, D_in).
        Y: its targets, (B, K).
        points: its path, T arrays (P,).
    """

    architecture: Architecture
    X: Floats
    Y: Floats
    points: tuple[Floats, ...]

    @property
    def usable(self) -> tuple[int, ...]:
        """The points whose distances can be computed."""
        return tuple(index for index, point in enumerate(self.points) if _is_usable(point))


class Request(Struct, frozen=True):
    """The inputs of a surface.

    Attributes:
        network: the network at the current parameters.
        X: features, (B, D_in).
        Y: targets, (B, K).
        points: the path of training, T arrays (P,), the current parameters last.
        pair: flat indices of the two weights for the plane of two weights.
        seed: seed of the random directions.
        side: number of points per side of the surface.
        others: other runs whose paths the surface holds, too.
        evaluator: computes the losses one by one; without one, NumPy computes many at once.
    """

    network: Network
    X: Floats
    Y: Floats
    points: tuple[Floats, ...]
    pair: tuple[int, int]
    seed: int
    side: int
    others: tuple[OtherRun, ...] = ()
    evaluator: Evaluator | None = None


class PlaneChoice(Entry, frozen=True, kw_only=True):
    """One way to choose the plane.

    Attributes:
        directions: returns both directions, each (P,).
        reach: minimum extent of the surface, in units of the directions.
        word: a word for it where there is little room.
        of_weights: whether the axes are two weights.
    """

    directions: Callable[[Request], tuple[Floats, Floats]]
    reach: float
    word: str
    of_weights: bool = False


class LossSurface(Struct, frozen=True):
    """A surface and the path over it.

    Attributes:
        choice: key in ``PLANES``.
        plane: the losses, by offsets from the current parameters.
        path: the path of training; ``None`` if there is none yet.
        explained: fraction of the path's variance along each direction; NaN without a path.
        others: the usable points of the paths of the other runs.
        spanned_by: key in ``PLANES`` of what the plane has its directions from; not ``choice`` if no run has moved yet.
    """

    choice: str
    plane: LossPlane
    path: PathOnPlane | None
    explained: tuple[float, float]
    others: tuple[PathOnPlane, ...]
    spanned_by: str


def weight_directions(request: Request) -> tuple[Floats, Floats]:
    """Return the unit vectors of the two chosen weights."""
    first, second = np.zeros((2, request.network.architecture.size))
    first[request.pair[0]], second[request.pair[1]] = 1.0, 1.0
    return first, second


def random_directions(request: Request) -> tuple[Floats, Floats]:
    """Return two filter-normalized random directions (Li et al. 2018)."""
    rng = np.random.default_rng(request.seed)
    first = random_direction(request.network, rng=rng)
    return first, random_direction(request.network, rng=rng)


def principal_directions(request: Request) -> tuple[Floats, Floats]:
    """Return the two principal components of all paths (Li et al. 2018); the plane passes through the end of the run's own."""
    others = [other.points[index] for other in request.others for index in other.usable]
    return path_directions(np.stack([*others, *request.points]))


PLANES: Final[Mapping[str, PlaneChoice]] = registry(
    PlaneChoice(
        key="path",
        label="Path of training",
        formula=r"\theta + s \, u_1 + t \, u_2",
        explanation="The plane in which training moved most: the two principal components of its path; random before any step.",
        directions=principal_directions,
        reach=0.0,
        word="paths",
    ),
    PlaneChoice(
        key="random",
        label="Random directions",
        formula=r"\theta + s \, d_1 + t \, d_2, \quad \|d_{neuron}\| = \|\theta_{neuron}\|",
        explanation="Two random directions, scaled neuron by neuron to the norm of the weights.",
        directions=random_directions,
        reach=MIN_REACH,
        word="random",
    ),
    PlaneChoice(
        key="weights",
        label="Two weights",
        formula=r"(w_1 + s, \; w_2 + t)",
        explanation="Only the last two selected weights or biases vary; all others are fixed.",
        directions=weight_directions,
        reach=MIN_REACH,
        word="two weights",
        of_weights=True,
    ),
)
"""Every way to choose the plane, in menu order."""


def loss_surface(request: Request, choice: str, advance: Advance) -> LossSurface | None:
    """Return the loss on the plane of ``choice``; ``None`` if ``advance`` cancels.

    The plane of the path is one of random directions as long as there is no path.
    Losses are means over the samples, without dropout and penalty; infinite or NaN where the network overflows.
    """
    if not _is_usable(request.network.parameters):
        nothing, offsets = np.zeros(request.network.architecture.size), np.linspace(-MIN_REACH, MIN_REACH, request.side)
        unknown = np.full((request.side, request.side), np.nan)
        return LossSurface(
            choice, LossPlane(nothing, nothing, offsets, offsets, unknown), None, (np.nan, np.nan), (), choice
        )
    moved = [request.points[index] for index in passed(request.points, request.network.parameters)]
    request = replace(request, points=(*moved, request.network.parameters))
    # Without movement, principal directions would be those of the first two parameters, whatever these are.
    entry = PLANES["random" if choice == "path" and not _has_movement(request) else choice]
    first, second = entry.directions(request)
    path, shares = None, (float("nan"), float("nan"))
    if moved:
        points = np.stack([*moved, request.network.parameters])
        path = path_on_plane(request.network, request.X, request.Y, first, second, points, request.evaluator)
        shares = explained(points - request.network.parameters, first, second)
    others = tuple(_path_of(other, request.network, first, second) for other in request.others)
    paths = [path, *others] if path is not None else others
    along = [
        np.concatenate([np.zeros(1), *coordinates])
        for coordinates in ([each.first for each in paths], [each.second for each in paths])
    ]
    widest = max(float(np.ptp(each)) for each in along)
    columns, rows = (_offsets(each, entry.reach, request.side, widest) for each in along)
    losses, together = [], rows_together(request.network, len(request.X), request.side)
    for index in range(0, request.side, together):
        if not advance(index, request.side):
            return None
        few = rows[index : index + together]
        strip = plane(request.network, request.X, request.Y, first, second, columns, few, request.evaluator)
        losses.append(strip.losses)
    return LossSurface(
        choice, LossPlane(first, second, columns, rows, np.concatenate(losses)), path, shares, others, entry.key
    )


def rows_together(network: Network, samples: int, side: int) -> int:
    """Return the number of rows of a plane between two calls of ``advance``, which together take some milliseconds."""
    units = sum(layer.fan_out for layer in network.architecture.layers)
    return max(1, NUMBERS_TOGETHER // (max(samples, 1) * units * side))


def _has_movement(request: Request) -> bool:
    """Return whether any run was elsewhere than at the current parameters."""
    others = (other.points[index] for other in request.others for index in other.usable)
    return any(not np.array_equal(point, request.network.parameters) for point in (*request.points, *others))


def _path_of(other: OtherRun, network: Network, first: Floats, second: Floats) -> PathOnPlane:
    """Return the path of another run on the plane through the parameters of ``network``, at its own true loss."""
    usable = other.usable
    if not usable:
        return PathOnPlane(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))
    origin = Network(other.architecture, network.parameters)
    return path_on_plane(origin, other.X, other.Y, first, second, np.stack([other.points[index] for index in usable]))


def passed(points: Sequence[Floats], present: Floats) -> list[int]:
    """Return the indices of ``points`` that the surface shows as the path before the ``present`` one."""
    return [index for index, each in enumerate(points) if _is_usable(each) and not np.array_equal(each, present)]


def _is_usable(point: Floats) -> bool:
    """Return whether distances from ``point`` can be computed."""
    return bool(np.max(np.abs(point), initial=0.0) <= MAX_PARAMETER)  # NaN is not


def explained(points: Floats, first: Floats, second: Floats) -> tuple[float, float]:
    """Return the fractions of the variance of ``points (T, P)`` along ``first`` and the part of ``second`` orthogonal to it.

    The variance is about the mean of the points, so that it is 0 for a path that does not move.
    """
    points = points / (np.max(np.abs(points), initial=0.0) or 1.0)  # the squares of large distances would overflow
    deviations = points - points.mean(axis=0)
    total = float(np.sum(deviations * deviations))
    if total == 0.0:
        return 0.0, 0.0
    axes, _ = np.linalg.qr(np.column_stack([first, second]))
    along = np.sum((deviations @ axes) ** 2, axis=0) / total
    return float(along[0]), float(along[1])


def _offsets(along: Floats, reach: float, side: int, widest: float) -> Floats:
    """Return ``side`` offsets that cover the path with a margin, and ``reach`` around the current point.

    Across a straight path, they reach as far as its extent ``widest``.
    """
    low, high = min(float(along.min()), 0.0), max(float(along.max()), 0.0)
    if high - low <= ROUNDING * widest:
        low, high = -widest / 2.0, widest / 2.0
    margin = MARGIN * (high - low)
    low, high = min(low - margin, -reach), max(high + margin, reach)
    if not high > low:
        low, high = -MIN_REACH, MIN_REACH
    return np.linspace(low, high, side)
