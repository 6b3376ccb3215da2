"""The pictures inside the nodes, computed for many nodes at once, with colour scales smoothed during training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from PySide6.QtGui import QColor, QImage

from core.arrays import Booleans, Floats, Integers
from core.training.snapshot import Snapshot
from playground.network_view.layout.geometry import Column, Layout, corner_radius, dot_place, dot_ring
from playground.network_view.nodes.colour_scales import ColourScales, hidden_targets, target_scales
from playground.network_view.nodes.mark_tiles import HATCH_SPACING, HATCH_WIDTH, STROKE, cross_out, hatch
from playground.network_view.nodes.tiles import (
    add_dots,
    blank_tiles,
    curve_tiles,
    grey,
    heat_map_tiles,
    histogram_tiles,
    image_tiles,
    round_corners,
)
from playground.network_view.picture import ColumnMarks, Strip
from playground.style.theme import Theme
from playground.widgets.heat_map import Colours, rgb_image

MANY_NODES: Final = 150
"""Approximate maximum number of pictures redrawn per snapshot while training; if there are more, they take turns.

At 160 nodes, drawing half of them takes 7 % off the processor time of all redraws.
"""

MAX_TURNS: Final = 4

MAX_SIDE: Final = 160
"""Maximum side of a picture on screen, in pixels."""

MAX_FIGURE_SIDE: Final = 480
"""Maximum side of an exported picture, in pixels."""

NO_DOT: Final = 2

Kind: TypeAlias = Literal["blank", "heat map", "curve", "histogram", "image"]


class _Source(Struct, frozen=True):
    """The data of a column's pictures: values (…, shown) and the magnitude (shown,) drawn in full colour."""

    column: Column
    kind: Kind
    values: Floats
    scale: Floats


class Look(Struct, frozen=True, kw_only=True):
    """The appearance of the node pictures.

    Attributes:
        theme: colours.
        ratio: device pixels per unit of the layout.
        visible: smallest and largest visible x; columns outside get no pictures.
        image: the features are the pixels of one image.
        dropped: for each column which shown neurons are greyed, or ``None``.
        dots: for each column the signs of the shown biases, painted as dots; empty for no dots.
        marks: for each column which shown neurons are crossed out or hatched, or ``None``.
    """

    theme: Theme
    ratio: float
    visible: tuple[float, float]
    image: bool
    dropped: Sequence[Booleans | None]
    dots: Sequence[npt.NDArray[np.int8]]
    marks: Sequence[ColumnMarks | None]


