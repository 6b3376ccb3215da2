"""The registry of weight penalties: value, derivative and proximal step.

A penalty is a function of the weights alone (not of biases), added to the mean loss. The functions take arrays of any
shape and, except for the values, also scalars; Numba compiles them unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from core.arrays import Floats
from core.registry import Entry, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

WeightFormula: TypeAlias = Callable[[Floats, float], Floats]
"""A function of weights (any shape) and a number; returns an array of the shape of the weights."""


class Penalty(Entry, frozen=True, kw_only=True):
    """One penalty R(W); in the formulas, λ is the argument ``strength``.

    Attributes:
        value: ``value(W, strength)`` → R, a float, for an array of any shape.
        derivative: ``derivative(w, strength)`` → ∂R/∂w of each weight (0 at w = 0 for L1).
        proximal: the step after the gradient step, ``proximal(w, learning_rate · strength)``: the u that minimizes
            ½(u − w)² + R(u), or w itself if the derivative enters the gradient instead.
    """

    value: Callable[[Floats, float], float]
    derivative: WeightFormula
    proximal: WeightFormula


def l1_value(W: Floats, strength: float) -> float:
    """Return λ‖W‖₁ = λ Σ |w|."""
    total: float = strength * np.sum(np.abs(W))
    return total


def l1_derivative(w: Floats, strength: float) -> Floats:
    """Return λ·sign(w): the slope where there is one, and 0, one of the subgradients, at w = 0."""
    return strength * np.sign(w)


def soft_threshold(w: Floats, amount: float) -> Floats:
    """Return sign(w)·max(|w| − amount, 0): the proximal step of L1, which makes small weights exactly 0.

    Args:
        w: weights, any shape.
        amount: learning rate times λ, ≥ 0.

    Source:
        Parikh and Boyd, Proximal Algorithms (2014), section 6.5.2.
    """
    return np.sign(w) * np.maximum(np.abs(w) - amount, 0.0)


def l2_value(W: Floats, strength: float) -> float:
    """Return ½λ‖W‖² = ½λ Σ w²; Keras leaves out the ½."""
    total: float = 0.5 * strength * np.sum(W * W)
    return total


def l2_derivative(w: Floats, strength: float) -> Floats:
    """Return λ·w, which PyTorch's optimizers (except AdamW) call weight decay."""
    return strength * w


def unchanged(w: Floats, _amount: float) -> Floats:
    """Return w: a penalty whose derivative enters the gradient needs no proximal step."""
    return w


PENALTIES: Final[Mapping[str, Penalty]] = registry(
    Penalty(
        key="l1",
        label="L1",
        formula=r"R = \lambda \sum |w|",
        derivative_formula=r"\frac{\partial R}{\partial w} = \lambda\,\mathrm{sign}(w)",
        explanation="Pulls every weight towards 0 by the same amount, so that weights of little use become exactly 0.",
        value=l1_value,
        derivative=l1_derivative,
        proximal=soft_threshold,
    ),
    Penalty(
        key="l2",
        label="L2",
        formula=r"R = \frac{\lambda}{2} \sum w^2",
        derivative_formula=r"\frac{\partial R}{\partial w} = \lambda w",
        explanation="Pulls every weight towards 0 in proportion to its size: large ones shrink most, none becomes 0.",
        value=l2_value,
        derivative=l2_derivative,
        proximal=unchanged,
    ),
)
"""Every penalty, in menu order."""
