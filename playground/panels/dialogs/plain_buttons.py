"""A dialog button box without icons."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QWidget
from typing_extensions import override

from playground.widgets.guard import guarded


class PlainButtonBox(QDialogButtonBox):
    """A dialog button box without the platform's coloured icons."""

    def __init__(self, buttons: QDialogButtonBox.StandardButton, parent: QWidget | None = None) -> None:
        super().__init__(buttons, parent)
        self._remove_icons()

    @override
    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Remove the icons that a new style sets."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._remove_icons()

    def _remove_icons(self) -> None:
        for button in self.buttons():
            button.setIcon(QIcon())
