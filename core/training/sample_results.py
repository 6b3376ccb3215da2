"""Predictions and losses of single samples, computed lazily in blocks of rows."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.arrays import Floats
from core.data.prepared_data import PreparedData
from core.network import Network

MAX_BLOCK: Final = 1024
"""Maximum number of rows per block."""

BLOCK_BUDGET: Final = 50_000_000
"""Weights × rows of a block: some tens of milliseconds."""

ALL_BUDGET: Final = 2_000_000_000
"""Weights × rows up to which the results of all rows are computed, in about a second."""


class SampleResults:
    """Predictions and losses of every row of one set at the parameters of one network.

    The mean of :meth:`losses` is the displayed loss of the set (for very large sets, the displayed loss is the mean over the
    first :func:`core.engine.cost.max_evaluated_samples` rows).

    Attributes:
        count: number of rows.
        evaluated: number of rows, from the first, whose results :meth:`losses` and :meth:`predictions` contain; for a very
            large network the other rows are NaN.
    """

    def __init__(self, network: Network, data: PreparedData, *, test: bool) -> None:
        self._network = network
        self._X, self._Y = (data.x_test, data.y_test) if test else (data.x_train, data.y_train)
        self._blocks: dict[int, tuple[Floats, Floats]] = {}
        self.count = len(self._X)
        weights = int(network.architecture.is_weight.sum())
        self._rows = min(max(BLOCK_BUDGET // weights, 1), MAX_BLOCK)
        self.evaluated = min(self.count, max(ALL_BUDGET // weights, self._rows))

    def prediction(self, row: int) -> Floats:
        """Return the prediction ŷ of ``row``, (K,)."""
        predictions, _ = self._block(row // self._rows)
        prediction: Floats = predictions[row % self._rows]
        return prediction

    def loss(self, row: int) -> float:
        """Return the loss of ``row``, penalty excluded."""
        return float(self._block(row // self._rows)[1][row % self._rows])

    def predictions(self) -> Floats:
        """Return the predictions of all rows, (N, K)."""
        return self._all(0, self._Y.shape[1])

    def losses(self) -> Floats:
        """Return the losses of all rows, (N,)."""
        return self._all(1)

    def _all(self, part: int, *shape: int) -> Floats:
        values = np.full((self.count, *shape), np.nan)
        for number in range(-(-self.evaluated // self._rows)):
            block = self._block(number)[part]
            values[number * self._rows :][: len(block)] = block
        return values

    def _block(self, number: int) -> tuple[Floats, Floats]:
        known = self._blocks.get(number)
        if known is None:
            rows = slice(number * self._rows, (number + 1) * self._rows)
            with np.errstate(over="ignore", invalid="ignore"):
                trace = self._network.forward(self._X[rows])
                known = trace.prediction, self._network.loss(trace, self._Y[rows])
            self._blocks[number] = known
        return known
