"""Generators of the artificial data sets, with TensorFlow Playground's geometry and continuous noise.

Every generator takes ``(samples, noise, *, rng)`` and returns inputs (N, D) and target (N,). The clean positions and
the noise draws come from two children of ``rng``, and their number does not depend on the noise, so that
``result = clean + noise · draws``: changing the noise moves each point along a line, and adding samples does not change
earlier draws. Targets are those of the clean positions. Classes alternate (0, 1, 0, 1, …), so they are balanced to ±1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from core.arrays import Floats

RADIUS = 5.0
"""Half the width of the region that contains the two-dimensional data sets."""

DOMAIN = (-6.0, 6.0)
"""Range of each input that is drawn."""

JITTER = 2.5
"""Maximum displacement along each axis in ``circle`` and ``xor`` at noise 1 (so that nearly all points stay visible)."""

XOR_PADDING = 0.5
"""Gap on each side of the axes in ``xor``."""

SPIRAL_TURNS = 1.75
"""Number of turns of each spiral arm."""

MOON_SCALE = 3.2
"""Scale relative to scikit-learn's moons (3 wide, 1.5 high)."""

TARGET_NOISE = 0.5
"""Standard deviation of a regression's target noise at noise 1."""

BUMPS = np.array(
    [(-4.0, 2.5, 1.0), (0.0, 2.5, -1.0), (4.0, 2.5, 1.0), (-4.0, -2.5, -1.0), (0.0, -2.5, 1.0), (4.0, -2.5, -1.0)]
)
"""(6, 3): centre x₁, centre x₂ and sign of each bump of ``gauss_bumps``."""


class Generator(Protocol):
    """Draws a data set: inputs (N, D) and target (N,)."""

    def __call__(self, samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Return ``samples`` samples with the given ``noise`` (0 = clean)."""
        ...


def _alternating_classes(samples: int) -> Floats:
    """Return (N,): 0, 1, 0, 1, …."""
    return np.arange(samples, dtype=np.float64) % 2


def circle(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return a disc (class 1, radius 0 to 2.4) inside a ring (class 0, radius 3.6 to 5)."""
    base, jitter = rng.spawn(2)
    label = _alternating_classes(samples)
    share, turn = base.random((samples, 2)).T
    radius = np.where(label == 1, 0.48 * share, 0.72 + 0.28 * share) * RADIUS
    angle = 2 * np.pi * turn
    clean = radius[:, np.newaxis] * np.column_stack((np.sin(angle), np.cos(angle)))
    return clean + noise * jitter.uniform(-JITTER, JITTER, (samples, 2)), label


def xor(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the four quadrants, class 1 where x₁ · x₂ > 0."""
    base, jitter = rng.spawn(2)
    label = _alternating_classes(samples)
    # The quadrants repeat every four samples, which balances all four of them, not only the two classes.
    right = np.where(np.arange(samples) % 4 < 2, 1.0, -1.0)
    sign = np.column_stack((right, np.where(label == 1, right, -right)))
    clean = sign * (XOR_PADDING + base.uniform(0.0, RADIUS, (samples, 2)))
    return clean + noise * jitter.uniform(-JITTER, JITTER, (samples, 2)), label


def gauss(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return two Gaussians at (2, 2) (class 1) and (−2, −2) (class 0) with variance 0.5 + 7 · noise."""
    label = _alternating_classes(samples)
    centre = np.where(label == 1, 2.0, -2.0)[:, np.newaxis]
    return centre + np.sqrt(0.5 + 7.0 * noise) * rng.standard_normal((samples, 2)), label


def spiral(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return two arms, 1.75 turns each, half a turn apart; noise shifts each coordinate by up to ±1 · noise."""
    label = _alternating_classes(samples)
    order = np.arange(samples) // 2
    along = order / np.where(label == 0, (samples + 1) // 2, max(samples // 2, 1))
    angle = 2 * np.pi * SPIRAL_TURNS * along + np.where(label == 1, 0.0, np.pi)
    clean = (RADIUS * along)[:, np.newaxis] * np.column_stack((np.sin(angle), np.cos(angle)))
    return clean + noise * rng.uniform(-1.0, 1.0, (samples, 2)), label


def moons(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return two interleaving half circles: scikit-learn's ``make_moons``, centred and 3.2 times as large."""
    label = _alternating_classes(samples)
    steps = np.where(label == 0, (samples + 1) // 2 - 1, samples // 2 - 1)
    angle = np.pi * (np.arange(samples) // 2) / np.maximum(steps, 1)
    upper = np.column_stack((np.cos(angle), np.sin(angle)))
    lower = np.column_stack((1 - np.cos(angle), 0.5 - np.sin(angle)))
    shape = np.where(label[:, np.newaxis] == 0, upper, lower) - (0.5, 0.25)
    return MOON_SCALE * (shape + noise * rng.standard_normal((samples, 2))), label


def plane(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return target (x₁ + x₂) / 10 over the square; the noise is normal and added to the target."""
    base, jitter = rng.spawn(2)
    inputs = base.uniform(*DOMAIN, (samples, 2))
    return inputs, inputs.sum(axis=1) / 10 + noise * TARGET_NOISE * jitter.standard_normal(samples)


def gauss_bumps(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return six cones of height ±1 and radius 2: target sign · max(0, 1 − d/2), d from the centre."""
    base, jitter = rng.spawn(2)
    inputs = base.uniform(*DOMAIN, (samples, 2))
    distance = np.linalg.norm(inputs[:, np.newaxis, :] - BUMPS[:, :2], axis=2)
    # The cones do not overlap (their centres are at least 4 apart), so the sum has at most one nonzero term.
    height = np.sum(BUMPS[:, 2] * np.maximum(0.0, 1 - distance / 2), axis=1)
    return inputs, height + noise * TARGET_NOISE * jitter.standard_normal(samples)


def sine(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return target sin x₁ for x₁ from −6 to 6; the noise is normal and added to the target."""
    base, jitter = rng.spawn(2)
    inputs = base.uniform(*DOMAIN, (samples, 1))
    return inputs, np.sin(inputs[:, 0]) + noise * TARGET_NOISE * jitter.standard_normal(samples)
