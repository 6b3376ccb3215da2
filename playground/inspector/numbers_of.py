"""Compute the inspector's numbers for a neuron, and a parameter's next step, from a snapshot."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.data.sample import Sample
from core.engine.descent import regularized_gradient
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.penalties import PENALTIES
from core.network import Gradients, Trace
from core.training.snapshot import Snapshot

MAX_TERMS: Final = 12


class Term(Struct, frozen=True):
    """One summand wᵢ·aᵢ of a pre-activation.

    Attributes:
        source: index of the input.
        weight: wᵢ.
        value: aᵢ, including any dropout scaling.
        product: wᵢ·aᵢ.
    """

    source: int
    weight: float
    value: float
    product: float


class NeuronNumbers(Struct, frozen=True):
    """The numbers of a neuron for one sample, or their means over all samples.

    Attributes:
        terms: the largest summands in descending order; with ``rest`` and ``bias`` they sum to ``z``.
        rest_count: number of summands not listed.
        rest: sum of the summands not listed.
        bias: b.
        z: pre-activation.
        activation: a = φ(z).
        slope: φ′(z).
        delta: ∂L/∂z for the sample's loss; for the mean loss, ∂L/∂b.
        fires: whether the neuron fires for the sample; ``None`` for the mean.
        share: fraction of the samples for which it fires.
    """

    terms: tuple[Term, ...]
    rest_count: int
    rest: float
    bias: float
    z: float
    activation: float
    slope: float
    delta: float
    fires: bool | None
    share: float


def traced(snapshot: Snapshot, sample: Sample | None) -> tuple[Trace, Gradients]:
    """Return trace and gradients of ``sample`` alone, or of the evaluated training samples."""
    if sample is None:
        return snapshot.trace, snapshot.gradients
    X, Y = sample.rows(snapshot.data)
    with np.errstate(all="ignore"):
        evaluated = not sample.is_test and sample.index < len(snapshot.trace.inputs[0])
        rows = slice(sample.index, sample.index + 1)
        trace = snapshot.trace.rows(rows) if evaluated else snapshot.network.forward(X)
        return trace, snapshot.network.backward(trace, Y)


def neuron_numbers(
    snapshot: Snapshot, layer: int, neuron: int, sample: Sample | None, most: int = MAX_TERMS
) -> NeuronNumbers:
    """Return the numbers of ``neuron`` in ``layer`` for ``sample``, or the mean over the training set, with ``most`` terms."""
    network = snapshot.network
    trace, gradients = traced(snapshot, sample)
    settings = network.architecture.layers[layer]
    entry = OUTPUT_ACTIVATIONS[settings.activation]
    weights = network.weights(layer)[:, neuron]
    Z = trace.pre_activations[layer]
    A = trace.activations[layer][:, neuron]
    with np.errstate(all="ignore"):
        values = trace.inputs[layer].mean(axis=0)
        products = weights * values
        slope = float(entry.derivative(Z, network.alpha(layer))[:, neuron].mean())
        largest = np.argsort(-np.abs(products), kind="stable")
        # A line "1 more" would take as much space as the term itself.
        listed = largest if len(largest) <= most + 1 else largest[:most]
        rest = float(products[largest[len(listed) :]].sum())
        delta = float(gradients.deltas[layer][:, neuron].sum())
    fired = entry.fires_above < snapshot.trace.activations[layer][:, neuron]
    return NeuronNumbers(
        terms=tuple(Term(int(i), float(weights[i]), float(values[i]), float(products[i])) for i in listed),
        rest_count=len(largest) - len(listed),
        rest=rest,
        bias=float(network.bias(layer)[neuron]),
        z=float(Z[:, neuron].mean()),
        activation=float(A.mean()),
        slope=slope,
        delta=delta,
        fires=None if sample is None else bool(entry.fires_above < A[0]),
        share=float(fired.mean()),
    )


def next_step(snapshot: Snapshot, index: int) -> tuple[str, float]:
    """Return ``("next step" or "last step", change)`` of the parameter at flat ``index``.

    Plain SGD has no state, so its next step over the whole training set is known: w ← w − α·(∂L/∂w + λ₂·w), with
    clipping and the proximal step of L1 where they apply. Other optimizers report their last step.
    """
    settings = snapshot.experiment.training
    if not OPTIMIZERS[settings.optimizer].plain:
        return "last step", float(snapshot.last_update[index])
    parameters = snapshot.network.parameters
    is_weight = snapshot.network.architecture.is_weight
    decays = bool(is_weight[index])
    w = float(parameters[index])
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = float(regularized_gradient(snapshot.gradients.flat, parameters, is_weight, settings)[index])
    moved = w - settings.learning_rate * gradient
    if settings.l1 and decays:
        moved = float(PENALTIES["l1"].proximal(np.array([moved]), settings.learning_rate * settings.l1)[0])
    # Without L1 the step is returned directly, because (w + step) − w would lose digits.
    return "next step", moved - w if settings.l1 and decays else -settings.learning_rate * gradient
