"""The scale of the network: larger in a large view, smaller where a deep network would not fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from playground.network_view.layout.geometry import (
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
"""Size of the view in a window of the default size; in a larger view the network is larger."""

MAX_GROWTH: Final = 1.8
GROWN_SPACING: Final = 100.0
"""Minimum distance between columns while growing, so that growing never folds a layer."""

GROWN_PITCH: Final = 30.0
"""Minimum distance between neurons while growing."""

MIN_SCALE: Final = 0.6
"""Minimum scale at which neurons can be distinguished; a network that still does not fit is zoomed out."""

MIN_NAMED_SCALE: Final = 0.3
"""Minimum scale, relative to the window's, at which names of the minimum size fit above every column."""

_STEPS: Final = 50
"""Number of steps per unit of scale."""


def fitted_scale(
    counts: Sequence[int], view: tuple[float, float], scale: float, labels: tuple[float, float] = (0.0, 0.0)
) -> float:
    """Return the scale at which a network is drawn.

    Args:
        counts: features, hidden neurons, outputs.
        view: width and height of the view in pixels.
        scale: scale of the window's style.
        labels: widths of the longest names of features and outputs in pixels at that scale.
    """
    width, height = view
    gaps = max(len(counts) - 1, 1)
    sides = 2 * SIDE_MARGIN + sum(min(label / scale, MAX_LABEL) for label in labels)
    unfolded = (height / scale - HEADER_HEIGHT - BOTTOM) / MIN_PITCH
    tallest = max(count if count <= unfolded else MAX_FOLDED + 2 for count in counts)
    fits = width / (sides + gaps * MIN_SPACING)
    if MIN_NAMED_SCALE * max(scale, 1.0) <= fits < scale:
        return _stepped(fits)
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
    """Return ``scale`` rounded to steps: fonts and pens are cached per scale, and dragging a window passes many sizes."""
    # Divided, because 70 × 0.02 is larger than 1.4, at which one more layer may be folded.
    return max(math.floor(scale * _STEPS + 1e-9), 1) / _STEPS
