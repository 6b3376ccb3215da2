"""Pictures with an area for each layer, and the link that highlights the hovered layer in all views."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.drawing.pencil import faded, pen
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Data
from playground.session.selection import Hovered, HoveredLayer, layer_of
from playground.style.theme import Style

if TYPE_CHECKING:
    from playground.session import Session


class LayeredPicture(Picture[Data]):
    """A picture in which one layer can be highlighted."""

    def __init__(self, canvas: Canvas, *, framed: bool = False) -> None:
        """Create the picture.

        Args:
            canvas: the canvas to draw on.
            framed: whether to draw a frame on top, for content that would cover a band in the background.
        """
        super().__init__(canvas)
        self._highlighted: int | None = None
        self._framed = framed
        self._add_layer(self._paint_lit, 3 if framed else -6)

    @property
    def highlighted(self) -> int | None:
        """The highlighted layer (0 for the first hidden layer), or ``None``."""
        return self._highlighted

    @abstractmethod
    def _layer_count(self, data: Data) -> int:
        """Return the number of layers of ``data``."""

    @abstractmethod
    def _layer_box(self, area: Area, data: Data, layer: int) -> QRectF:
        """Return the rectangle of ``layer``."""

    def layer_at(self, point: QPointF) -> int | None:
        """Return the layer at ``point`` (canvas pixels), or ``None``."""
        data, area = self._data, self._canvas.area()
        if data is None or not area.rect.contains(point):
            return None
        layers = range(self._layer_count(data))
        return next((layer for layer in layers if self._layer_box(area, data, layer).contains(point)), None)

    def highlight(self, layer: int | None) -> None:
        """Highlight ``layer``, or no layer for ``None``."""
        if layer != self._highlighted:
            self._highlighted = layer
            self._canvas.repaint_soon()

    def _paint_lit(self, p: QPainter, area: Area, data: Data, style: Style) -> None:
        if self._highlighted is None or not 0 <= self._highlighted < self._layer_count(data):
            return
        box = self._layer_box(area, data, self._highlighted)
        if self._framed:
            p.setPen(pen(style.theme.accent, style.px(1.2)))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRect(box)
        else:
            p.fillRect(box, faded(style.theme.accent, 0.16))


def column_box(area: Area, centre: float) -> QRectF:
    """Return the column centred on ``centre``, for a picture whose layers are one unit apart."""
    left, right = area.x(centre - 0.5), area.x(centre + 0.5)
    return QRectF(left, area.rect.top(), right - left, area.rect.height())


class LayerLink(QObject):
    """Emits the layer under the mouse in a plot to the session, and highlights the layer that the session reports."""

    def __init__(self, canvas: Canvas, picture: LayeredPicture[Data], session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._hovered_layer: int | None = None
        # QObject cannot be generic, so store only the bound methods.
        self._layer_at, self._highlight = picture.layer_at, picture.highlight
        canvas.hovered.connect(self._hover)
        session.hovered.connect(self._follow)

    def _hover(self, position: QPointF | None) -> None:
        layer = None if position is None else self._layer_at(position)
        if layer != self._hovered_layer:
            self._hovered_layer = layer
            self._session.hovered.emit(None if layer is None else HoveredLayer(layer))

    def _follow(self, hovered: Hovered) -> None:
        self._highlight(layer_of(hovered))
