"""Layout of an exported network: nodes and gaps as large as the picture allows, and text as large as its style says."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec import Struct

from playground.network_view.layout.geometry import (
    BOTTOM,
    LABEL_GAP,
    MARKER_HEIGHT,
    MAX_FOLDED,
    MAX_LABEL,
    MAX_SPACING,
    WIDE_SPACING,
    Column,
    Layout,
    Request,
)

# Lengths in pixels at scale 1.
WIDE_HEADER: Final = 58.0
"""Height of unabbreviated headers."""

NARROW_HEADER: Final = 70.0
"""Height of abbreviated headers, which have a line for the number of neurons."""

LOW_HEADER: Final = 36.0
"""Height of headers that are names alone."""

LOW: Final = 150.0
"""Height of a picture below which headers are names alone, so that the nodes have room."""

EDGE: Final = 14.0
"""Distance of nodes and names from the edge of the picture."""

WIDE_HALF: Final = 54.0
"""Half of the width of an unabbreviated header."""

NARROW_HALF: Final = 20.0
"""Half of the width of an abbreviated header."""

LAST_HALF: Final = NARROW_HALF + EDGE
"""Distance of the last column from the edge of the picture, so that its abbreviated header keeps the margin."""

MIN_PITCH: Final = 12.0
"""Minimum distance between neurons."""

FOLDED_PITCH: Final = 26.0
"""Minimum distance between neurons where some are folded."""

TIGHT_PITCH: Final = 8.0
"""Minimum distance between neurons if otherwise hardly any of them would be shown."""

CROWDED_PITCH: Final = 16.0
"""Distance between neurons in stacked pictures below which the pictures are placed side by side, if possible."""

FEW: Final = 3
"""Number of shown neurons of a layer below which a figure shows hardly any of it."""

MIN_HEADER: Final = 42.0
"""Smallest distance between abbreviated headers; where columns are closer, only some have one."""

HEADER_GAP: Final = 6.0
"""Smallest distance between the activations below abbreviated headers."""

NAMED_SPACING: Final = 46.0
"""Distance between columns below which names are above the nodes, so that as many columns as possible have a header."""

MIN_SPACING: Final = 8.0
"""Distance between columns below which everything is drawn smaller; above it, only nodes and gaps are."""

ROOMY_SPACING: Final = 28.0
"""Distance between columns that pictures side by side and names in low pictures leave."""

LABEL_HEIGHT: Final = 15.0
MIN_LABEL: Final = 36.0
"""Smallest width to which names are cut off, so that those of a low or narrow picture are not smaller."""

MAX_LABELS: Final = 0.3
"""Maximum share of the picture's width for names beside the nodes; wider ones are above the nodes."""

FILLED: Final = 0.82
"""Maximum size of a node as a share of the distance to the next one below it."""

ACROSS: Final = 0.56
"""Maximum size of a node as a share of the distance between columns, so that edges keep room."""

ALONE: Final = 0.42
"""Maximum size of a single node as a share of the height."""

LARGER: Final = 1.6
"""Maximum size of a node relative to the smallest nodes."""

MAX_OUTPUT: Final = 2.0
"""Maximum size of a single output relative to the smallest nodes."""

APART: Final = 2.4
"""Maximum distance of two nodes of a column relative to their size."""

SMALL_APART: Final = 26.0
"""Maximum distance of two small nodes of a column."""

MAX_IMAGE: Final = 0.7
"""Maximum size of the image of all features as a share of the height."""

MIN_SCALE: Final = 0.6
"""Smallest scale relative to that of the picture; deeper networks have fewer headers."""


class _Space(Struct, frozen=True):
    """The area for the nodes.

    Attributes:
        top: upper end.
        bottom: lower end.
        start: centre of the first column.
        spacing: distance between the centres of two columns.
    """

    top: float
    bottom: float
    start: float
    spacing: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def figure_scale(
    counts: tuple[int, ...], size: tuple[float, float], scale: float, labels: tuple[float, float]
) -> float:
    """Return the scale of lines and text in a picture of ``size``: ``scale``, or smaller for a deep network.

    Args:
        counts: features, hidden neurons, outputs.
        size: size of the picture in pixels.
        scale: scale of the picture's style.
        labels: widths of the longest names of features and outputs in pixels at that scale.
    """
    sides = NARROW_HALF + LAST_HALF
    if not are_above(labels, len(counts), size, scale):
        limit = _label_limit(len(counts), size, scale, labels)
        sides += sum(min(label, limit) for label in labels) / scale
    fits = size[0] / (sides + (len(counts) - 1) * MIN_SPACING)
    return min(scale, max(fits, MIN_SCALE * scale))


