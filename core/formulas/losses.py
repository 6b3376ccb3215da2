"""The registry of losses: value and derivative per sample, in numerically stable form.

The training loss is the mean of :attr:`Loss.value` over the samples of a batch. The two cross-entropies take
pre-activations Z, so that σ or softmax and the logarithm cancel analytically instead of overflowing.
The functions are NumPy expressions that Numba compiles unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from core.arrays import Floats
from core.formulas import training_code as source
from core.formulas.activation_functions import logistic, logistic_slope
from core.formulas.activations import OUTPUT_ACTIVATIONS, TargetCoding, softmax, softmax_backward
from core.registry import Entry, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

PairFormula: TypeAlias = Callable[[Floats, Floats], Floats]
"""A function of the output V that the loss takes and of the targets Y."""


class Loss(Entry, frozen=True, kw_only=True):
    """One loss L(V, Y) of a sample, summed over the K outputs.

    Attributes:
        noun: its name within a sentence.
        takes: what V is: ``"activation"`` A or ``"pre_activation"`` Z of the output layer.
        elementwise: True if the loss is a sum of one term per output.
        value: ``value(V, Y)`` → the loss of each sample, (B, K), (B, K) → (B,).
        derivative: ``derivative(V, Y)`` → ∂(loss of the sample)/∂V, (B, K); not divided by B.
        curvature: ``curvature(V, Y, R)`` → how ``derivative`` changes along R, (B, K): ∂²L/∂V² · R.
        best_constant: ``best_constant(Y)`` → the constant V with the smallest mean loss, (B, K) → (K,).
        element_value: the term of one output, for scalars and arrays alike; None if not ``elementwise``.
        element_derivative: its derivative with respect to v; None if not ``elementwise``.
        allowed_outputs: keys of :data:`core.formulas.activations.OUTPUT_ACTIVATIONS` that the loss accepts.
        in_numbers: template of one output's loss with its numbers, ``{a}`` for ŷ and ``{y}`` for y; empty if too long.
        target_coding: how two-class targets are coded; three or more classes are one-hot for every loss.
        code: the loss as source code for exported scripts; None if it cannot be exported.
    """

    noun: str
    takes: Literal["activation", "pre_activation"]
    elementwise: bool
    value: PairFormula
    derivative: PairFormula
    curvature: Callable[[Floats, Floats, Floats], Floats]
    best_constant: Callable[[Floats], Floats]
    element_value: PairFormula | None
    element_derivative: PairFormula | None
    allowed_outputs: tuple[str, ...]
    target_coding: TargetCoding
    in_numbers: str = ""
    code: source.LossCode | None = None


HUBER_DELTA: Final = 1.0
"""Residuals up to this size are squared, larger ones count linearly (PyTorch's default)."""


def squared_error_element(a: Floats, y: Floats) -> Floats:
    """Return ½·(a − y)²; PyTorch's ``MSELoss`` has no ½ and divides by the number of outputs."""
    residual = a - y
    return 0.5 * residual * residual


def squared_error_element_derivative(a: Floats, y: Floats) -> Floats:
    """Return ∂/∂a = a − y."""
    return a - y


def mean_target(Y: Floats) -> Floats:
    """Return the mean target, (B, K) → (K,)."""
    mean: Floats = Y.mean(axis=0)
    return mean


def squared_error(A: Floats, Y: Floats) -> Floats:
    """Return ½ Σ_k (a_k − y_k)² of each sample, (B, K), (B, K) → (B,)."""
    total: Floats = np.sum(squared_error_element(A, Y), axis=1)
    return total


def squared_error_derivative(A: Floats, Y: Floats) -> Floats:
    """Return ∂/∂A = A − Y, (B, K)."""
    return squared_error_element_derivative(A, Y)


def squared_error_curvature(_A: Floats, _Y: Floats, R: Floats) -> Floats:
    """Return R, since the Hessian is the identity, (B, K)."""
    return R


def binary_cross_entropy_element(z: Floats, y: Floats) -> Floats:
    """Return −y·ln σ(z) − (1 − y)·ln(1 − σ(z)) = ln(1 + e^z) − y·z.

    Computed as max(z, 0) − y·z + ln(1 + e^(−|z|)): nothing overflows, and for y in {0, 1} nothing cancels.
    """
    return np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z)))


