"""Edges as numbers: the quantity they show, their strengths, and the S-curve they follow."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from core.arrays import Floats
from core.training.snapshot import Snapshot
from playground.network_view.geometry import Layout

EdgeValue: TypeAlias = Literal["weight", "gradient", "update", "check"]
"""Quantity that edges show; ``check`` is the relative error of a gradient check (:mod:`.edge_errors`), which has no sign."""

EDGE_VALUES: Final[tuple[EdgeValue, ...]] = get_args(EdgeValue)

CURVE_POINTS: Final = 25

LARGE: Final = 200_000
"""Number of parameters from which the largest weight is searched layer by layer."""


def flat_values(snapshot: Snapshot, shows: EdgeValue) -> Floats:
    """Return (P,): the weights, their gradients or their last updates."""
    if shows == "gradient":
        return snapshot.gradients.flat
    return snapshot.last_update if shows == "update" else snapshot.network.parameters


def gap_values(snapshot: Snapshot | None, shows: EdgeValue, layout: Layout, gap: int) -> Floats:
    """Return (shown sources, shown targets): the value of each edge drawn in ``gap``; zeros where unknown."""
    a, b = layout.columns[gap], layout.columns[gap + 1]
    if snapshot is not None and gap < len(snapshot.network.architecture.layers):
        layer = snapshot.network.architecture.layers[gap]
        flat = flat_values(snapshot, shows)
        if (layer.fan_in, layer.fan_out) == (a.count, b.count) and len(flat) >= layer.stop:
            W = snapshot.network.architecture.weights(flat, gap)
            return W[a.first : a.first + a.shown, b.first : b.first + b.shown]
    return np.zeros((a.shown, b.shown))


def full_width_value(snapshot: Snapshot | None, shows: EdgeValue) -> float:
    """Return the magnitude drawn at full width: the largest of the whole network.

    All layers share one scale, so that they can be compared: where gradients vanish, edges become thin.
    """
    if snapshot is None:
        return 1.0
    flat = flat_values(snapshot, shows)
    layers = snapshot.network.architecture.layers
    if len(flat) > LARGE and len(flat) == layers[-1].stop:  # one layer at a time fits the CPU cache
        return max(_largest(np.abs(flat[layer.weights])) for layer in layers)
    mask = snapshot.network.architecture.is_weight
    return _largest(np.abs(flat[mask]) if len(flat) == len(mask) else np.abs(flat))


def _largest(sizes: Floats) -> float:
    """Return the largest finite magnitude."""
    largest = float(sizes.max(initial=0.0))
    return largest if np.isfinite(largest) else float(sizes[np.isfinite(sizes)].max(initial=0.0))


def strengths(values: Floats, full: float) -> npt.NDArray[np.float32]:
    """Return ``values`` relative to ``full``, signed, between −1 and 1; NaN counts as 0."""
    if not full > 0:
        return np.zeros(values.shape, dtype=np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        share = np.nan_to_num(values / full, posinf=1.0, neginf=-1.0)
    return np.clip(share, -1.0, 1.0).astype(np.float32)


def curve_share(points: int = CURVE_POINTS) -> tuple[Floats, Floats]:
    """Return the relative (x, y) along the S-curve: the cubic with its control points halfway, horizontal at both ends."""
    t = np.linspace(0.0, 1.0, points)
    return 1.5 * t * (1 - t) + t**3, 3 * t**2 - 2 * t**3


def nearest_edge(layout: Layout, gap: int, x: float, y: float, reach: float) -> tuple[int, int] | None:
    """Return (source, target) of the edge of ``gap`` that passes nearest to (x, y), at most ``reach`` away."""
    x0, ys0, x1, ys1 = layout.gap_ends(gap)
    along, across = curve_share()
    px = x0 + (x1 - x0) * along
    near = np.flatnonzero(np.abs(px - x) <= reach + (x1 - x0) / CURVE_POINTS * 2)
    if not len(near) or not len(ys0) or not len(ys1):
        return None
    low, high = max(int(near[0]) - 1, 0), min(int(near[-1]) + 2, CURVE_POINTS)
    px, across = px[low:high], across[low:high]
    py = ys0[:, None, None] + (ys1 - ys0[:, None])[:, :, None] * across
    dx, dy = np.diff(px), np.diff(py)
    length = np.maximum(dx**2 + dy**2, 1e-12)
    share = np.clip(((x - px[:-1]) * dx + (y - py[:, :, :-1]) * dy) / length, 0, 1)
    distance = np.hypot(px[:-1] + share * dx - x, py[:, :, :-1] + share * dy - y).min(axis=2)
    best = int(np.argmin(distance))
    row, column = divmod(best, len(ys1))
    if distance[row, column] > reach:
        return None
    return layout.columns[gap].first + row, layout.columns[gap + 1].first + column