def are_above(labels: tuple[float, float], columns: int, size: tuple[float, float], scale: float) -> bool:
    """Return whether names of features and outputs are above their nodes, because there is too little room beside them.

    They are if they would take too much of the width, or if the columns are close anyway. A low picture has no room above
    the nodes.

    Args:
        labels: widths of the longest names of features and outputs in pixels.
        columns: number of columns.
        size: size of the picture in pixels.
        scale: scale of the picture's style.
    """
    if _is_low(size[1], scale) or not any(labels):
        return False
    margins = (NARROW_HALF + LAST_HALF) * scale
    spacing = (size[0] - margins - sum(labels)) / (columns - 1)
    return sum(labels) > MAX_LABELS * size[0] or spacing < NAMED_SPACING * scale


def _label_limit(columns: int, size: tuple[float, float], scale: float, labels: tuple[float, float]) -> float:
    """Return the largest width of names beside the nodes; in a low picture, they leave the room that the columns need."""
    usual = MAX_LABEL * scale
    if not _is_low(size[1], scale):
        return usual
    room = size[0] - (2 * NARROW_HALF + (columns - 1) * ROOMY_SPACING) * scale
    return min(usual, max(room / 2, room - min(labels), MIN_LABEL * scale))


def _is_low(height: float, scale: float) -> bool:
    return height < LOW * scale


def figure_overhead(scale: float) -> float:
    """Return the height above and below the nodes in a low picture in pixels."""
    return (LOW_HEADER + BOTTOM) * scale


def lay_out_figure(request: Request) -> Layout:
    """Return the layout for a picture of the requested size, with unabbreviated headers if there is room."""
    wide = _laid_out(request, wide=True)
    return wide if wide.spacing >= WIDE_SPACING * request.scale else _laid_out(request, wide=False)


def _laid_out(request: Request, *, wide: bool) -> Layout:
    s = request.scale
    low = _is_low(request.height, s)
    top = (LOW_HEADER if low else WIDE_HEADER if wide else NARROW_HEADER) * s
    bottom = max(request.height - BOTTOM * s, top + 3 * MIN_PITCH * s)
    shown = [_shown(count, bottom - top, s) for count in request.counts]
    labels = (request.left_label, request.right_label)
    above = are_above(labels, len(request.counts), (request.width, request.height), s)
    sides = _sides(shown, bottom - top, image=request.image)
    if above:
        for end, label in zip((0, -1), labels, strict=True):
            taken = LABEL_HEIGHT * s if label else 0.0
            sides[end] = min(sides[end], max(FILLED * (bottom - top) / shown[end] - taken, MIN_PITCH * s))
    space = _space(request, sides, top, bottom, wide=wide, above=above)
    columns = []
    for index, count in enumerate(request.counts):
        x = space.start + index * space.spacing
        side = min(sides[index], space.spacing * ACROSS)
        if index == 0 and request.image:
            columns.append(_image(x, count, side, space))
        else:
            columns.append(_column(index, x, side, shown[index], request, space))
    header = max(MIN_HEADER * s, 0.0 if wide or low else request.header + HEADER_GAP * s)
    every = max(1, math.ceil(header / space.spacing))
    whole = (request.width, request.height, space.spacing, wide, top, bottom)
    return Layout(
        tuple(columns),
        *whole,
        chips=None,
        scale=s,
        is_figure=True,
        every=every,
        names_above=above,
        low=low,
        label_limit=_limit_of(request),
    )


def _limit_of(request: Request) -> float:
    labels = (request.left_label, request.right_label)
    return _label_limit(len(request.counts), (request.width, request.height), request.scale, labels)


