"""The distribution of each layer's weights: a smoothed density over bins with a stable range."""

from __future__ import annotations

import math
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.lib.stride_tricks import sliding_window_view

from core.analysis.layer_sizes import LARGE, layer_sizes
from core.arrays import Booleans, Floats, Integers, norm
from core.formulas.initializers import INITIALIZERS, density
from core.network import Network
from core.network.architecture import Architecture, Layer
from playground.plotting.canvas.ranges import SymmetricRange

BINS: Final = 96
LARGE_WEIGHT: Final = 1e100
"""Layers with a weight of this magnitude are computed separately, with checks for overflow."""

MAX_WEIGHTS: Final = 20_000
"""Maximum number of weights per layer from which densities are computed; larger layers are sampled."""

MAX_OF_ALL: Final = 200_000
"""Maximum number of weights of all sampled layers together, as far as :data:`MIN_WEIGHTS` per layer allows."""

MIN_WEIGHTS: Final = 4_000
"""Minimum number of weights per sampled layer."""

CORE_SHARE: Final = 0.995
"""The axis covers this share of each layer's weights; the others are counted."""


class Ridge(Struct, frozen=True):
    """The distribution of one layer's weights.

    Attributes:
        density: (BINS,), probability density of the weights; all 0 if no weight is finite and in range.
        start: (BINS,), density of the initializer; ``None`` if all initial weights are equal.
        spike: the common initial weight if all are equal; else ``None``.
        outside: number of weights outside the axis.
        broken: number of non-finite weights.
        zeros: number of weights that are exactly 0; not counted in a large layer with none in the sample.
        count: number of weights.
        size: RMS of the weights; NaN if a weight is non-finite.
        growth: ``size`` relative to that of the initial weights; NaN if that is 0 or a weight is non-finite.
    """

    density: Floats
    start: Floats | None
    spike: float | None
    outside: int
    broken: int
    zeros: int
    count: int
    size: float
    growth: float


class WeightData(Struct, frozen=True, dict=True):
    """Data of the weight plot: one ridge per layer over common bins with ``centres`` (BINS,), within ±``reach``."""

    centres: Floats
    reach: float
    ridges: tuple[Ridge, ...]

    @cached_property
    def outlines(self) -> tuple[Floats, Floats, Integers]:
        """The outlines of all ridges as one curve, interrupted by NaN: centres, densities and row of each point."""
        parts = []
        for row, ridge in enumerate(self.ridges):
            used = np.flatnonzero(ridge.density > float(ridge.density.max(initial=0.0)) * 2e-3)
            if len(used):
                part = slice(max(int(used[0]) - 1, 0), int(used[-1]) + 2)
                parts.append((np.append(self.centres[part], np.nan), np.append(ridge.density[part], np.nan), row))
        if not parts:
            return np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64)
        rows = np.repeat([row for _, _, row in parts], [len(x) for x, _, _ in parts]).astype(np.int64)
        return np.concatenate([x for x, _, _ in parts]), np.concatenate([y for _, y, _ in parts]), rows


