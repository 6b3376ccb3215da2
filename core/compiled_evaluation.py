"""The passes over a whole set by the compiled loop, which leaves the interpreter to the window meanwhile.

A step that learns nothing: its batch is the set, its learning rate 0. What it left in the workspace is the trace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from core import compiled_loop, compiled_passes
from core.arrays import Floats
from core.compiled import Kernel
from core.compiled_workspace import Workspace
from core.losses import LOSSES
from core.network import Gradients, Network, Trace

_STILL: Final = np.zeros(compiled_loop.SETTINGS)
_STILL[compiled_loop.CLIP_NORM] = np.inf
_STILL.flags.writeable = False
"""Settings of a step that changes nothing."""


class CompiledEvaluation:
    """Evaluates networks, and keeps its workspace for the next set of the same shape."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._workspace: Workspace | None = None

    def __call__(self, network: Network, X: Floats, Y: Floats) -> tuple[Trace, Callable[[], Gradients]] | None:
        """Return what :func:`core.network.evaluation` does, to rounding; ``None`` for what only NumPy can say.

        That is: inputs scaled at test time, no samples, and numbers that are not finite.

        Args:
            network: what is evaluated.
            X: features, (B, D_in).
            Y: targets, (B, K).
        """
        architecture = network.architecture
        if not len(X) or any(not isinstance(f, float) or f != 1.0 for f in architecture.evaluation_factors):
            return None
        workspace = self._workspace
        if workspace is None or not workspace.holds(architecture, len(X)):
            workspace = self._workspace = Workspace.of(architecture, len(X), self._kernel.addresses)
        gradient = np.empty(architecture.size)
        if not self._pass(workspace, network, X, Y, gradient):
            return None
        trace, deltas = _taken(workspace, network, X)
        if not all(np.isfinite(Z).all() for Z in trace.pre_activations):  # an activation may have made them finite
            return None
        return trace, lambda: Gradients(gradient, deltas, float(network.loss(trace, Y).sum()) / len(Y))

    def _pass(self, workspace: Workspace, network: Network, X: Floats, Y: Floats, gradient: Floats) -> bool:
        """Leave both passes in ``workspace`` and ∂L/∂(every parameter) in ``gradient``; return whether all is finite."""
        kernel, loss = self._kernel, LOSSES[network.architecture.loss]
        unused = [np.zeros(network.architecture.size) for _ in range(3)]
        taken = kernel.train(
            workspace.table,
            _STILL.copy(),
            kernel.addresses.loss[loss.key],
            loss.takes == "pre_activation",
            kernel.addresses.optimizer["sgd"],
            0,
            X.ravel().copy(),
            Y.ravel().copy(),
            np.arange(len(X), dtype=np.uint64),
            np.array([len(X)], dtype=np.uint64),
            np.zeros(0),
            np.zeros(len(workspace.table), dtype=np.uint64),
            network.parameters.copy(),
            *unused,
            gradient,
            *workspace.arrays,
        )
        return taken == 1


def _taken(workspace: Workspace, network: Network, X: Floats) -> tuple[Trace, tuple[Floats, ...]]:
    """Return the trace of X and δ of each layer, copied from the ``workspace``."""
    architecture = workspace.architecture
    _, Z, A, _, delta, *_ = workspace.arrays
    starts = [int(start) for start in workspace.table[:, compiled_passes.OUTPUT]]
    end = starts[-1] + len(X) * architecture.outputs

    def by_layer(values: Floats) -> list[Floats]:
        mine = values[:end].copy()
        return [
            mine[start : start + len(X) * layer.fan_out].reshape(len(X), layer.fan_out)
            for start, layer in zip(starts, architecture.layers, strict=True)
        ]

    pre_activations, activations = by_layer(Z), by_layer(A)
    if LOSSES[architecture.loss].takes == "pre_activation":
        # The loop leaves out the last activation where the loss does not need it.
        last = len(architecture.layers) - 1
        activations[last] = architecture.layers[last].row.function(pre_activations[last], network.alpha(last))
    inputs = (X, *activations[:-1])
    trace = Trace(inputs, tuple(pre_activations), tuple(activations), architecture.evaluation_factors)
    return trace, tuple(by_layer(delta))
