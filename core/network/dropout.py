"""Dropout: which neurons a step leaves out, and the three ways to keep the mean right (or not)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from core.arrays import Floats
from core.experiment import DropoutScaling
from core.formulas.dropout_scalings import DROPOUT_SCALINGS

Masks: TypeAlias = tuple[Floats | float, ...]
"""For each layer of weights, what its inputs are multiplied by: 1.0, one number, or an array (B, fan_in)."""


def training_masks(
    rates: Sequence[float],
    widths: Sequence[int],
    batch: int,
    scaling: DropoutScaling,
    rngs: Sequence[np.random.Generator],
) -> Masks:
    """Draw a new mask for every droppable group and return the masks of a training pass.

    A neuron is kept when its uniform draw u ≥ p. ``inverted`` multiplies the kept ones by 1/(1 − p), so that the mean
    over masks equals the full activation and the test pass needs nothing; the other two leave them as they are.
    A group with p = 0 takes no draws.

    Args:
        rates: p of the features, then of each hidden layer.
        widths: neurons in each of those groups.
        batch: B.
        scaling: where the mean is repaired.
        rngs: one generator a group.
    """
    masks: list[Floats | float] = []
    for rate, width, rng in zip(rates, widths, rngs, strict=True):
        if rate == 0.0:
            masks.append(1.0)
            continue
        kept = rng.random((batch, width)) >= rate
        masks.append(kept.astype(np.float64) * (1.0 / (1.0 - rate) if DROPOUT_SCALINGS[scaling].in_training else 1.0))
    return tuple(masks)


def evaluation_masks(rates: Sequence[float], scaling: DropoutScaling) -> Masks:
    """Return the masks of a pass without dropping: (1 − p) with ``at_test_time``, else 1.

    Multiplying a layer's inputs by 1 − p is the same as multiplying its outgoing weights by 1 − p (Srivastava et al.,
    2014, figure 2). With ``none`` nothing repairs the mean: test inputs are 1/(1 − p) times too large, on purpose.
    """
    scaled = DROPOUT_SCALINGS[scaling].at_test_time
    return tuple(1.0 - rate if scaled else 1.0 for rate in rates)
