"""A handle on an activation's curve that sets its parameter α by dragging or with the arrow keys."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.formulas.activations import Activation
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or

RADIUS: Final = 5.0
SIDE: Final = 22
"""Side of the square that accepts the mouse, in pixels at scale 1."""

FINE: Final = 0.01
COARSE: Final = 0.1

KEYS: Final = {
    Qt.Key.Key_Up: 1.0,
    Qt.Key.Key_Down: -1.0,
    Qt.Key.Key_PageUp: COARSE / FINE,
    Qt.Key.Key_PageDown: -COARSE / FINE,
}


class AlphaHandle(QWidget):
    """A draggable, focusable dot; the card positions it and interprets its signals.

    Signals:
        dragged: distance dragged so far, in pixels upwards.
        nudged: requested change of α.
        held: whether a drag is in progress.
    """

    dragged = Signal(float)
    nudged = Signal(float)
    held = Signal(bool)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._start: QPointF | None = None
        self.setObjectName("alphaHandle")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeVerCursor)

    def describe(self, label: str, hint: str, value: str) -> None:
        """Set the accessible name and the tooltip: the meaning of α and its value."""
        self.setAccessibleName(f"{label}: {value}")
        self.setToolTip(f"α = {value}. {hint}\nDrag up or down, or press ↑ and ↓ (Page ↑ and ↓ for larger steps).")

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self.update()

    @override
    @guarded_or(QSize(SIDE, SIDE))
    def sizeHint(self) -> QSize:
        """Return the side of the square."""
        side = round(self._style.px(SIDE))
        return QSize(side, side)

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = event.globalPosition()
            self.held.emit(True)

    @override
    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Continue the drag."""
        if self._start is not None:
            self.dragged.emit(self._start.y() - event.globalPosition().y())

    @override
    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        if self._start is not None:
            self._start = None
            self.held.emit(False)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change α by a small or a large step."""
        steps = KEYS.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(steps * FINE)

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot, and the focus ring while focused."""
        theme, px = self._style.theme, self._style.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(self.width() / 2, self.height() / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), px(1)))
            painter.drawEllipse(centre, px(RADIUS + 3), px(RADIUS + 3))
        painter.setPen(QPen(QColor(theme.accent), px(2)))
        painter.setBrush(QColor(theme.panel))
        painter.drawEllipse(centre, px(RADIUS), px(RADIUS))
        painter.end()


def alpha_through(activation: Activation, z: float, value: float, limits: tuple[float, float]) -> float:
    """Return the α within ``limits`` with φ(z) = ``value``, or the closest limit; φ(z) is monotonic in α.

    Args:
        activation: an activation with a parameter.
        z: position of the handle, not 0.
        value: the requested φ(z).
        limits: smallest and largest α.
    """

    def height(alpha: float) -> float:
        return float(activation.function(np.array([z]), alpha)[0])

    low, high = limits
    increases = height(high) > height(low)
    for _ in range(60):
        middle = (low + high) / 2.0
        if (height(middle) < value) == increases:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
