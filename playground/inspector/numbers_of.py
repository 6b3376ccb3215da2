"""The numbers that the inspector shows of a neuron and of a weight's next step, taken from a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.engine.descent import regularized_gradient
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.penalties import PENALTIES
from core.training.snapshot import Snapshot

MAX_TERMS: Final = 12


@dataclass(frozen=True, slots=True)
class Term:
    """One summand wᵢ·aᵢ of a pre-activation.

    Attributes:
        source: which input.
        weight: wᵢ.
        value: aᵢ, as the network multiplies it (dropout's scaling included).
        product: wᵢ·aᵢ.
    """

    source: int
    weight: float
    value: float
    product: float


@dataclass(frozen=True, slots=True)
class NeuronNumbers:
    """A neuron for one sample, or its mean over the samples.

    Attributes:
        terms: the largest summands, largest first; with the rest and the bias they sum to ``z``.
        rest_count: how many summands are not listed.
        rest: their sum.
        bias: b.
        z: the pre-activation that the network uses (its mean).
        activation: a = φ(z) (its mean).
        slope: φ′(z) (its mean).
        delta: ∂L/∂z of the sample's loss (mean: of the mean loss, which is ∂L/∂b).
        fires: whether it fires for the sample; ``None`` for the mean.
        share: share of the samples for which it fires.
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


def neuron_numbers(snapshot: Snapshot, layer: int, neuron: int, sample: int | None) -> NeuronNumbers:
    """Return the numbers of ``neuron`` in ``layer`` for training sample ``sample``, or the mean over all."""
    trace, network = snapshot.trace, snapshot.network
    settings = network.architecture.layers[layer]
    entry = OUTPUT_ACTIVATIONS[settings.activation]
    rows = slice(None) if sample is None else slice(sample, sample + 1)
    weights = network.weights(layer)[:, neuron]
    Z = trace.pre_activations[layer][rows]
    A = trace.activations[layer][:, neuron]
    with np.errstate(all="ignore"):
        values = trace.inputs[layer][rows].mean(axis=0)
        products = weights * values
        slope = float(entry.derivative(Z, network.alpha(layer))[:, neuron].mean())
        largest = np.argsort(-np.abs(products), kind="stable")
        # One line may be "1 more": where thirteen fit as well as twelve and a rest, nothing is hidden.
        listed = largest if len(largest) <= MAX_TERMS + 1 else largest[:MAX_TERMS]
        rest = float(products[largest[len(listed) :]].sum())
        delta = snapshot.gradients.deltas[layer][:, neuron]
        one = float(delta.sum()) if sample is None else float(delta[sample]) * len(delta)
    fired = entry.fires_above < A
    return NeuronNumbers(
        terms=tuple(Term(int(i), float(weights[i]), float(values[i]), float(products[i])) for i in listed),
        rest_count=len(largest) - len(listed),
        rest=rest,
        bias=float(network.bias(layer)[neuron]),
        z=float(Z[:, neuron].mean()),
        activation=float(A[rows].mean()),
        slope=slope,
        delta=one,
        fires=None if sample is None else bool(fired[sample]),
        share=float(fired.mean()),
    )


def next_step(snapshot: Snapshot, index: int) -> tuple[str, float]:
    """Return what the optimizer does to the parameter at flat ``index``: (``next step`` or ``last step``, the change).

    Plain SGD has no memory, so its next step over the whole training set is known: w ← w − α·(∂L/∂w + λ₂·w), shortened
    by clipping, then L1's threshold. Other optimizers report their last step.
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
    # The plain step keeps the digits that w + step − w would lose.
    return "next step", moved - w if settings.l1 and decays else -settings.learning_rate * gradient
