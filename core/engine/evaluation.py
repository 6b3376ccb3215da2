"""Evaluators, which run a network on a set of samples without dropout: the interface and the NumPy implementation."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from core.arrays import Floats
from core.network import Gradients, Network, Trace
from core.network.architecture import Architecture


class Evaluator(Protocol):
    """Evaluates a network on samples, without dropout."""

    def forward(self, network: Network, X: Floats) -> Trace:
        """Return the trace of the features ``X (B, D_in)``."""
        ...

    def differentiate(self, network: Network, X: Floats, Y: Floats) -> tuple[Trace, Gradients]:
        """Return the trace of the features ``X (B, D_in)``, and the mean loss against ``Y (B, K)`` with its gradient."""
        ...

    def mean_loss(self, network: Network, X: Floats, Y: Floats) -> float:
        """Return the mean loss of ``X (B, D_in)`` against ``Y (B, K)``, penalty excluded."""
        ...

    def mean_losses(self, architecture: Architecture, points: Floats, X: Floats, Y: Floats) -> Floats:
        """Return :meth:`mean_loss` at each of the parameters ``points (n, P)``, (n,)."""
        ...


class NumpyEvaluator:
    """Evaluates with the network's own forward and backward pass."""

    def forward(self, network: Network, X: Floats) -> Trace:
        """Return the trace of the features ``X (B, D_in)``."""
        return network.forward(X)

    def differentiate(self, network: Network, X: Floats, Y: Floats) -> tuple[Trace, Gradients]:
        """Return the trace of the features ``X (B, D_in)``, and the mean loss against ``Y (B, K)`` with its gradient."""
        trace = network.forward(X)
        return trace, network.backward(trace, Y)

    def mean_loss(self, network: Network, X: Floats, Y: Floats) -> float:
        """Return the mean loss of ``X (B, D_in)`` against ``Y (B, K)``, penalty excluded."""
        return float(network.loss(network.forward(X), Y).sum()) / len(Y)

    def mean_losses(self, architecture: Architecture, points: Floats, X: Floats, Y: Floats) -> Floats:
        """Return :meth:`mean_loss` at each of the parameters ``points (n, P)``, (n,)."""
        return np.array([self.mean_loss(Network(architecture, point), X, Y) for point in points])
