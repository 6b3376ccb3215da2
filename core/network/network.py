"""The network: pure functions ``forward → Trace`` and ``backward → Gradients``."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.errors import ShapeError
from core.formulas.activations import softmax_backward
from core.formulas.losses import LOSSES
from core.network.architecture import Architecture
from core.network.dropout import Masks


class Trace(Struct, frozen=True):
    """Everything a forward pass computes, for the backward pass and the views.

    Attributes:
        inputs: each layer's inputs after dropout; ``inputs[0]`` (B, D_in) are the features.
        pre_activations: Z of each layer, (B, D_out).
        activations: A = φ(Z) of each layer before dropout, (B, D_out); the last is the prediction ŷ.
        masks: the dropout masks that multiplied each layer's inputs.
    """

    inputs: tuple[Floats, ...]
    pre_activations: tuple[Floats, ...]
    activations: tuple[Floats, ...]
    masks: Masks

    @property
    def prediction(self) -> Floats:
        """The prediction ŷ, (B, K)."""
        return self.activations[-1]

    def rows(self, rows: slice[int, int, None]) -> Trace:
        """Return the trace of some samples as views."""
        return Trace(
            tuple(A[rows] for A in self.inputs),
            tuple(Z[rows] for Z in self.pre_activations),
            tuple(A[rows] for A in self.activations),
            tuple(mask if isinstance(mask, float) else mask[rows] for mask in self.masks),
        )


class Gradients(Struct, frozen=True):
    """Derivatives of the mean loss over the batch.

    Attributes:
        flat: ∂L/∂(every parameter), (P,), in the order of the flat vector.
        deltas: δ = ∂L/∂Z of each layer, (B, D_out), including the factor 1/B of the mean.
        loss: L, the mean loss over the batch, penalty excluded.
    """

    flat: Floats
    deltas: tuple[Floats, ...]
    loss: float


class Network(Struct, frozen=True):
    """An architecture with its parameters, one flat vector; each layer's W and b are views of it.

    Attributes:
        architecture: widths, activations, dropout, loss.
        parameters: (P,).
    """

    architecture: Architecture
    parameters: Floats

    def weights(self, index: int) -> Floats:
        """Return W of layer ``index`` as a view, (fan_in, fan_out)."""
        return self.architecture.weights(self.parameters, index)

    def bias(self, index: int) -> Floats:
        """Return b of layer ``index`` as a view, (fan_out,)."""
        return self.architecture.bias(self.parameters, index)

    def alpha(self, index: int) -> float:
        """Return α of layer ``index``'s activation (0 if it has none)."""
        return float(self.parameters[self.architecture.layers[index].alpha_index])

    def forward(self, X: Floats, masks: Masks | None = None, check: Callable[[], None] | None = None) -> Trace:
        """Return the trace of Z = A·W + b, A = φ(Z) through all layers.

        Args:
            X: features, (B, D_in).
            masks: dropout masks of a training pass; ``None`` means evaluation.
            check: called before each layer; may raise to end the pass.

        Raises:
            ShapeError: X does not have the network's number of features.
        """
        architecture = self.architecture
        if X.ndim != 2 or X.shape[1] != architecture.inputs:
            raise ShapeError(f"expected samples of shape (B, {architecture.inputs}), got {X.shape}")
        if masks is None:
            masks = architecture.evaluation_masks
        inputs, pre_activations, activations = [], [], []
        A = X
        flat = self.parameters
        for layer, mask in zip(architecture.layers, masks, strict=True):
            if check is not None:
                check()
            D = A if isinstance(mask, float) and mask == 1.0 else A * mask
            Z = D @ flat[layer.weights].reshape(layer.shape) + flat[layer.bias]
            A = layer.activation_entry.function(Z, float(flat[layer.alpha_index]))
            inputs.append(D)
            pre_activations.append(Z)
            activations.append(A)
        return Trace(tuple(inputs), tuple(pre_activations), tuple(activations), masks)

    def predict(self, X: Floats) -> Floats:
        """Return the prediction ŷ (B, K) without dropout."""
        return self.forward(X).prediction

    def loss(self, trace: Trace, Y: Floats) -> Floats:
        """Return the loss of each sample, (B,), penalty excluded."""
        entry = LOSSES[self.architecture.loss]
        return entry.value(trace.prediction if entry.takes == "activation" else trace.pre_activations[-1], Y)

    def backward(self, trace: Trace, Y: Floats, check: Callable[[], None] | None = None) -> Gradients:
        """Return the gradient of the mean loss of ``trace`` against targets ``Y (B, K)``.

        δ_last = ∂L/∂Z, then layer by layer ∂L/∂W = Dᵀδ, ∂L/∂b = Σδ, ∂L/∂A = δWᵀ · mask, δ = ∂L/∂A · φ′(Z)
        (Rumelhart, Hinton & Williams, 1986). ``check`` is called before each layer and may raise to end the pass.
        """
        architecture = self.architecture
        flat = np.zeros(architecture.size)
        deltas: list[Floats] = []
        dA, delta = self._output_derivatives(trace, Y)
        for index in reversed(range(len(architecture.layers))):
            if check is not None:
                check()
            layer = architecture.layers[index]
            Z = trace.pre_activations[index]
            if delta is None:
                delta = dA * layer.activation_entry.derivative(Z, self.alpha(index))
            if layer.learns_alpha:
                flat[layer.alpha_index] = np.sum(dA * layer.activation_entry.alpha_derivative(Z, self.alpha(index)))
            flat[layer.weights] = (trace.inputs[index].T @ delta).ravel()
            flat[layer.bias] = delta.sum(axis=0)
            deltas.append(delta)
            if index:
                mask = trace.masks[index]
                dA = delta @ self.weights(index).T
                if not (isinstance(mask, float) and mask == 1.0):
                    dA = dA * mask
                delta = None
        # The mean over no samples, such as a set that has not been drawn yet, is NaN.
        loss = float(self.loss(trace, Y).sum()) / len(Y) if len(Y) else math.nan
        return Gradients(flat, tuple(reversed(deltas)), loss)

    def _output_derivatives(self, trace: Trace, Y: Floats) -> tuple[Floats, Floats | None]:
        """Return ∂L/∂A of the output, and ∂L/∂Z if it is not an elementwise function of ∂L/∂A (else None)."""
        entry = LOSSES[self.architecture.loss]
        batch = len(Y)
        if entry.takes == "pre_activation":
            delta = entry.derivative(trace.pre_activations[-1], Y) / batch
            return delta, delta
        dA = entry.derivative(trace.prediction, Y) / batch
        if self.architecture.layers[-1].activation_entry.row_wise:
            return dA, softmax_backward(trace.prediction, dA)
        return dA, None
