"""The distribution of each layer's weights: a smoothed density over bins with a stable range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from core.arrays import Floats, Integers, norm
from core.formulas.initializers import INITIALIZERS, density
from core.network import Network
from core.network.architecture import Layer
from playground.plotting.ranges import SymmetricRange

BINS: Final = 96
MAX_WEIGHTS: Final = 20_000
CORE_SHARE: Final = 0.995
"""The axis covers this share of each layer's weights; the others are counted."""


@dataclass(frozen=True)
class Ridge:
    """The distribution of one layer's weights.

    Attributes:
        density: (BINS,), probability density of the weights; all 0 if no weight is finite and in range.
        start: (BINS,), density of the initializer; ``None`` if all initial weights are equal.
        spike: the common initial weight if all are equal; else ``None``.
        outside: number of weights outside the axis.
        broken: number of non-finite weights.
        count: number of weights.
        growth: RMS of the weights relative to that of the initializer; NaN if that is 0 or a weight is non-finite.
    """

    density: Floats
    start: Floats | None
    spike: float | None
    outside: int
    broken: int
    count: int
    growth: float


@dataclass(frozen=True)
class WeightData:
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

    def bin(self, network: Network) -> WeightData:
        """Return the ridges of ``network``."""
        layers = network.architecture.layers
        weights = [network.weights(index).ravel() for index in range(len(layers))]
        samples = [_sample(w) for w in weights]
        reach = self._reach.fit(max(_needed(sample) for sample in samples) * 1.18)
        ridges = [_ridge(layer, w, sample, reach) for layer, w, sample in zip(layers, weights, samples, strict=True)]
        return WeightData(_centres(reach), reach, tuple(ridges))


def _ridge(layer: Layer, weights: Floats, sample: Floats, reach: float) -> Ridge:
    initializer = INITIALIZERS[layer.initializer]
    start = _start_density(layer.initializer, layer.fan_in, layer.fan_out, layer.gain, reach)
    size = layer.gain * initializer.scale(layer.fan_in, layer.fan_out)
    # Initial RMS of the weights; for equal weights it is their magnitude.
    initial_rms = math.sqrt(initializer.variance(layer.fan_in, layer.fan_out, layer.gain)) or abs(size)
    broken = int(np.count_nonzero(~np.isfinite(weights)))
    return Ridge(
        density=_smoothed(sample[np.abs(sample) <= reach], reach / (BINS / 2)),
        start=start,
        spike=size if start is None else None,
        outside=int(np.count_nonzero(np.abs(weights) > reach)) - int(np.count_nonzero(np.isinf(weights))),
        broken=broken,
        count=len(weights),
        growth=norm(weights) / math.sqrt(len(weights)) / initial_rms if initial_rms and not broken else math.nan,
    )


def _sample(weights: Floats) -> Floats:
    """Return the finite ``weights``, evenly subsampled if there are very many."""
    # An odd stride visits all columns of a matrix with an even number of columns.
    stride = max(1, len(weights) // MAX_WEIGHTS) | 1
    sample = weights[::stride]
    return np.asarray(sample[np.isfinite(sample)])


def _centres(reach: float) -> Floats:
    return 2.0 * reach / BINS * (np.arange(BINS, dtype=np.float64) + 0.5) - reach


@lru_cache(maxsize=256)
def _start_density(initializer: str, fan_in: int, fan_out: int, gain: float, reach: float) -> Floats | None:
    return density(INITIALIZERS[initializer], fan_in, fan_out, gain, _centres(reach))


def _needed(weights: Floats) -> float:
    """Return the axis extent that covers ``CORE_SHARE`` of ``weights`` (all weights of a small layer)."""
    sizes = np.abs(weights)
    if not len(sizes):
        return 0.0
    rank = min(math.ceil(CORE_SHARE * len(sizes)), len(sizes)) - 1
    return float(np.partition(sizes, rank)[rank])


def _smoothed(weights: Floats, width: float) -> Floats:
    """Return a kernel density estimate of ``weights``: Gaussian kernel, half the bandwidth of Silverman's rule."""
    if not len(weights):
        return np.zeros(BINS)
    # Split each weight linearly between the two nearest bins, so that the density changes smoothly as it moves.
    # Work in units of bins, where sums of very large weights cannot overflow.
    position = weights / width + 0.5 * (BINS - 1)
    left = np.floor(position).astype(np.int64)
    share = position - left
    counts = np.bincount(np.clip(left, 0, BINS - 1), 1.0 - share, BINS)
    counts += np.bincount(np.clip(left + 1, 0, BINS - 1), share, BINS)
    # For a normal distribution σ is 1.2533 × the mean absolute deviation, which is more robust to outliers.
    spread = 1.2533 * float(np.abs(position - position.mean()).mean())
    bandwidth = max(0.45 * spread * len(weights) ** -0.2, 0.9)
    half = min(math.ceil(3.0 * bandwidth), BINS // 2 - 1)
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / bandwidth) ** 2)
    return np.convolve(counts, kernel / kernel.sum(), mode="same") / (len(weights) * width)
