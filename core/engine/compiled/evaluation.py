"""Evaluation by the compiled loop, which does not hold the GIL.

An evaluation is a training step on the whole set that stops after the forward or the backward pass. The trace consists of
the step's buffers, so those are newly allocated for each evaluation.
"""

from __future__ import annotations

import numpy as np

from core.arrays import Floats
from core.engine.compiled import loop as compiled_loop
from core.engine.compiled import passes as compiled_passes
from core.engine.compiled.arguments import Batches, Buffers, Rule, Vectors
from core.engine.compiled.kernel import Kernel
from core.engine.compiled.workspace import Workspace
from core.engine.evaluation import NumpyEvaluator
from core.formulas.losses import LOSSES
from core.network import Gradients, Network, Trace
from core.network.architecture import Architecture


class CompiledEvaluator:
    """Evaluates with the compiled loop, with the same results as NumPy up to rounding; caches its workspaces.

    Falls back to NumPy for inputs scaled at test time, empty sets, and non-finite numbers.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._numpy = NumpyEvaluator()
        self._architecture: Architecture | None = None
        self._workspaces: dict[int, Workspace] = {}

    def forward(self, network: Network, X: Floats) -> Trace:
        """Return the trace of the features ``X (B, D_in)``."""
        if not _is_plain(network.architecture, X):
            return self._numpy.forward(network, X)
        no_targets, gradient = np.zeros(0), np.zeros(network.architecture.size)
        result = self._pass(network, X, no_targets, gradient, compiled_loop.FORWARD)
        return self._numpy.forward(network, X) if result is None else result[0]

    def differentiate(self, network: Network, X: Floats, Y: Floats) -> tuple[Trace, Gradients]:
        """Return the trace of the features ``X (B, D_in)``, and the mean loss against ``Y (B, K)`` with its gradient."""
        if not _is_plain(network.architecture, X):
            return self._numpy.differentiate(network, X, Y)
        gradient = np.empty(network.architecture.size)
        result = self._pass(network, X, Y, gradient, compiled_loop.BACKWARD)
        if result is None:
            return self._numpy.differentiate(network, X, Y)
        trace, deltas = result
        return trace, Gradients(gradient, deltas, float(network.loss(trace, Y).sum()) / len(Y))

    def mean_loss(self, network: Network, X: Floats, Y: Floats) -> float:
        """Return the mean loss of the features ``X (B, D_in)`` against ``Y (B, K)``; infinite or NaN where it overflows.

        Unlike :meth:`forward`, it holds the GIL only briefly, regardless of the number of layers.
        """
        architecture = network.architecture
        if not _is_plain(architecture, X):
            return self._numpy.mean_loss(network, X, Y)
        workspace, gradient = self._workspace_for(architecture, len(X)), np.zeros(architecture.size)
        if not self._run(network, X, np.zeros(0), gradient, compiled_loop.FORWARD, workspace, workspace.buffers):
            return self._numpy.mean_loss(network, X, Y)
        loss, last = LOSSES[architecture.loss], architecture.layers[-1]
        start = int(workspace.table[-1, compiled_passes.OUTPUT])
        of = workspace.buffers.A if loss.takes == "activation" else workspace.buffers.Z
        values = of[start : start + len(X) * last.fan_out].reshape(len(X), last.fan_out)
        return float(loss.value(values, Y).sum()) / len(Y)

    def mean_losses(self, architecture: Architecture, points: Floats, X: Floats, Y: Floats) -> Floats:
        """Return :meth:`mean_loss` at each of the parameters ``points (n, P)``, (n,), in one compiled call.

        The only cost per point is the forward pass itself, so this is fastest for small networks as well.
        """
        losses, first = np.empty(len(points)), 0
        if not _is_plain(architecture, X):
            first = len(points)
            losses[:] = self._numpy.mean_losses(architecture, points, X, Y)
        while first < len(points):
            first += self._losses_from(first, architecture, points, X, Y, losses)
            if first < len(points):  # this one is close to overflow
                losses[first] = self._numpy.mean_loss(Network(architecture, points[first]), X, Y)
                first += 1
        return losses

    def _losses_from(
        self, first: int, architecture: Architecture, points: Floats, X: Floats, Y: Floats, losses: Floats
    ) -> int:
        """Write the losses of ``points`` from ``first``; return how many there are before one that is close to overflow."""
        kernel, loss, unused = self._kernel, LOSSES[architecture.loss], np.zeros(0)
        workspace, found = self._workspace_for(architecture, len(X)), np.empty(len(points) - first)
        taken = kernel.train(
            workspace.table,
            compiled_loop.LOSSES,
            -1,
            Rule(kernel.addresses.loss[loss.key], loss.takes == "pre_activation", 0, unused, unused),
            Batches(
                X.ravel().copy(),
                Y.ravel().copy(),
                np.arange(len(X), dtype=np.uint64),
                np.full(len(found), len(X), dtype=np.uint64),
                unused,
                np.zeros(len(workspace.table), dtype=np.uint64),
            ),
            Vectors(np.empty(architecture.size), *(unused,) * 5, points[first:].ravel(), found),
            workspace.buffers,
        )
        losses[first : first + taken] = found[:taken]
        return int(taken)

    def _run(
        self, network: Network, X: Floats, Y: Floats, gradient: Floats, reach: int, workspace: Workspace, to: Buffers
    ) -> bool:
        """Run the passes up to ``reach``, with results in ``to``; return whether these are finite."""
        kernel, loss, unused = self._kernel, LOSSES[network.architecture.loss], np.zeros(0)
        taken = kernel.train(
            workspace.table,
            reach,
            0,
            Rule(kernel.addresses.loss[loss.key], loss.takes == "pre_activation", 0, unused, unused),
            Batches(
                X.ravel().copy(),
                Y.ravel().copy(),
                np.arange(len(X), dtype=np.uint64),
                np.array([len(X)], dtype=np.uint64),
                unused,
                np.zeros(len(workspace.table), dtype=np.uint64),
            ),
            Vectors(network.parameters.copy(), *(unused,) * 4, gradient, unused, unused),
            to,
        )
        return taken >= 1

    def _pass(
        self, network: Network, X: Floats, Y: Floats, gradient: Floats, reach: int
    ) -> tuple[Trace, tuple[Floats, ...]] | None:
        """Run the passes up to ``reach``; return the trace and each layer's δ, or ``None`` if they are not finite."""
        architecture = network.architecture
        workspace = self._workspace_for(architecture, len(X))
        loss, buffers = LOSSES[architecture.loss], workspace.buffers
        Z, A, delta = np.empty_like(buffers.Z), np.empty_like(buffers.A), np.empty_like(buffers.delta)
        to = buffers._replace(Z=Z, A=A, delta=delta)
        if not self._run(network, X, Y, gradient, reach, workspace, to):
            return None
        starts = [int(start) for start in workspace.table[:, compiled_passes.OUTPUT]]

        def by_layer(values: Floats) -> list[Floats]:
            return [
                values[start : start + len(X) * layer.fan_out].reshape(len(X), layer.fan_out)
                for start, layer in zip(starts, architecture.layers, strict=True)
            ]

        pre_activations, activations = by_layer(Z), by_layer(A)
        if reach > compiled_loop.FORWARD and loss.takes == "pre_activation":
            # The loop skips the last activation if the loss does not need it.
            last = len(architecture.layers) - 1
            activations[last] = architecture.layers[last].activation_entry.function(
                pre_activations[last], network.alpha(last)
            )
        inputs = (X, *activations[:-1])
        trace = Trace(inputs, tuple(pre_activations), tuple(activations), architecture.evaluation_masks)
        return trace, tuple(by_layer(delta))

    def _workspace_for(self, architecture: Architecture, rows: int) -> Workspace:
        """Return the workspace for exactly ``rows`` samples."""
        if architecture is not self._architecture:
            self._architecture, self._workspaces = architecture, {}
        if rows not in self._workspaces:
            self._workspaces[rows] = Workspace.of(architecture, rows, self._kernel.addresses)
        return self._workspaces[rows]


def _is_plain(architecture: Architecture, X: Floats) -> bool:
    """Return whether there are samples and no layer's inputs are scaled."""
    masks = architecture.evaluation_masks
    return bool(len(X)) and all(isinstance(mask, float) and mask == 1.0 for mask in masks)