def binary_cross_entropy_element_derivative(z: Floats, y: Floats) -> Floats:
    """Return ∂/∂z = σ(z) − y."""
    return logistic(z) - y


def binary_cross_entropy(Z: Floats, Y: Floats) -> Floats:
    """Return Σ_k ln(1 + e^(z_k)) − y_k·z_k of each sample, Y in [0, 1], (B, K), (B, K) → (B,)."""
    total: Floats = np.sum(binary_cross_entropy_element(Z, Y), axis=1)
    return total


def binary_cross_entropy_derivative(Z: Floats, Y: Floats) -> Floats:
    """Return ∂/∂Z = σ(Z) − Y, (B, K)."""
    return binary_cross_entropy_element_derivative(Z, Y)


def binary_cross_entropy_curvature(Z: Floats, _Y: Floats, R: Floats) -> Floats:
    """Return σ′(Z)·R, (B, K)."""
    return logistic_slope(Z) * R


def cross_entropy(Z: Floats, Y: Floats) -> Floats:
    """Return −Σ_k y_k·ln softmax(z)_k = ln Σ_k e^(z_k) − Σ_k y_k·z_k of each sample.

    The row maximum is subtracted from Z first, which changes nothing because the targets sum to 1.

    Args:
        Z: pre-activations, (B, K).
        Y: target probabilities, (B, K), each row summing to 1 (one-hot for a known class).

    Returns:
        The losses, (B,).
    """
    top = Z[:, 0]
    for k in range(1, Z.shape[1]):
        top = np.maximum(top, Z[:, k])
    shifted = Z - top[:, np.newaxis]
    losses: Floats = np.log(np.sum(np.exp(shifted), axis=1)) - np.sum(Y * shifted, axis=1)
    return losses


def cross_entropy_derivative(Z: Floats, Y: Floats) -> Floats:
    """Return ∂/∂Z = softmax(Z) − Y, (B, K)."""
    return softmax(Z) - Y


def cross_entropy_curvature(Z: Floats, _Y: Floats, R: Floats) -> Floats:
    """Return (diag(p) − p·pᵀ)·R with p = softmax(Z), (B, K)."""
    return softmax_backward(softmax(Z), R)


def huber_element(a: Floats, y: Floats) -> Floats:
    """Return ½·r² for |r| ≤ δ, else δ·(|r| − ½·δ), with r = a − y and δ = 1 (Huber 1964).

    Computed as m·(|r| − ½·m) with m = min(|r|, δ), which covers both branches.
    """
    size = np.abs(a - y)
    clipped = np.minimum(size, HUBER_DELTA)
    return clipped * (size - 0.5 * clipped)


def huber_element_derivative(a: Floats, y: Floats) -> Floats:
    """Return ∂/∂a = r clipped to ±δ, with r = a − y and δ = 1."""
    return np.maximum(-HUBER_DELTA, np.minimum(HUBER_DELTA, a - y))


def huber(A: Floats, Y: Floats) -> Floats:
    """Return Σ_k of :func:`huber_element` of each sample, (B, K), (B, K) → (B,)."""
    total: Floats = np.sum(huber_element(A, Y), axis=1)
    return total


def huber_derivative(A: Floats, Y: Floats) -> Floats:
    """Return ∂/∂A = A − Y clipped to ±δ, (B, K)."""
    return huber_element_derivative(A, Y)


def huber_curvature(A: Floats, Y: Floats, R: Floats) -> Floats:
    """Return R where |A − Y| < δ, else 0, (B, K)."""
    return np.where(np.abs(A - Y) < HUBER_DELTA, R, 0.0)


def log_odds(Y: Floats) -> Floats:
    """Return ln p/(1 − p) of the mean targets p, (B, K) → (K,); beyond ±36, where σ is 0 or 1 to rounding, ±36."""
    share = np.clip(Y.mean(axis=0), np.exp(-36.0), 1.0 - np.exp(-36.0))
    odds: Floats = np.log(share / (1.0 - share))
    return odds


def log_shares(Y: Floats) -> Floats:
    """Return ln of the share of each class, (B, K) → (K,); for classes that do not occur ln 10⁻³⁰⁰."""
    shares: Floats = np.log(np.maximum(Y.mean(axis=0), 1e-300))
    return shares


