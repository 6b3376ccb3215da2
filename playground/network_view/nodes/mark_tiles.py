"""Crosses and hatching on the pictures inside the nodes, as pixel arrays (n, side, side)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from core.arrays import Integers
from playground.network_view.nodes.tiles import Shares, blended
from playground.widgets.heat_map import Colours

INSET: Final = 0.2
"""Distance of a cross's ends from the rim, as a share of the side."""

HATCH_OPACITY: Final = 0.55

# Widths and distances in pixels at scale 1.
STROKE: Final = 1.6
HATCH_SPACING: Final = 5.0
HATCH_WIDTH: Final = 1.2


@lru_cache(maxsize=32)
def _cross(side: int, width: float) -> tuple[Integers, Shares, Shares]:
    """Return the flat indices of the pixels that a cross with a halo covers, and their coverage by halo and cross."""
    at = np.arange(side) + 0.5 - side / 2
    down, across = at[:, None], at[None, :]
    away = np.minimum(np.abs(across - down), np.abs(across + down)) / np.sqrt(2.0)
    # Round ends: beyond the last point of the diagonal the distance counts from there.
    end = side * (0.5 - INSET)
    beyond = np.maximum(np.hypot(across, down) - end * np.sqrt(2.0), 0.0)
    distance = np.hypot(away, beyond).ravel()
    halo = np.clip(1.5 * width - distance + 0.5, 0, 1).astype(np.float32)
    stroke = np.clip(width / 2 - distance + 0.5, 0, 1).astype(np.float32)
    places = np.flatnonzero(halo > 0)
    return places, halo[places], stroke[places]


@lru_cache(maxsize=32)
def _hatch(side: int, spacing: float, width: float) -> tuple[Integers, Shares]:
    """Return the flat indices of the pixels that diagonal lines cover, and their coverage."""
    at = np.arange(side) + 0.5
    along = ((at[:, None] + at[None, :]) / np.sqrt(2.0)).ravel()
    distance = np.abs((along + spacing / 2) % spacing - spacing / 2)
    share = (np.clip(width / 2 - distance + 0.5, 0, 1) * HATCH_OPACITY).astype(np.float32)
    places = np.flatnonzero(share > 0)
    return places, share[places]


def cross_out(tiles: Colours, which: Integers, width: float, colour: int, background: int) -> None:
    """Paint a cross with a halo over each tile of ``which``.

    Args:
        tiles: (n, side, side), changed in place.
        which: (k,) indices of the tiles.
        width: width of a stroke in pixels.
        colour: 0xffRRGGBB of the strokes.
        background: 0xffRRGGBB of the halo, which sets the cross off from any picture.
    """
    if not len(which):
        return
    count, side, _ = tiles.shape
    places, halo, stroke = _cross(side, width)
    flat = tiles.reshape(count, side * side)
    spots = np.ix_(which, places)
    flat[spots] = blended(flat[spots], [(background, halo), (colour, stroke)])


def hatch(tiles: Colours, which: Integers, spacing: float, width: float, colour: int) -> None:
    """Paint diagonal lines over each tile of ``which``; the arguments are those of :func:`cross_out`."""
    if not len(which):
        return
    count, side, _ = tiles.shape
    places, share = _hatch(side, spacing, width)
    flat = tiles.reshape(count, side * side)
    spots = np.ix_(which, places)
    flat[spots] = blended(flat[spots], [(colour, share)])
