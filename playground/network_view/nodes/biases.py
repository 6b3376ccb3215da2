"""The signs of the biases, which dots on the nodes show."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.arrays import Floats
from core.training.snapshot import Snapshot
from playground.network_view.layout.geometry import Layout
from playground.network_view.layout.shown_parameters import Indices


def bias_signs(
    snapshot: Snapshot | None, layout: Layout, shown: Indices | None = None
) -> tuple[npt.NDArray[np.int8], ...]:
    """Return the signs of the shown biases, column by column; ``shown`` are their indices, if known."""
    if shown is not None and snapshot is not None:
        return shown.by_column(_signs(snapshot.network.parameters.take(shown.biases)))
    result = [np.zeros(0, dtype=np.int8)]
    for column in layout.columns[1:]:
        signs = np.zeros(column.shown, dtype=np.int8)
        if snapshot is not None and column.index - 1 < len(snapshot.network.architecture.layers):
            bias = snapshot.network.bias(column.index - 1)
            if len(bias) == column.count:
                signs = _signs(bias[column.first : column.first + column.shown])
        result.append(signs)
    return tuple(result)


def _signs(values: Floats) -> npt.NDArray[np.int8]:
    """Return the signs of ``values``; 0 for NaN."""
    return (values > 0.0).view(np.int8) - (values < 0.0).view(np.int8)
