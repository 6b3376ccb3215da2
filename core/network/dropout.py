"""Dropout masks and the three ways to scale them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from core.arrays import Floats
from core.experiment import DropoutScaling
from core.formulas.dropout_scalings import DROPOUT_SCALINGS

Masks: TypeAlias = tuple[Floats | float, ...]
"""What each layer's inputs are multiplied by: 1.0, one number, or a scaled keep mask (B, fan_in)."""


def training_masks(
    rates: Sequence[float],
    widths: Sequence[int],
    batch: int,
    scaling: DropoutScaling,
    rngs: Sequence[np.random.Generator],
) -> Masks:
    """Draw the masks of a training pass.

    A neuron is kept if its uniform draw u ≥ p. ``inverted`` multiplies kept neurons by 1/(1 − p), so that the mean over
    masks equals the full activation and evaluation needs no scaling; the other two do not scale. A group with p = 0
    consumes no draws.

    Args:
        rates: drop probability p of the features, then of each hidden layer.
        widths: size of each of those groups.
        batch: number of samples B.
        scaling: how the mean is kept.
        rngs: one generator per group.
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
    """Return the masks of an evaluation pass: 1 − p with ``at_test_time``, else 1.

    Multiplying a layer's inputs by 1 − p is the same as multiplying its outgoing weights by 1 − p (Srivastava et al.,
    2014, figure 2). With ``none`` the mean is not kept: test inputs are 1/(1 − p) times too large, on purpose.
    """
    scaled = DROPOUT_SCALINGS[scaling].at_test_time
    return tuple(1.0 - rate if scaled else 1.0 for rate in rates)
