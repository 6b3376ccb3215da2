"""Where everything in the picture lies: columns, rows, folded neurons. Plain numbers, no widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

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
"""Neurons that show their weights as an image are at least 34 pixels large; those that find no room are folded."""

MAX_FOLDED: Final = 20
"""A folded layer shows at most this many neurons, larger ones in a larger view."""

MAX_PITCH: Final = 64.0
MIN_SPACING: Final = 60.0
MAX_SPACING: Final = 300.0
WIDE_SPACING: Final = 112.0
"""From this column spacing on, headers are written out in full."""

MARKER_HEIGHT: Final = 18.0
"""Room for "… 40 more" above or below a folded column."""

LABEL_GAP: Final = 10.0
MAX_LABEL: Final = 96.0
CHIP_HEIGHT: Final = 19.0
CHIPS_A_ROW: Final = 3
CHIP_WIDTH: Final = 38.0
CHIPLESS_PITCH: Final = 26.0
"""Where this is not left to each of up to three features, no chips are shown."""

MIN_CHIP_WIDTH: Final = 34.0
MIN_CHIP_SIZE: Final = (32.0, 15.0)
"""Width and height in pixels at any scale: the type in it does not become smaller than can be read."""

CHIP_GAP: Final = 3.0

MAX_IMAGE: Final = 112.0


@dataclass(frozen=True)
class Column:
    """One column of nodes.

    Attributes:
        index: 0 for the features, last for the output.
        x: centre.
        node: side of a node.
        count: how many features or neurons there are.
        first: the first one shown.
        ys: (shown,) centres of those shown.
        top: upper end of the column, folding markers included.
        bottom: lower end.
        image: all features are drawn as one square of side ``node``; ``ys`` are the heights at which edges leave it.
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
        """How many are shown."""
        return len(self.ys)

    @property
    def above(self) -> int:
        """How many are folded away above."""
        return self.first

    @property
    def below(self) -> int:
        """How many are folded away below."""
        return self.count - self.first - self.shown

    @property
    def left(self) -> float:
        """Where edges arrive."""
        return self.x - self.node / 2

    @property
    def right(self) -> float:
        """Where edges leave."""
        return self.x + self.node / 2

    def pixel_box(self, number: int) -> tuple[float, float, float, float]:
        """Return (left, top, width, height) of feature ``number`` in a column that is one image."""
        edge = round(self.count**0.5)
        row, column = divmod(number, edge)
        side = self.node / edge
        return self.left + column * side, self.top + row * side, side, side

    def y_of(self, neuron: int) -> float | None:
        """Return the centre of ``neuron``, or ``None`` when it is folded away."""
        row = neuron - self.first
        return float(self.ys[row]) if 0 <= row < self.shown else None


