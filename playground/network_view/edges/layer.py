"""Painting of all edges by the method that suits their number; only changed layers are repainted.

Each layer's edges are kept as an image. Few edges are drawn as curves by the painter (50 µs each), many by
:mod:`.raster` (4 µs each). When a frame has no time for all changed layers, the oldest images are redrawn first, the
others in the next frames.
"""

from __future__ import annotations

import time
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from core.arrays import Floats
from playground.network_view.edges.curves import EdgePaths
from playground.network_view.edges.painter import FADED, paint_edges, paint_gap, paint_highlighted_edges
from playground.network_view.edges.pens import LEVELS, crowding, level_colours, levels_of, pen_look, unsigned_look
from playground.network_view.edges.raster import Ink, Pencil, drawn, ink_of
from playground.network_view.layout.geometry import Layout
from playground.network_view.picture import Picture
from playground.network_view.pixels import paint_unscaled
from playground.plotting.drawing.deferred import paint_deferred
from playground.style.theme import Theme

FEW: Final = 40
"""Largest number of edges of a layer drawn by the painter."""

BUDGET_SECONDS: Final = 0.0025
"""Time budget of a frame for redrawing edges that are already shown with older values."""

MIN_LAYERS: Final = 2
"""Number of layers redrawn even when other processes used up the time."""

MIN_NEW_LAYERS: Final = 8
"""The same of layers not drawn before, so that a deep network is soon complete."""

DUTY: Final = 0.15
"""Share of the time for redrawing one layer's edges; a more expensive layer is redrawn less often."""

THINNED_FROM: Final = 400.0
"""Number of edges of a layer from which each is drawn fainter, so that they do not merge into one grey."""

MAX_INK: Final = 800_000
"""Number of ink samples in an image above which its resolution is halved."""

Levels: TypeAlias = npt.NDArray[np.int8]

MARGIN: Final = 4.0
MAX_RATIO: Final = 3.0


class _Kept(Struct):
    """The cached image of one layer's edges."""

    image: QImage
    box: QRectF
    levels: bytes
    ratio: float
    drawn_at: float
    cost: float

    def fits(self, ratio: float) -> bool:
        """Return whether the image has as many pixels as its box at ``ratio`` device pixels per unit."""
        size = round(self.box.width() * ratio), round(self.box.height() * ratio)
        return (self.image.width(), self.image.height()) == size


