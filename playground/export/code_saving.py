"""Save the current experiment as a script, and the network as it is now, to a file that the user chooses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QWidget

from core.code_export.plan import DEFAULT_EPOCHS, Plan
from core.errors import PlaygroundError
from playground.export.names import free_path, slug
from playground.export.widgets.questions import ask_path
from playground.worker.background import Advance, Background

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session import Session

_FOLDER: Final = "export/folder"


class CodeSaving(QObject):
    """Asks for a path and writes in the background; the session reports the result.

    Args:
        session: the session whose experiment is saved.
        window: parent of the dialogs.
        settings: stores the last folder.
    """

    def __init__(self, session: Session, window: QWidget, settings: QSettings | None = None) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._settings = settings
        self._jobs = Background("code files", self, keep="all")
        self._jobs.succeeded.connect(self._tell)
        self._jobs.failed.connect(self._fail)

    def save_script(self, framework: str) -> None:
        """Ask for a path and save the script for ``framework``."""
        snapshot = self._ready()
        path = self._ask(framework, "py") if snapshot is not None else None
        if snapshot is not None and path is not None:
            self.save_script_to(path, framework, snapshot)

    def save_script_to(self, path: Path, framework: str, snapshot: Snapshot) -> None:
        """Save the script for ``framework`` to ``path``."""
        from core.code_export.files import write_script

        plan = _plan(snapshot)
        self._submit(lambda: write_script(plan, framework, path))

    def save_model(self, suffix: str) -> None:
        """Ask for a path and save the network in the format ``suffix``."""
        snapshot = self._ready()
        path = self._ask("network", suffix) if snapshot is not None else None
        if snapshot is not None and path is not None:
            self.save_model_to(path, snapshot)

    def save_model_to(self, path: Path, snapshot: Snapshot) -> None:
        """Save the network of ``snapshot`` to ``path`` in the format of its suffix."""
        from core.code_export.files import write_model

        plan, network = _plan(snapshot), snapshot.network

        def write() -> list[Path]:
            write_model(plan, network, path)
            return [path]

        self._submit(write)

    def _ready(self) -> Snapshot | None:
        """Return the newest snapshot; without one, say so."""
        snapshot = self._session.snapshot
        if snapshot is None:
            self._session.message.emit("The data is still loading; try again in a moment.", "warning")
        return snapshot

    def _ask(self, word: str, suffix: str) -> Path | None:
        settings = QSettings() if self._settings is None else self._settings
        folder = Path(str(settings.value(_FOLDER, str(Path.home()))))
        name = slug(self._session.subject) or "experiment"
        path = ask_path(self._window, folder, free_path(folder / f"{name}-{word}.{suffix}").stem, suffix)
        if path is not None:
            settings.setValue(_FOLDER, str(path.parent))
        return path

    def _submit(self, write: Callable[[], list[Path]]) -> None:
        def job(_advance: Advance) -> list[Path]:
            return write()

        self._jobs.submit(job)

    def _tell(self, files: list[Path]) -> None:
        beside = f", with the samples in {files[1].name}" if len(files) > 1 else ""
        self._session.message.emit(f"Saved {files[0]}{beside}", "info")

    def _fail(self, error: Exception) -> None:
        if isinstance(error, PlaygroundError):
            self._session.message.emit(str(error), "error")
            return
        self._session.message.emit(f"The file could not be written ({type(error).__name__}: {error}).", "error")
        raise error


def _plan(snapshot: Snapshot) -> Plan:
    """Return the plan of a script that trains for as many whole epochs as ``snapshot`` has."""
    return Plan(
        experiment=snapshot.experiment,
        data=snapshot.data,
        architecture=snapshot.network.architecture,
        epochs=int(snapshot.epoch) or DEFAULT_EPOCHS,
    )
