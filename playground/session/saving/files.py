"""New, open and save: Experiment files, users' tables, and the last session."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from core.data.tables.files.file_kinds import looks_like_table
from core.errors import PlaygroundError
from core.experiment import Experiment, TableSource
from core.experiment.experiment_file import load, save, write_atomically
from core.training.origins.picture_names import looks_like_picture
from playground.session.saving.history_file import encode, read
from playground.session.saving.last_state import LastState
from playground.session.saving.table_paths import pasted_path, with_absolute_table
from playground.session.session import Session
from playground.worker.commands import ResumeFrom

LESSON_SUFFIX: Final = ".md"
LESSON_FILTER: Final = "Lessons (*.md)"
PICTURE_FILTER: Final = "Exported pictures and decks (*.png *.svg *.pdf *.gif *.webp *.mp4 *.pptx)"
EXPERIMENT_FILTER: Final = "Experiments (*.json);;All files (*)"
TABLE_FILTER: Final = (
    "Tables (*.csv *.tsv *.tab *.txt *.data *.dat *.xlsx *.xlsm *.xlsb *.xls *.ods *.json *.jsonl *.parquet "
    "*.arff *.gz *.zip *.html);;"
    "All files (*)"
)


class Files(QObject):
    """Implements the File menu of one window.

    Methods that open or save return whether that succeeded; otherwise they have shown a message, or the user cancelled.

    Args:
        session: the session to open into and save from.
        last_state: recent files and the saved last session.
        ask_table: shows the dialog for a table and returns the choice, or ``None``.
        window: parent of the dialogs.

    Signals:
        recent_changed: the list of recent files changed.
        recovered: the :class:`LastState` of the crashed session that was recovered.
        lesson_requested: the path of a lesson that is to be opened.
    """

    recent_changed = Signal()
    recovered = Signal(object)
    lesson_requested = Signal(object)

    def __init__(
        self,
        session: Session,
        last_state: LastState,
        ask_table: Callable[[Path], TableSource | None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._last_state = last_state
        self._ask_table = ask_table
        self._window = window

    # -- opening -----------------------------------------------------------------------------------------------------

    def new(self, experiment: Experiment | None = None) -> None:
        """Open the default Experiment, or ``experiment`` (a preset), paused."""
        if self._may_leave():
            self._session.pause()
            self._replace(experiment or Experiment(), None)

    def open(self) -> None:
        """Ask for an Experiment file and open it."""
        from PySide6.QtWidgets import QFileDialog  # imported late: not needed for the first frame

        name, _ = QFileDialog.getOpenFileName(
            self._window,
            "Open experiment",
            self._start_folder(),
            f"{EXPERIMENT_FILTER};;{PICTURE_FILTER};;{LESSON_FILTER};;{TABLE_FILTER}",
        )
        if name:
            self.open_path(Path(name))

    def open_data(self) -> None:
        """Ask for a table and use it as data."""
        from PySide6.QtWidgets import QFileDialog  # imported late: not needed for the first frame

        name, _ = QFileDialog.getOpenFileName(self._window, "Open data", self._start_folder(), TABLE_FILTER)
        if name:
            self.open_table(Path(name))

    def open_path(self, path: Path) -> bool:
        """Open ``path``, an Experiment, picture, lesson or table; on an error show a message and keep the current Experiment."""
        if path.suffix.lower() == LESSON_SUFFIX:
            self.lesson_requested.emit(path)
            return True
        if looks_like_picture(path):
            return self._open_picture(path)
        if looks_like_table(path):
            return self.open_table(path)
        try:
            experiment = load(path)
        except PlaygroundError as error:
            self._session.message.emit(str(error), "error")
            return False
        if not self._may_leave():
            return False
        self._replace(experiment, path)
        self._remember(path)
        return True

    def _open_picture(self, path: Path) -> bool:
        """Restore the experiment in the exported picture or deck ``path``, paused at the moment that it shows."""
        from playground.session.saving.picture_files import ask_origin  # imported late: not needed for the first frame

        try:
            origin = ask_origin(path, self._window)
        except PlaygroundError as error:
            self._session.message.emit(str(error), "error")
            return False
        if origin is None or not self._may_leave():
            return False
        self._session.pause()
        self._session.message.emit(f"Restored the experiment of {path.name}.", "info")
        self._replace(origin.experiment, None, origin.state if origin.runs is None else origin.runs.current)
        self._remember(path)
        return True

    def _replace(self, experiment: Experiment, file: Path | None, state: ResumeFrom | None = None) -> None:
        """Open ``experiment``, at ``state`` if any, and show a message on how to return to unsaved work."""
        name = self._session.experiment.name if self._session.unsaved else None
        self._session.replace_all(experiment, file, state=state)
        if name is not None:
            self._session.replaced.emit(f"“{name}” is kept. Return to it here or with File → Go back.")

    @property
    def can_recover(self) -> bool:
        """Whether there is a crashed session that has not been recovered."""
        return self._last_state.newest_aside() is not None

    def recover(self) -> bool:
        """Recover the newest crashed session; return whether one could be read."""
        crashed = self._last_state.newest_aside()
        restored = crashed.restore() if crashed is not None else None
        if crashed is None or restored is None:
            self._session.message.emit("The session before the crash cannot be read.", "error")
            return False
        if not self._may_leave():
            return False
        experiment, file = restored
        self._session.replace_all(experiment, file, state=crashed.training)
        history = read(crashed.history, experiment)
        if history is not None:
            self._session.adopt_history(history)
        self._last_state.recovered(crashed)
        self.recovered.emit(crashed)
        self._session.message.emit("Recovered your last session.", "info")
        return True

    def open_link(self, text: str) -> bool:
        """Open the share link ``text``, and show differences or errors."""
        from core.experiment.tf_playground_link import parse_link  # imported late: not needed for the first frame

        try:
            imported = parse_link(text)
        except PlaygroundError as error:
            self._session.message.emit(f"The link cannot be opened: {error}", "error")
            return False
        if not self._may_leave():
            return False
        self._replace(imported.experiment, None)
        said = ("Opened the link.", *imported.notes)
        self._session.message.emit(" ".join(said), "warning" if imported.notes else "info")
        return True

    def open_table(self, path: Path) -> bool:
        """Let the user choose target and inputs of the table at ``path``, and use it as data."""
        source = self._ask_table(path)
        return source is not None and self.use_table(source)

    def paste_table(self, text: str) -> bool:
        """Save the table in ``text``, copied from a spreadsheet, with the app's state, and open it."""
        folder = self._last_state.experiment.parent / "tables"
        try:
            path = pasted_path(folder)
            write_atomically(path, text.encode())
        except (OSError, PlaygroundError) as error:
            self._session.message.emit(f"The pasted table cannot be kept: {error}", "error")
            return False
        if self.open_table(path):
            return True
        path.unlink(missing_ok=True)
        return False

    def use_table(self, source: TableSource) -> bool:
        """Use the table ``source`` with the current network, as one undoable change.

        A new table is split by class; for the current table the chosen split is kept.
        """
        before = self._session.experiment.data
        same = isinstance(before.dataset, TableSource) and before.dataset.csv == source.csv
        split = before.split if same else "stratified"
        return self._session.edit_parts(
            "Open data",
            data=lambda data: replace(data, dataset=source, features=None, standardize=None, split=split),
            network=lambda network: replace(network, output_activation="auto"),
            training=lambda training: replace(training, loss="auto"),
        )

    # -- saving ------------------------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save to the Experiment's file, or ask for one."""
        return self._write(self._session.file) if self._session.file is not None else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save to it."""
        from PySide6.QtWidgets import QFileDialog  # imported late: not needed for the first frame

        suggestion = Path(self._start_folder()) / f"{_stem(self._session.experiment.name)}.json"
        name, _ = QFileDialog.getSaveFileName(self._window, "Save experiment", str(suggestion), EXPERIMENT_FILTER)
        if not name:
            return False
        path = Path(name)
        return self._write(path if path.suffix else path.with_suffix(".json"))

    def save_to(self, path: Path) -> bool:
        """Save to ``path``."""
        return self._write(path)

    def _write(self, path: Path) -> bool:
        try:
            save(with_absolute_table(self._session.experiment, self._session.folder, path.parent), path)
        except PlaygroundError as error:
            self._session.message.emit(str(error), "error")
            return False
        self._session.mark_saved(path)
        self._remember(path)
        self._session.message.emit(f"Saved to {path.name}", "info")
        return True

    # -- the last session --------------------------------------------------------------------------------------------

    def recent(self) -> list[Path]:
        """Return the recently opened files, newest first."""
        return self._last_state.recent()

    def forget_recent(self) -> None:
        """Clear the list of recent files."""
        self._last_state.forget_recent()
        self.recent_changed.emit()

    def store_last_state(self) -> str | None:
        """Save the session for the next start; return a message if that fails."""
        experiment = with_absolute_table(self._session.experiment, self._session.folder, None)
        history, folder = self._session.history, self._session.folder
        with contextlib.suppress(PlaygroundError):  # a folder that cannot be written is reported below
            entries = encode(history.done, history.undone, lambda each: with_absolute_table(each, folder, None))
            write_atomically(self._last_state.history, entries)
        return self._last_state.store(experiment, self._session.file)

    def _remember(self, path: Path) -> None:
        self._last_state.add_recent(path)
        self.recent_changed.emit()

    def _start_folder(self) -> str:
        if self._session.file is not None:
            return str(self._session.file.parent)
        recent = self.recent()
        return str(recent[0].parent) if recent else str(Path.home())

    def _may_leave(self) -> bool:
        """Ask what to do with unsaved changes of a file; return False to cancel.

        Does not ask about work without a file, because going back restores it with its training and history.
        """
        if not self._session.unsaved or self._session.file is None:
            return True
        from PySide6.QtWidgets import QMessageBox  # imported late: the first frame does not need it

        question = QMessageBox(self._window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle("Unsaved changes")
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(f"Save the changes to “{self._session.experiment.name}” first?")
        question.setStandardButtons(
            QMessageBox.StandardButton.Save | QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel
        )
        question.setDefaultButton(QMessageBox.StandardButton.Save)
        answer = question.exec()
        question.deleteLater()
        if answer == QMessageBox.StandardButton.Save:
            return self.save()
        return answer == QMessageBox.StandardButton.Discard


def _stem(name: str) -> str:
    """Convert ``name`` to a file name of letters, digits and hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split()) or "experiment"
