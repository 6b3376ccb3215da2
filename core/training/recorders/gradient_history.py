"""The gradient norm of each layer over time, in bounded memory."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.analysis.gradient_flow import weight_gradient_norms
from core.arrays import Floats
from core.network import Gradients, Network
from core.training.recorders.thinned_rows import ThinnedRows

CAPACITY: Final = 480
"""Maximum number of points; at this count about half are dropped, so the whole run stays visible."""


class GradientHistory(Struct, frozen=True, eq=False):
    """‖∂L/∂W‖ of each layer at some steps of a run.

    Attributes:
        epoch: (n,), fractional.
        step: (n,), updates made.
        norms: (n, layers).
    """

    epoch: Floats
    step: Floats
    norms: Floats


NO_HISTORY: Final = GradientHistory(np.zeros(0), np.zeros(0), np.zeros((0, 1)))
"""The history of a run without recorded points."""


class GradientRecorder:
    """Records gradient norms during a run; restarts when the number of layers changes."""

    def __init__(self) -> None:
        self._rows: ThinnedRows | None = None
        self._history: GradientHistory | None = NO_HISTORY

    def record(self, *, epoch: float, step: int, network: Network, gradients: Gradients) -> None:
        """Add the norms of ``gradients``, replacing the last ones if they are of the same step."""
        norms = weight_gradient_norms(network, gradients)
        if self._rows is None or self._rows.columns != 1 + len(norms):
            self._rows = ThinnedRows(CAPACITY, 1 + len(norms))
        self._rows.add(step, np.concatenate([[epoch], norms]))
        self._history = None

    def clear(self) -> None:
        """Discard all points."""
        self._rows, self._history = None, NO_HISTORY

    def resume(self, history: GradientHistory) -> None:
        """Replace the recorded points by ``history``, and continue from there."""
        self.clear()
        if len(history.step):
            self._rows = ThinnedRows(CAPACITY, 1 + history.norms.shape[1])
            for step, epoch, norms in zip(history.step.tolist(), history.epoch, history.norms, strict=True):
                self._rows.add(step, np.concatenate([[epoch], norms]))
            self._history = None

    def history(self) -> GradientHistory:
        """Return a copy of the recorded points."""
        if self._history is None and self._rows is not None:
            rows = self._rows.rows()
            self._history = GradientHistory(rows[:, 0], self._rows.steps(), rows[:, 1:])
        return self._history or NO_HISTORY
