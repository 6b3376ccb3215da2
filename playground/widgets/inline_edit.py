"""A text field that opens over a widget to edit its value in place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from playground.widgets.guard import guarded


class InlineEdit(QLineEdit):
    """A text field over its parent; Esc or losing the focus closes it without a change.

    Signals:
        closed: the field was hidden, with or without a change.
    """

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._owner = parent
        self._is_closing = False

    def close_field(self) -> None:
        """Hide the field; if it has the focus, its parent gets it."""
        if self._is_closing or self.isHidden():
            return
        had_focus = self.hasFocus()
        self._is_closing = True
        self.hide()
        self._is_closing = False
        if had_focus:
            self._owner.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc, before the window handles the key."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_field()
        else:
            super().keyPressEvent(event)

    @override
    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close when the focus moves elsewhere, but not for the context menu."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_field()
