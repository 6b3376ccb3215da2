"""An experiment whose forward and backward pass are computed independently, written out with NumPy."""

from __future__ import annotations

import numpy as np

from core.arrays import Floats
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.lessons.measurements.registry import measure, parse_call
from core.training.snapshot import Snapshot

HIDDEN = (
    HiddenLayer(units=4, activation="tanh"),
    HiddenLayer(units=3, activation="relu", initializer="he_normal", gain=1.5),
)
EXPERIMENT = Experiment(
    data=DataSettings(samples=60, noise=0.1),
    network=NetworkSettings(hidden=HIDDEN),
    training=TrainingSettings(learning_rate=0.05, batch_size=7, l2=0.01, l1=0.002, optimizer="momentum", momentum=0.8),
)


def value(snapshot: Snapshot, call: str) -> float:
    result = measure(parse_call(call), snapshot)
    assert isinstance(result, float)
    return result


class ByHand:
    """The network of :data:`EXPERIMENT`, written out: tanh, ReLU, tanh; half the squared error."""

    shapes = ((2, 4), (4, 3), (3, 1))

    def __init__(self, flat: Floats) -> None:
        self.flat = flat.copy()
        self.places: list[tuple[slice, slice]] = []
        at = 0
        for rows, columns in self.shapes:
            weights = slice(at, at + rows * columns)
            bias = slice(weights.stop, weights.stop + columns)
            self.places.append((weights, bias))
            at = bias.stop + 1

    def weights(self, layer: int) -> Floats:
        return self.flat[self.places[layer][0]].reshape(self.shapes[layer])

    def pass_(self, X: Floats) -> tuple[list[Floats], list[Floats]]:
        Z, A = [], [X]
        for layer, (_, bias) in enumerate(self.places):
            Z.append(A[-1] @ self.weights(layer) + self.flat[bias])
            A.append(np.maximum(Z[-1], 0.0) if layer == 1 else np.tanh(Z[-1]))
        return Z, A[1:]

    def loss(self, X: Floats, Y: Floats) -> float:
        return float(0.5 * np.mean(np.sum((self.pass_(X)[1][-1] - Y) ** 2, axis=1)))

    def gradient(self, X: Floats, Y: Floats, h: float = 1e-6) -> Floats:
        result = np.zeros_like(self.flat)
        for index in range(len(self.flat)):
            kept = self.flat[index]
            self.flat[index] = kept + h
            above = self.loss(X, Y)
            self.flat[index] = kept - h
            result[index] = (above - self.loss(X, Y)) / (2 * h)
            self.flat[index] = kept
        return result

    def deltas(self, X: Floats, Y: Floats) -> list[Floats]:
        """Return ∂(loss of one sample)/∂z of each layer, (B, D_out)."""
        Z, A = self.pass_(X)
        deltas = [(A[-1] - Y) * (1 - A[-1] ** 2)]
        deltas.insert(0, (deltas[0] @ self.weights(2).T) * (Z[1] > 0))
        deltas.insert(0, (deltas[0] @ self.weights(1).T) * (1 - A[0] ** 2))
        return deltas
