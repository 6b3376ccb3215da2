"""A view of two plots, side by side or stacked, for a slide with "before" and "after"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyqtgraph as pg
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QGraphicsView, QWidget
from typing_extensions import override

from playground.plotting.canvas.canvas import Canvas
from playground.plotting.canvas.captions import has_room_for, without_card
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem


NARROW: Final = 150.0
"""Width of a plot at scale 1 below which it stands above the other instead of beside it."""

LOW: Final = 135.0
"""Height at scale 1 that a stacked plot needs."""

WORDY: Final = 200.0
"""Height at scale 1 below which a plot above or below the other one has no sentence, so that the plot has room."""

ROOMS: Final = ((2 * NARROW, 160.0), (165.0, 2 * LOW))
"""Widths and heights of a picture in which both plots fit, side by side or stacked, at scale 1."""


class PairView(pg.GraphicsView):  # type: ignore[misc]
    """Paints two canvases, each in half of the width, or in half of the height where that is narrow."""

    def __init__(self, left: Canvas, right: Canvas, style: Style) -> None:
        self._ready = False
        super().__init__()
        self._canvases, self._style = (left, right), style
        self._captions = left.captions, right.captions
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.sceneObj.setItemIndexMethod(self.sceneObj.ItemIndexMethod.NoIndex)
        self.setBackground(style.theme.panel)
        for canvas in self._canvases:
            # The parent of the plots, which deletes them together with this view; it is never shown.
            canvas.setParent(self)
            canvas.hide()
            self.scene().addItem(_Part(self, canvas))
        self._ready = True

    @property
    def is_stacked(self) -> bool:
        """Whether the plots are stacked: side by side they would be too narrow, and stacking suits them better."""
        beside, tall = self.width() / 2 / self._style.px(NARROW), self.height() / 2 / self._style.px(LOW)
        return bool(beside < min(tall, 1.0))

    def parts(self) -> tuple[tuple[QGraphicsView, QPointF], ...]:
        """Return the plots, each with the position of its top left corner."""
        first, second = self._canvases
        right, below = float(self.width() - second.width()), float(self.height() - second.height())
        return (first, QPointF(0.0, 0.0)), (second, QPointF(0.0, below) if self.is_stacked else QPointF(right, 0.0))

    @override
    @guarded
    def resizeEvent(self, ev: QResizeEvent | None) -> None:
        """Set the size of each plot to half of the width, or of the height."""
        super().resizeEvent(ev)
        if not self._ready or self.closed:
            return
        across, down = (1, 2) if self.is_stacked else (2, 1)
        width, height = max(self.width() // across, 1), max(self.height() // down, 1)
        is_brief = any(not has_room_for(self._style, each.title, width) for each in self._captions)
        is_wordy = not self.is_stacked or height >= self._style.px(WORDY)
        for canvas, captions in zip(self._canvases, self._captions, strict=True):
            title = without_card(captions.title) if is_brief else captions.title
            sentences = captions.sentences if is_wordy else ()
            canvas.set_captions(replace(captions, title=title, sentences=sentences, is_dense=self.is_stacked))
            canvas.setMinimumSize(1, 1)
            canvas.resize(width, height)
            canvas.lay_out()


class _Part(pg.GraphicsObject):  # type: ignore[misc]
    """One of the plots."""

    def __init__(self, view: PairView, canvas: Canvas) -> None:
        super().__init__()
        self._view, self._canvas = view, canvas

    @override
    @guarded_or(QRectF())
    def boundingRect(self) -> QRectF:
        return QRectF(self._view.rect())

    @override
    @guarded
    def paint(self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        canvas = self._canvas
        corner = next(corner for each, corner in self._view.parts() if each is canvas)
        source = canvas.rect()
        canvas.render(p, QRectF(corner, QSizeF(source.size())), source, Qt.AspectRatioMode.IgnoreAspectRatio)