class WeightBinner:
    """Bins the weights of all layers over a common range with hysteresis."""

    def __init__(self) -> None:
        self._reach = SymmetricRange()
        self._drawn: Floats | None = None
        self._initial: tuple[Architecture, tuple[float, ...]] | None = None

    def bin(self, network: Network, drawn: Floats | None = None) -> WeightData:
        """Return the ridges of ``network``, whose initial weights at gain 1 were ``drawn`` (P,), as far as known."""
        layers, initial = network.architecture.layers, self._initial_sizes(network.architecture, drawn)
        weights = [network.weights(index).ravel() for index in range(len(layers))]
        groups = [(group, _rows([weights[index] for index in group])) for group in _alike(weights)]
        share = max(MIN_WEIGHTS, MAX_OF_ALL // max(sum(len(each) > MAX_WEIGHTS for each in weights), 1))
        samples = {group[0]: _sample(rows[0], share) for group, rows in groups if len(group) == 1}
        needed = max(_needed(samples[group[0]][None] if len(group) == 1 else rows) for group, rows in groups)
        reach = self._reach.fit(needed * 1.18)
        of_large = layer_sizes(network.architecture, network.parameters) if len(network.parameters) > LARGE else None
        ridges: dict[int, Ridge] = {}
        for group, rows in groups:
            of_group, began = [layers[index] for index in group], [initial[index] for index in group]
            if len(group) == 1:
                index, row = group[0], rows[0]
                sizes = (norm(row), _largest(row)) if of_large is None else of_large.of(index)
                made = [_ridge(of_group[0], row, samples[index], reach, began[0], *sizes)]
            else:
                made = _ridges(of_group, rows, reach, began)
            ridges.update(zip(group, made, strict=True))
        return WeightData(_centres(reach), reach, tuple(ridges[index] for index in range(len(layers))))

    def _initial_sizes(self, architecture: Architecture, drawn: Floats | None) -> tuple[float, ...]:
        """Return :func:`initial_sizes`, computed again only if they changed: the snapshots of a run share the same draws.

        A pinned run's snapshot has no draws; while it is shown, those from before are used.
        """
        known, unchanged = self._initial, drawn is None or drawn is self._drawn
        if known is None or known[0] is not architecture or not unchanged:
            known = self._initial = architecture, initial_sizes(architecture, drawn)
            self._drawn = drawn
        return known[1]


def _rows(weights: list[Floats]) -> Floats:
    """Return ``weights`` as rows (layers, n), without a copy of a single layer, which may be large."""
    return weights[0][np.newaxis] if len(weights) == 1 else np.stack(weights)


def _alike(weights: list[Floats]) -> list[list[int]]:
    """Return the indices of the layers, those together that have equally many weights, none of them large and not too many."""
    groups: dict[int, list[int]] = {}
    for index, each in enumerate(weights):
        computed_alone = len(each) > MAX_WEIGHTS or not _largest(each) < LARGE_WEIGHT
        groups.setdefault(-1 - index if computed_alone else len(each), []).append(index)
    return list(groups.values())


def initial_sizes(architecture: Architecture, drawn: Floats | None) -> tuple[float, ...]:
    """Return the RMS of each layer's initial weights, (layers,).

    Args:
        architecture: the network.
        drawn: the weights as drawn, at gain 1, (P,), whose RMS in a small layer may differ much from the initializer's;
            ``None`` for the initializers'.
    """
    if drawn is None:
        return tuple(map(_usual_rms, architecture.layers))
    if len(drawn) > LARGE:
        norms = layer_sizes(architecture, drawn).norms.tolist()
    else:
        norms = [norm(drawn[layer.weights]) for layer in architecture.layers]
    pairs = zip(architecture.layers, norms, strict=True)
    return tuple(layer.gain * each / math.sqrt(layer.fan_in * layer.fan_out) for layer, each in pairs)


def _largest(weights: Floats) -> float:
    return float(np.max(np.abs(weights), initial=0.0))


def _usual_rms(layer: Layer) -> float:
    variance = INITIALIZERS[layer.initializer].variance(layer.fan_in, layer.fan_out, layer.gain)
    return math.sqrt(variance) or abs(_initial_size(layer))  # equal weights have no variance


def _initial_size(layer: Layer) -> float:
    return layer.gain * INITIALIZERS[layer.initializer].scale(layer.fan_in, layer.fan_out)


def _ridges(layers: list[Layer], weights: Floats, reach: float, initial: list[float]) -> list[Ridge]:
    """Return the ridges of ``layers`` with equally many finite ``weights`` (layers, n); one by one takes five times as long."""
    sizes = np.abs(weights)
    inside = sizes <= reach
    densities = smoothed_rows(weights, inside, reach / (BINS / 2))
    largest = np.maximum(sizes.max(axis=1, keepdims=True), 1e-300)  # so that squares neither overflow nor vanish
    rms = largest[:, 0] * np.sqrt(np.square(weights / largest).mean(axis=1))
    outside = weights.shape[1] - np.count_nonzero(inside, axis=1)
    zeros = weights.shape[1] - np.count_nonzero(weights, axis=1)
    result = []
    for row, layer in enumerate(layers):
        start = _start_density(layer.initializer, layer.fan_in, layer.fan_out, layer.gain, reach)
        result.append(
            Ridge(
                density=densities[row],
                start=start,
                spike=_initial_size(layer) if start is None else None,
                outside=int(outside[row]),
                broken=0,
                zeros=int(zeros[row]),
                count=weights.shape[1],
                size=float(rms[row]),
                growth=float(rms[row]) / initial[row] if initial[row] else math.nan,
            )
        )
    return result


def _ridge(
    layer: Layer, weights: Floats, sample: Floats, reach: float, initial: float, length: float, largest: float
) -> Ridge:
    """Return the ridge of the ``weights`` (n,) of ``layer``, with their norm ``length`` and largest magnitude."""
    start = _start_density(layer.initializer, layer.fan_in, layer.fan_out, layer.gain, reach)
    broken = 0 if math.isfinite(largest) else int(np.count_nonzero(~np.isfinite(weights)))
    size = math.nan if broken else length / math.sqrt(len(weights))
    outside = 0
    if not largest <= reach:
        outside = int(np.count_nonzero(np.abs(weights) > reach)) - int(np.count_nonzero(np.isinf(weights)))
    return Ridge(
        density=_smoothed(sample[np.abs(sample) <= reach], reach / (BINS / 2)),
        start=start,
        spike=_initial_size(layer) if start is None else None,
        outside=outside,
        broken=broken,
        zeros=0 if sample.all() else len(weights) - int(np.count_nonzero(weights)),
        count=len(weights),
        size=size,
        growth=size / initial if initial else math.nan,
    )


def _sample(weights: Floats, share: int) -> Floats:
    """Return the finite ``weights``, evenly subsampled to some ``share`` if there are more than :data:`MAX_WEIGHTS`."""
    # An odd stride visits all columns of a matrix with an even number of columns.
    stride = 1 if len(weights) <= MAX_WEIGHTS else (len(weights) // min(share, MAX_WEIGHTS)) | 1
    sample = weights[::stride]
    return np.asarray(sample[np.isfinite(sample)])


def _centres(reach: float) -> Floats:
    return 2.0 * reach / BINS * (np.arange(BINS, dtype=np.float64) + 0.5) - reach


@lru_cache(maxsize=256)
def _start_density(initializer: str, fan_in: int, fan_out: int, gain: float, reach: float) -> Floats | None:
    return density(INITIALIZERS[initializer], fan_in, fan_out, gain, _centres(reach))


def _needed(weights: Floats) -> float:
    """Return the axis extent that covers ``CORE_SHARE`` of each row of ``weights`` (layers, n), all of a small layer."""
    count = weights.shape[1]
    if not count:
        return 0.0
    rank = min(math.ceil(CORE_SHARE * count), count) - 1
    return float(np.partition(np.abs(weights), rank, axis=1)[:, rank].max())


def _smoothed(weights: Floats, width: float) -> Floats:
    """Return the density of ``weights`` (n,), all within the bins, each ``width`` wide."""
    return np.asarray(smoothed_rows(weights[None], np.ones((1, len(weights)), dtype=np.bool_), width)[0])


def smoothed_rows(weights: Floats, inside: Booleans, width: float) -> Floats:
    """Return a kernel density estimate for each row: Gaussian kernel, half the bandwidth of Silverman's rule.

    Args:
        weights: (layers, n).
        inside: (layers, n), which of them lie within the bins; the others are left out.
        width: width of a bin.

    Returns:
        (layers, BINS), probability densities; all 0 in a row without weights.
    """
    rows, counts = len(weights), np.maximum(np.count_nonzero(inside, axis=1), 1)
    # Split each weight linearly between the two nearest bins, so that the density changes smoothly as it moves.
    # Work in units of bins, where sums of very large weights cannot overflow.
    position = np.where(inside, weights, 0.0) / width + 0.5 * (BINS - 1)
    left = np.floor(position)
    share = (position - left) * inside
    first = np.arange(rows)[:, None] * BINS
    left = left.astype(np.int64)
    bins = np.bincount((np.clip(left, 0, BINS - 1) + first).ravel(), (inside - share).ravel(), rows * BINS)
    bins += np.bincount((np.clip(left + 1, 0, BINS - 1) + first).ravel(), share.ravel(), rows * BINS)
    # For a normal distribution σ is 1.2533 × the mean absolute deviation, which is more robust to outliers.
    mean = (position * inside).sum(axis=1) / counts
    spread = 1.2533 * (np.abs(position - mean[:, None]) * inside).sum(axis=1) / counts
    bandwidth = np.maximum(0.45 * spread * counts**-0.2, 0.9)
    half = np.minimum(np.ceil(3.0 * bandwidth), BINS // 2 - 1)
    reach = int(half.max(initial=0.0))
    offsets = np.arange(-reach, reach + 1)
    kernels = np.exp(-0.5 * (offsets / bandwidth[:, None]) ** 2) * (np.abs(offsets) <= half[:, None])
    kernels /= kernels.sum(axis=1, keepdims=True) * counts[:, None] * width
    padded = np.pad(bins.reshape(rows, BINS), ((0, 0), (reach, reach)))
    return np.asarray(np.einsum("rbo,ro->rb", sliding_window_view(padded, 2 * reach + 1, axis=1), kernels))
