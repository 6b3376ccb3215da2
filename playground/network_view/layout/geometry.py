"""Layout of the picture: columns, rows, folded neurons. Plain numbers, no widgets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats

# Lengths in pixels at scale 1.
HEADER_HEIGHT: Final = 94.0
BOTTOM: Final = 10.0
SIDE_MARGIN: Final = 56.0
MAX_NODE: Final = 44.0
MAX_OUTPUT: Final = 62.0
MIN_PITCH: Final = 18.0
FOLDED_PITCH: Final = 29.0
IMAGE_PITCH: Final = 41.0
"""Neurons that show their weights as an image are at least 34 pixels large; those that do not fit are folded."""

MAX_FOLDED: Final = 20
"""Largest number of neurons of a folded layer, which are larger in a larger view."""

MAX_PITCH: Final = 64.0
EDGE_SPACING: Final = 13.0
"""Distance between the columns of an exported picture below which its edges are thinner."""

MIN_SPACING: Final = 60.0
MAX_SPACING: Final = 300.0
WIDE_SPACING: Final = 112.0
"""Smallest column spacing with unabbreviated headers."""

MARKER_HEIGHT: Final = 18.0
"""Height of "… 40 more" above or below a folded column."""

LABEL_GAP: Final = 10.0
MAX_LABEL: Final = 96.0
CHIP_HEIGHT: Final = 19.0
CHIPS_PER_ROW: Final = 3
CHIP_WIDTH: Final = 38.0
CHIPLESS_PITCH: Final = 26.0
"""Height per feature (of up to three) below which no chips are shown."""

MIN_CHIP_WIDTH: Final = 34.0
MIN_CHIP_SIZE: Final = (32.0, 15.0)
"""Width and height in pixels at any scale, so that the text in a chip stays legible."""

CHIP_GAP: Final = 3.0

MAX_IMAGE: Final = 112.0


class Column(Struct, frozen=True):
    """One column of nodes.

    Attributes:
        index: 0 for the features, last for the output.
        x: centre.
        node: side of a node.
        count: number of features or neurons.
        first: index of the first one shown.
        ys: (shown,) centres of the shown ones.
        top: upper end of the column, folding markers included.
        bottom: lower end.
        image: all features are drawn as one square of side ``node``; ``ys`` are the heights at which its edges start.
    """

    index: int
    x: float
    node: float
    count: int
    first: int
    ys: Floats
    top: float
    bottom: float
    image: bool = False

    @property
    def shown(self) -> int:
        """Number of shown nodes."""
        return len(self.ys)

    @property
    def above(self) -> int:
        """Number of nodes folded above."""
        return self.first

    @property
    def below(self) -> int:
        """Number of nodes folded below."""
        return self.count - self.first - self.shown

    @property
    def left(self) -> float:
        """Coordinate x at which edges end."""
        return self.x - self.node / 2

    @property
    def right(self) -> float:
        """Coordinate x at which edges start."""
        return self.x + self.node / 2

    def pixel_box(self, number: int) -> tuple[float, float, float, float]:
        """Return (left, top, width, height) of feature ``number`` in a column that is one image."""
        edge = round(self.count**0.5)
        row, column = divmod(number, edge)
        side = self.node / edge
        return self.left + column * side, self.top + row * side, side, side

    def y_of(self, neuron: int) -> float | None:
        """Return the centre of ``neuron``, or ``None`` when it is folded."""
        row = neuron - self.first
        return float(self.ys[row]) if 0 <= row < self.shown else None


class Chips(Struct, frozen=True):
    """Positions of the chips of inactive features, small boxes below the first column.

    Attributes:
        top: upper end.
        right: limit on the right, where the edges into the first layer start.
        per_row: number of chips per row.
        width: width of a chip.
        height: height of a chip.
    """

    top: float
    right: float
    per_row: int
    width: float
    height: float


class Layout(Struct, frozen=True):
    """All columns of the picture.

    Attributes:
        columns: from the features to the output.
        width: width of the whole picture; larger than the view's when it must be panned.
        height: height of the whole picture.
        spacing: distance between the centres of two columns.
        wide: whether headers are unabbreviated.
        top: upper end of the nodes' area.
        bottom: lower end of the nodes' area.
        chips: chips of the inactive features; ``None`` where they do not fit.
        scale: factor on all lengths.
        is_figure: whether it is an exported picture, in which nothing can be clicked.
        every: every n-th column has a header; 1 for all.
        names_above: whether names of features and outputs are above their nodes, and not beside them.
        low: whether headers have names only, because the picture is low.
        label_limit: largest width of names beside the nodes; longer ones are cut off.
    """

    columns: tuple[Column, ...]
    width: float
    height: float
    spacing: float
    wide: bool
    top: float
    bottom: float
    chips: Chips | None
    scale: float
    is_figure: bool = False
    every: int = 1
    names_above: bool = False
    low: bool = False
    label_limit: float = math.inf

    def has_header(self, column: int) -> bool:
        """Return whether there is room for the header of ``column``; the output always has one."""
        left = len(self.columns) - 1 - column
        return left == 0 or (column % self.every == 0 and left >= self.every)

    @property
    def edge_scale(self) -> float:
        """Factor on the widths of edges, smaller in a picture whose columns are close, so that single edges can be seen."""
        return min(self.scale, self.spacing / EDGE_SPACING) if self.is_figure else self.scale

    @property
    def gaps(self) -> int:
        """Number of layers of weights."""
        return len(self.columns) - 1

    @property
    def edges(self) -> int:
        """Number of shown edges."""
        return sum(a.shown * b.shown for a, b in zip(self.columns[:-1], self.columns[1:], strict=True))

    def gap_ends(self, gap: int) -> tuple[float, Floats, float, Floats]:
        """Return (x, ys) of the starts and (x, ys) of the ends of the edges of layer ``gap``."""
        a, b = self.columns[gap], self.columns[gap + 1]
        return a.right, a.ys, b.left, b.ys

    def gap_at(self, x: float) -> int | None:
        """Return the layer of weights drawn at ``x``."""
        for gap in range(self.gaps):
            if self.columns[gap].right < x < self.columns[gap + 1].left:
                return gap
        return None

    def column_at(self, x: float) -> Column:
        """Return the column nearest to ``x``."""
        return min(self.columns, key=lambda column: abs(column.x - x))

    def node_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return (column, neuron) of the node at (x, y)."""
        column = self.column_at(x)
        reach = column.node / 2 + 1
        if abs(x - column.x) > reach or not column.shown:
            return None
        if column.image:
            edge = round(column.count**0.5)
            across, down = ((v * edge / column.node) for v in (x - column.left, y - column.top))
            inside = 0 <= across < edge and 0 <= down < edge
            return (column.index, int(down) * edge + int(across)) if inside else None
        row = int(np.argmin(np.abs(column.ys - y)))
        return (column.index, column.first + row) if abs(float(column.ys[row]) - y) <= reach else None

    def node_boxes(self) -> Floats:
        """Return (n, 4): left, top, right and bottom of every shown node."""
        boxes = []
        for column in self.columns:
            ys = column.ys if not column.image else np.array([(column.top + column.bottom) / 2])
            sides = np.broadcast_to((column.left, column.right), (len(ys), 2))
            boxes.append(np.stack((sides[:, 0], ys - column.node / 2, sides[:, 1], ys + column.node / 2), axis=1))
        return np.concatenate(boxes)

    def bias_dot(self, column: int, neuron: int) -> tuple[float, float, float] | None:
        """Return (x, y, radius) of the bias dot of ``neuron``, or ``None`` when it is folded."""
        place = self.columns[column]
        y = place.y_of(neuron)
        if y is None or column == 0:
            return None
        inset, radius = dot_place(place.node, self.scale)
        return place.left + inset, y + place.node / 2 - inset, radius


