"""Reproduce TensorFlow Playground's data and initial weights from its seeded random stream.

Order of the draws: the data set, the shuffle, then the weights layer by layer, neuron by neuron, input by input. In
circle, xor and both regressions the noise does not move the points; the label is evaluated at a displaced position. The
original does the same; :mod:`core.data.generators` does not.

Source:
    tensorflow/playground, ``src/dataset.ts`` and ``src/nn.ts`` (Apache 2.0), consulted for the algorithm.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from msgspec import Struct

from core.formulas.seedrandom import SeedRandom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.arrays import Floats

Point: TypeAlias = tuple[float, float, float]
"""x, y and the label."""

INITIAL_BIAS: Final = 0.1
"""Initial bias in TensorFlow Playground."""

MAX_DRAWS: Final = 20_000
"""Maximum number of weights drawn from the stream; the original's networks have at most 412."""


class Source(Struct, frozen=True):
    """Everything that determines a share link's random stream up to the first weight.

    Attributes:
        dataset: key in :data:`GENERATORS`.
        samples: N.
        noise: ν in [0, 1]; the link states 100 ν.
        seed: the string in the link.
        variant: 0 for the link's own data; any other number gives different data of the same kind.
    """

    dataset: str
    samples: int
    noise: float
    seed: str
    variant: int = 0

    @property
    def stream_seed(self) -> str:
        """Seed of the stream."""
        return f"{self.seed}/{self.variant}" if self.variant else self.seed


def shuffled_points(source: Source) -> tuple[Floats, Floats]:
    """Return the inputs (N, 2) and the labels (N,), −1/+1 or a number to predict, in their shuffled order; read-only."""
    points, _ = _drawn(source)
    return points[:, :2], points[:, 2]


def weight_draws(source: Source, count: int, variant: int = 0) -> Floats:
    """Return the ``count`` draws in [0, 1) that become weights w = draw − ½, (count,), read-only.

    Args:
        source: the data whose draws come first.
        count: weights of all layers together, at most :data:`MAX_DRAWS`.
        variant: 0 continues the stream after the data, as the original does; any other number has its own stream.
    """
    return _weight_draws(source, min(count, MAX_DRAWS), variant)


@lru_cache(maxsize=8)
def _weight_draws(source: Source, count: int, variant: int) -> Floats:
    stream = SeedRandom(f"{source.seed}/weights/{variant}") if variant else _drawn(source)[1].copy()
    draws = np.array([stream.random() for _ in range(count)])
    draws.setflags(write=False)
    return draws


@lru_cache(maxsize=4)
def _drawn(source: Source) -> tuple[Floats, SeedRandom]:
    """Return the shuffled points, (N, 3), and the stream's state after the shuffle (copy it before drawing)."""
    stream = SeedRandom(source.stream_seed)
    points = list(GENERATORS[source.dataset](source.samples, source.noise, stream))
    for last in range(len(points) - 1, -1, -1):
        chosen = math.floor(stream.random() * (last + 1))
        points[last], points[chosen] = points[chosen], points[last]
    table = np.array(points, dtype=np.float64)
    table.setflags(write=False)
    return table, stream


def _halves(samples: int) -> tuple[int, int]:
    return (samples + 1) // 2, samples // 2


def _moved(x: float, y: float, radius: float, noise: float, stream: SeedRandom) -> tuple[float, float]:
    """Return the displaced position at which the label is evaluated; always take two draws, even without noise."""
    moved_x = x + stream.uniform(-radius, radius) * noise
    return moved_x, y + stream.uniform(-radius, radius) * noise


def _circle(samples: int, noise: float, stream: SeedRandom) -> Iterator[Point]:
    radius = 5.0
    for count, low, high in zip(_halves(samples), (0.0, 0.7 * radius), (0.5 * radius, radius), strict=True):
        for _ in range(count):
            r = stream.uniform(low, high)
            angle = stream.uniform(0.0, 2.0 * math.pi)
            x, y = r * math.sin(angle), r * math.cos(angle)
            u, v = _moved(x, y, radius, noise, stream)
            yield x, y, 1.0 if math.sqrt(u * u + v * v) < 0.5 * radius else -1.0


