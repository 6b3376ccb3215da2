"""The curves that a learner can predict by sketching them: how to measure each one, and its axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import numpy as np

from core.analysis.gradient_flow import weight_gradient_norms
from core.arrays import Floats, norm
from core.registry import Entry, registry
from core.training.snapshot import Snapshot

XY: TypeAlias = tuple[Floats, Floats]
"""x (n,) in ascending order, and y (n,)."""


class Curve(Entry, frozen=True, kw_only=True):
    """A measurement that is a curve.

    Attributes:
        x_title: name of the horizontal axis.
        y_title: name of the vertical axis.
        log: whether the vertical axis is logarithmic.
        by_layer: whether x is the number of a layer, from 1.
        of: computes it from a snapshot.
    """

    x_title: str
    y_title: str
    log: bool
    by_layer: bool
    of: Callable[[Snapshot], XY]


def _by_layer(values: Floats) -> XY:
    return np.arange(1.0, len(values) + 1.0), values


def _mean_squares(snapshot: Snapshot) -> Floats:
    """Return the mean square of each layer's activations over samples and neurons."""
    return np.array([norm(A) ** 2 / max(A.size, 1) for A in snapshot.trace.activations])


CURVES: Final[Mapping[str, Curve]] = registry(
    Curve(
        key="loss_curve",
        label="Training loss",
        formula=r"L(t)",
        explanation="Mean loss over the training set as training proceeds.",
        x_title="epoch",
        y_title="training loss",
        log=True,
        by_layer=False,
        of=lambda s: (s.curve.epoch, s.curve.train),
    ),
    Curve(
        key="test_loss_curve",
        label="Test loss",
        formula=r"L_{test}(t)",
        explanation="Mean loss over the test set as training proceeds.",
        x_title="epoch",
        y_title="test loss",
        log=True,
        by_layer=False,
        of=lambda s: (s.curve.epoch, s.curve.test),
    ),
    Curve(
        key="gradient_by_layer",
        label="Gradient by layer",
        formula=r"\|\partial L / \partial W_l\|",
        explanation="Norm of the gradient of each layer's weights, the first layer at the left.",
        x_title="layer",
        y_title="‖∂L/∂W‖",
        log=True,
        by_layer=True,
        of=lambda s: _by_layer(weight_gradient_norms(s.network, s.gradients)),
    ),
    Curve(
        key="activation_by_layer",
        label="Activation by layer",
        formula=r"\mathrm{mean}(a_l^2)",
        explanation="Mean square of the activations of each layer, the first layer at the left.",
        x_title="layer",
        y_title="mean a²",
        log=True,
        by_layer=True,
        of=lambda s: _by_layer(_mean_squares(s)),
    ),
)
"""Every curve by key."""