@dataclass(frozen=True, slots=True)
class Chips:
    """Where the features that are switched off lie, as small boxes below the first column.

    Attributes:
        top: upper end.
        right: what they must not reach beyond: the first layer, and edges into it, begin there.
        a_row: how many stand side by side.
        width: of one.
        height: of one.
    """

    top: float
    right: float
    a_row: int
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """All columns of the picture.

    Attributes:
        columns: from the features to the output.
        width: of the whole picture; more than the view's when it must be panned.
        height: of the whole picture.
        spacing: between the centres of two columns.
        wide: whether headers are written out in full.
        top: where the nodes' area begins.
        bottom: where it ends.
        chips: where the features that are switched off lie; ``None`` where there is no room for them.
        scale: factor on all lengths.
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

    @property
    def gaps(self) -> int:
        """Number of layers of weights."""
        return len(self.columns) - 1

    @property
    def edges(self) -> int:
        """Number of edges that are shown."""
        return sum(a.shown * b.shown for a, b in zip(self.columns[:-1], self.columns[1:], strict=True))

    def gap_ends(self, gap: int) -> tuple[float, Floats, float, Floats]:
        """Return (x, ys) where edges of layer ``gap`` leave and (x, ys) where they arrive."""
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
        """Return (n, 4), left, top, right and bottom of every node that is shown."""
        boxes = []
        for column in self.columns:
            ys = column.ys if not column.image else np.array([(column.top + column.bottom) / 2])
            sides = np.broadcast_to((column.left, column.right), (len(ys), 2))
            boxes.append(np.stack((sides[:, 0], ys - column.node / 2, sides[:, 1], ys + column.node / 2), axis=1))
        return np.concatenate(boxes)

    def bias_dot(self, column: int, neuron: int) -> tuple[float, float, float] | None:
        """Return (x, y, radius) of the bias dot of ``neuron``, or ``None`` when it is folded away."""
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
    """Return how far the middle of a bias dot lies from the left and the lower side of its node, and its radius."""
    radius = min(4.0 * scale, max(node * 0.14, 1.6 * scale))
    return radius * 1.1, radius


def dot_ring(node: float, scale: float) -> float:
    """Return the width of the ring around a bias dot."""
    return min(1.5 * scale, node * 0.06)


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the layout depends on.

    Attributes:
        counts: features, hidden neurons, outputs.
        width: of the view.
        height: of the view.
        scale: factor on all lengths.
        scroll: first neuron shown of a folded column; 0 where absent.
        left_label: width of the longest feature label.
        right_label: width of the longest output label.
        chips: number of features that could be switched on.
        image: the features are one image.
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


def lay_out(request: Request) -> Layout:
    """Return where everything lies for a view of the requested size."""
    s = request.scale
    last = len(request.counts) - 1
    top = HEADER_HEIGHT * s
    bottom = max(request.height - BOTTOM * s, top + 3 * MIN_PITCH * s)
    margins = [SIDE_MARGIN * s + min(w, MAX_LABEL * s) for w in (request.left_label, request.right_label)]
    if request.image:
        margins[0] = max(margins[0], (MAX_IMAGE / 2 + 16) * s)
    room = (request.width - sum(margins)) / last
    # Whole pixels, so that layers of the same size look the same (and share what is worked out for their edges).
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
    """Return where the chips lie: in as many rows as it takes to keep clear of the first layer."""
    s = request.scale
    if not request.chips:
        return None
    node = min(MAX_NODE * s, spacing * 0.5)
    # Edges curve from the features' right sides to the first layer; half the way they are still as high as the features.
    right = max(start + spacing / 2, start + node / 2 + 4 * s)
    least, gap = max(MIN_CHIP_WIDTH * s, MIN_CHIP_SIZE[0]), CHIP_GAP * s
    a_row = min(max(int((right + gap) // (least + gap)), 1), CHIPS_A_ROW, request.chips)
    width, height = min(max(CHIP_WIDTH * s, least), right / a_row - gap), max(CHIP_HEIGHT * s, MIN_CHIP_SIZE[1])
    chips_top = bottom - -(-request.chips // a_row) * (height + gap)
    # In a low view the features come first.
    enough = chips_top - 10 * s - top >= min(request.counts[0], 3) * CHIPLESS_PITCH * s
    return Chips(chips_top, right, a_row, width, height) if enough else None


def _image_column(x: float, count: int, top: float, bottom: float, s: float, spacing: float) -> Column:
    side = min(MAX_IMAGE * s, bottom - top, max(spacing * 0.8, 40 * s))
    centre = (top + bottom) / 2
    ys = centre - side / 2 + side * (np.arange(count) + 0.5) / count
    return Column(0, x, round(side), count, 0, ys, centre - side / 2, centre + side / 2, image=True)


@dataclass(frozen=True, slots=True)
class Area:
    """Where a column's nodes may lie.

    Attributes:
        top: upper end.
        low: lower end.
        bottom: of the whole picture, lower than ``low`` where chips stand below the features.
        pitch: from one centre to the next, at least, at scale 1.
        folded_pitch: the same where some neurons are folded away.
    """

    top: float
    low: float
    bottom: float
    pitch: float
    folded_pitch: float


def _column(index: int, x: float, count: int, scroll: int, area: Area, largest: float, s: float) -> Column:
    """Return a column in its area: all its neurons, or a window on them."""
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
    # The features' centre stays on the picture's axis while there is room above their chips.
    middle = (area.top + area.bottom) / 2
    centre = min(middle, low - shown * pitch / 2) if low < area.bottom else top + height / 2
    ys = centre + (np.arange(shown) - (shown - 1) / 2) * pitch
    ys = np.floor(ys - node / 2) + node / 2
    fold = MARKER_HEIGHT * s if shown < count else 0.0
    return Column(index, x, node, count, first, ys, float(ys[0]) - node / 2 - fold, float(ys[-1]) + node / 2 + fold)
