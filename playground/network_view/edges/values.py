"""Edges as numbers: the quantity they show and their strengths."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from core.analysis.layer_sizes import LARGE, layer_sizes
from core.arrays import Booleans, Floats
from core.training.snapshot import Snapshot
from playground.network_view.layout.geometry import Layout
from playground.network_view.layout.shown_parameters import Indices
from playground.network_view.picture import Strengths

EdgeValue: TypeAlias = Literal["weight", "gradient", "update", "check"]
"""Quantity that edges show; ``check`` is the relative error of a gradient check (:mod:`.errors`), which has no sign."""

EDGE_VALUES: Final[tuple[EdgeValue, ...]] = get_args(EdgeValue)


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
    if len(flat) > LARGE and len(flat) == layers[-1].stop:
        largest = layer_sizes(snapshot.network.architecture, flat).largest
        if np.isfinite(largest).all():
            return float(largest.max())
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


def all_strengths(
    snapshot: Snapshot | None, shows: EdgeValue, layout: Layout, full: float, shown: Indices | None = None
) -> tuple[Strengths, ...]:
    """Return the signed strength of every shown edge, gap by gap; ``shown`` are the indices of the weights, if known."""
    if shown is not None and snapshot is not None:
        flat = flat_values(snapshot, shows)
        if len(flat) >= snapshot.network.architecture.size:
            return shown.by_gap(strengths(flat.take(shown.edges), full))
    values = [gap_values(snapshot, shows, layout, gap) for gap in range(layout.gaps)]
    # All gaps at once: fifty small ones take five times as long one by one.
    together = strengths(np.concatenate([each.ravel() for each in values]), full)
    ends = np.cumsum([each.size for each in values])[:-1]
    return tuple(part.reshape(each.shape) for part, each in zip(np.split(together, ends), values, strict=True))


def without_dropped(strengths: tuple[Strengths, ...], dropped: tuple[Booleans | None, ...]) -> tuple[Strengths, ...]:
    """Return ``strengths`` with 0, the faintest grey, for every edge from or to a dropped neuron."""
    result = []
    for gap, values in enumerate(strengths):
        for axis, which in ((0, dropped[gap]), (1, dropped[gap + 1])):
            if which is not None and which.any():
                values = values * np.expand_dims(~which, 1 - axis)
        result.append(values)
    return tuple(result)
