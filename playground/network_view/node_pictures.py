"""The strips of node pictures, one image a column, kept steady while training changes what neurons compute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtGui import QColor, QImage

from core.arrays import Booleans, Floats
from core.snapshot import Snapshot
from playground.heat_map import Colours, rgb_image
from playground.network_view.geometry import Column, Layout
from playground.network_view.tiles import (
    blank_tiles,
    curve_tiles,
    grey,
    heat_map_tiles,
    histogram_tiles,
    image_tiles,
    round_corners,
)
from playground.theme import Theme

CORNER: Final = 6.0
BOUNDED: Final = frozenset({"sigmoid", "tanh", "softmax", "threshold"})
"""Activations between −1 and 1: their full colour is 1."""

STEADINESS: Final = 0.75
"""Share of the old scale kept at each snapshot, so that pictures of unbounded activations do not flicker."""

LARGEST_SIDE: Final = 160


class NodePictures:
    """Draws the inside of all shown nodes; remembers the scale of each neuron's colours."""

    def __init__(self) -> None:
        self._scales: dict[int, Floats] = {}
        self._table: Colours | None = None
        self._theme: Theme | None = None

    def copy(self) -> NodePictures:
        """Return one with the same scales, for a picture that stays as it is."""
        other = NodePictures()
        other._scales = dict(self._scales)
        return other

    def strips(
        self,
        snapshot: Snapshot | None,
        layout: Layout,
        theme: Theme,
        ratio: float,
        dropped: Sequence[Booleans | None],
        *,
        image: bool,
    ) -> tuple[QImage, ...]:
        """Return one image a column: the shown nodes' square pictures from top to bottom.

        Args:
            snapshot: what the neurons compute; ``None`` gives blank nodes.
            layout: which neurons are shown, how large.
            theme: colours.
            ratio: device pixels for each unit of the layout.
            dropped: for each column which shown neurons are greyed, or ``None``.
            image: the features are the pixels of one image.
        """
        if self._table is None or theme is not self._theme:
            self._table, self._theme = theme.sign_table(), theme
        result = []
        for column, out in zip(layout.columns, dropped, strict=True):
            side = int(np.clip(round(column.node * ratio), 4, LARGEST_SIDE))
            tiles = self._tiles(snapshot, column, self._table, theme, side, image=image)
            panel = QColor(theme.panel).rgb()
            if out is not None:
                grey(tiles, out, panel)
            radius = min(CORNER * layout.scale, column.node * 0.16) * side / column.node
            round_corners(tiles, radius, panel)
            result.append(rgb_image(tiles.reshape(-1, tiles.shape[2])))
        return tuple(result)

    def _tiles(
        self, snapshot: Snapshot | None, column: Column, table: Colours, theme: Theme, side: int, *, image: bool
    ) -> Colours:
        if column.image:
            return self._mean_image(snapshot, column, table, side)
        layer = column.index - 1
        blank = blank_tiles(column.shown, side, QColor(theme.zero).rgb())
        if snapshot is None or layer >= len(snapshot.network.architecture.layers):
            return blank
        shown = slice(column.first, column.first + column.shown)
        if column.index == 1 and image:
            W = snapshot.network.weights(0)
            if W.shape[1] != column.count:
                return blank
            return image_tiles(W[:, shown], self._scale(column, np.abs(W).max(axis=0))[shown], side, table)
        if snapshot.plane is not None:
            source = snapshot.plane.features if layer < 0 else snapshot.plane.activations[layer]
        else:
            source = snapshot.data.x_train if layer < 0 else snapshot.trace.activations[layer]
        if source.shape[-1] != column.count:
            return blank
        scale = self._scale(column, self._wished(snapshot, layer, source))[shown]
        if snapshot.plane is None:
            return histogram_tiles(source[:, shown], scale, side, table, QColor(theme.field).rgb())
        if source.shape[0] == 1:
            return curve_tiles(source[0, :, shown], scale, side, table)
        return heat_map_tiles(source[:, :, shown], scale, side, table)

    def _mean_image(self, snapshot: Snapshot | None, column: Column, table: Colours, side: int) -> Colours:
        """Return the mean sample as one image of the features."""
        if snapshot is None or snapshot.data.x_train.shape[1] != column.count:
            return blank_tiles(1, side, int(table[len(table) // 2]))
        mean = snapshot.data.x_train.mean(axis=0)[:, None]
        return image_tiles(mean, np.abs(mean).max(axis=0), side, table)

    def _wished(self, snapshot: Snapshot, layer: int, source: Floats) -> Floats:
        """Return (n,), the value of each neuron that should get the full colour."""
        count = source.shape[-1]
        if layer >= 0 and snapshot.network.architecture.layers[layer].activation in BOUNDED:
            return np.ones(count)
        sizes = np.abs(source.reshape(-1, count)[:: max(1, source.size // count // 400)])
        sizes = np.nan_to_num(sizes, posinf=0.0)
        if layer < 0 or snapshot.plane is None:
            return np.asarray(sizes.max(axis=0, initial=1e-9))
        return np.maximum(2.2 * sizes.mean(axis=0), 1e-9)

    def _scale(self, column: Column, wished: Floats) -> Floats:
        """Return the scales, moved a part of the way to what is wished."""
        old = self._scales.get(column.index)
        if old is not None and old.shape == wished.shape:
            wished = np.where(np.isfinite(wished), old * STEADINESS + wished * (1 - STEADINESS), old)
        self._scales[column.index] = wished
        return wished
