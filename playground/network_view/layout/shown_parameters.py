"""Where the shown weights and biases lie in the flat parameter vector, so that those of all layers are read at once.

One layer at a time, fifty small layers took five times as long.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from core.arrays import Integers
from core.network.architecture import Architecture
from playground.network_view.layout.geometry import Layout


class Indices(Struct, frozen=True, eq=False):
    """Indices of the shown parameters in the flat vector.

    Attributes:
        edges: (E,) of the shown weights, gap by gap.
        biases: (N,) of the shown biases, column by column from the first hidden layer on.
        shapes: for each gap (shown sources, shown targets).
    """

    edges: Integers
    biases: Integers
    shapes: tuple[tuple[int, int], ...]

    def by_gap(self, values: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], ...]:
        """Return ``values`` (E,) as views, gap by gap (shown sources, shown targets)."""
        parts, start = [], 0
        for rows, columns in self.shapes:
            parts.append(values[start : start + rows * columns].reshape(rows, columns))
            start += rows * columns
        return tuple(parts)

    def by_column(self, values: npt.NDArray[np.int8]) -> tuple[npt.NDArray[np.int8], ...]:
        """Return ``values`` (N,) as views, column by column; the features have none."""
        parts, start = [values[:0]], 0
        for _, count in self.shapes:
            parts.append(values[start : start + count])
            start += count
        return tuple(parts)


class ShownParameters:
    """Caches the indices for the last layout."""

    def __init__(self) -> None:
        self._key: tuple[Architecture, Layout] | None = None
        self._indices: Indices | None = None

    def of(self, architecture: Architecture, layout: Layout) -> Indices | None:
        """Return the indices; ``None`` if ``layout`` is not of this architecture, as after an edit."""
        if self._key is None or self._key[0] is not architecture or self._key[1] is not layout:
            self._key, self._indices = (architecture, layout), _indices(architecture, layout)
        return self._indices


def _indices(architecture: Architecture, layout: Layout) -> Indices | None:
    columns, layers = layout.columns, architecture.layers
    counts = [(layer.fan_in, layer.fan_out) for layer in layers]
    if counts != [(a.count, b.count) for a, b in pairwise(columns)]:
        return None
    edges, biases, shapes = [], [], []
    for layer, a, b in zip(layers, columns[:-1], columns[1:], strict=True):
        targets = np.arange(b.first, b.first + b.shown)
        sources = np.arange(a.first, a.first + a.shown)
        edges.append((layer.start + sources[:, None] * layer.fan_out + targets).ravel())
        biases.append(layer.bias.start + targets)
        shapes.append((a.shown, b.shown))
    return Indices(np.concatenate(edges), np.concatenate(biases), tuple(shapes))
