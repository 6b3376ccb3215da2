"""Split the change of the gradient from each layer to the one before into the parts due to W and due to φ′."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, norm
from core.network import Gradients, Network, Trace

SAFE: Final = (1e-200, 1e200)
"""Between these, squares that underflowed do not matter, and none overflowed."""


class DeltaSplit(Struct, frozen=True):
    """log₁₀‖δ‖ from the output back to the first hidden layer, with each change split in two.

    For hidden layer l: ``log_norms[l] = log_norms[l + 1] + by_weights[l] + by_slope[l]``. If the gradient is already 0 in
    layer l + 1, both parts are 0; if it is not finite, they are NaN.

    Attributes:
        log_norms: log₁₀‖δ‖ of each layer over batch and neurons, the output last, (layers,); −inf where it is 0.
        by_weights: log₁₀‖δ_{l+1}Wᵀ·d‖ − log₁₀‖δ_{l+1}‖ of each hidden layer l, with W and dropout mask d of layer l + 1,
            (layers − 1,).
        by_slope: log₁₀‖δ_l‖ − log₁₀‖δ_{l+1}Wᵀ·d‖ of each hidden layer l: the effect of φ′, (layers − 1,).
    """

    log_norms: Floats
    by_weights: Floats
    by_slope: Floats


def split_deltas(network: Network, trace: Trace, gradients: Gradients) -> DeltaSplit:
    """Return the change of each hidden layer's δ due to W and due to φ′, for the pass ``trace`` and its ``gradients``."""
    layers = len(network.architecture.layers)
    # Once for all layers: entering it takes as long as the product of a small layer.
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        log_norms = [_log_norm(delta) for delta in gradients.deltas]
        through = [_log_norm_through_weights(network, trace, gradients, index) for index in range(1, layers)]
    by_weights = [_change(after, before) for after, before in zip(through, log_norms[1:], strict=True)]
    by_slope = [_change(after, before) for after, before in zip(log_norms[:-1], through, strict=True)]
    return DeltaSplit(np.array(log_norms), np.array(by_weights), np.array(by_slope))


def _log_norm_through_weights(network: Network, trace: Trace, gradients: Gradients, index: int) -> float:
    """Return log₁₀‖δWᵀ·d‖ for layer ``index``, without intermediate overflow or underflow."""
    delta, W = gradients.deltas[index], network.weights(index)
    passed, mask = np.dot(delta, W.T), trace.masks[index]
    quick = _quick_log_norm(passed if isinstance(mask, float) and mask == 1.0 else passed * mask)
    if quick is not None:
        return quick
    sizes = float(np.max(np.abs(delta), initial=0.0)), float(np.max(np.abs(W), initial=0.0))
    if not all(map(math.isfinite, sizes)):
        return math.nan
    if 0.0 in sizes:
        return -math.inf
    passed = (delta / sizes[0]) @ (W / sizes[1]).T * trace.masks[index]
    return _log10(norm(passed)) + math.log10(sizes[0]) + math.log10(sizes[1])


def _log_norm(values: Floats) -> float:
    quick = _quick_log_norm(values)
    return _log10(norm(values)) if quick is None else quick


def _quick_log_norm(values: Floats) -> float | None:
    """Return log₁₀‖values‖ if the sum of the squares is far from the limits of float64; it takes a fifth of the time."""
    square = float(np.vdot(values, values))
    return 0.5 * math.log10(square) if SAFE[0] < square < SAFE[1] else None


def _log10(value: float) -> float:
    if not math.isfinite(value):
        return math.nan
    return math.log10(value) if value > 0.0 else -math.inf


def _change(after: float, before: float) -> float:
    return 0.0 if after == before == -math.inf else after - before
