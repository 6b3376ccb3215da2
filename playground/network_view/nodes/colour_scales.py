"""The magnitude that each node's picture draws in full colour, smoothed during training."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from core.arrays import Floats
from core.training.snapshot import Snapshot
from playground.network_view.layout.geometry import Column
from playground.network_view.nodes.tiles import MAX_SAMPLES
from playground.plotting.canvas.ranges import MAX_REACH

STEADINESS: Final = 0.75
"""Share of the previous scale kept at each snapshot, so that pictures of unbounded activations do not flicker."""

MAX_CHANGE: Final = 8.0
"""Factor of change above which a scale is followed without smoothing."""

SCALE_POINTS: Final = 200
"""Largest number of points of the plane, or samples, from which the scale of a picture is taken."""

SPREAD: Final = 2.2
"""Twice the mean magnitude, and a little more, lets most of a heat map use the whole range, whatever its largest value."""

MIN_SCALE: Final = 1e-9


class ColourScales:
    """The scales of the last pictures, column by column."""

    def __init__(self) -> None:
        self._scales: dict[int, Floats] = {}

    def copy(self) -> ColourScales:
        """Return an independent copy."""
        other = ColourScales()
        other._scales = dict(self._scales)
        return other

    def moved(self, column: int, target: Floats) -> Floats:
        """Return the scales of ``column``, moved towards their ``target``."""
        old = self._scales.get(column)
        if old is not None and old.shape == target.shape:
            # After an exploded scale the pictures must not stay blank for long, or forever if it was infinite.
            near = (old < MAX_CHANGE * target) & (target < MAX_CHANGE * old)
            target = np.where(near, old * STEADINESS + target * (1 - STEADINESS), target)
        self._scales[column] = target
        return target


def target_scales(snapshot: Snapshot, layer: int, values: Floats) -> Floats:
    """Return (n,), for each neuron the target magnitude that is drawn in full colour."""
    count = values.shape[-1]
    if layer >= 0 and snapshot.network.architecture.layers[layer].activation_entry.bounded:
        return np.ones(count)
    sizes, sums = _sizes(_sampled(values))
    if layer >= 0 and snapshot.plane is not None:
        return np.asarray(np.maximum(sums * (SPREAD / max(len(sizes), 1)), MIN_SCALE))
    largest = sizes.max(axis=0, initial=MIN_SCALE)
    if layer < 0:
        # A feature that is constant over the plane, such as an indicator of a category, is scaled by its values in the data.
        seen = np.abs(snapshot.data.x_train[:MAX_SAMPLES])
        return np.asarray(np.maximum(largest, np.nan_to_num(seen).max(axis=0, initial=MIN_SCALE)))
    return np.asarray(largest)


def hidden_targets(snapshot: Snapshot | None, columns: Iterable[Column]) -> dict[int, Floats]:
    """Return the target scales of those of ``columns`` that show heat maps of unbounded hidden layers.

    They are computed together; one by one, those of fifty layers took four times as long.
    """
    if snapshot is None or snapshot.plane is None:
        return {}
    layers, maps = snapshot.network.architecture.layers, snapshot.plane.activations
    found = [
        (column.index, _sampled(maps[column.index - 1]))
        for column in columns
        if 0 < column.index < len(layers)
        and column.count == layers[column.index - 1].fan_out
        and not layers[column.index - 1].activation_entry.bounded
    ]
    if not found:
        return {}
    sizes, sums = _sizes(np.concatenate([sample for _, sample in found], axis=1))
    targets = np.maximum(sums * (SPREAD / max(len(sizes), 1)), MIN_SCALE)
    result, start = {}, 0
    for index, sample in found:
        result[index] = targets[start : start + sample.shape[1]]
        start += sample.shape[1]
    return result


def _sampled(values: Floats) -> Floats:
    """Return some of the points or samples of ``values`` (…, n), as (points, n)."""
    flat = values.reshape(-1, values.shape[-1])
    return np.asarray(flat[:: max(1, -(-len(flat) // SCALE_POINTS))])


def _sizes(values: Floats) -> tuple[Floats, Floats]:
    """Return the finite magnitudes of ``values`` (points, n) and their sums (n,)."""
    sizes = np.abs(values)
    with np.errstate(over="ignore"):
        sums = sizes.sum(axis=0)
    if not np.isfinite(sums).all():
        sizes = np.minimum(np.nan_to_num(sizes, posinf=0.0), MAX_REACH)
        sums = sizes.sum(axis=0)
    return sizes, sums
