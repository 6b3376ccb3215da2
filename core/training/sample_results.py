"""Predictions and losses of single samples, computed lazily in blocks of rows."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.arrays import Floats
from core.data.prepared_data import PreparedData
from core.network import Network

BLOCK: Final = 1024
"""Number of rows per block."""


class SampleResults:
    """Predictions and losses of every row of one set at the parameters of one network.

    The mean of :meth:`losses` is the displayed loss of the set (for very large sets, the displayed loss is the mean over the
    first :func:`core.engine.cost.max_evaluated_samples` rows).

    Attributes:
        count: number of rows.
    """

    def __init__(self, network: Network, data: PreparedData, *, test: bool) -> None:
        self._network = network
        self._X, self._Y = (data.x_test, data.y_test) if test else (data.x_train, data.y_train)
        self._blocks: dict[int, tuple[Floats, Floats]] = {}
        self.count = len(self._X)

    def prediction(self, row: int) -> Floats:
        """Return the prediction ŷ of ``row``, (K,)."""
        predictions, _ = self._block(row // BLOCK)
        prediction: Floats = predictions[row % BLOCK]
        return prediction

    def loss(self, row: int) -> float:
        """Return the loss of ``row``, penalty excluded."""
        return float(self._block(row // BLOCK)[1][row % BLOCK])

    def predictions(self) -> Floats:
        """Return the predictions of all rows, (N, K)."""
        return self._all(0, self._Y.shape[1])

    def losses(self) -> Floats:
        """Return the losses of all rows, (N,)."""
        return self._all(1)

    def _all(self, part: int, *shape: int) -> Floats:
        if not self.count:
            return np.zeros((0, *shape))
        return np.concatenate([self._block(number)[part] for number in range(-(-self.count // BLOCK))])

    def _block(self, number: int) -> tuple[Floats, Floats]:
        known = self._blocks.get(number)
        if known is None:
            rows = slice(number * BLOCK, (number + 1) * BLOCK)
            with np.errstate(over="ignore", invalid="ignore"):
                trace = self._network.forward(self._X[rows])
                known = trace.prediction, self._network.loss(trace, self._Y[rows])
            self._blocks[number] = known
        return known