def is_crowded(request: Request) -> bool:
    """Return whether there is hardly any room for the neurons of a layer: few are shown, or they are close."""
    layout, s = lay_out_figure(request), request.scale
    height = layout.bottom - layout.top
    return any(
        _usually_shown(column.count, height, s) < min(column.count, FEW)
        or (column.shown == column.count > 1 and height < CROWDED_PITCH * s * column.count)
        for column in layout.columns
        if not column.image
    )


def _shown(count: int, height: float, s: float) -> int:
    """Return how many of ``count`` neurons are shown in ``height``; if hardly any fit, they are shown closer together."""
    usual = _usually_shown(count, height, s)
    if usual >= min(count, FEW):
        return usual
    if count <= height // (TIGHT_PITCH * s):
        return count
    return max(usual, min(int((height - 2 * MARKER_HEIGHT * s) // (TIGHT_PITCH * s)), FEW))


def _usually_shown(count: int, height: float, s: float) -> int:
    if count <= height // (MIN_PITCH * s):
        return count
    return min(count, MAX_FOLDED, max(int((height - 2 * MARKER_HEIGHT * s) // (FOLDED_PITCH * s)), 1))


def _sides(shown: list[int], height: float, *, image: bool) -> list[float]:
    """Return the largest side of the nodes of each column, as far as the height matters."""
    natural = [height * (FILLED / count if count > 1 else ALONE) for count in shown]
    smallest = min(natural[1:] if image else natural)
    sides = [min(side, LARGER * smallest) for side in natural]
    if shown[-1] == 1:
        sides[-1] = min(natural[-1], MAX_OUTPUT * smallest)
    if image:
        sides[0] = MAX_IMAGE * height
    return sides


def _space(request: Request, sides: list[float], top: float, bottom: float, *, wide: bool, above: bool) -> _Space:
    """Return the area for the nodes, whose sides and distances depend on each other."""
    s, last = request.scale, len(request.counts) - 1
    halves = [half * s for half in ((WIDE_HALF, WIDE_HALF) if wide else (NARROW_HALF, LAST_HALF))]
    labels = [min(label, _limit_of(request) + LABEL_GAP * s) for label in (request.left_label, request.right_label)]
    spacing, margins = request.width / (last + 1), [0.0, 0.0]
    for _ in range(4):
        nodes = [min(side, spacing * ACROSS) for side in (sides[0], sides[-1])]
        margins = [
            max(half, _above(label, spacing, s) if above else 0.0, node / 2 + EDGE * s + (0.0 if above else label))
            for half, node, label in zip(halves, nodes, labels, strict=True)
        ]
        spacing = min(max((request.width - sum(margins)) / last, 1.0), max(MAX_SPACING * s, 2.5 * max(sides)))
    free = request.width - sum(margins) - last * spacing
    return _Space(top, bottom, margins[0] + free / 2, spacing)


def _above(label: float, spacing: float, s: float) -> float:
    """Return the margin that a column needs for names ``label`` wide above its nodes.

    They reach half the way to the next column, which is far less than a short name where the columns are close.
    """
    return max(label / 2 + 4 * s, EDGE * s + min(label, MIN_LABEL * s) - spacing / 2)


def _image(x: float, count: int, side: float, space: _Space) -> Column:
    centre = (space.top + space.bottom) / 2
    ys = centre - side / 2 + side * (np.arange(count) + 0.5) / count
    return Column(0, x, side, count, 0, ys, centre - side / 2, centre + side / 2, image=True)


def _column(index: int, x: float, side: float, shown: int, request: Request, space: _Space) -> Column:
    count, s = request.counts[index], request.scale
    fold = MARKER_HEIGHT * s if shown < count else 0.0
    first = min(max(request.scroll.get(index, 0), 0), count - shown)
    pitch = min((space.height - 2 * fold) / shown, max(APART * side, SMALL_APART * s))
    node = min(side, FILLED * pitch) if shown > 1 else side
    centre = (space.top + space.bottom) / 2
    ys = np.asarray(centre + (np.arange(shown) - (shown - 1) / 2) * pitch, dtype=np.float64)
    return Column(index, x, node, count, first, ys, float(ys[0]) - node / 2 - fold, float(ys[-1]) + node / 2 + fold)
