"""The curvature of the loss: exact Hessian–vector products, and the largest eigenvalue.

Gradient descent on a quadratic with largest curvature λ diverges exactly if α > 2/λ. On real losses, full-batch descent
increases λ to about 2/α and stays there (Cohen et al. 2021, "Gradient descent on neural networks typically occurs at the
edge of stability").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, norm
from core.errors import ShapeError
from core.formulas.activations import softmax_backward
from core.formulas.losses import LOSSES
from core.network import Network, Trace
from core.network.architecture import Layer

MAX_ITERATIONS: Final = 60
TOLERANCE: Final = 1e-4
"""Relative change of the eigenvalue below which the iteration stops."""


class Sharpness(Struct, frozen=True, eq=False):
    """The largest curvature of the loss.

    Attributes:
        eigenvalue: λ_max, the largest eigenvalue of the Hessian.
        direction: its unit eigenvector, (P,).
        iterations: number of Hessian–vector products used.
    """

    eigenvalue: float
    direction: Floats
    iterations: int


class Hessian:
    """The Hessian of the mean loss of a network over some samples, available through products with vectors.

    Evaluated without dropout. The penalty ½λ₂‖W‖² adds λ₂ on the diagonal of the weights; kinks such as ReLU's have no
    effect.

    Args:
        network: the network.
        X: features, (B, D_in).
        Y: targets, (B, K).
        l2: λ₂.
        between: called between the layers of a product, so that more urgent work can run first.
    """

    def __init__(
        self,
        network: Network,
        X: Floats,
        Y: Floats,
        *,
        l2: float = 0.0,
        between: Callable[[], object] = lambda: None,
    ) -> None:
        self.network, self._Y, self._l2, self._between = network, Y, l2, between
        self._trace = network.forward(X)
        self._dA, self._deltas = _derivatives(network, self._trace, Y)

    def times(self, direction: Floats) -> Floats:
        """Return H · ``direction``, both (P,), exact to rounding (Pearlmutter 1994).

        R(x) is the derivative of x along the direction: the forward pass gives R(Z) and R(A), the backward pass R(δ).

        Raises:
            ShapeError: the direction does not have the parameters' length.
        """
        network, trace = self.network, self._trace
        layers = network.architecture.layers
        if direction.shape != (network.architecture.size,):
            raise ShapeError(f"expected a direction of {network.architecture.size} numbers, got {direction.shape}")
        R_inputs, R_Z, R_A = self._forward(direction)
        product = self._l2 * direction * network.architecture.is_weight
        R_dA, R_delta = self._at_output(R_Z[-1], R_A[-1])
        for index in reversed(range(len(layers))):
            self._between()
            layer, delta = layers[index], self._deltas[index]
            if R_delta is None:
                R_delta = self._through_activation(index, R_dA, R_Z[index], direction)
            if layer.learns_alpha:
                product[layer.alpha_index] = self._alpha_product(index, R_dA, R_Z[index])
            product[layer.weights] += (R_inputs[index].T @ delta + trace.inputs[index].T @ R_delta).ravel()
            product[layer.bias] = R_delta.sum(axis=0)
            if index:
                W, V = network.weights(index), direction[layer.weights].reshape(layer.shape)
                R_dA = (R_delta @ W.T + delta @ V.T) * trace.masks[index]
                R_delta = None
        return product

    def _forward(self, direction: Floats) -> tuple[list[Floats], list[Floats], list[Floats]]:
        """Return R of each layer's inputs, pre-activations and activations."""
        network, trace = self.network, self._trace
        R_inputs, R_Z, R_A = [], [], []
        R = np.zeros_like(trace.inputs[0])
        for index, layer in enumerate(network.architecture.layers):
            self._between()
            R_D = R * trace.masks[index]
            V = direction[layer.weights].reshape(layer.shape)
            R_z = R_D @ network.weights(index) + trace.inputs[index] @ V + direction[layer.bias]
            R = self._activated(layer, index, R_z, direction)
            R_inputs.append(R_D)
            R_Z.append(R_z)
            R_A.append(R)
        return R_inputs, R_Z, R_A

    def _activated(self, layer: Layer, index: int, R_z: Floats, direction: Floats) -> Floats:
        Z, alpha = self._trace.pre_activations[index], self.network.alpha(index)
        if layer.activation_entry.row_wise:
            return softmax_backward(self._trace.activations[index], R_z)  # the Jacobian is symmetric
        R = layer.activation_entry.derivative(Z, alpha) * R_z
        if layer.learns_alpha:
            R = R + layer.activation_entry.alpha_derivative(Z, alpha) * direction[layer.alpha_index]
        return R

    def _at_output(self, R_Z: Floats, R_A: Floats) -> tuple[Floats, Floats | None]:
        """Return R(∂L/∂A) of the output, and R(δ) where that is not an elementwise function of it."""
        entry, trace, batch = LOSSES[self.network.architecture.loss], self._trace, len(self._Y)
        if entry.takes == "pre_activation":
            R_delta = entry.curvature(trace.pre_activations[-1], self._Y, R_Z) / batch
            return R_delta, R_delta
        R_dA = entry.curvature(trace.prediction, self._Y, R_A) / batch
        last = self.network.architecture.layers[-1].activation_entry
        if not last.row_wise:
            return R_dA, None
        A, dA = trace.prediction, self._dA[-1]
        # δ = A ∘ (dA − Σ dA ∘ A), differentiated factor by factor.
        inner = np.sum(dA * A, axis=1, keepdims=True)
        R_inner = np.sum(R_dA * A + dA * R_A, axis=1, keepdims=True)
        return R_dA, R_A * (dA - inner) + A * (R_dA - R_inner)

    def _through_activation(self, index: int, R_dA: Floats, R_Z: Floats, direction: Floats) -> Floats:
        """Return R(δ) with δ = ∂L/∂A · φ′(Z)."""
        layer, Z = self.network.architecture.layers[index], self._trace.pre_activations[index]
        alpha = self.network.alpha(index)
        R_slope = layer.activation_entry.second_derivative(Z, alpha) * R_Z
        if layer.learns_alpha:
            R_slope = R_slope + layer.activation_entry.derivative_alpha(Z, alpha) * direction[layer.alpha_index]
        return R_dA * layer.activation_entry.derivative(Z, alpha) + self._dA[index] * R_slope

    def _alpha_product(self, index: int, R_dA: Floats, R_Z: Floats) -> float:
        """Return R(∂L/∂α) with ∂L/∂α = Σ ∂L/∂A · ∂φ/∂α; φ is linear in α."""
        layer, Z = self.network.architecture.layers[index], self._trace.pre_activations[index]
        alpha = self.network.alpha(index)
        changed = layer.activation_entry.derivative_alpha(Z, alpha) * R_Z
        return float(np.sum(R_dA * layer.activation_entry.alpha_derivative(Z, alpha) + self._dA[index] * changed))


