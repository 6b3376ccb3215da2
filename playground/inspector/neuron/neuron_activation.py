"""The activation function of a neuron, with the samples on its curve, and its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.formulas.activations import OUTPUT_ACTIVATIONS, Activation
from playground.inspector.neuron.activation_curve import ShownActivation, shown_activation, shown_softmax
from playground.inspector.snapshot_numbers import traced
from playground.style.numbers import short

if TYPE_CHECKING:
    from core.data.sample import Sample
    from core.training.snapshot import Snapshot
    from playground.session.selection import Selection

MAX_MARKED: Final = 200
"""Maximum number of samples on the activation's curve."""


def on_curve(snapshot: Snapshot, selection: Selection, sample: Sample | None) -> ShownActivation | None:
    """Return the activation with z of ``sample``, or of up to ``MAX_MARKED`` samples of the training set.

    A softmax depends on the other outputs, too, so that it has a curve for one sample only.
    """
    layer = snapshot.network.architecture.layers[selection.layer]
    trace, _ = traced(snapshot, sample)
    entry, Z = OUTPUT_ACTIVATIONS[layer.activation], trace.pre_activations[selection.layer]
    if entry.row_wise:
        return None if sample is None else shown_softmax(Z[0], selection.neuron)
    z = Z[:, selection.neuron]
    return shown_activation(entry, snapshot.network.alpha(selection.layer), z[:: max(1, -(-len(z) // MAX_MARKED))])


def named(entry: Activation, alpha: float) -> str:
    """Return the activation's label, with its current α if it has one."""
    if entry.alpha is None:
        return entry.label
    return f"{entry.label}, {'learned ' if entry.learns_alpha else ''}α = {short(alpha)}"
