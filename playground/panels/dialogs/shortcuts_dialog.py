"""The dialog that lists all keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from playground.panels.dialogs.plain_buttons import PlainButtonBox
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel

IN_CONTROLS: tuple[tuple[str, str], ...] = (
    ("Arrow keys", "Move the slider by one step"),
    ("Page up, Page down", "Move the slider by a tenth"),
    ("Home, End", "Move the slider to its end"),
    ("Return", "Type the slider's value; press the button or open the menu that has the focus"),
    ("1 – 9", "While drawing: choose the class; one that is not there yet is added"),
    ("E, +, −", "While drawing: eraser, larger and smaller brush"),
    ("Space, Return, Delete", "While drawing: place or erase points at the crosshair, which the arrow keys move"),
    ("Drag a card's title", "Put its picture into another program; with Shift as SVG"),
    ("Ctrl+V", "Open a copied TensorFlow Playground link"),
    ("Esc", "Restore an enlarged card; cancel typing"),
)
"""Keys of controls and the window that are not shortcuts of an action."""


class ShortcutsDialog(QDialog):
    """Lists the shortcuts of ``actions``, then the keys of the controls."""

    def __init__(self, actions: Iterable[QAction], style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle("Keyboard shortcuts")
        content = QWidget()
        content.setProperty("role", "clear")
        grid = QGridLayout(content)
        grid.setHorizontalSpacing(round(style.px(24)))
        grid.setVerticalSpacing(round(style.px(5)))
        grid.setColumnStretch(0, 1)
        for keys, text in (*shortcuts(actions), *IN_CONTROLS):
            row = grid.rowCount()
            what, key = PlainLabel(text), PlainLabel(keys)
            key.setProperty("role", "key")
            what.setAccessibleDescription(keys)
            grid.addWidget(what, row, 0)
            grid.addWidget(key, row, 1, Qt.AlignmentFlag.AlignRight)
        grid.setRowStretch(grid.rowCount(), 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        scroll.setAccessibleName("Keyboard shortcuts")
        scroll.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        buttons = PlainButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        # The area scrolls only vertically, so long keys must fit its width.
        scroll.setMinimumWidth(content.minimumSizeHint().width() + round(style.px(20)))
        self.resize(round(style.px(460)), round(style.px(560)))


def shortcuts(actions: Iterable[QAction]) -> list[tuple[str, str]]:
    """Return (keys, description) of every action with a shortcut, in the given order without duplicates."""
    rows: dict[tuple[str, str], None] = {}
    for action in actions:
        keys = ", ".join(each.toString(QKeySequence.SequenceFormat.NativeText) for each in action.shortcuts())
        if keys:
            verb = "Enlarge " if action.objectName().startswith("enlarge-") else ""
            text = action.text().replace("&", "").rstrip("…")
            rows[keys, f"{verb}{text.lower()}" if verb else text] = None
    return list(rows)