class NodePictures:
    """Draws the pictures of all shown nodes and keeps the colour scale of each neuron."""

    def __init__(self) -> None:
        self._scales = ColourScales()
        self._table: Colours | None = None
        self._theme: Theme | None = None
        self._kept: tuple[Layout, Look, tuple[Strip | None, ...]] | None = None
        self._turn = 0

    def copy(self) -> NodePictures:
        """Return a copy with the same scales, for a picture that no longer changes."""
        other = NodePictures()
        other._scales = self._scales.copy()
        return other

    def strips(self, snapshot: Snapshot | None, layout: Layout, look: Look) -> tuple[Strip | None, ...]:
        """Return the pictures of each column; columns of the same size and kind share one image."""
        if self._table is None or look.theme is not self._theme:
            self._table, self._theme = look.theme.sign_table(), look.theme
        groups: dict[tuple[int, Kind], list[_Source]] = defaultdict(list)
        strips = self._from_last_time(snapshot, layout, look)
        due = [
            column
            for column in layout.columns
            if strips[column.index] is None and column.right >= look.visible[0] and column.left <= look.visible[1]
        ]
        targets = hidden_targets(snapshot, due)
        for column in due:
            source = self._source(snapshot, column, targets.get(column.index), image=look.image)
            side = min(max(round(column.node * look.ratio), 4), MAX_SIDE if look.dots else MAX_FIGURE_SIDE)
            groups[side, source.kind].append(source)
        whole = _Whole(look)
        for (side, kind), sources in groups.items():
            tiles = _tiles(kind, sources, side, self._table, look.theme)
            _finish(tiles, sources, layout, look)
            image = rgb_image(tiles.reshape(-1, side))
            first = 0
            for source in sources:
                own = tiles[first : first + len(source.scale)]
                strips[source.column.index] = Strip(image, first, whole.of(own, source.column) if look.dots else None)
                first += len(source.scale)
        self._kept = (layout, look, tuple(strips))
        return tuple(strips)

    def _from_last_time(self, snapshot: Snapshot | None, layout: Layout, look: Look) -> list[Strip | None]:
        """Return the last pictures of the columns whose turn it is not: while training, many take turns."""
        kept = self._kept
        nothing: list[Strip | None] = [None] * len(layout.columns)
        if snapshot is None or not snapshot.playing or kept is None or kept[0] is not layout:
            return nothing
        before = kept[1]
        same = (before.theme, before.ratio, before.visible, before.image) == (
            look.theme,
            look.ratio,
            look.visible,
            look.image,
        )
        turns = min(-(-sum(column.shown for column in layout.columns) // MANY_NODES), MAX_TURNS)
        if not same or turns < 2:
            return nothing
        self._turn = (self._turn + 1) % turns
        return [strip if index % turns != self._turn else None for index, strip in enumerate(kept[2])]

    def _source(self, snapshot: Snapshot | None, column: Column, target: Floats | None, *, image: bool) -> _Source:
        """Return the data shown by the nodes of ``column``; ``target`` are the magnitudes for full colour, if known."""
        layer = column.index - 1
        pictures = 1 if column.image else column.shown
        blank = _Source(column, "blank", np.zeros(pictures), np.ones(pictures))
        if snapshot is None or layer >= len(snapshot.network.architecture.layers):
            return blank
        if column.image:
            mean = snapshot.data.x_train.mean(axis=0)[:, None]
            return _Source(column, "image", mean, np.abs(mean).max(axis=0)) if len(mean) == column.count else blank
        shown = slice(column.first, column.first + column.shown)
        if column.index == 1 and image:
            W = snapshot.network.weights(0)
            if W.shape[1] != column.count or round(len(W) ** 0.5) ** 2 != len(W):
                return blank
            return _Source(column, "image", W[:, shown], self._scales.moved(1, np.abs(W).max(axis=0))[shown])
        kind: Kind = "heat map"
        if snapshot.plane is not None:
            values = snapshot.plane.features if layer < 0 else snapshot.plane.activations[layer]
            if values.shape[0] == 1:
                kind, values = "curve", values[0]
        else:
            # The trace is of the first samples only, and columns of one size share their pictures.
            samples = len(snapshot.trace.activations[0])
            values = snapshot.data.x_train[:samples] if layer < 0 else snapshot.trace.activations[layer]
            kind = "histogram"
        if values.shape[-1] != column.count:
            return blank
        if layer == len(snapshot.network.architecture.layers) - 1 and snapshot.data.coding == "binary":
            # As in the output plot: 0 and 1 are the two classes, and ½ is the decision boundary.
            values = 2.0 * values - 1.0
        if target is None:
            target = target_scales(snapshot, layer, values)
        scale = self._scales.moved(column.index, target)
        return _Source(column, kind, values[..., shown], scale[shown])


class _Whole:
    """Assembles the nodes of a column into one picture, which is painted faster than one by one."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._panel = QColor(look.theme.panel).rgb()
        self._rows: dict[tuple[int, float, bytes], Integers | None] = {}

    def of(self, tiles: Colours, column: Column) -> QImage | None:
        """Return the picture of ``column``; ``None`` if the nodes would be misplaced."""
        side = tiles.shape[1]
        distances = column.ys - column.ys[:1]
        key = (side, column.node, distances.tobytes())
        if key not in self._rows:  # columns of the same height share it
            self._rows[key] = None if column.image else self._places(distances, side, column.node)
        rows = self._rows[key]
        if rows is None:
            return None
        pixels = np.full((int(rows[-1]) + 1, side), self._panel, dtype=np.uint32)
        pixels[rows] = tiles.reshape(-1, side)
        return rgb_image(pixels)

    def _places(self, distances: Floats, side: int, node: float) -> Integers | None:
        """Return the row of each row of pixels; ``distances`` are those of the nodes from the first one.

        In a picture that is zoomed out, nodes may be half a pixel off; otherwise they must lie on the grid of pixels.
        """
        starts = distances * self._look.ratio
        rows = np.rint(starts).astype(np.int64)
        exact = side == node * self._look.ratio and np.array_equal(rows, starts)
        if len(rows) < 2 or not (exact or self._look.ratio < 1.0) or np.diff(rows).min() < side:
            return None
        return np.asarray((rows[:, None] + np.arange(side)).ravel())


def _tiles(kind: Kind, sources: Sequence[_Source], side: int, table: Colours, theme: Theme) -> Colours:
    scale = np.concatenate([source.scale for source in sources])
    if kind == "heat map":
        return heat_map_tiles([source.values for source in sources], scale, side, table)
    values = np.concatenate([source.values for source in sources], axis=-1)
    match kind:
        case "curve":
            return curve_tiles(values, scale, side, table)
        case "histogram":
            return histogram_tiles(values, scale, side, table, QColor(theme.zero).rgb())
        case "image":
            return image_tiles(values, scale, side, table)
        case "blank":
            return blank_tiles(len(scale), side, QColor(theme.zero).rgb())


def _mark(tiles: Colours, sources: Sequence[_Source], layout: Layout, look: Look) -> None:
    """Cross out dead neurons and hatch saturated ones."""
    dead, saturated = (np.zeros(len(tiles), dtype=np.bool_) for _ in range(2))
    first = 0
    for source in sources:
        own, count = look.marks[source.column.index], len(source.scale)
        if own is not None and len(own.dead) == count:
            dead[first : first + count], saturated[first : first + count] = own.dead, own.saturated
        first += count
    unit = layout.scale * tiles.shape[2] / sources[0].column.node
    ink, panel = QColor(look.theme.ink).rgb(), QColor(look.theme.panel).rgb()
    hatch(tiles, np.flatnonzero(saturated), HATCH_SPACING * unit, HATCH_WIDTH * unit, ink)
    cross_out(tiles, np.flatnonzero(dead), STROKE * unit, ink, panel)


def _finish(tiles: Colours, sources: Sequence[_Source], layout: Layout, look: Look) -> None:
    """Grey out dropped neurons, round the corners and paint the bias dots."""
    theme, node = look.theme, sources[0].column.node
    panel, pixel = QColor(theme.panel).rgb(), tiles.shape[2] / node
    first = 0
    for source in sources:
        dropped = look.dropped[source.column.index]
        if dropped is not None:
            grey(tiles[first : first + len(dropped)], dropped, panel)
        first += len(source.scale)
    _mark(tiles, sources, layout, look)
    hairline = QColor(theme.faint if theme.printed else theme.line).rgb()
    round_corners(tiles, corner_radius(node, layout.scale) * pixel, panel, hairline, max(pixel * layout.scale, 1.0))
    signs = np.full(len(tiles), NO_DOT, dtype=np.int64)
    first = 0
    for source in sources:
        own = look.dots[source.column.index] if len(look.dots) else ()
        if len(own) == len(source.scale):
            signs[first : first + len(own)] = own
        first += len(source.scale)
    dotted = np.flatnonzero(signs != NO_DOT)
    if len(dotted):
        inset, radius = dot_place(node, layout.scale)
        place = (inset * pixel, (node - inset) * pixel)
        colours = np.array([QColor(c).rgb() for c in (theme.negative, theme.faint, theme.positive)], dtype=np.uint32)
        ring = dot_ring(node, layout.scale) * pixel
        add_dots(tiles, dotted, place, radius * pixel, ring, colours[signs[dotted] + 1], panel)
