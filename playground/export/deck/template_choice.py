"""The choice of the user's own PowerPoint template."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from playground.style.theme import GRID
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel, plain_tip

FILTER: Final = "PowerPoint (*.pptx *.potx)"
OWN: Final = "None: white slides"
_KEY: Final = "export/template"


class TemplateChoice(QWidget):
    """Shows the name of the template, with buttons to choose one and to use none.

    Signals:
        changed: another template was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._path: Path | None = None
        self._name = PlainLabel(OWN)
        self._name.setObjectName("templateName")
        self._choose, self._clear = QPushButton("Choose…"), QPushButton("None")
        self._choose.setObjectName("templateButton")
        self._choose.setToolTip("Use layouts, fonts, colours and slide size of your own deck; its slides are kept.")
        self._clear.setObjectName("noTemplateButton")
        self._clear.setToolTip("Use the app's own plain design.")
        for button in (self._choose, self._clear):
            button.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._name, 1)
        row.addWidget(self._choose)
        row.addWidget(self._clear)
        self._choose.clicked.connect(self._ask)
        self._clear.clicked.connect(lambda: self.set_path(None))
        self._show()

    @property
    def path(self) -> Path | None:
        """The template; ``None`` for the app's own design."""
        return self._path

    def set_path(self, path: Path | None) -> None:
        """Use the template at ``path``; errors are reported when a deck is written."""
        if path != self._path:
            self._path = path
            self._show()
            self.changed.emit()

    def store(self, settings: QSettings) -> None:
        """Save the choice."""
        settings.setValue(_KEY, "" if self._path is None else str(self._path))

    def recall(self, settings: QSettings) -> None:
        """Restore the last choice."""
        text = settings.value(_KEY, "")
        self.set_path(Path(text) if isinstance(text, str) and text else None)

    def _ask(self) -> None:
        folder = str(self._path.parent if self._path is not None else Path.home())
        name, _ = QFileDialog.getOpenFileName(self, "Choose a template", folder, FILTER)
        if name:
            self.set_path(Path(name))

    def _show(self) -> None:
        text = OWN if self._path is None else self._path.name
        self._name.setText(self._name.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, self._name.width()))
        self._name.setToolTip("" if self._path is None else plain_tip(str(self._path)))
        self._name.setAccessibleName(f"Template: {text}")
        self._name.setMinimumWidth(60)
        self._clear.setVisible(self._path is not None)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide the name to fit."""
        super().resizeEvent(event)
        self._show()
