"""The compiled loop's workspace: the table of a network's layers and buffers for one batch, reused between bursts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from core.arrays import Floats
from core.engine.compiled import passes as compiled_passes
from core.engine.compiled.arguments import Buffers
from core.engine.compiled.formulas import Addresses
from core.engine.compiled.products import WIDE
from core.network.architecture import Architecture

_VECTOR = 8
"""Doubles in a cache line; each layer's buffer is padded to a multiple of it."""

_PAGE = 4096
"""Size of a memory page in bytes."""


class Workspace(Struct, frozen=True):
    """Workspace for batches of up to ``rows`` samples in a network with ``architecture``.

    Attributes:
        architecture: the network's architecture.
        rows: maximum batch size.
        table: the loop's table of layers, (L, COLUMNS).
        buffers: the loop's buffers.
        gradient_buffer: memory from which :meth:`gradient_beside` takes the gradient.
    """

    architecture: Architecture
    rows: int
    table: npt.NDArray[np.uint64]
    buffers: Buffers
    gradient_buffer: Floats

    @classmethod
    def of(cls, architecture: Architecture, rows: int, addresses: Addresses) -> Workspace:
        """Return a workspace for batches of up to ``rows`` samples."""
        units = sum(_padded(rows * width) for width in (*architecture.fan_ins, architecture.outputs))
        widest = max(max(layer.shape) for layer in architecture.layers)
        strip = _VECTOR * max(widest, rows)
        transposed = rows * widest if widest >= WIDE else 0
        sizes = (units + _VECTOR, units, units, units, strip, transposed, rows * architecture.outputs)
        buffers = Buffers._make([*map(aligned, sizes), np.eye(1, 1 + widest).ravel()])
        gradient_buffer = np.zeros(architecture.size + _PAGE // 8)
        return cls(architecture, rows, _table(architecture, rows, addresses), buffers, gradient_buffer)

    def gradient_beside(self, parameters: Floats) -> Floats:
        """Return a buffer for the gradient at an address half a page away from ``parameters``, modulo the page size.

        Avoids 4K aliasing: a load stalls if its address equals that of a pending store in the last 12 bits. Reading
        parameters that alias the gradient just written costs a quarter of a small network's step (measured).
        """
        first = (parameters.ctypes.data + _PAGE // 2 - self.gradient_buffer.ctypes.data) % _PAGE // 8
        return self.gradient_buffer[first : first + len(parameters)]

    def holds(self, architecture: Architecture, rows: int) -> bool:
        """Return whether the workspace fits batches of ``rows`` samples of this ``architecture`` object."""
        return architecture is self.architecture and rows <= self.rows


def aligned(count: int) -> Floats:
    """Return zeros aligned to cache lines, so that no vector crosses two of them."""
    unaligned = np.zeros(count + _VECTOR)
    first = -unaligned.ctypes.data // unaligned.itemsize % _VECTOR
    return unaligned[first : first + count]


def _padded(count: int) -> int:
    """Return ``count`` rounded up to a multiple of the vector size."""
    return -(-count // _VECTOR) * _VECTOR


def _table(architecture: Architecture, rows: int, addresses: Addresses) -> npt.NDArray[np.uint64]:
    """Return the loop's table of layers (L, COLUMNS) for batches of up to ``rows`` samples."""
    table = np.zeros((len(architecture.layers), compiled_passes.COLUMNS), dtype=np.uint64)
    start = 0
    for row, layer in zip(table, architecture.layers, strict=True):
        row[compiled_passes.FAN_IN], row[compiled_passes.FAN_OUT] = layer.shape
        row[compiled_passes.START] = layer.start
        row[compiled_passes.INPUT] = start
        start += _padded(rows * layer.fan_in)
        row[compiled_passes.OUTPUT] = start
        row[compiled_passes.ACTIVATE] = addresses.activate[layer.activation]
        if layer.activation in addresses.backpropagate:
            row[compiled_passes.BACKPROPAGATE] = addresses.backpropagate[layer.activation]
        if layer.learns_alpha:
            row[compiled_passes.LEARNS_ALPHA] = 1
            row[compiled_passes.ALPHA_GRADIENT] = addresses.alpha_gradient[layer.activation]
    return table
