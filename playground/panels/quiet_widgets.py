"""Slider, menu and number field that the wheel moves only when they have the focus, and buttons without icons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QSlider,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionSlider,
    QWidget,
)
from typing_extensions import override


class QuietSlider(QSlider):
    """A horizontal slider whose handle comes to where the groove is pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel unless the slider has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
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
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel unless the menu has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class PlainButtonBox(QDialogButtonBox):
    """The buttons of a dialog, without the platform's coloured icons."""

    def __init__(self, buttons: QDialogButtonBox.StandardButton, parent: QWidget | None = None) -> None:
        super().__init__(buttons, parent)
        self._take_icons_away()

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Take away the icons that a new style has brought."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._take_icons_away()

    def _take_icons_away(self) -> None:
        for button in self.buttons():
            button.setIcon(QIcon())
