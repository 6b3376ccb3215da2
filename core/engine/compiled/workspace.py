"""Where the compiled loop computes: the table of a network's layers and room for one batch, kept from burst to burst."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.arrays import Floats
from core.engine.compiled import passes as compiled_passes
from core.engine.compiled.arguments import Room
from core.engine.compiled.formulas import Addresses
from core.engine.compiled.products import WIDE
from core.network.architecture import Architecture

_VECTOR = 8
_PAGE = 4096
"""Formulas are computed for so many numbers at once."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Room for batches of up to ``rows`` samples in a network of the shape of ``architecture``.

    Attributes:
        architecture: the shape.
        rows: samples of the largest batch.
        table: the loop's table of layers, (L, COLUMNS).
        room: where the loop computes.
        gradient_room: room for the gradient, which :meth:`gradient_beside` finds a place in.
    """

    architecture: Architecture
    rows: int
    table: npt.NDArray[np.uint64]
    room: Room
    gradient_room: Floats

    @classmethod
    def of(cls, architecture: Architecture, rows: int, addresses: Addresses) -> Workspace:
        """Return one for batches of up to ``rows`` samples."""
        units = sum(_padded(rows * width) for width in (*architecture.fan_ins, architecture.outputs))
        widest = max(max(layer.shape) for layer in architecture.layers)
        strip = _VECTOR * max(widest, rows)
        transposed = rows * widest if widest >= WIDE else 0
        sizes = (units, units, units, units, strip + transposed, rows * architecture.outputs)
        room = Room._make([*map(aligned, sizes), np.eye(1, 1 + widest).ravel()])
        gradient_room = np.zeros(architecture.size + _PAGE // 8)
        return cls(architecture, rows, _table(architecture, rows, addresses), room, gradient_room)

    def gradient_beside(self, parameters: Floats) -> Floats:
        """Return a place for the gradient half a page away from ``parameters``.

        A processor that reads a number first looks whether one is just being written there, and goes by the last 12 bits of
        the address. Where a step reads its parameters a whole page behind a gradient it has just written, it waits in vain
        (measured: a quarter of a small network's step).
        """
        first = (parameters.ctypes.data + _PAGE // 2 - self.gradient_room.ctypes.data) % _PAGE // 8
        return self.gradient_room[first : first + len(parameters)]

    def holds(self, architecture: Architecture, rows: int) -> bool:
        """Return whether batches of ``rows`` samples of this very ``architecture`` find room."""
        return architecture is self.architecture and rows <= self.rows


def aligned(count: int) -> Floats:
    """Return zeros that begin where a vector may: else each would lie across two lines of the processor's cache."""
    room = np.zeros(count + _VECTOR)
    first = -room.ctypes.data // room.itemsize % _VECTOR
    return room[first : first + count]


def _padded(count: int) -> int:
    """Return the next multiple of the numbers in a vector."""
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
        row[compiled_passes.BACKPROPAGATE] = addresses.backpropagate.get(layer.activation, 0)
        if layer.learns_alpha:
            row[compiled_passes.LEARNS_ALPHA] = 1
            row[compiled_passes.ALPHA_GRADIENT] = addresses.alpha_gradient[layer.activation]
    return table
