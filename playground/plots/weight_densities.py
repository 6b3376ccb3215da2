"""How each layer's weights are spread: bins that stay put, smoothed to a density."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from core.arrays import Floats, norm
from core.formulas.initializers import INITIALIZERS, density
from core.network import Network
from core.network.architecture import Layer
from playground.plotting.ranges import SymmetricRange

BINS: Final = 96
MAX_WEIGHTS: Final = 20_000
CORE_SHARE: Final = 0.995
"""The axis is as long as this share of each layer's weights needs; the rest is counted."""


@dataclass(frozen=True)
class Ridge:
    """The weights of one layer.

    Attributes:
        density: (BINS,), probability density of the weights over the bins; all 0 when none is finite and inside.
        start: (BINS,), the initializer's density over the bins.
        spike: where all weights stood at the start, when they were all equal; else ``None``.
        outside: weights beyond the axis.
        broken: weights that are infinite or not a number.
        count: all weights.
        growth: root mean square of the weights over that of the initializer; NaN where that is 0 or a weight is broken.
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
    """What the weight plot shows: a ridge a layer over the common bins with ``centres`` (BINS,), within ±``reach``."""

    centres: Floats
    reach: float
    ridges: tuple[Ridge, ...]


class WeightBinner:
    """Bins the weights of all layers; the common range has hysteresis."""

    def __init__(self) -> None:
        self._reach = SymmetricRange()

    def bin(self, network: Network) -> WeightData:
        """Return the ridges of ``network``."""
        layers = network.architecture.layers
        weights = [network.weights(index).ravel() for index in range(len(layers))]
        samples = [_sample(w) for w in weights]
        reach = self._reach.fit(max(_needed(sample) for sample in samples) * 1.18)
        ridges = [_ridge(layer, w, seen, reach) for layer, w, seen in zip(layers, weights, samples, strict=True)]
        return WeightData(_centres(reach), reach, tuple(ridges))


def _ridge(layer: Layer, weights: Floats, sample: Floats, reach: float) -> Ridge:
    row = INITIALIZERS[layer.initializer]
    start = _start_density(layer.initializer, layer.fan_in, layer.fan_out, layer.gain, reach)
    size = layer.gain * row.scale(layer.fan_in, layer.fan_out)
    # What the weights' root mean square was at the start; of equal weights it is their size.
    at_start = math.sqrt(row.variance(layer.fan_in, layer.fan_out, layer.gain)) or abs(size)
    broken = int(np.count_nonzero(~np.isfinite(weights)))
    return Ridge(
        density=_smoothed(sample[np.abs(sample) <= reach], reach / (BINS / 2)),
        start=start,
        spike=size if start is None else None,
        outside=int(np.count_nonzero(np.abs(weights) > reach)) - int(np.count_nonzero(np.isinf(weights))),
        broken=broken,
        count=len(weights),
        growth=norm(weights) / math.sqrt(len(weights)) / at_start if at_start and not broken else math.nan,
    )


def _sample(weights: Floats) -> Floats:
    """Return the finite ones of ``weights``, evenly chosen where there are very many."""
    # An odd stride goes through all columns of a matrix with an even number of them.
    stride = max(1, len(weights) // MAX_WEIGHTS) | 1
    seen = weights[::stride]
    return np.asarray(seen[np.isfinite(seen)])


def _centres(reach: float) -> Floats:
    return 2.0 * reach / BINS * (np.arange(BINS, dtype=np.float64) + 0.5) - reach


@lru_cache(maxsize=256)
def _start_density(initializer: str, fan_in: int, fan_out: int, gain: float, reach: float) -> Floats | None:
    return density(INITIALIZERS[initializer], fan_in, fan_out, gain, _centres(reach))


def _needed(weights: Floats) -> float:
    """Return how far the axis must reach for most of ``weights``: all of a small layer, 99.5 % of a large one."""
    sizes = np.abs(weights)
    if not len(sizes):
        return 0.0
    place = min(math.ceil(CORE_SHARE * len(sizes)), len(sizes)) - 1
    return float(np.partition(sizes, place)[place])


def _smoothed(weights: Floats, width: float) -> Floats:
    """Return a density of ``weights`` over the bins: counts under a Gaussian kernel (Silverman's rule, half as wide)."""
    if not len(weights):
        return np.zeros(BINS)
    # A weight counts for the two bins around it in proportion: the picture then moves smoothly with it.
    # In units of a bin, where no sum or difference of weights near the largest number overflows.
    place = weights / width + 0.5 * (BINS - 1)
    left = np.floor(place).astype(np.int64)
    share = place - left
    counts = np.bincount(np.clip(left, 0, BINS - 1), 1.0 - share, BINS)
    counts += np.bincount(np.clip(left + 1, 0, BINS - 1), share, BINS)
    # For a normal distribution the deviation is 1.25 × the mean distance from the mean, which outliers move less.
    spread = 1.2533 * float(np.abs(place - place.mean()).mean())
    bandwidth = max(0.45 * spread * len(weights) ** -0.2, 0.9)
    half = min(math.ceil(3.0 * bandwidth), BINS // 2 - 1)
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / bandwidth) ** 2)
    return np.convolve(counts, kernel / kernel.sum(), mode="same") / (len(weights) * width)
