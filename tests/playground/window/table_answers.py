"""Answers to the dialog that opens a table."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from playground.panels.table.dialog import TableDialog


def answer(*, take: bool) -> None:
    """Press a button of the table's dialog as soon as it is enabled."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, TableDialog):
            return
        box = dialog.findChild(QDialogButtonBox)
        assert box is not None
        ok = box.button(QDialogButtonBox.StandardButton.Ok)
        if ok.isEnabled():
            timer.stop()
            (ok if take else box.button(QDialogButtonBox.StandardButton.Cancel)).click()

    timer = QTimer(QApplication.instance())
    timer.timeout.connect(look)
    timer.start(20)
