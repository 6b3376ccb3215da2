"""Measurements of backpropagated signals, and of activation settings."""

from __future__ import annotations

from typing import Final

from core.analysis.gradient_flow import delta_magnitudes
from core.formulas.activations import ACTIVATIONS
from core.lessons.measurements.gradients import ratio
from core.lessons.measurements.measurement import Measurement
from core.training.snapshot import Snapshot


def _delta_ratio(snapshot: Snapshot, first: int, second: int) -> float:
    magnitudes = delta_magnitudes(snapshot.gradients)
    return ratio(float(magnitudes[first]) ** 2, float(magnitudes[second]) ** 2)


def _hidden_activation(snapshot: Snapshot) -> str:
    """Return the activation that all hidden layers share; an empty text if they differ or there are none."""
    keys = {layer.activation for layer in snapshot.network.architecture.layers[:-1]}
    return keys.pop() if len(keys) == 1 else ""


SIGNALS: Final = (
    Measurement(
        key="delta_ratio",
        label="Ratio of the mean squares of δ",
        formula=r"\overline{\delta_a^2} \,/\, \overline{\delta_b^2}",
        explanation="Mean of δ² of one layer divided by another's: how the gradient changes between them.",
        compute=_delta_ratio,
        arguments=("from", "to"),
    ),
    Measurement(
        key="alpha",
        label="α of a layer",
        formula=r"\alpha_l",
        explanation="The activation's parameter of one layer: the learned one of PReLU; 0 for activations without one.",
        compute=lambda snapshot, layer: float(snapshot.network.alpha(layer)),
        arguments=("layer",),
    ),
    Measurement(
        key="hidden_activation",
        label="Activation of all hidden layers",
        formula=r"\varphi",
        explanation="Key of the activation of all hidden layers, such as sigmoid; no value if they differ.",
        compute=_hidden_activation,
        unit="text",
        named_in=ACTIVATIONS,
    ),
)
"""Measurements of signals and activation settings."""
