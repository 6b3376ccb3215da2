"""The small pictures inside the nodes, as pixel arrays (shown, side, side) for a whole column at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from core.arrays import Booleans, Floats, Integers
from playground.widgets.heat_map import Colours, colours_of, resampling

MAX_SAMPLES: Final = 400
"""Approximate number of samples of a histogram."""

BINS: Final = 14


def heat_map_tiles(layers: Sequence[Floats], scale: Floats, side: int, table: Colours) -> Colours:
    """Return heat maps of the neurons over the plane.

    Args:
        layers: (rows, columns, n) of each layer, with k neurons together; row 0 is at the bottom.
        scale: (k,), the magnitude drawn in full colour.
        side: pixels.
        table: 256 colours from negative to positive.
    """
    rows, columns, _ = layers[0].shape
    # A small picture is interpolated from a few of the points, and the others need not be read.
    (down, vertical), (across, horizontal) = _used_points(rows, side), _used_points(columns, side)
    where = np.ix_(rows - 1 - down, across)
    maps = np.empty((len(scale), len(down), len(across)), dtype=np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        first = 0
        for values in layers:
            maps[first : first + values.shape[2]] = values[where].transpose(2, 0, 1)
            first += values.shape[2]
        finite = np.isfinite(maps.sum())
    if not finite:
        # Interpolation would spread inf · 0 to the neighbours.
        np.nan_to_num(maps, copy=False, posinf=1e30, neginf=-1e30)
    with np.errstate(over="ignore", invalid="ignore"):
        pictures = vertical @ maps @ horizontal.T
    return colours_of(pictures, np.minimum(scale, 1e30)[:, None, None].astype(np.float32), table)


@lru_cache(maxsize=32)
def _used_points(points: int, pixels: int) -> tuple[Integers, npt.NDArray[np.float32]]:
    """Return the indices of the ``points`` from which ``pixels`` are interpolated, and the matrix of their shares."""
    matrix = resampling(points, pixels)
    used = np.flatnonzero(matrix.any(axis=0))
    return used, np.ascontiguousarray(matrix[:, used])


def curve_tiles(values: Floats, scale: Floats, side: int, table: Colours) -> Colours:
    """Return curves over one input, filled to the zero line; ``values`` (columns, k)."""
    finite = np.nan_to_num(values / np.maximum(scale, 1e-300), posinf=1.0, neginf=-1.0)
    heights = resampling(len(values), side) @ np.clip(finite, -1, 1) * 0.9
    levels = 1 - 2 * (np.arange(side) + 0.5) / side
    heights = heights.T[:, None, :]
    filled = (np.abs(levels[:, None]) <= np.abs(heights)) & (np.sign(levels)[:, None] == np.sign(heights))
    strength = np.where(heights < 0, -1.0, 1.0) * (0.35 + 0.65 * np.abs(heights))
    return colours_of(np.where(filled, strength, 0.0), 1.0, table)


def histogram_tiles(values: Floats, scale: Floats, side: int, table: Colours, background: int) -> Colours:
    """Return histograms of ``values`` (B, k), each bar in the colour of its values.

    They range from −scale to scale, or from 0 where nothing is negative. A bar's height is the square root of its share,
    so that the many zeros of a ReLU do not hide the rest.
    """
    samples = values[:: max(1, -(-len(values) // MAX_SAMPLES))]
    count = samples.shape[1]
    shares = np.nan_to_num(samples / np.maximum(scale, 1e-300), posinf=1.0, neginf=-1.0)
    low = np.where(shares.min(axis=0, initial=0.0) < 0, -1.0, 0.0)
    places = np.clip((shares - low) / (1 - low), 0, 1) * BINS
    bins = np.minimum(places.astype(np.int64), BINS - 1) + np.arange(count) * BINS
    totals = np.bincount(bins.ravel(), minlength=count * BINS).reshape(count, BINS)
    heights = np.sqrt(totals / np.maximum(totals.max(axis=1, keepdims=True), 1)) * 0.92
    middle = low[:, None] + (np.arange(BINS) + 0.5) / BINS * (1 - low[:, None])
    colours = colours_of(np.where(middle < 0, -1.0, 1.0) * (0.35 + 0.65 * np.abs(middle)), 1.0, table)
    place = np.minimum(np.arange(side) * BINS // side, BINS - 1)
    levels = 1 - (np.arange(side) + 0.5) / side
    filled = levels[None, :, None] <= heights[:, None, place]
    return np.where(filled, colours[:, None, place], np.uint32(background)).astype(np.uint32)


def image_tiles(weights: Floats, scale: Floats, side: int, table: Colours) -> Colours:
    """Return the incoming weights (pixels, k) of each neuron as a square image."""
    edge = round(len(weights) ** 0.5)
    place = np.minimum(np.arange(side) * edge // side, edge - 1)
    images = weights.T.reshape(-1, edge, edge)
    return colours_of(images[:, place][:, :, place], scale[:, None, None], table)


def blank_tiles(count: int, side: int, colour: int) -> Colours:
    """Return tiles of one colour, for neurons without values yet."""
    return np.full((count, side, side), colour, dtype=np.uint32)


def grey(tiles: Colours, which: Booleans, background: int) -> None:
    """Remove the colour and most of the contrast from the tiles of dropped neurons."""
    chosen = tiles[which]
    if not len(chosen):
        return
    light = sum(
        ((chosen >> shift) & 0xFF).astype(np.float32) * part for shift, part in ((16, 0.3), (8, 0.59), (0, 0.11))
    )
    base = sum(((background >> shift) & 0xFF) * part for shift, part in ((16, 0.3), (8, 0.59), (0, 0.11)))
    level = (base + (np.asarray(light) - base) * 0.25).astype(np.uint32)
    tiles[which] = np.uint32(0xFF000000) | (level << 16) | (level << 8) | level


Shares = npt.NDArray[np.float32]


@lru_cache(maxsize=32)
def _rim(side: int, radius: float, line: float) -> tuple[Integers, Shares, Shares]:
    """Return the flat indices of the pixels at the rim of a rounded tile, and their coverage by the tile and by the hairline."""
    beyond = np.abs(np.arange(side) + 0.5 - side / 2) - (side / 2 - radius)
    across, down = beyond[None, :], beyond[:, None]
    # Signed distance to the rounded outline, positive inside.
    depth = radius - np.hypot(np.maximum(across, 0), np.maximum(down, 0)) - np.minimum(np.maximum(across, down), 0)
    inside, hairline = np.clip(depth + 0.5, 0, 1), np.clip(line + 0.5 - depth, 0, 1)
    places = np.flatnonzero((inside < 1) | (hairline > 0))
    return places, inside.ravel()[places].astype(np.float32), hairline.ravel()[places].astype(np.float32)


def blended(pixels: Colours, layers: Sequence[tuple[Colours | int, Shares]]) -> Colours:
    """Return ``pixels`` blended with colours, each by its coverage."""
    result = np.full(pixels.shape, 0xFF000000, dtype=np.uint32)
    for shift in (16, 8, 0):
        level = ((pixels >> shift) & 0xFF).astype(np.float32)
        for colour, share in layers:
            level += (((np.asarray(colour, dtype=np.uint32) >> shift) & 0xFF).astype(np.float32) - level) * share
        result |= level.astype(np.uint32) << shift
    return result


def round_corners(tiles: Colours, radius: float, background: int, line: int, width: float) -> None:
    """Blend the corners of ``tiles`` into ``background`` and their rim into a hairline.

    Args:
        tiles: (n, side, side), changed in place.
        radius: radius of the corners in pixels.
        background: 0xffRRGGBB around the tiles.
        line: 0xffRRGGBB of the hairline, which is half transparent.
        width: width of the hairline in pixels.
    """
    count, side, _ = tiles.shape
    places, inside, hairline = _rim(side, radius, width)
    flat = tiles.reshape(count, side * side)
    flat[:, places] = blended(flat[:, places], [(line, hairline * np.float32(0.5)), (background, 1 - inside)])


@lru_cache(maxsize=32)
def _dot(side: int, x: float, y: float, radius: float, ring: float) -> tuple[Integers, Shares, Shares]:
    """Return the flat indices of the pixels that a ringed dot covers, and their coverage by ring and dot."""
    across = np.arange(side) + 0.5
    distance = np.hypot(across[:, None] - y, across[None, :] - x).ravel()
    outer = np.clip(radius + ring / 2 - distance + 0.5, 0, 1).astype(np.float32)
    inner = np.clip(radius - ring / 2 - distance + 0.5, 0, 1).astype(np.float32)
    places = np.flatnonzero(outer > 0)
    return places, outer[places], inner[places]


def add_dots(
    tiles: Colours,
    which: Integers,
    centre: tuple[float, float],
    radius: float,
    ring: float,
    colours: Colours,
    background: int,
) -> None:
    """Paint a dot with a ring in the background's colour into each tile.

    Args:
        tiles: (n, side, side), changed in place.
        which: (k,) indices of the tiles.
        centre: (x, y) in pixels of the tile.
        radius: radius to the middle of the ring.
        ring: width of the ring.
        colours: (k,) colours of the dots.
        background: colour of the ring.
    """
    count, side, _ = tiles.shape
    places, outer, inner = _dot(side, *centre, radius, ring)
    flat = tiles.reshape(count, side * side)
    spots = np.ix_(which, places)
    flat[spots] = blended(flat[spots], [(background, outer), (colours[:, None], inner)])
