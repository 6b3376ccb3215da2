"""Pens of the edges: width, opacity and colour by strength, in a few levels."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from core.arrays import Integers
from playground.network_view.layout.geometry import Layout
from playground.network_view.picture import Strengths
from playground.style.theme import Theme, mixed

LEVEL_FLOORS: Final = (0.0, 0.012, 0.08, 0.2, 0.36, 0.55, 0.78)
"""Lower limits of the strengths that share a pen per sign; few pens are fast."""

LEVEL_SHARES: Final = (0.0, 0.0, 0.05, 0.14, 0.28, 0.45, 0.68, 1.0)
"""Width and opacity of each level; level 0 is exactly 0, level 1 almost 0 (a vanished gradient)."""

LEVELS: Final = len(LEVEL_FLOORS)

MIN_WIDTH: Final = 0.7
MAX_WIDTH: Final = 3.6
MAX_WIDTH_CROWDED: Final = 2.0

CROWDED: Final = 4
"""Number of crowding levels, from few edges to so many that they overlap."""

NEGATIVE_DASHES: Final = (5.0, 3.0)
"""Dash and gap of negative edges in a printed theme, in pixels at scale 1."""


def crowding(layout: Layout, gap: int) -> int:
    """Return how crowded the edges of a gap are, 0 … CROWDED: crowded edges are drawn thinner and fainter."""
    a, b = layout.columns[gap], layout.columns[gap + 1]
    density = a.shown * b.shown * layout.scale / max(layout.bottom - layout.top, 1.0)
    return round(CROWDED * min(max((density - 0.12) / 0.6, 0.0), 1.0))


def pen_look(level: int, crowd: int = 0) -> tuple[float, float]:
    """Return (width at scale 1, opacity) of edges of a level between −LEVELS and LEVELS."""
    share, crowded = LEVEL_SHARES[abs(level)], crowd / CROWDED
    widest = MAX_WIDTH + (MAX_WIDTH_CROWDED - MAX_WIDTH) * crowded
    width = MIN_WIDTH + (widest - MIN_WIDTH) * share**1.3
    opacity = (0.28 - 0.22 * crowded) + 0.62 * share ** (0.7 + 1.2 * crowded)
    return (width, opacity) if abs(level) > 1 else (0.8 * width, 0.45 * opacity)


def unsigned_look(level: int, crowd: int = 0) -> tuple[float, float]:
    """Return (width at scale 1, opacity) of edges that show an unsigned quantity; even the faintest are visible."""
    share, crowded = LEVEL_SHARES[abs(level)], crowd / CROWDED
    widest = MAX_WIDTH + (MAX_WIDTH_CROWDED - MAX_WIDTH) * crowded
    width, opacity = 1.2 + (widest - 1.2) * share, (0.75 - 0.45 * crowded) + (0.2 + 0.3 * crowded) * share
    return (width, opacity) if level else (MIN_WIDTH, 0.5 * opacity)


def level_colours(theme: Theme, *, signed: bool) -> tuple[QColor, ...]:
    """Return the colour of each level from −LEVELS to LEVELS: that of its sign, or from grey to the error colour."""
    levels = range(-LEVELS, LEVELS + 1)
    if theme.printed and signed:
        return tuple(QColor(theme.ink) for _ in levels)
    if signed:
        return tuple(QColor(theme.positive if n > 0 else theme.negative if n < 0 else theme.faint) for n in levels)
    shares = [LEVEL_SHARES[abs(level)] for level in levels]
    return tuple(mixed(QColor(theme.muted), QColor(theme.error), share) for share in shares)


@lru_cache(maxsize=32)
def pens_of(theme: Theme, scale: float, crowd: int = 0, *, signed: bool = True) -> tuple[QPen, ...]:
    """Return the pens from level −LEVELS to LEVELS."""
    pens = []
    for level, colour in zip(range(-LEVELS, LEVELS + 1), level_colours(theme, signed=signed), strict=True):
        width, opacity = (pen_look if signed else unsigned_look)(level, crowd)
        colour.setAlphaF(opacity)
        pen = QPen(colour, width * scale)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if theme.printed and signed and level < 0:
            pen.setDashPattern([length / width for length in NEGATIVE_DASHES])
        pens.append(pen)
    return tuple(pens)


def levels_of(strengths: Strengths) -> Integers:
    """Return the level of each edge, −LEVELS … LEVELS; the smallest edges keep their sign."""
    levels: Integers = np.searchsorted(LEVEL_FLOORS, np.abs(strengths)) * np.sign(strengths).astype(np.int64)
    return levels
