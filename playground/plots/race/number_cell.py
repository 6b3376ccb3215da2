"""The editor of a number in the table of racers, which follows the program's other number fields."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QStyledItemDelegate, QWidget
from typing_extensions import override

from playground.widgets.guard import guarded_or


class NumberDelegate(QStyledItemDelegate):
    """Takes a typed number with Return; Escape, Tab and leaving the cell revert it. Qt would take it on leaving."""

    @override
    @guarded_or(False)
    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Close the editor without its number when it loses the focus, and go on to the next cell with Tab."""
        hints = QAbstractItemDelegate.EndEditHint
        if isinstance(editor, QWidget):
            if event.type() == QEvent.Type.FocusOut:
                self.closeEditor.emit(editor, hints.RevertModelCache)
                return False
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                if event.key() == Qt.Key.Key_Tab:
                    self.closeEditor.emit(editor, hints.EditNextItem)
                    return True
                if event.key() == Qt.Key.Key_Backtab:
                    self.closeEditor.emit(editor, hints.EditPreviousItem)
                    return True
        return super().eventFilter(editor, event)