class EdgeLayer:
    """Draws edges and caches their images."""

    def __init__(self, *, vector: bool = False) -> None:
        self._vector = vector
        self._paths = EdgePaths()
        self._kept: dict[int, _Kept] = {}
        self._inks: dict[tuple[int, int, bytes, bytes], Ink] = {}
        self._ratio = 0.0
        self._key: tuple[object, Theme, bool] | None = None
        self.behind = False
        """Whether some edges in the picture show older values."""

    def paint(self, painter: QPainter, picture: Picture, visible: tuple[float, float], ratio: float = 1.0) -> None:
        """Paint the edges, with those of the selection emphasized and the others faded.

        Args:
            painter: in the picture's coordinates.
            picture: the picture to paint.
            visible: smallest and largest visible x.
            ratio: device pixels per unit of the picture.
        """
        opacity = FADED if picture.selection is not None else 1.0

        def paint_curves(p: QPainter) -> None:
            paint_edges(p, picture, self._paths, opacity=opacity)
            paint_highlighted_edges(p, picture, self._paths)

        if self._vector:
            paint_deferred(painter, paint_curves)  # 12 000 edges take 0.2 s
            return
        self._paint_kept(painter, picture, visible, min(ratio, MAX_RATIO), opacity)
        paint_highlighted_edges(painter, picture, self._paths)

    def _paint_kept(
        self, painter: QPainter, picture: Picture, visible: tuple[float, float], ratio: float, opacity: float
    ) -> None:
        layout = picture.layout
        moved = (
            self._key is None or self._key[0] is not layout or self._key[1:] != (picture.style.theme, picture.signed)
        )
        if moved:
            self._key = (layout, picture.style.theme, picture.signed)
            self._inks.clear()
            self._outdate(layout)
        gaps = [
            gap
            for gap in range(layout.gaps)
            if layout.columns[gap].right < visible[1] and layout.columns[gap + 1].left > visible[0]
        ]
        if ratio != self._ratio:
            self._ratio = ratio
            self._inks.clear()
        self._refresh(picture, gaps, ratio, moved=moved)
        painter.setOpacity(opacity)
        whole = []
        for gap in gaps:
            kept = self._kept.get(gap)
            if kept is None:
                continue
            if ratio < 1.0 and kept.fits(ratio):
                whole.append((kept.box.topLeft(), kept.image))
            else:
                painter.drawImage(kept.box, kept.image)
        paint_unscaled(painter, whole)  # half a pixel off, like the nodes of a picture that is zoomed out
        painter.setOpacity(1.0)

    def _outdate(self, layout: Layout) -> None:
        """Move the images of layers with an unchanged number of edges to their new positions, and mark them outdated."""
        outdated = {}
        for gap, kept in self._kept.items():
            if gap < layout.gaps and len(kept.levels) == layout.columns[gap].shown * layout.columns[gap + 1].shown:
                outdated[gap] = replace(kept, box=_box(layout, gap), ratio=0.0, drawn_at=0.0)
        self._kept = outdated

    def _refresh(self, picture: Picture, gaps: list[int], ratio: float, *, moved: bool) -> None:
        """Redraw changed layers, the oldest first, within the time budget.

        In a frame in which everything has ``moved``, layers with many edges wait for the next frame.
        """
        now = time.perf_counter()
        stale = []
        self.behind = False
        for gap, levels in zip(gaps, _all_levels(picture, gaps), strict=True):
            kept = self._kept.get(gap)
            if kept is None or kept.ratio != ratio or kept.levels != levels.tobytes():
                if kept is not None and kept.ratio == ratio and now - kept.drawn_at < kept.cost / DUTY:
                    self.behind = True
                else:
                    stale.append((kept.drawn_at if kept is not None else 0.0, gap, levels))
        drawn_count = 0
        for _, gap, levels in sorted(stale, key=lambda entry: entry[:2]):
            few, first = len(levels) <= FEW, gap not in self._kept
            waits = moved and not few and not first
            enough = drawn_count >= (MIN_NEW_LAYERS if first else MIN_LAYERS)
            late = time.perf_counter() - now > BUDGET_SECONDS and enough and not (few and first)
            if waits or late:
                self.behind = True
                continue
            self._kept[gap] = self._draw(picture, gap, levels, ratio)
            drawn_count += 1

    def _draw(self, picture: Picture, gap: int, levels: Levels, ratio: float) -> _Kept:
        started = time.perf_counter()
        x0, ys0, x1, ys1 = picture.layout.gap_ends(gap)
        box = _box(picture.layout, gap)
        top, bottom = box.top(), box.bottom()
        asked = ratio
        # So many edges overlap that half the resolution looks the same at a quarter of the cost.
        while len(levels) * 2 * (x1 - x0 + (bottom - top) / 3) * ratio > MAX_INK:
            ratio /= 2
        width, height = max(round((x1 - x0) * ratio), 2), max(round((bottom - top) * ratio), 2)
        if len(levels) > FEW:
            ink = self._ink(
                width, height, (ys0 - top) * (height / (bottom - top)), (ys1 - top) * (height / (bottom - top))
            )
            crowd = crowding(picture.layout, gap)
            theme, scale = picture.style.theme, picture.layout.edge_scale
            thinned = min(1.0, THINNED_FROM / len(levels)) ** 0.7
            pencils, colours = _pencils(theme, scale * ratio, crowd, thinned, signed=picture.signed)
            pixels = drawn(ink, levels.astype(np.int64) + LEVELS, pencils, colours)
            image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
        else:
            image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
            with QPainter(image) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.scale(width / (x1 - x0), height / (bottom - top))
                painter.translate(-x0, -top)
                paint_gap(painter, picture, self._paths, gap)
        now = time.perf_counter()
        return _Kept(image, box, levels.tobytes(), asked, now, now - started)

    def _ink(self, width: int, height: int, ys0: Floats, ys1: Floats) -> Ink:
        """Return the ink of the edges, which layers of the same size share."""
        key = (width, height, ys0.tobytes(), ys1.tobytes())
        if key not in self._inks:
            self._inks[key] = ink_of(width, height, ys0, ys1)
        return self._inks[key]


def _all_levels(picture: Picture, gaps: list[int]) -> list[Levels]:
    """Return the level of each edge of ``gaps``, computed together, which is faster than gap by gap."""
    if not gaps:
        return []
    parts = [picture.strengths[gap].ravel() for gap in gaps]
    levels = levels_of(np.concatenate(parts)).astype(np.int8)
    ends = np.cumsum([part.size for part in parts]).tolist()
    return [levels[end - part.size : end] for end, part in zip(ends, parts, strict=True)]


def _box(layout: Layout, gap: int) -> QRectF:
    """Return the bounding box of the edges of ``gap``."""
    x0, ys0, x1, ys1 = layout.gap_ends(gap)
    margin = MARGIN * layout.scale
    top = min(float(ys0[0]), float(ys1[0])) - margin
    return QRectF(x0, top, x1 - x0, max(float(ys0[-1]), float(ys1[-1])) + margin - top)


def _pencils(theme: Theme, scale: float, crowd: int, thinned: float, *, signed: bool) -> tuple[list[Pencil], list[int]]:
    """Return the pencil of each level from −LEVELS to LEVELS, and their colours."""
    shades = [colour.rgb() for colour in level_colours(theme, signed=signed)]
    colours = list(dict.fromkeys(shades))
    pencils = []
    for level, shade in zip(range(-LEVELS, LEVELS + 1), shades, strict=True):
        width, opacity = (pen_look if signed else unsigned_look)(level, crowd)
        pencils.append(Pencil(width * scale, opacity * thinned, colours.index(shade)))
    return pencils, colours
