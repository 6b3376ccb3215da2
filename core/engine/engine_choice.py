"""Select the engine by the shape alone, so that a seed always gives the same result on the same machine."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from core.network.architecture import Architecture

EngineChoice: TypeAlias = Literal["auto", "numpy", "compiled"]
"""The requested engine; ``auto`` uses :func:`suits_compiled`."""

MAX_MATRIX: Final = 1_000_000
"""Maximum number of weights in a layer for which the compiled loop is used.

Measured with two hidden layers of equal width, tanh and ReLU, batches from one sample to all 250, as compiled time over
NumPy's: width 64: 0.05 to 0.6, 128: 0.2 to 0.9, 256: 0.3 to 0.9, 384: 0.3 to 0.9, 448: 0.3 to 0.9, 512: 0.4 to 0.9
(six such layers: 0.5 to 1.0); with 784 and 1000 inputs 0.2 to 1.0. Larger layers were not measured: there BLAS,
which blocks both operands, is the safer choice. Only data with very many inputs has such layers.
"""


def suits_compiled(architecture: Architecture) -> bool:
    """Return whether the compiled loop is the faster engine: for all but the widest layers."""
    return max(layer.fan_in * layer.fan_out for layer in architecture.layers) <= MAX_MATRIX
