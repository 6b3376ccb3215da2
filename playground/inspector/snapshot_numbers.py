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
from playground.session.selection import Selection
from playground.style.numbers import thousands

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
    """Return trace and gradients of ``sample`` alone, or of the evaluated training samples.

    A sample of the step whose phases are shown passes with the step's dropout masks.
    """
    if sample is None:
        return snapshot.trace, snapshot.gradients
    X, Y = sample.rows(snapshot.data)
    masks = None if snapshot.step_pass is None else snapshot.step_pass.masks_of(sample)
    with np.errstate(all="ignore"):
        if masks is not None:
            trace = snapshot.network.forward(X, masks)
            return trace, snapshot.network.backward(trace, Y)
        evaluated = not sample.is_test and sample.index < len(snapshot.trace.inputs[0])
        rows = slice(sample.index, sample.index + 1)
        trace = snapshot.trace.rows(rows) if evaluated else snapshot.network.forward(X)
        return trace, snapshot.network.backward(trace, Y)


def neuron_numbers(
    snapshot: Snapshot, layer: int, neuron: int, sample: Sample | None, max_terms: int = MAX_TERMS
) -> NeuronNumbers:
    """Return the numbers of ``neuron`` in ``layer`` for ``sample``, or the mean over all, with at most ``max_terms`` terms."""
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
        listed = largest if len(largest) <= max_terms + 1 else largest[:max_terms]
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


def pass_in_words(snapshot: Snapshot, sample: Sample | None, selection: Selection | None) -> str:
    """Return with which dropout ``sample`` passes while the phases of a step are shown; empty if nothing is dropped at all."""
    step = snapshot.step_pass
    if step is None or not step.drops:
        return ""
    if step.masks_of(sample) is None:
        return f"without the dropout of step {thousands(step.number)}"
    if (
        selection is not None
        and selection.kind == "neuron"
        and step.drops_neuron(selection.layer, selection.neuron, sample)
    ):
        return f"dropped in step {thousands(step.number)}"
    return f"with the dropout of step {thousands(step.number)}"


def shown_slope(snapshot: Snapshot, index: int, name: str) -> tuple[str, float, str]:
    """Return the slope of the mean loss along the parameter at flat ``index``, called ``name``, before its symbol and a tooltip.

    While the phases of a step are shown it is the slope of that step's loss, and what stands before it names the step.
    """
    samples, step = thousands(len(snapshot.trace.inputs[0])), snapshot.step_pass
    if step is None:
        tip = f"Slope of the mean loss over {samples} training samples; if negative, a larger {name} lowers the loss"
        return "", float(snapshot.gradients.flat[index]), tip
    count = "1 sample" if len(step.batch) == 1 else f"{thousands(len(step.batch))} samples"
    tip = f"Slope of the loss of this step's {count}, with its dropout; the curve is the loss of {samples} samples without it"
    return f"step {thousands(step.number)}: ", float(step.gradient[index]), tip


def shown_step(snapshot: Snapshot, index: int) -> tuple[str, float]:
    """Return ``("step 7", change)`` of the parameter at flat ``index`` in the step whose phases are shown, else the next one."""
    step = snapshot.step_pass
    return next_step(snapshot, index) if step is None else (f"step {thousands(step.number)}", float(step.update[index]))


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


def step_tip(label: str, name: str) -> str:
    """Return the tooltip of the step of the parameter called ``name``, by the ``label`` from :func:`shown_step`."""
    if label == "next step":
        return f"−α·∂L/∂{name} over all training samples; steps of single batches scatter around it"
    if label == "last step":
        return f"Change by the last batch; the optimizer's state makes the next step differ from −α·∂L/∂{name}"
    return f"Change of {name} by this step"
