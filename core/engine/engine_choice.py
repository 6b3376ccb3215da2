"""Which engine computes the steps: a fixed function of the shape, so that a seed gives one result on one machine."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from core.network.architecture import Architecture

EngineChoice: TypeAlias = Literal["auto", "numpy", "compiled"]
"""What a user asks for; ``auto`` leaves it to :func:`suits_compiled`."""

MAX_MATRIX: Final = 1_000_000
"""Weights of the largest layer up to which the compiled loop is used.

Measured with two hidden layers of equal width, tanh and ReLU, batches from one sample to all 250, as compiled time over
NumPy's: width 64: 0.05 to 0.6, 128: 0.2 to 0.9, 256: 0.3 to 0.9, 384: 0.3 to 0.9, 448: 0.3 to 0.9, 512: 0.4 to 0.9
(six such layers: 0.5 to 1.0); with 784 and 1000 inputs 0.2 to 1.0. Beyond it was not measured: there BLAS, which works in
blocks of both factors, is the safer choice. Only data with very many inputs get there.
"""


def suits_compiled(architecture: Architecture) -> bool:
    """Return whether the compiled loop is the faster one: for all but the widest layers."""
    return max(layer.fan_in * layer.fan_out for layer in architecture.layers) <= MAX_MATRIX