def corner_radius(node: float, scale: float) -> float:
    """Return the radius of a node's corners."""
    return min(6.0 * scale, node * 0.16)


def dot_place(node: float, scale: float) -> tuple[float, float]:
    """Return the distance of a bias dot's centre from the left and lower sides of its node, and its radius."""
    radius = min(4.0 * scale, max(node * 0.14, 1.6 * scale))
    return radius * 1.1, radius


def dot_ring(node: float, scale: float) -> float:
    """Return the width of the ring around a bias dot."""
    return min(1.5 * scale, node * 0.06)


class Request(Struct, frozen=True, kw_only=True):
    """The inputs of the layout.

    Attributes:
        counts: features, hidden neurons, outputs.
        width: width of the view.
        height: height of the view.
        scale: factor on all lengths.
        scroll: first shown neuron of each folded column; 0 where absent.
        left_label: width of the longest feature label.
        right_label: width of the longest output label.
        chips: number of inactive features.
        image: the features are one image.
        header: width of the longest activation below an abbreviated header.
    """

    counts: tuple[int, ...]
    width: float
    height: float
    scale: float
    scroll: Mapping[int, int]
    left_label: float = 0.0
    right_label: float = 0.0
    chips: int = 0
    image: bool = False
    header: float = 0.0


def lay_out(request: Request) -> Layout:
    """Return the layout for a view of the requested size."""
    s = request.scale
    last = len(request.counts) - 1
    top = HEADER_HEIGHT * s
    bottom = max(request.height - BOTTOM * s, top + 3 * MIN_PITCH * s)
    margins = [SIDE_MARGIN * s + min(w, MAX_LABEL * s) for w in (request.left_label, request.right_label)]
    if request.image:
        margins[0] = max(margins[0], (MAX_IMAGE / 2 + 16) * s)
    room = (request.width - sum(margins)) / last
    # Whole pixels, so that layers of the same size look the same and share the cached geometry of their edges.
    spacing = float(int(min(max(room, MIN_SPACING * s), MAX_SPACING * s)))
    width = max(request.width, sum(margins) + last * spacing)
    start = margins[0] + (width - sum(margins) - last * spacing) / 2
    chips = _chips(request, start, spacing, top, bottom)
    columns = []
    for index, count in enumerate(request.counts):
        largest = MAX_OUTPUT if index == last and count == 1 else MAX_NODE
        low = chips.top - 10 * s if index == 0 and chips else bottom
        x = round(start + index * spacing)
        if index == 0 and request.image:
            columns.append(_image_column(x, count, top, bottom, s, spacing))
            continue
        node = min(largest * s, spacing * 0.5)
        pitches = (IMAGE_PITCH,) * 2 if index == 1 and request.image else (MIN_PITCH, FOLDED_PITCH)
        area = Area(top, low, bottom, *pitches)
        columns.append(_column(index, x, count, request.scroll.get(index, 0), area, node, s))
    wide = spacing >= WIDE_SPACING * s
    return Layout(tuple(columns), width, max(request.height, bottom), spacing, wide, top, bottom, chips, s)


