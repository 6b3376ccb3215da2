"""Parts of cards' pictures as plots that LaTeX can typeset: fewer points, bars, and surfaces in shades of grey."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtGui import QColor

from core.arrays import Floats
from playground.style.theme import Theme, mixed
from playground.widgets.plot import Grid

MAX_POINTS: Final = 400
"""Maximum number of points of a curve or of a set of samples."""


BAR: Final = 0.4
"""Half the width of a bar, where the layers are one apart."""


MAX_SIDE: Final = 41
"""Maximum number of rows and columns of a map; TeX needs seconds for some thousand cells."""


def thinned(values: Floats, max_count: int = MAX_POINTS) -> tuple[float, ...]:
    """Return at most about ``max_count`` of ``values``, evenly spaced, with the first and the last."""
    step = max(1, -(-len(values) // max_count))
    return tuple(float(value) for value in [*values[:-1:step], *values[-1:]])


def every(count: int, max_count: int = MAX_SIDE) -> list[int]:
    """Return at most ``max_count`` indices below ``count``, evenly spaced, with both ends."""
    return sorted({round(float(place)) for place in np.linspace(0, count - 1, min(count, max_count))})


def rows_of(values: Floats) -> tuple[tuple[float, ...], ...]:
    """Return a matrix as plain numbers, row by row."""
    return tuple(tuple(row) for row in values.tolist())


def floats_of(values: Floats) -> tuple[float, ...]:
    """Return a vector as plain numbers."""
    return tuple(values.tolist())


def greys(theme: Theme, darkest: float) -> tuple[str, ...]:
    """Return colours from the background towards ink."""
    panel, ink = QColor(theme.panel), QColor(theme.ink)
    return tuple(mixed(panel, ink, share).name() for share in (0.05, darkest / 2, darkest))


def surface_grid(x: Floats, y: Floats, heights: Floats, theme: Theme, name: str) -> Grid:
    """Return the finite range of ``heights`` over ``x`` and ``y`` as a grid in shades of grey, thinned in both directions."""
    columns, rows = every(len(x)), every(len(y))
    values = heights[np.ix_(rows, columns)]
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    limits = (low, high if high > low else low + 1.0)
    return Grid(
        x=floats_of(x[columns]), y=floats_of(y[rows]), values=rows_of(values), limits=limits, colours=greys(theme, 0.5),
        name=name,
    )  # fmt: skip
