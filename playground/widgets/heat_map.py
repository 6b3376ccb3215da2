"""Heat maps: convert arrays of numbers to colours and images."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from core.arrays import Floats

Colours: TypeAlias = npt.NDArray[np.uint32]
"""Pixels 0xffRRGGBB."""


def colours_of(values: npt.NDArray[np.floating], scale: float | Floats, table: Colours) -> Colours:
    """Return the colour of each of ``values`` between −``scale`` and ``scale`` in the 256 colours of ``table``.

    Values outside get the colour of the nearer end; NaN gets the colour of zero.
    """
    half = (len(table) - 1) / 2
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        positions = values * (half / np.maximum(scale, 1e-300)) + half
    # + ½ so that truncation rounds; exact zero then gets the middle colour of the table.
    positions += 0.5
    np.maximum(positions, 0, out=positions)
    np.minimum(positions, 2 * half, out=positions)
    # The sum detects NaN at a tenth of the cost of isnan().
    if np.isnan(positions.sum()):
        np.nan_to_num(positions, copy=False, nan=half + 0.5)
    return table.take(positions.astype(np.uint8))


def rgb_image(pixels: Colours) -> QImage:
    """Return ``pixels`` (rows, columns) as an image that keeps its own copy."""
    buffer = np.ascontiguousarray(pixels)
    rows, columns = buffer.shape
    return QImage(buffer.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


@lru_cache(maxsize=64)
def resampling(points: int, pixels: int) -> npt.NDArray[np.float32]:
    """Return M (pixels, points) with M @ v the linear interpolation of ``points`` samples at ``pixels`` pixel centres."""
    positions = np.clip((np.arange(pixels) + 0.5) / pixels * points - 0.5, 0, points - 1)
    low = np.minimum(positions.astype(np.int64), max(points - 2, 0))
    share = (positions - low).astype(np.float32)
    matrix = np.zeros((pixels, points), dtype=np.float32)
    rows = np.arange(pixels)
    matrix[rows, low] = 1 - share
    matrix[rows, np.minimum(low + 1, points - 1)] += share
    matrix.flags.writeable = False
    return matrix
