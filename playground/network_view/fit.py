"""How large the network is drawn: larger in a large view, smaller where a deep network would not fit otherwise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from playground.network_view.geometry import (
    BOTTOM,
    HEADER_HEIGHT,
    MAX_FOLDED,
    MAX_LABEL,
    MIN_PITCH,
    MIN_SPACING,
    SIDE_MARGIN,
)

# Lengths in pixels at scale 1.
USUAL_VIEW: Final = (816.0, 420.0)
"""The view in the usual window; a larger one has a larger network."""

MAX_GROWTH: Final = 1.8
GROWN_SPACING: Final = 100.0
GROWN_PITCH: Final = 30.0
"""A network grows only as far as its columns and neurons stay so far apart: it must not fold because it has grown."""

MIN_SCALE: Final = 0.6
"""At smaller scales neurons could hardly be told apart; a network that still does not fit is zoomed out."""

_STEP: Final = 0.02


def fitted_scale(
    counts: Sequence[int], view: tuple[float, float], scale: float, labels: tuple[float, float] = (0.0, 0.0)
) -> float:
    """Return the scale at which a network is drawn.

    Args:
        counts: features, hidden neurons, outputs.
        view: width and height of the view in pixels.
        scale: of the window's style.
        labels: widths of the longest names of features and outputs in pixels at that scale.
    """
    width, height = view
    gaps = max(len(counts) - 1, 1)
    sides = 2 * SIDE_MARGIN + sum(min(label / scale, MAX_LABEL) for label in labels)
    unfolded = (height / scale - HEADER_HEIGHT - BOTTOM) / MIN_PITCH
    tallest = max(count if count <= unfolded else MAX_FOLDED + 2 for count in counts)
    fits = width / (sides + gaps * MIN_SPACING)
    if fits < scale:
        return _stepped(max(fits, min(scale, MIN_SCALE)))
    growth = (
        width / (scale * USUAL_VIEW[0]),
        height / (scale * USUAL_VIEW[1]),
        width / (scale * (sides + gaps * GROWN_SPACING)),
        height / (scale * (HEADER_HEIGHT + BOTTOM + tallest * GROWN_PITCH)),
        MAX_GROWTH,
    )
    return _stepped(scale * max(min(growth), 1.0))


def _stepped(scale: float) -> float:
    """Return ``scale`` in steps: fonts and pens are kept for each, and a window that is dragged has many sizes."""
    return max(math.floor(scale / _STEP + 1e-9), 1) * _STEP
