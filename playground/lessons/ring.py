"""A ring drawn around a control or card to point at it, over the whole window and transparent to the mouse."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from shiboken6 import isValid
from typing_extensions import override

from playground.style.resources import application_font
from playground.style.theme import TEXT_LABEL, Style
from playground.widgets.guard import guarded, guarded_or

SHOWN_MS: Final = 6000
PULSES: Final = 3
MARGIN: Final = 6
"""Horizontal distance of the ring from its target, in pixels at scale 1."""

MARGIN_ABOVE: Final = 2
"""Vertical distance, which is smaller because the rows of a panel are close to each other."""


class Ring(QWidget):
    """Points at one widget for some seconds, or until something else is pointed at.

    It covers the target's window, and follows the target when that moves.
    """

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lessonRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._style = style
        self._target: QWidget | None = None
        self._label = ""
        self._watched: list[QWidget] = []
        self._pulse = QVariantAnimation(self)
        self._pulse.setStartValue(0.0)
        self._pulse.setKeyValueAt(0.5, 1.0)
        self._pulse.setEndValue(0.0)
        self._pulse.setDuration(SHOWN_MS // PULSES)
        self._pulse.setLoopCount(PULSES)
        self._pulse.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._pulse.valueChanged.connect(lambda _: self.update())
        self._pulse.finished.connect(self.clear)
        self.hide()

    @property
    def target(self) -> QWidget | None:
        """The widget that it points at, or ``None``."""
        return self._target

    @property
    def label(self) -> str:
        """The text beside the ring."""
        return self._label

    def point_at(self, target: QWidget, label: str) -> None:
        """Draw the ring around ``target``, with ``label`` beside it."""
        self.clear()
        self._target, self._label = target, label
        self.setParent(target.window())
        self._watch(target)
        self._cover_window()
        self.show()
        self.raise_()
        self._pulse.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(target, label or target.accessibleName()))

    def clear(self) -> None:
        """Remove the ring."""
        self._pulse.stop()
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched.clear()
        self._target = None
        self.hide()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._cover_window()

    def ring(self) -> QRect:
        """Return the rectangle of the ring in its window; an empty one if less than half of the target's height is visible."""
        target = self._target
        if target is None:
            return QRect()
        beside, above = round(self._style.px(MARGIN)), round(self._style.px(MARGIN_ABOVE))
        rectangle = _visible_rect(target)
        if 2 * rectangle.height() < target.height():
            return QRect()
        inside = target.window().rect().adjusted(2, 2, -2, -2)
        return rectangle.adjusted(-beside, -above, beside, above).intersected(inside)

    def _watch(self, widget: QWidget | None) -> None:
        while widget is not None:
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = None if widget.isWindow() else widget.parentWidget()

    def _cover_window(self) -> None:
        if self._target is not None:
            self.setGeometry(self._target.window().rect())
            self.update()

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring and its label."""
        if self._target is None:
            return
        px = self._style.px
        pulse = float(self._pulse.currentValue() or 0.0)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.ring())
        if ring.isEmpty():
            return
        colour = QColor(self._style.theme.accent)
        halo = QColor(colour)
        halo.setAlphaF(0.18 + 0.22 * pulse)
        painter.setPen(QPen(halo, px(3 + 4 * pulse)))
        painter.drawRoundedRect(ring, px(8), px(8))
        painter.setPen(QPen(colour, px(2)))
        painter.drawRoundedRect(ring, px(8), px(8))
        if self._label:
            self._paint_label(painter, ring)
        painter.end()

    def _paint_label(self, painter: QPainter, ring: QRectF) -> None:
        px, theme = self._style.px, self._style.theme
        painter.setFont(application_font(px(TEXT_LABEL + 1), family=self._style.family))
        max_width = min(px(260), self.width() - px(16))
        flags = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignCenter.value
        text = painter.boundingRect(QRectF(0, 0, max_width, px(200)), flags, self._label)
        box = QRectF(0, 0, text.width() + px(16), text.height() + px(8))
        box.moveTo(self._label_position(ring, box))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(box, px(6), px(6))
        painter.setPen(QColor(theme.panel))
        painter.drawText(box, flags, self._label)

    def _label_position(self, ring: QRectF, box: QRectF) -> QPointF:
        """Return where the label fits beside the ring: right, left, below or above it."""
        px = self._style.px
        gap, edge = px(8), px(4)
        middle = min(max(ring.center().y() - box.height() / 2, edge), self.height() - box.height() - edge)
        centre = min(max(ring.center().x() - box.width() / 2, edge), self.width() - box.width() - edge)
        if ring.right() + gap + box.width() + edge <= self.width():
            return QPointF(ring.right() + gap, middle)
        if ring.left() - gap - box.width() - edge >= 0:
            return QPointF(ring.left() - gap - box.width(), middle)
        if ring.bottom() + gap + box.height() + edge <= self.height():
            return QPointF(centre, ring.bottom() + gap)
        return QPointF(centre, max(edge, ring.top() - gap - box.height()))

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the target when it moves, and remove the ring when it is hidden."""
        kind = event.type()
        if kind in (QEvent.Type.Move, QEvent.Type.Resize):
            self._cover_window()
        elif kind in (QEvent.Type.Hide, QEvent.Type.Close) and watched is self._target:
            self.clear()
        return super().eventFilter(watched, event)


def _visible_rect(target: QWidget) -> QRect:
    """Return the part of ``target`` that is not scrolled out of a scroll area, in the coordinates of its window."""
    window = target.window()
    visible = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
    parent = target.parentWidget()
    while parent is not None and parent is not window:
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            visible = visible.intersected(QRect(parent.mapTo(window, QPoint(0, 0)), parent.size()))
        parent = parent.parentWidget()
    return visible