def huber_location(Y: Floats) -> Floats:
    """Return the constants that minimize the mean Huber loss, (B, K) → (K,), by bisection of the mean derivative."""
    low, high = Y.min(axis=0), Y.max(axis=0)
    for _ in range(100):
        middle = 0.5 * (low + high)
        rising = np.mean(huber_derivative(np.broadcast_to(middle, Y.shape), Y), axis=0) > 0.0
        low, high = np.where(rising, low, middle), np.where(rising, middle, high)
    location: Floats = 0.5 * (low + high)
    return location


LOSSES: Final[Mapping[str, Loss]] = registry(
    Loss(
        key="squared_error",
        code=source.SQUARED_ERROR,
        label="Squared error",
        noun="squared error",
        formula=r"L = \frac{1}{2} \sum_k (\hat{y}_k - y_k)^2",
        derivative_formula=r"\frac{\partial L}{\partial \hat{y}_k} = \hat{y}_k - y_k",
        in_numbers="½({a} − {y})²",
        explanation="Half the squared distance between prediction and target: large errors count most.",
        takes="activation",
        elementwise=True,
        value=squared_error,
        derivative=squared_error_derivative,
        curvature=squared_error_curvature,
        best_constant=mean_target,
        element_value=squared_error_element,
        element_derivative=squared_error_element_derivative,
        allowed_outputs=tuple(OUTPUT_ACTIVATIONS),
        target_coding="signed",
    ),
    Loss(
        key="binary_cross_entropy",
        code=source.BINARY_CROSS_ENTROPY,
        label="Binary cross-entropy",
        noun="binary cross-entropy",
        formula=r"L = -\sum_k \left( y_k \ln \hat{y}_k + (1 - y_k) \ln (1 - \hat{y}_k) \right)",
        derivative_formula=r"\frac{\partial L}{\partial z_k} = \sigma(z_k) - y_k",
        explanation="How surprised a sigmoid output is by the true answer 0 or 1: confident mistakes cost most.",
        takes="pre_activation",
        elementwise=True,
        value=binary_cross_entropy,
        derivative=binary_cross_entropy_derivative,
        curvature=binary_cross_entropy_curvature,
        best_constant=log_odds,
        element_value=binary_cross_entropy_element,
        element_derivative=binary_cross_entropy_element_derivative,
        allowed_outputs=("sigmoid",),
        target_coding="binary",
    ),
    Loss(
        key="cross_entropy",
        code=source.CROSS_ENTROPY,
        label="Cross-entropy",
        noun="cross-entropy",
        formula=r"L = -\sum_k y_k \ln \hat{y}_k",
        derivative_formula=r"\frac{\partial L}{\partial z_k} = \hat{y}_k - y_k",
        explanation="Minus the logarithm of the probability that the softmax gives to the true class.",
        takes="pre_activation",
        elementwise=False,
        value=cross_entropy,
        derivative=cross_entropy_derivative,
        curvature=cross_entropy_curvature,
        best_constant=log_shares,
        element_value=None,
        element_derivative=None,
        allowed_outputs=("softmax",),
        target_coding="one_hot",
    ),
    Loss(
        key="huber",
        code=source.HUBER,
        label="Huber",
        noun="Huber loss",
        formula=(
            r"L = \sum_k \begin{cases} \frac{1}{2} r_k^2 &\; |r_k| \le 1 \\ |r_k| - \frac{1}{2} &\; |r_k| > 1 \end{cases}"
            r", \quad r_k = \hat{y}_k - y_k"
        ),
        derivative_formula=r"\frac{\partial L}{\partial \hat{y}_k} = \max({-1}, \min(1, \hat{y}_k - y_k))",
        explanation="Squared for errors up to 1 and linear beyond, so that outliers do not dominate.",
        takes="activation",
        elementwise=True,
        value=huber,
        derivative=huber_derivative,
        curvature=huber_curvature,
        best_constant=huber_location,
        element_value=huber_element,
        element_derivative=huber_element_derivative,
        allowed_outputs=tuple(OUTPUT_ACTIVATIONS),
        target_coding="signed",
    ),
)
"""Every loss, in menu order."""

HELPERS: Final[tuple[Callable[..., Floats], ...]] = (
    *(logistic, softmax, squared_error_element, squared_error_element_derivative),
    *(binary_cross_entropy_element, binary_cross_entropy_element_derivative, huber_element, huber_element_derivative),
)
"""Functions that the losses call; like those of the activations, they must be registered before compiling."""
