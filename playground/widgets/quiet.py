"""Sliders, combo boxes and spin boxes that respond to the wheel only when focused."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSlider,
    QSpinBox,
    QStyledItemDelegate,
    QWidget,
)
from typing_extensions import override

from playground.widgets.guard import guarded, guarded_or


class QuietSlider(QSlider):
    """A horizontal slider whose handle jumps to the pressed position."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._mark: int | None = None
        self._mark_colour = QColor()

    @property
    def mark(self) -> int | None:
        """The marked position, or ``None``."""
        return self._mark

    def set_mark(self, position: int | None, colour: str = "") -> None:
        """Mark ``position`` with a tick of ``colour``; ``None`` removes it."""
        if (position, QColor(colour)) != (self._mark, self._mark_colour):
            self._mark, self._mark_colour = position, QColor(colour)
            self.update()

    def mark_x(self) -> float:
        """Return the middle of the tick in pixels."""
        groove, handle = self._parts()
        span = self.maximum() - self.minimum()
        share = ((self._mark or 0) - self.minimum()) / span if span else 0.0
        return groove.x() + handle.width() / 2 + share * (groove.width() - handle.width())

    def _parts(self) -> tuple[QRect, QRect]:
        """Return the rectangles of groove and handle."""
        from PySide6.QtWidgets import QStyle, QStyleOptionSlider  # late: their many enumerations take 8 ms

        option = QStyleOptionSlider()
        self.initStyleOption(option)
        groove, handle = (
            self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
            for part in (QStyle.SubControl.SC_SliderGroove, QStyle.SubControl.SC_SliderHandle)
        )
        return groove, handle

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tick below groove and handle."""
        if self._mark is not None:
            painter = QPainter(self)
            painter.fillRect(QRectF(round(self.mark_x()) - 1.0, 0.0, 2.0, self.height()), self._mark_colour)
            painter.end()
        super().paintEvent(event)

    @property
    def travel(self) -> int:
        """The handle's range of movement in pixels."""
        groove, handle = self._parts()
        return max(groove.width() - handle.width(), 1)

    @override
    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass wheel events to the panel unless the slider has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the handle under the mouse, then drag it."""
        if event.button() == Qt.MouseButton.LeftButton:
            from PySide6.QtWidgets import QStyle, QStyleOptionSlider

            option = QStyleOptionSlider()
            self.initStyleOption(option)
            control, style = QStyle.ComplexControl.CC_Slider, self.style()
            handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
            if not handle.contains(event.position().toPoint()):
                groove = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
                position = round(event.position().x() - groove.x() - handle.width() / 2)
                span = groove.width() - handle.width()
                # Start the drag first, so that the jump is part of it.
                self.setSliderDown(True)
                self.setValue(
                    QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), position, span, option.upsideDown)
                )
        super().mousePressEvent(event)


class QuietCombo(QComboBox):
    """A combo box that ignores the wheel unless focused."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(16)
        # The style sheet applies to the popup's items only with this delegate.
        self.setItemDelegate(QStyledItemDelegate(self))

    @override
    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass wheel events to the panel unless the combo box has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class QuietSpin(QSpinBox):
    """An integer field: a click selects its text, Return accepts it, Escape and losing the focus revert it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # With Qt's default policy the wheel would focus the field and then change the value.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        # The style sheet's padding does not apply to the inner line edit.
        self.lineEdit().setTextMargins(5, 0, 0, 0)
        self._was_just_focused = False
        self.lineEdit().installEventFilter(self)

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the whole number selected on the click that gave the focus; later clicks place the cursor."""
        if event.type() == QEvent.Type.MouseButtonPress and self._was_just_focused:
            self._was_just_focused = False
            return True
        return super().eventFilter(watched, event)

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Count up or down; a click on an arrow is not a click into the text."""
        self._was_just_focused = False
        super().mousePressEvent(event)

    @override
    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass wheel events to the panel unless the field has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the number, unless a popup menu returns the focus."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()
            self._was_just_focused = event.reason() == Qt.FocusReason.MouseFocusReason

    @override
    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Revert to the previous number, unless a popup menu takes the focus; only Return accepts typed text."""
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._revert()
            super().focusOutEvent(event)  # Qt would accept the typed text

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Revert on Escape; the Return that takes a typed number does not press the default button of a dialog as well."""
        if event.key() == Qt.Key.Key_Escape:
            self._revert()
            self.clearFocus()
            return
        takes = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.lineEdit().isModified()
        super().keyPressEvent(event)
        if takes:
            self.lineEdit().setModified(False)
            event.accept()

    def _revert(self) -> None:
        # This resets the text: Qt changes the value only when the text is accepted.
        self.setValue(self.value())
