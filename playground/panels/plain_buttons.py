"""The buttons of a dialog, without icons."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QWidget
from typing_extensions import override

from playground.widgets.guard import guarded


class PlainButtonBox(QDialogButtonBox):
    """The buttons of a dialog, without the platform's coloured icons."""

    def __init__(self, buttons: QDialogButtonBox.StandardButton, parent: QWidget | None = None) -> None:
        super().__init__(buttons, parent)
        self._take_icons_away()

    @override
    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Take away the icons that a new style has brought."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._take_icons_away()

    def _take_icons_away(self) -> None:
        for button in self.buttons():
            button.setIcon(QIcon())
