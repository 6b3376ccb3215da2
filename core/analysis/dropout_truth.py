"""Compare the exact mean over all dropout masks with the single scaled pass that approximates it."""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.arrays import Floats
from core.errors import PlaygroundError
from core.experiment import DropoutScaling
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.network import Network
from core.network.architecture import Architecture
from core.network.dropout import Masks, evaluation_masks

MAX_DROPPABLE: Final = 12
"""Maximum number n of droppable neurons, which have 2ⁿ masks; 4096 masks are still computed instantly."""

ROWS: Final = 8192
"""Maximum number of samples × masks per forward pass."""

ROUNDING: Final = 1e-12
"""Difference, relative to the largest value above 1, that sums over thousands of masks may have because of rounding."""

SCALINGS: Final[tuple[DropoutScaling, ...]] = tuple(DROPOUT_SCALINGS)


class Means(Struct, frozen=True):
    """One quantity of the output layer, averaged and approximated, (B, K) each.

    Attributes:
        ensemble: mean over all masks, weighted by their probabilities: the expectation of a training pass.
        scaled: the evaluation pass that approximates it.
        unscaled: the evaluation pass without any scaling.
    """

    ensemble: Floats
    scaled: Floats
    unscaled: Floats

    @property
    def error(self) -> float:
        """Largest difference between the scaled pass and the mean over all masks."""
        return float(np.max(np.abs(self.scaled - self.ensemble), initial=0.0))

    @property
    def is_exact(self) -> bool:
        """Whether the scaled pass equals the mean over all masks, to rounding."""
        return self.error <= ROUNDING * max(1.0, float(np.max(np.abs(self.ensemble), initial=0.0)))

    @property
    def unscaled_error(self) -> float:
        """The same for the pass without scaling."""
        return float(np.max(np.abs(self.unscaled - self.ensemble), initial=0.0))


class DropoutTruth(Struct, frozen=True):
    """The output under one scaling.

    Attributes:
        scaling: how the mean is kept (or ``none``).
        masks: 2ⁿ, the number of masks averaged.
        pre_activation: Z of the output; exact (to rounding) if only the last hidden layer has dropout.
        prediction: ŷ; not exact in general, because nonlinear layers after dropout do not preserve the mean.
    """

    scaling: DropoutScaling
    masks: int
    pre_activation: Means
    prediction: Means


def droppable(architecture: Architecture) -> int:
    """Return n, the number of features and neurons that can be dropped."""
    return sum(
        width for rate, width in zip(architecture.dropout_rates, architecture.fan_ins, strict=True) if rate > 0.0
    )


def dropout_truth(network: Network, X: Floats, scaling: DropoutScaling) -> DropoutTruth:
    """Return the scaled pass and the exact mean over all masks, Σ_m P(m)·f(m) with P(m) = Π p^(dropped)·(1 − p)^(kept).

    Args:
        network: the network; its own scaling is ignored.
        X: samples, (B, D_in).
        scaling: the scaling to apply.

    Raises:
        PlaygroundError: more than 12 neurons can be dropped.
    """
    architecture = network.architecture
    count = droppable(architecture)
    if count > MAX_DROPPABLE:
        raise PlaygroundError(
            f"{count} neurons can be dropped, which gives 2^{count} masks; the exact mean is computed for at most "
            f"{MAX_DROPPABLE} neurons (4096 masks): set dropout to 0 in some layers or make them narrower"
        )
    rates = architecture.dropout_rates
    network = replace(network, architecture=replace(architecture, dropout_scaling=scaling))
    pre_activation = prediction = np.zeros((len(X), architecture.outputs))
    kept = np.array(list(product((0.0, 1.0), repeat=count))).reshape(2**count, count)
    # Batching many masks into one pass is 50 times as fast as one pass per mask (4096 masks).
    portion = max(ROWS // max(len(X), 1), 1)
    for start in range(0, len(kept), portion):
        weights, masks = _masks(kept[start : start + portion], len(X), architecture, scaling)
        trace = network.forward(np.tile(X, (len(weights), 1)), masks)
        pre_activation = pre_activation + _weighted(weights, trace.pre_activations[-1])
        prediction = prediction + _weighted(weights, trace.prediction)
    scaled = network.forward(X, evaluation_masks(rates, scaling))
    unscaled = network.forward(X, evaluation_masks(rates, "none"))
    return DropoutTruth(
        scaling,
        2**count,
        Means(pre_activation, scaled.pre_activations[-1], unscaled.pre_activations[-1]),
        Means(prediction, scaled.prediction, unscaled.prediction),
    )


def _weighted(weights: Floats, values: Floats) -> Floats:
    """Return Σ_m w_m·v_m over the masks of ``values`` (masks · B, K), (B, K)."""
    return np.tensordot(weights, values.reshape(len(weights), -1, values.shape[1]), 1)


def _masks(kept: Floats, batch: int, architecture: Architecture, scaling: DropoutScaling) -> tuple[Floats, Masks]:
    """Return the masks' probabilities, (masks,), and the scaled masks of a training pass, ``batch`` rows per mask.

    Args:
        kept: 1 where a droppable neuron is kept, (masks, n).
        batch: number of samples B that each mask applies to.
        architecture: the architecture.
        scaling: the scaling to apply.
    """
    probability, taken = np.ones(len(kept)), 0
    masks: list[Floats | float] = []
    for rate, width in zip(architecture.dropout_rates, architecture.fan_ins, strict=True):
        if rate == 0.0:
            masks.append(1.0)
            continue
        group = kept[:, taken : taken + width]
        taken += width
        probability = probability * np.prod(np.where(group > 0.0, 1.0 - rate, rate), axis=1)
        rows = np.repeat(group, batch, axis=0)
        masks.append(rows / (1.0 - rate) if DROPOUT_SCALINGS[scaling].in_training else rows)
    return probability, tuple(masks)
