"""Which engine computes the steps: a fixed function of the shape, so that a seed gives one result on one machine."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from core.architecture import Architecture

EngineChoice: TypeAlias = Literal["auto", "numpy", "compiled"]
"""What a person asks for; ``auto`` leaves it to :func:`suits_compiled`."""

LARGEST_MATRIX: Final = 160_000
"""Weights of the largest layer up to which the compiled loop is used.

Measured with two hidden layers of equal width, tanh and ReLU, batches from one sample to all, as compiled time over
NumPy's: width 64: 0.05 to 0.6, 128: 0.2 to 0.9, 192: 0.2 to 1.0, 256: 0.3 to 1.2, 384: 0.3 to 1.1, 512: 0.5 to 3.2.
From 400 × 400 on the weights no longer fit the fast caches, and BLAS, which works in blocks of both factors, gains.
"""


def suits_compiled(architecture: Architecture) -> bool:
    """Return whether the compiled loop is the faster one: for all but the widest layers."""
    return max(layer.fan_in * layer.fan_out for layer in architecture.layers) <= LARGEST_MATRIX
