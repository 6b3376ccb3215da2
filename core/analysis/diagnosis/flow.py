"""Rules about gradients that vanish or explode between the output and the first layer."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.analysis.delta_split import split_deltas
from core.analysis.diagnosis.case import Case
from core.analysis.diagnosis.changes import activated, initialized, suited, trained
from core.analysis.diagnosis.finding import Cure, Finding
from core.analysis.diagnosis.fit import penalty_dominates
from core.analysis.diagnosis.words import decades, number, weights_of
from core.analysis.gradient_flow import delta_magnitudes, first_to_last
from core.analysis.gradient_stop import gradient_stop
from core.arrays import norm

VANISHING: Final = 1e-3
"""‖∂L/∂W₁‖ / ‖∂L/∂W_last‖, or the same ratio of δ, below which the gradient vanishes."""

FAINT: Final = 1e-2
"""The same for δ in a network that has not learned after ``SOME_STEPS``, if its activations have faded as much as δ."""

SOME_STEPS: Final = 200

EXPLODING: Final = 1e3
"""‖∂L/∂W₁‖ / ‖∂L/∂W_last‖, or the same ratio of δ, above which it explodes."""


def vanishing(case: Case) -> Finding | None:
    """Detect a gradient that is far smaller in the first layer than in the last."""
    ratio, symbol = first_to_last(case.gradient_norms), "∂L/∂W"
    faint = VANISHING if case.step < SOME_STEPS else FAINT
    if not ratio < VANISHING and _signal(case) < faint:
        # If activations vanish too, so does the gradient of the last layers' weights; then only δ shows the effect.
        ratio, symbol = first_to_last(delta_magnitudes(case.gradients)), "δ"
    limit = VANISHING if symbol != "δ" else faint
    if case.does_well or not case.hidden or not ratio < limit or penalty_dominates(case) is not None:
        return None
    if ratio == 0.0:
        stop = gradient_stop(case.network, case.trace, case.gradients)
        if stop is None or stop.reason != "underflow":
            return None  # other rules report why no gradient passes at all
    split = split_deltas(case.network, case.trace, case.gradients)
    by_slope, by_weights = (float(np.nansum(each[np.isfinite(each)])) for each in (split.by_slope, split.by_weights))
    first, last = weights_of(0)[1:], weights_of(len(case.layers) - 1)[1:]
    times = (
        "vanishes: it underflows to 0" if ratio == 0.0 else f"is {number(1.0 / ratio)} × smaller than {symbol}{last}"
    )
    return Finding(
        key="vanishing",
        title="The gradient vanishes",
        severity="warning",
        evidence=(
            f"{symbol}{first} {times}; on the way, φ′ changes δ by {decades(by_slope)}, "
            f"the weights by {decades(by_weights)}."
        ),
        view="waterfall",
        numbers=(("first over last", ratio), ("decades by φ′", by_slope), ("decades by weights", by_weights)),
        layer=0,
        cure=_cure_of_vanishing(case, by_slope, by_weights),
    )


def _signal(case: Case) -> float:
    """Return how far the last hidden layer's activations vary over the samples, relative to the inputs (RMS of the σ)."""
    if not len(case.trace.inputs[0]):
        return math.inf
    first, last = (each.std(axis=0) for each in (case.trace.inputs[0], case.trace.inputs[-1]))
    size = norm(first) / math.sqrt(len(first))
    return norm(last) / math.sqrt(len(last)) / size if size > 0.0 else math.inf


def _cure_of_vanishing(case: Case, by_slope: float, by_weights: float) -> Cure:
    hidden = list(case.hidden)
    if by_slope < by_weights:
        return Cure("Use ReLU with He normal", activated(hidden, "relu", "he_normal"), rewinds=True)
    activations = [case.layers[index].activation for index in hidden]
    return Cure(f"Use {suited(activations)}", initialized(hidden, case.layers[-1].activation), rewinds=True)


def exploding(case: Case) -> Finding | None:
    """Detect a gradient that is far larger in the first layer than in the last."""
    ratio, symbol = first_to_last(case.gradient_norms), "∂L/∂W"
    if not EXPLODING < ratio < math.inf:
        ratio, symbol = first_to_last(delta_magnitudes(case.gradients)), "δ"
    if case.does_well or not EXPLODING < ratio < math.inf:
        return None
    return Finding(
        key="exploding",
        title="The gradient explodes",
        severity="warning",
        evidence=(
            f"{symbol}{weights_of(0)[1:]} is {number(ratio)} × larger than {symbol}{weights_of(len(case.layers) - 1)[1:]}: "
            "the weights enlarge it in each layer."
        ),
        view="waterfall",
        numbers=(("first over last", ratio),),
        layer=0,
        cure=_cure_of_explosion(case),
    )


def _cure_of_explosion(case: Case) -> Cure:
    every = list(range(len(case.layers)))
    change = initialized(every, case.layers[-1].activation)
    if change(case.experiment) != case.experiment:
        activations = [layer.activation for layer in case.layers]
        return Cure(f"Use {suited(activations)}", change, rewinds=True)
    return Cure("Clip the gradient at norm 1", trained(clip_norm=1.0), rewinds=True)
