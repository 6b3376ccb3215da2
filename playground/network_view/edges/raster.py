"""Vectorized rendering of anti-aliased S-curves: Wu's two-pixel lines, accumulated with NumPy.

Where a curve is flat, each column of pixels shares one unit of ink between the two pixels next to the curve; where it is
steep, each row does (X. Wu, An efficient antialiasing technique, 1991). The distribution of ink depends only on the geometry
and is computed once; a frame only adds up ink · strength. Adding is the same in any order: no edge hides another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from core.arrays import Floats, Integers
from playground.network_view.edges.curves import curve_share
from playground.widgets.heat_map import Colours

TABLE_POINTS: Final = 257
THICKNESSES: Final = 3
"""Number of widths to which edges are quantized."""


Picture: TypeAlias = npt.NDArray[np.float32]
"""Amounts of ink, (height, width)."""


class Ink(Struct, frozen=True, eq=False):
    """Ink of the edges of a gap: which pixels each edge covers, and how much.

    Attributes:
        width: pixels.
        height: pixels.
        places: (S,) flat pixel index of each ink sample.
        shares: (S,) coverage of the pixel, 0 … 1.
        edges: (S,) index of its edge.
        scratch_places: (S,) reused work array; allocating it per frame would cost more than the sums.
        scratch_amounts: (S,) reused work array.
    """

    width: int
    height: int
    places: Integers
    shares: Floats
    edges: Integers
    scratch_places: Integers
    scratch_amounts: Floats


class Pencil(Struct, frozen=True):
    """The appearance of the edges of one level.

    Attributes:
        width: in pixels.
        opacity: of a single edge.
        colour: index into the colours of the picture.
    """

    width: float
    opacity: float
    colour: int


def ink_of(width: int, height: int, ys0: Floats, ys1: Floats) -> Ink:
    """Return the ink of all edges from heights ``ys0`` at the left to ``ys1`` at the right, source by source."""
    along, across = curve_share(TABLE_POINTS)
    steep = np.gradient(across, along)
    start = np.repeat(ys0, len(ys1))
    rise = np.tile(ys1, len(ys0)) - start
    parts = [_flat_ink(width, height, start, rise, (along, across, steep))]
    parts.append(_steep_ink(width, height, start, rise, (along, across, steep)))
    places, shares, edges = (np.concatenate(each) for each in zip(*parts, strict=True))
    scratch = np.empty(len(places), dtype=np.int64), np.empty(len(places))
    return Ink(width, height, places.astype(np.int64), shares, edges.astype(np.int64), *scratch)


_Curve = tuple[Floats, Floats, Floats]
_Parts = tuple[Integers, Floats, Integers]


def _flat_ink(width: int, height: int, start: Floats, rise: Floats, curve: _Curve) -> _Parts:
    """Return the ink of the parts that rise at most one pixel per column."""
    along, across, steep = curve
    u = (np.arange(width) + 0.5) / width
    slope = rise[:, None] * np.interp(u, along, steep) / width
    edges, columns = np.nonzero(np.abs(slope) <= 1)
    y = start[edges] + rise[edges] * np.interp(u, along, across)[columns] - 0.5
    ink = np.hypot(1.0, slope[edges, columns])
    low = np.clip(np.floor(y).astype(np.int64), 0, height - 2)
    share = np.clip(y - low, 0, 1)
    place = low * width + columns
    return np.concatenate([place, place + width]), np.concatenate([(1 - share) * ink, share * ink]), np.tile(edges, 2)


def _steep_ink(width: int, height: int, start: Floats, rise: Floats, curve: _Curve) -> _Parts:
    """Return the ink of the parts that rise more than one pixel per column."""
    along, across, steep = curve
    rows = np.arange(height) + 0.5
    tall = np.flatnonzero(np.abs(rise) > 1)
    with np.errstate(invalid="ignore"):
        v = (rows[None, :] - start[tall, None]) / rise[tall, None]
    chosen, row = np.nonzero((v > 0) & (v < 1))
    v = v[chosen, row]
    u = np.interp(v, across, along)
    slope = np.abs(rise[tall[chosen]] * np.interp(u, along, steep) / width)
    kept = slope > 1
    u, row, edges, slope = u[kept], row[kept], tall[chosen[kept]], slope[kept]
    x = u * width - 0.5
    ink = np.hypot(1.0, 1 / slope)
    low = np.clip(np.floor(x).astype(np.int64), 0, width - 2)
    share = np.clip(x - low, 0, 1)
    place = row * width + low
    return np.concatenate([place, place + 1]), np.concatenate([(1 - share) * ink, share * ink]), np.tile(edges, 2)


def drawn(ink: Ink, levels: Integers, pencils: Sequence[Pencil], colours: Sequence[int]) -> Colours:
    """Return the picture (height, width) of all edges, premultiplied 0xAARRGGBB.

    Args:
        ink: ink of the edges.
        levels: (edges,), index into ``pencils`` of each edge.
        pencils: appearance of each level.
        colours: 0xffRRGGBB; only a few, because each is accumulated separately.
    """
    size = ink.width * ink.height
    spreads = _thicknesses(pencils)
    opacity = np.array([p.opacity * p.width for p in pencils])
    kind = np.array([p.colour * THICKNESSES + int(np.argmin(np.abs(spreads - p.width))) for p in pencils])
    used = np.unique(kind[levels])
    plane = np.searchsorted(used, kind) * size
    places = np.take(plane[levels], ink.edges, out=ink.scratch_places, mode="clip")
    places += ink.places
    amounts = np.take(opacity[levels], ink.edges, out=ink.scratch_amounts, mode="clip")
    amounts *= ink.shares
    planes = np.bincount(places, amounts, minlength=len(used) * size).astype(np.float32)
    inks: list[Picture | None] = [None] * len(colours)
    for number, flat in zip(used.tolist(), planes.reshape(len(used), ink.height, ink.width), strict=True):
        colour, thickness = divmod(number, THICKNESSES)
        layer, before = _spread(flat, float(spreads[thickness])), inks[colour]
        inks[colour] = layer if before is None else before + layer
    return _blended(inks, colours, (ink.height, ink.width))


def _thicknesses(pencils: Sequence[Pencil]) -> Floats:
    widths = [p.width for p in pencils]
    return np.linspace(min(min(widths), 1.0), max(widths), THICKNESSES)


def _spread(plane: Picture, width: float) -> Picture:
    """Return ``plane`` with each line widened to ``width`` pixels (the two-pixel ink itself is about one wide)."""
    reach = int(np.ceil(width / 2 - 0.5))
    if reach < 1:
        return plane
    taps = np.clip(width / 2 + 0.5 - np.abs(np.arange(-reach, reach + 1)), 0, 1)
    taps = (taps / taps.sum()).astype(np.float32)
    result: Picture = plane * taps[reach]
    for away in range(1, reach + 1):
        part = plane * taps[reach + away]
        result[away:] += part[:-away]
        result[:-away] += part[away:]
    plane, result = result, result * taps[reach]
    for away in range(1, reach + 1):
        part = plane * taps[reach + away]
        result[:, away:] += part[:, :-away]
        result[:, :-away] += part[:, away:]
    return result


def _blended(inks: Sequence[Picture | None], colours: Sequence[int], shape: tuple[int, int]) -> Colours:
    """Return the inks blended, with the opacity of their sum."""
    present = [(ink, colour) for ink, colour in zip(inks, colours, strict=True) if ink is not None]
    if not present:
        return np.zeros(shape, dtype=np.uint32)
    total = present[0][0].copy()
    for ink, _ in present[1:]:
        total += ink
    # min(1, total) / total, without dividing by zero where there is no ink.
    share = 1 / np.maximum(total, np.float32(1))
    pixels: Colours = np.left_shift((total * share * np.float32(255)).astype(np.uint32), 24, dtype=np.uint32)
    for shift in (16, 8, 0):
        mixed = present[0][0] * np.float32((present[0][1] >> shift) & 0xFF)
        for ink, colour in present[1:]:
            mixed += ink * np.float32((colour >> shift) & 0xFF)
        mixed *= share
        pixels |= np.left_shift(mixed.astype(np.uint32), shift, dtype=np.uint32)
    return pixels
