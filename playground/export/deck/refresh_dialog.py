"""The dialog *Refresh deck*: which deck, and which experiment its figures show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.files import exists
from playground.export.deck.refresh_job import RefreshJob
from playground.export.widgets.message_line import MessageLine
from playground.export.widgets.progress_row import ProgressRow
from playground.style.theme import CARD_PADDING, GRID, Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel, plain_tip
from playground.worker.mailbox import Gate

if TYPE_CHECKING:
    from core.files import exists
    from core.training.origins.shown_runs import ShownRuns
from playground.export.deck.refresh import Drawing

FILTER: Final = "PowerPoint decks (*.pptx)"
_KEY: Final = "export/refreshed"
EXPLANATION: Final = (
    "Redraws the pictures, charts and tables that this program made in a deck. Your own slides and shapes, positions, "
    "formats, and titles and notes that you edited stay as they are."
)


class RefreshDialog(QDialog):
    """Refreshes decks.

    Args:
        drawing: draws figures of stored runs.
        present: returns the runs that the window shows; ``None`` if there are none yet.
        style: style of the window.
        parent: the window.
        settings: stores the user's choices; by default the application's settings.
        gate: closed while the window draws a frame, for which writing waits; ``None`` without a window.
    """

    def __init__(
        self,
        drawing: Drawing,
        present: Callable[[], ShownRuns | None],
        style: Style,
        parent: QWidget | None = None,
        settings: QSettings | None = None,
        gate: Gate | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Refresh deck")
        self.setObjectName("refreshDialog")
        self._present, self._style = present, style
        self._settings = QSettings() if settings is None else settings
        self._path: Path | None = None
        self._job = RefreshJob(drawing, self, gate)
        self._build()
        self._job.progressed.connect(self._progress.advance)
        self._job.finished.connect(self._end)
        self._job.failed.connect(lambda sentence: self._end(sentence, failed=True))
        self._progress.cancelled.connect(self._cancel)
        self._choose.clicked.connect(self._ask)
        self._start.clicked.connect(self.start)
        stored = self._settings.value(_KEY, "")
        if isinstance(stored, str) and stored and exists(Path(stored)):
            self.set_path(Path(stored))
        self._enable()

    def set_path(self, path: Path) -> None:
        """Choose the deck at ``path``."""
        self._path = path
        self._name.setText(path.name)
        self._name.setToolTip(plain_tip(str(path)))
        self._message.say(" ")
        self._enable()

    def start(self) -> None:
        """Refresh the chosen deck."""
        if self._path is None:
            return
        present = self._present() if self._all.isChecked() else None
        if self._all.isChecked() and present is None:
            self._message.say("There is no experiment yet whose state could be shown.", failed=True)
            return
        self._settings.setValue(_KEY, str(self._path))
        self._message.say(f"Refreshing {self._path.name} …")
        self._progress.begin(2, lambda: self._job.is_busy)
        self._job.start(self._path, present, keep_copy=self._keeps.isChecked())
        self._enable()

    def _build(self) -> None:
        words = PlainLabel(EXPLANATION)
        words.setWordWrap(True)
        self._name = PlainLabel("No deck chosen")
        self._name.setObjectName("refreshName")
        self._choose, self._start = QPushButton("Choose…"), QPushButton("Refresh")
        self._choose.setObjectName("refreshChooseButton")
        self._choose.setAutoDefault(False)
        self._start.setObjectName("refreshButton")
        self._start.setDefault(True)
        self._own = QRadioButton("Each slide shows the experiment that it was made from")
        self._own.setObjectName("refreshOwnChoice")
        self._own.setToolTip("The same numbers, as this version draws them.")
        self._own.setChecked(True)
        self._all = QRadioButton("All slides show the experiment in the window as it is now")
        self._all.setObjectName("refreshPresentChoice")
        self._all.setToolTip("New numbers; the moments of a storyboard stay.")
        self._keeps = QCheckBox("Keep a copy of the original deck")
        self._keeps.setObjectName("refreshCopyBox")
        self._keeps.setChecked(True)
        self._progress = ProgressRow("Slides refreshed")
        self._message = MessageLine("refreshMessage", self._style)
        row = QHBoxLayout()
        row.addWidget(self._name, 1)
        row.addWidget(self._choose)
        bottom = QHBoxLayout()
        bottom.addWidget(self._message, 1)
        bottom.addWidget(self._start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        layout.setSpacing(GRID)
        layout.addWidget(words)
        layout.addLayout(row)
        for widget in (self._own, self._all, self._keeps):
            layout.addWidget(widget)
        layout.addWidget(self._progress)
        layout.addLayout(bottom)
        self.resize(560, 300)

    def _ask(self) -> None:
        folder = str(self._path.parent if self._path is not None else Path.home())
        name, _ = QFileDialog.getOpenFileName(self, "Refresh deck", folder, FILTER)
        if name:
            self.set_path(Path(name))

    def _cancel(self) -> None:
        self._job.cancel()
        self._end("Cancelled; the deck is unchanged.")

    def _end(self, sentence: str, *, failed: bool = False) -> None:
        self._progress.end()
        self._message.say(sentence, failed=failed)
        self._enable()

    def _enable(self) -> None:
        free = not self._job.is_busy
        for widget in (self._choose, self._own, self._all, self._keeps):
            widget.setEnabled(free)
        self._start.setEnabled(free and self._path is not None)

    @override
    @guarded
    def done(self, result: int) -> None:
        """Cancel when the dialog is closed."""
        self._job.cancel()
        super().done(result)
