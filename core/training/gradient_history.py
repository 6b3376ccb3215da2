"""The gradient of each layer over time, kept in bounded memory for as long as training runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analysis.gradient_flow import weight_gradient_norms
from core.arrays import Floats
from core.network import Gradients, Network
from core.training.thinned_rows import ThinnedRows

CAPACITY: Final = 480
"""Moments kept; when they are full about half of them are dropped, so the whole run stays visible."""


@dataclass(frozen=True, slots=True, eq=False)
class GradientHistory:
    """‖∂L/∂W‖ of each layer at some moments of a run.

    Attributes:
        epoch: (n,), fractional.
        step: (n,), updates made.
        norms: (n, layers).
    """

    epoch: Floats
    step: Floats
    norms: Floats


NO_HISTORY: Final = GradientHistory(np.zeros(0), np.zeros(0), np.zeros((0, 1)))
"""Of a run of which nothing was recorded."""


class GradientRecorder:
    """Collects the norms of a run; it begins anew when the number of layers changes."""

    def __init__(self) -> None:
        self._rows: ThinnedRows | None = None
        self._history: GradientHistory | None = NO_HISTORY

    def record(self, *, epoch: float, step: int, network: Network, gradients: Gradients) -> None:
        """Add the norms of ``gradients``. Those at the step of the last ones replace them."""
        norms = weight_gradient_norms(network, gradients)
        if self._rows is None or self._rows.columns != 1 + len(norms):
            self._rows = ThinnedRows(CAPACITY, 1 + len(norms))
        self._rows.add(step, np.concatenate([[epoch], norms]))
        self._history = None

    def clear(self) -> None:
        """Forget everything."""
        self._rows, self._history = None, NO_HISTORY

    def history(self) -> GradientHistory:
        """Return what is recorded, as arrays of their own."""
        if self._history is None and self._rows is not None:
            rows = self._rows.rows()
            self._history = GradientHistory(rows[:, 0], self._rows.steps(), rows[:, 1:])
        return self._history or NO_HISTORY
