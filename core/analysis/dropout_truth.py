"""Dropout's promise, checked exactly: the mean over all masks beside the one scaled pass that stands for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np

from core.arrays import Floats
from core.errors import PlaygroundError
from core.experiment import DropoutScaling
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.network import Network
from core.network.architecture import Architecture
from core.network.dropout import Masks, evaluation_masks

MAX_DROPPABLE: Final = 12
"""With n neurons that can drop there are 2ⁿ masks; 4096 passes are still done at once."""

ROWS: Final = 8192
"""Samples times masks that go through the network in one pass."""

SCALINGS: Final[tuple[DropoutScaling, ...]] = tuple(DROPOUT_SCALINGS)


@dataclass(frozen=True, slots=True)
class Means:
    """One quantity of the output layer, two ways, (B, K) each.

    Attributes:
        ensemble: mean over all masks, each weighted by its probability: what training passes give on average.
        scaled: the one pass without dropping that stands for it.
        unscaled: the pass without dropping and without any scaling.
    """

    ensemble: Floats
    scaled: Floats
    unscaled: Floats

    @property
    def error(self) -> float:
        """Largest difference between the scaled pass and the mean over all masks."""
        return float(np.max(np.abs(self.scaled - self.ensemble), initial=0.0))

    @property
    def unscaled_error(self) -> float:
        """The same for the pass without scaling."""
        return float(np.max(np.abs(self.unscaled - self.ensemble), initial=0.0))


@dataclass(frozen=True, slots=True)
class DropoutTruth:
    """What one way of scaling makes of the output.

    Attributes:
        scaling: where the mean is repaired (or ``none``).
        masks: 2ⁿ, how many were averaged.
        pre_activation: Z of the output; equal both ways (to rounding) where only the last hidden layer drops.
        prediction: ŷ; its activation bends the mean, and so does every layer behind a layer that drops.
    """

    scaling: DropoutScaling
    masks: int
    pre_activation: Means
    prediction: Means


def droppable(architecture: Architecture) -> int:
    """Return n, how many features and neurons can drop."""
    return sum(
        width for rate, width in zip(architecture.dropout_rates, architecture.fan_ins, strict=True) if rate > 0.0
    )


def dropout_truths(network: Network, X: Floats) -> dict[DropoutScaling, DropoutTruth]:
    """Return the truth about each of the three scalings for ``network`` on the samples ``X (B, D_in)``.

    Raises:
        PlaygroundError: more than 12 neurons can drop.
    """
    return {scaling: dropout_truth(network, X, scaling) for scaling in SCALINGS}


def dropout_truth(network: Network, X: Floats, scaling: DropoutScaling) -> DropoutTruth:
    """Return the exact mean over all masks beside the scaled pass, Σ_m P(m)·f(m) with P(m) = Π p^(dropped)·(1 − p)^(kept).

    Args:
        network: its dropout probabilities are used, its own scaling is not.
        X: samples, (B, D_in).
        scaling: which of the three ways to look at.

    Raises:
        PlaygroundError: more than 12 neurons can drop, so that there are too many masks.
    """
    architecture = network.architecture
    count = droppable(architecture)
    if count > MAX_DROPPABLE:
        raise PlaygroundError(
            f"{count} neurons can drop, which makes 2^{count} masks; the exact mean is taken for at most "
            f"{MAX_DROPPABLE} (2^12 = 4096 masks): set dropout to 0 in some layers or make them narrower"
        )
    rates = architecture.dropout_rates
    network = replace(network, architecture=replace(architecture, dropout_scaling=scaling))
    pre_activation = prediction = np.zeros((len(X), architecture.outputs))
    kept = np.array(list(product((0.0, 1.0), repeat=count))).reshape(2**count, count)
    # Many masks go through the network in one pass: at 4096 masks that takes a fiftieth of the time of one by one.
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
    """Return Σ_m w_m·v_m of ``values`` (masks · B, K), (B, K)."""
    return np.tensordot(weights, values.reshape(len(weights), -1, values.shape[1]), 1)


def _masks(kept: Floats, batch: int, architecture: Architecture, scaling: DropoutScaling) -> tuple[Floats, Masks]:
    """Return the probabilities of the masks (masks,) and what they are in training passes, ``batch`` rows for each.

    Args:
        kept: 1 where a neuron that can drop is kept, (masks, n).
        batch: B, samples that each mask is applied to.
        architecture: with the dropout probabilities.
        scaling: which of the three ways to look at.
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
