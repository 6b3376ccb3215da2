"""Use the export dialog as a user would."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from playground.export.dialog.dialog import ExportDialog
from playground.style.resources import load_fonts
from playground.style.theme import LIGHT, Style
from playground.widgets.figure import Figure


def opened(qtbot: QtBot, figures: list[Figure], settings: QSettings, **options: object) -> ExportDialog:
    load_fonts()
    dialog = ExportDialog(figures, Style(LIGHT), settings=settings, **options)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def combo(dialog: ExportDialog, name: str) -> QComboBox:
    return next(box for box in dialog.findChildren(QComboBox) if box.accessibleName() == name)


def choose(dialog: ExportDialog, name: str, value: object) -> None:
    box = combo(dialog, name)
    box.setCurrentIndex(next(row for row in range(box.count()) if box.itemData(row) == value))


def tick(dialog: ExportDialog, row: int, *, on: bool = True) -> None:
    item = dialog.findChild(QListWidget).item(row)
    item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def message(dialog: ExportDialog) -> str:
    return dialog.findChild(QLabel, "exportMessage").text()


def click(qtbot: QtBot, dialog: ExportDialog, name: str) -> None:
    qtbot.mouseClick(dialog.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def written(dialog: ExportDialog, qtbot: QtBot) -> None:
    """Wait until the dialog has finished writing or copying."""
    qtbot.waitUntil(lambda: not dialog._queue.is_busy)
    assert dialog.findChild(QProgressBar).isHidden()
