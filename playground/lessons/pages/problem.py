"""The page that explains why a lesson cannot be opened: file, line, key and message."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.errors import LessonError, PlaygroundError
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel


class ProblemPage(QWidget):
    """Shows an error of a lesson's file, with buttons to read it again and to leave.

    Signals:
        reload_requested: read the file again.
        close_requested: close the page.
    """

    reload_requested = Signal()
    close_requested = Signal()

    def __init__(self, error: PlaygroundError, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = PlainLabel("This lesson cannot be read")
        title.setProperty("role", "heading")
        title.setWordWrap(True)
        self._rows = QVBoxLayout(self)
        self._rows.addWidget(title)
        for name, text in _error_details(error):
            label = PlainLabel(f"{name}: {text}" if name else text)
            label.setObjectName(f"lessonProblem{name}")
            label.setWordWrap(True)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self._rows.addWidget(label)
        again, close = QPushButton("Read again"), QPushButton("Close")
        again.setObjectName("lessonReloadButton")
        again.setProperty("role", "primary")
        again.setToolTip("Read the file again (Ctrl+R).")
        again.clicked.connect(lambda _=False: self.reload_requested.emit())
        close.setObjectName("lessonProblemClose")
        close.clicked.connect(lambda _=False: self.close_requested.emit())
        buttons = QHBoxLayout()
        buttons.addWidget(again)
        buttons.addWidget(close)
        buttons.addStretch(1)
        self._rows.addLayout(buttons)
        self._rows.addStretch(1)
        self.set_style(style)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        margin = round(style.px(14))
        self._rows.setContentsMargins(margin, margin, margin, margin)
        self._rows.setSpacing(round(style.px(8)))


def _error_details(error: PlaygroundError) -> list[tuple[str, str]]:
    if not isinstance(error, LessonError):
        return [("", str(error))]
    details = [("File", error.where), ("Line", str(error.line) if error.line else ""), ("Key", error.key)]
    return [*(detail for detail in details if detail[1]), ("", error.message)]