def _chips(request: Request, start: float, spacing: float, top: float, bottom: float) -> Chips | None:
    """Return the positions of the chips, in enough rows to stay clear of the first layer."""
    s = request.scale
    if not request.chips:
        return None
    node = min(MAX_NODE * s, spacing * 0.5)
    # Edges curve from the features to the first layer; for half the distance they stay near the features' height.
    right = max(start + spacing / 2, start + node / 2 + 4 * s)
    least, gap = max(MIN_CHIP_WIDTH * s, MIN_CHIP_SIZE[0]), CHIP_GAP * s
    per_row = min(max(int((right + gap) // (least + gap)), 1), CHIPS_PER_ROW, request.chips)
    width, height = min(max(CHIP_WIDTH * s, least), right / per_row - gap), max(CHIP_HEIGHT * s, MIN_CHIP_SIZE[1])
    chips_top = bottom - -(-request.chips // per_row) * (height + gap)
    # In a low view the features have priority.
    enough = chips_top - 10 * s - top >= min(request.counts[0], 3) * CHIPLESS_PITCH * s
    return Chips(chips_top, right, per_row, width, height) if enough else None


def _image_column(x: float, count: int, top: float, bottom: float, s: float, spacing: float) -> Column:
    side = min(MAX_IMAGE * s, bottom - top, max(spacing * 0.8, 40 * s))
    centre = (top + bottom) / 2
    ys = centre - side / 2 + side * (np.arange(count) + 0.5) / count
    return Column(0, x, round(side), count, 0, ys, centre - side / 2, centre + side / 2, image=True)


class Area(Struct, frozen=True):
    """The area available to a column's nodes.

    Attributes:
        top: upper end.
        low: lower end.
        bottom: lower end of the whole picture, below ``low`` where there are chips below the features.
        pitch: smallest distance between centres at scale 1.
        folded_pitch: the same where some neurons are folded.
    """

    top: float
    low: float
    bottom: float
    pitch: float
    folded_pitch: float


def _column(index: int, x: float, count: int, scroll: int, area: Area, largest: float, s: float) -> Column:
    """Return a column in its area, with all its neurons or a range of them."""
    top, low = area.top, area.low
    height = low - top
    fits = max(int(height // (area.pitch * s)), 1)
    first = 0
    shown = count
    if count > fits:
        fits = max(int((height - 2 * MARKER_HEIGHT * s) // (area.folded_pitch * s)), 1)
        shown = min(fits, count, MAX_FOLDED)
        first = min(max(scroll, 0), count - shown)
        top, height = top + MARKER_HEIGHT * s, height - 2 * MARKER_HEIGHT * s
    pitch = min(MAX_PITCH * s if largest > MAX_NODE * s else (MAX_NODE + 13) * s, height / shown)
    node = float(round(min(largest, pitch - max(3 * s, pitch * 0.14) if shown > 1 else height)))
    # The features stay centred vertically while there is space above their chips.
    middle = (area.top + area.bottom) / 2
    centre = min(middle, low - shown * pitch / 2) if low < area.bottom else top + height / 2
    ys = centre + (np.arange(shown) - (shown - 1) / 2) * pitch
    ys = np.floor(ys - node / 2) + node / 2
    fold = MARKER_HEIGHT * s if shown < count else 0.0
    return Column(index, x, node, count, first, ys, float(ys[0]) - node / 2 - fold, float(ys[-1]) + node / 2 + fold)