def sharpness(hessian: Hessian, *, rng: np.random.Generator, tolerance: float = TOLERANCE) -> Sharpness:
    """Return the largest eigenvalue of ``hessian`` by the Lanczos method with reorthogonalization.

    In exact arithmetic it never needs more products than power iteration, because it searches the whole Krylov space.
    A non-finite loss gives NaN.

    Args:
        hessian: the Hessian.
        rng: draws the initial vector.
        tolerance: relative change of the eigenvalue at which the iteration ends.
    """
    size = hessian.network.architecture.size
    vector = rng.normal(size=size)
    vector /= norm(vector)
    basis: list[Floats] = []
    diagonal: list[float] = []
    beside: list[float] = []
    value, steps = float("nan"), np.zeros(1)
    for _ in range(min(MAX_ITERATIONS, size)):
        basis.append(vector)
        product = hessian.times(vector)
        diagonal.append(float(vector @ product))
        if not np.isfinite(product).all():
            return Sharpness(float("nan"), vector, len(basis))
        matrix = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
        values, vectors = np.linalg.eigh(matrix)
        before, value, steps = value, float(values[-1]), vectors[:, -1]
        all_of_it = np.stack(basis)
        for _twice in range(2):  # after one pass, rounding errors along the previous vectors remain
            product = product - all_of_it.T @ (all_of_it @ product)
        length = norm(product)
        if abs(value - before) <= tolerance * abs(value) or length <= 1e-12 * max(1.0, abs(value)):
            break
        beside.append(length)
        vector = product / length
    return Sharpness(value, np.stack(basis).T @ steps, len(basis))


def curvature_along(network: Network, X: Floats, Y: Floats, index: int) -> float:
    """Return ∂²L/∂w² of the parameter at flat ``index``, penalty excluded; NaN where the network overflows.

    On a quadratic, descent on this parameter alone diverges exactly when α exceeds 2 divided by it.
    """
    direction = np.zeros(network.architecture.size)
    direction[index] = 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        return float(Hessian(network, X, Y).times(direction)[index])


def _derivatives(network: Network, trace: Trace, Y: Floats) -> tuple[list[Floats], list[Floats]]:
    """Return ∂L/∂A and δ = ∂L/∂Z of the mean loss, for each layer."""
    deltas = network.backward(trace, Y).deltas
    slopes = [
        (delta @ network.weights(index).T) * trace.masks[index] for index, delta in enumerate(deltas[1:], start=1)
    ]
    entry = LOSSES[network.architecture.loss]
    # A loss of pre-activations never uses ∂L/∂A of the output.
    slopes.append(entry.derivative(trace.prediction, Y) / len(Y) if entry.takes == "activation" else deltas[-1])
    return slopes, list(deltas)