def _xor(samples: int, noise: float, stream: SeedRandom) -> Iterator[Point]:
    padding = 0.3
    for _ in range(samples):
        x = stream.uniform(-5.0, 5.0)
        x += padding if x > 0.0 else -padding
        y = stream.uniform(-5.0, 5.0)
        y += padding if y > 0.0 else -padding
        u, v = _moved(x, y, 5.0, noise, stream)
        yield x, y, 1.0 if u * v >= 0.0 else -1.0


def _gauss(samples: int, noise: float, stream: SeedRandom) -> Iterator[Point]:
    share = noise / 0.5
    deviation = math.sqrt(0.5 * (1.0 - share) + 4.0 * share)
    for count, centre, label in zip(_halves(samples), (2.0, -2.0), (1.0, -1.0), strict=True):
        for _ in range(count):
            x = centre + deviation * _standard_normal(stream)
            yield x, centre + deviation * _standard_normal(stream), label


def _standard_normal(stream: SeedRandom) -> float:
    """Return a normal draw by Marsaglia's polar method; the second value of each pair is discarded."""
    while True:
        v = 2.0 * stream.random() - 1.0
        w = 2.0 * stream.random() - 1.0
        s = v * v + w * w
        if 0.0 < s <= 1.0:
            return math.sqrt(-2.0 * math.log(s) / s) * v


def _spiral(samples: int, noise: float, stream: SeedRandom) -> Iterator[Point]:
    half = samples / 2.0
    for count, shift, label in zip(_halves(samples), (0.0, math.pi), (1.0, -1.0), strict=True):
        for i in range(count):
            r = i / half * 5.0
            t = 1.75 * i / half * 2.0 * math.pi + shift
            x = r * math.sin(t) + stream.uniform(-1.0, 1.0) * noise
            yield x, r * math.cos(t) + stream.uniform(-1.0, 1.0) * noise, label


def _plane(samples: int, noise: float, stream: SeedRandom) -> Iterator[Point]:
    for _ in range(samples):
        x, y = stream.uniform(-6.0, 6.0), stream.uniform(-6.0, 6.0)
        u, v = _moved(x, y, 6.0, noise, stream)
        share = (u + v + 10.0) / 20.0
        yield x, y, share - (1.0 - share)  # (u + v) / 10, rounded as by d3's linear scale


_BUMPS: Final = (
    (-4.0, 2.5, 1.0),
    (0.0, 2.5, -1.0),
    (4.0, 2.5, 1.0),
    (-4.0, -2.5, -1.0),
    (0.0, -2.5, 1.0),
    (4.0, -2.5, -1.0),
)
"""Centre and sign of each cone."""


def _gauss_bumps(samples: int, noise: float, stream: SeedRandom) -> Iterator[Point]:
    for _ in range(samples):
        x, y = stream.uniform(-6.0, 6.0), stream.uniform(-6.0, 6.0)
        u, v = _moved(x, y, 6.0, noise, stream)
        # math.hypot rounds differently.
        distances = [math.sqrt((u - cx) * (u - cx) + (v - cy) * (v - cy)) for cx, cy, _ in _BUMPS]
        heights = [sign * max(0.0, 1.0 - d / 2.0) for d, (_, _, sign) in zip(distances, _BUMPS, strict=True)]
        yield x, y, max(heights, key=abs)


GENERATORS: Final[Mapping[str, Callable[[int, float, SeedRandom], Iterator[Point]]]] = MappingProxyType(
    {"circle": _circle, "xor": _xor, "gauss": _gauss, "spiral": _spiral, "plane": _plane, "gauss_bumps": _gauss_bumps}
)
"""Data sets that both programs offer, by the key used here."""
