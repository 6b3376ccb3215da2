"""The canvas of a plot: a pyqtgraph view with two plain axes and layers that paint in pixels."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QWidget
from typing_extensions import override

from core.arrays import Floats
from playground.plotting.canvas.axes import PlainAxis
from playground.plotting.canvas.captions import Captions
from playground.plotting.canvas.pin_legend import LEGEND_HEIGHT, Legend, legend_lines, paint_pin_legend
from playground.plotting.drawing.cached import CachedPixmap
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.viewport import own_viewport

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem


class Area(Struct, frozen=True):
    """The plot's rectangle in pixels and its coordinate ranges.

    Attributes:
        rect: the plot without its axes.
        x_range: coordinate of the left and the right edge.
        y_range: coordinate of the lower and the upper edge.
        still: whether this is an exported figure, drawn for quality rather than speed.
    """

    rect: QRectF
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    still: bool

    def x(self, value: float) -> float:
        """Return the pixel column of ``value``."""
        low, high = self.x_range
        return self.rect.left() + (value - low) / (high - low) * self.rect.width()

    def y(self, value: float) -> float:
        """Return the pixel row of ``value``."""
        low, high = self.y_range
        return self.rect.bottom() - (value - low) / (high - low) * self.rect.height()

    def xs(self, values: Floats) -> Floats:
        """Return the pixel columns of ``values`` (n,)."""
        low, high = self.x_range
        return np.asarray(self.rect.left() + (values - low) * (self.rect.width() / (high - low)))

    def ys(self, values: Floats) -> Floats:
        """Return the pixel rows of ``values`` (n,)."""
        low, high = self.y_range
        return np.asarray(self.rect.bottom() - (values - low) * (self.rect.height() / (high - low)))

    def value_at(self, point: QPointF) -> tuple[float, float]:
        """Return the coordinates of a pixel."""
        across = (point.x() - self.rect.left()) / max(self.rect.width(), 1.0)
        up = (self.rect.bottom() - point.y()) / max(self.rect.height(), 1.0)
        (x_low, x_high), (y_low, y_high) = self.x_range, self.y_range
        return x_low + across * (x_high - x_low), y_low + up * (y_high - y_low)


PaintLayer: TypeAlias = Callable[[QPainter, Area], None]


ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

KEYBOARD: Final = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
"""Focus reasons that show the frame; activating the window also focuses the first plot, without a frame."""

EDGE: Final = 12.0
PIN_EDGE: Final = 14.0
"""Margin at the sides of an exported plot, in pixels at scale 1."""

STEP: Final = 0.02
"""Distance that an arrow key moves the cursor, as a fraction of the plot."""

LARGE_STEP: Final = 0.1
LOW: Final = 64.0
"""Height of the plot at scale 1 below which the pinned runs are named in the strip above the cards only."""

CLICK_DISTANCE: Final = 4
"""Largest movement of a click in pixels."""


class _Layer(pg.GraphicsObject):  # type: ignore[misc]
    """A graphics item that calls a paint function with coordinates in canvas pixels."""

    def __init__(self, canvas: Canvas, paint: PaintLayer) -> None:
        super().__init__()
        self._canvas = canvas
        self._paint = paint

    @override
    @guarded_or(QRectF())
    def boundingRect(self) -> QRectF:
        return QRectF(self._canvas.rect())

    @override
    @guarded
    def paint(self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        area = self._canvas.area()
        if area.rect.width() > 1.0 and area.rect.height() > 1.0:
            p.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            self._paint(p, area)


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """A plot without mouse zoom, with a left and a bottom axis and layers above and below the curves.

    Signals:
        hovered: the mouse's position in pixels, or ``None`` when it left.
        clicked: where the left button was pressed and released, in pixels.
        placed: emitted when the plot's rectangle changes.
        resized: emitted when the canvas is resized and ticks must be recomputed.
    """

    hovered = Signal(object)
    clicked = Signal(QPointF)
    placed = Signal()
    resized = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None, *, still: bool = False) -> None:
        # pyqtgraph reports a size while it is still constructing the view.
        self._ready = False
        super().__init__(parent)
        self._still = still
        self._style = style
        self._margins = (0.0, 0.0, 0.0, 0.0)
        self._aspect: float | None = None
        self._captions = Captions()
        self._legend: Legend = ()
        self._has_legend_row = False
        self._drawn_legend = CachedPixmap()
        self._pressed: QPointF | None = None
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        # Only Tab focuses the plot, for reading values by keyboard; a click does not.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if still else Qt.FocusPolicy.TabFocus)
        self._cursor: QPointF | None = None
        self._has_keyboard_focus = False
        self.sceneObj.setItemIndexMethod(self.sceneObj.ItemIndexMethod.NoIndex)
        self._ground = style.theme.panel
        self.setBackground(self._ground)
        self._root = pg.GraphicsWidget()
        self.setCentralItem(self._root)
        self.view = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.view.disableAutoRange()
        # Curves stay within the ranges anyway, and some SVG viewers render clip paths incorrectly.
        self.view.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape, False)
        self.left = PlainAxis("left", style, EDGE if still else 0.0, still=still)
        self.bottom = PlainAxis("bottom", style, EDGE if still else 0.0, still=still)
        for item in (self.left, self.bottom, self.view):
            item.setParentItem(self._root)
        self.left.linkToView(self.view)
        self.bottom.linkToView(self.view)
        # Hairlines are below the curves.
        self.left.setZValue(-10)
        self.bottom.setZValue(-10)
        self._ready = True
        self.add_layer(self._paint_captions if still else self._paint_focus, 40)
        self.add_layer(self._paint_pins, 41)

    @override
    def useOpenGL(self, b: bool = True) -> None:
        """Paint on a plain widget: pyqtgraph would look at the one that Qt has made."""
        own_viewport(self)

    @property
    def still(self) -> bool:
        """Whether this canvas is an exported figure."""
        return self._still

    def add_layer(self, paint: PaintLayer, z: float = 1.0) -> QGraphicsItem:
        """Add a layer painted by ``paint``, above (z > 0) or below (z < 0) the curves."""
        layer = _Layer(self, paint)
        layer.setParentItem(self._root)
        layer.setZValue(z)
        return layer

    def area(self) -> Area:
        """Return the plot's rectangle and coordinate ranges."""
        (x_low, x_high), (y_low, y_high) = self.view.viewRange()
        return Area(self.view.geometry(), (x_low, x_high), (y_low, y_high), self._still)

    def arrange(
        self,
        style: Style,
        *,
        left: float,
        bottom: float,
        right: float = 4.0,
        top: float = 8.0,
        aspect: float | None = None,
    ) -> None:
        """Set the plot's margins (pixels at scale 1); ``aspect`` is width over height, ``None`` for any."""
        margins = (style.px(left), style.px(top), style.px(right), style.px(bottom))
        if (margins, aspect, style) == (self._margins, self._aspect, self._style):
            return
        self.set_ground(style)
        self._margins, self._aspect, self._style = margins, aspect, style
        self._place()

    @property
    def left_margin(self) -> float:
        """The margin at the left, in pixels at scale 1."""
        return self._margins[0] / self._style.scale

    def set_ground(self, style: Style) -> None:
        """Fill the canvas with the colour of cards in ``style``, also before it has anything to draw."""
        if style.theme.panel != self._ground:
            self._ground = style.theme.panel
            self.setBackground(self._ground)

    @property
    def captions(self) -> Captions:
        """The lines around an exported plot."""
        return self._captions

    def set_captions(self, captions: Captions) -> None:
        """Add a title line, a sentence and what is compared for export; on screen card and strip show them."""
        self._captions = captions
        self._place()

    def lay_out(self) -> None:
        """Lay the plot out in the canvas's size."""
        self._root.setGeometry(QRectF(self.rect()))
        self._place()
        self.resized.emit()

    @property
    def legend(self) -> Legend:
        """The pinned runs named above the plot: name and number of the colour."""
        return self._legend

    def set_legend(self, legend: Legend, style: Style) -> None:
        """Name pinned runs in a line above the plot."""
        if legend != self._legend:
            self._legend, self._style = legend, style
            self._place()

    def set_ranges(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Set the coordinate ranges; ignore ranges that are not finite or whose width overflows."""
        if not all(math.isfinite(each[1] - each[0]) for each in (x, y)):
            return
        (x_now, y_now) = self.view.viewRange()
        if tuple(x_now) != x or tuple(y_now) != y:
            self.view.setRange(xRange=x, yRange=y, padding=0.0)
            # Otherwise pyqtgraph does this while painting and then requests a second paint.
            self.view.updateMatrix()

    def repaint_soon(self) -> None:
        """Schedule a repaint."""
        self.viewport().update()

    def _place(self) -> None:
        left, top, right, bottom = self._margins
        edge = 0.0
        top += self._captions.height_above(self._style)
        bottom += self._captions.height_below(self._style, self.width())
        if self.still:
            edge = self._style.px(EDGE)
            left, right = left + edge, right + edge
        row = self._style.px(LEGEND_HEIGHT)
        self._has_legend_row = bool(self._legend) and (
            self.still or self.height() - top - bottom - row >= self._style.px(LOW)
        )
        lines = len(self._legend_lines()) if self.still else 1
        top += row * lines * self._has_legend_row
        width, height = max(self.width() - left - right, 1.0), max(self.height() - top - bottom, 1.0)
        if self._aspect is not None:
            wide = min(width, height * self._aspect)
            left += (width - wide) / 2
            width, height = wide, wide / self._aspect
        plot = QRectF(round(left), round(top), round(width), round(height))
        self.view.setGeometry(plot)
        self.left.setGeometry(QRectF(edge, plot.top(), plot.left() - edge, plot.height()))
        self.bottom.setGeometry(QRectF(plot.left(), plot.bottom(), plot.width(), self.height() - plot.bottom()))
        self.placed.emit()

    def _paint_captions(self, p: QPainter, _area: Area) -> None:
        self._captions.paint(p, QSizeF(self.size()), self._style)

    def _legend_lines(self) -> tuple[Legend, ...]:
        return legend_lines(self._legend, self.width() - 2 * self._style.px(PIN_EDGE), self._style)

    def _paint_pins(self, p: QPainter, _area: Area) -> None:
        if self._has_legend_row:
            style = self._style
            edge = style.px(PIN_EDGE if self.still else 2)
            row = QRectF(edge, self._captions.height_above(style), self.width() - 2 * edge, style.px(LEGEND_HEIGHT))
            if self.still:
                for place, line in enumerate(self._legend_lines()):
                    paint_pin_legend(p, row.translated(0.0, place * row.height()), line, style)
                return
            key = (self._legend, row, style)
            self._drawn_legend.paint(p, row, key, lambda painter: paint_pin_legend(painter, row, key[0], style))

    @override
    @guarded
    def resizeEvent(self, ev: QResizeEvent | None) -> None:
        """Update the plot's rectangle."""
        super().resizeEvent(ev)
        if self._ready and not self.closed:
            self.lay_out()

    def _paint_focus(self, p: QPainter, area: Area) -> None:
        """Draw a frame around the plot while its values are read by keyboard."""
        if self._has_keyboard_focus:
            p.setPen(QPen(QColor(self._style.theme.accent), self._style.px(1)))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(area.rect.adjusted(-2.5, -2.5, 2.5, 2.5), self._style.px(3), self._style.px(3))

    @override
    @guarded
    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Move the cursor with the arrow keys, in larger steps with Shift; Escape hides it."""
        direction = ARROWS.get(Qt.Key(ev.key()))
        if direction is not None:
            self._has_keyboard_focus = True
            rect = self.area().rect
            step = LARGE_STEP if ev.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            at = self._cursor or rect.center()
            x = min(max(at.x() + direction[0] * step * rect.width(), rect.left() + 1.0), rect.right() - 1.0)
            y = min(max(at.y() + direction[1] * step * rect.height(), rect.top() + 1.0), rect.bottom() - 1.0)
            self._move_cursor(QPointF(x, y))
        elif ev.key() == Qt.Key.Key_Escape and self._cursor is not None:
            self._move_cursor(None)
        else:
            # Leave all other keys to the window; pyqtgraph's view would consume some.
            ev.ignore()

    def _move_cursor(self, position: QPointF | None) -> None:
        self._cursor = position
        self.hovered.emit(position)

    @override
    @guarded
    def focusInEvent(self, ev: QFocusEvent) -> None:
        """Show the frame."""
        super().focusInEvent(ev)
        self._has_keyboard_focus = ev.reason() in KEYBOARD
        self.repaint_soon()

    @override
    @guarded
    def focusOutEvent(self, ev: QFocusEvent) -> None:
        """Hide the frame and the values."""
        super().focusOutEvent(ev)
        self._has_keyboard_focus = False
        self._move_cursor(None)
        self.repaint_soon()

    @override
    @guarded
    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Emit the mouse's position."""
        super().mouseMoveEvent(ev)
        self.hovered.emit(self.mapToScene(ev.position().toPoint()))

    @override
    @guarded
    def mousePressEvent(self, ev: QMouseEvent) -> None:
        """Remember where a click begins."""
        super().mousePressEvent(ev)
        self._pressed = ev.position() if ev.button() == Qt.MouseButton.LeftButton else None

    @override
    @guarded
    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """Emit a click, unless the mouse was dragged."""
        super().mouseReleaseEvent(ev)
        pressed, self._pressed = self._pressed, None
        if pressed is not None and (ev.position() - pressed).manhattanLength() <= CLICK_DISTANCE:
            self.clicked.emit(self.mapToScene(ev.position().toPoint()))

    @override
    @guarded
    def leaveEvent(self, ev: QEvent) -> None:
        """Emit that the mouse left."""
        super().leaveEvent(ev)
        self.hovered.emit(None)
