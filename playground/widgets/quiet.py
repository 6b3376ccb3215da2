"""Slider, menu and number field that the wheel moves only when they have the focus."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSlider,
    QSpinBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionSlider,
    QWidget,
)
from typing_extensions import override

from playground.widgets.guard import guarded


class QuietSlider(QSlider):
    """A horizontal slider whose handle comes to where the groove is pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def travel(self) -> int:
        """How many pixels the handle can move."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        groove, handle = (
            self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
            for part in (QStyle.SubControl.SC_SliderGroove, QStyle.SubControl.SC_SliderHandle)
        )
        return max(groove.width() - handle.width(), 1)

    @override
    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel unless the slider has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle under the mouse, then drag it."""
        if event.button() == Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            control, style = QStyle.ComplexControl.CC_Slider, self.style()
            handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
            if not handle.contains(event.position().toPoint()):
                groove = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
                place = round(event.position().x() - groove.x() - handle.width() / 2)
                span = groove.width() - handle.width()
                # The way to the mouse belongs to the drag that begins here.
                self.setSliderDown(True)
                self.setValue(
                    QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, span, option.upsideDown)
                )
        super().mousePressEvent(event)


class QuietCombo(QComboBox):
    """A menu that shows its choice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(16)
        # The style sheet reaches the lines of the popup only through this delegate.
        self.setItemDelegate(QStyledItemDelegate(self))

    @override
    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel unless the menu has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class QuietSpin(QSpinBox):
    """A whole number: a click selects it, Return takes what was typed, Escape and leaving keep the number before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Qt's own policy lets the wheel take the focus, and with it the value.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)

    @override
    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel unless the field has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the number, however the focus came."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    @override
    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the number before again; what was typed is taken by Return only, and stays while a menu is open."""
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._revert()
            super().focusOutEvent(event)  # for a menu, too, it would take what was typed

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._revert()
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def _revert(self) -> None:
        # Writes the text anew: Qt changes the value only when what was typed is taken.
        self.setValue(self.value())
