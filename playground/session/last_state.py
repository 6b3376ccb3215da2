"""What the window remembers from one start to the next: the Experiment, its file, recent files."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, QStandardPaths

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.experiment_file import load, save

MOST_RECENT: Final = 8
_RECENT: Final = "files/recent"
_LAST_FILE: Final = "files/last"


def state_folder() -> Path:
    """Return the folder for what the app remembers, made where that is possible."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
    with contextlib.suppress(OSError):  # storing says so; nothing remembered may keep the app from starting
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_readable_file(path: Path) -> bool:
    """Return whether ``path`` is a file that can be seen; a folder without permission or a name too long says no."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


class LastState:
    """Reads and writes what is remembered; never fails for a broken or missing memory.

    Attributes:
        training: file of the training state: weights, optimizer's memory, position in the epoch.
        problem: one sentence where the last session could not be restored, else empty.
    """

    def __init__(self, settings: QSettings, folder: Path) -> None:
        self._settings = settings
        self.problem = ""
        self._path = folder / "last.json"
        self.training = folder / "last.state"

    def recent(self) -> list[Path]:
        """Return the files opened last that still exist, newest first."""
        stored = self._settings.value(_RECENT, [])
        # A list of one entry comes back from the settings as text, an empty one as None.
        names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [Path(name) for name in names if is_readable_file(Path(str(name)))]

    def add_recent(self, path: Path) -> None:
        """Put ``path`` at the head of the recent files."""
        path = path.resolve()
        others = [entry for entry in self.recent() if entry != path]
        self._settings.setValue(_RECENT, [str(entry) for entry in [path, *others][:MOST_RECENT]])

    def forget_recent(self) -> None:
        """Empty the list of recent files."""
        self._settings.setValue(_RECENT, [])

    def store(self, experiment: Experiment, file: Path | None) -> str | None:
        """Remember ``experiment`` and its file; return a sentence when that was impossible."""
        self._settings.setValue(_LAST_FILE, str(file) if file else "")
        try:
            save(experiment, self._path)
        except PlaygroundError as error:
            return f"This session cannot be remembered for the next start: {error}"
        return None

    def restore(self) -> tuple[Experiment, Path | None] | None:
        """Return the Experiment of the last session and its file, or ``None``; :attr:`problem` then says why."""
        self.problem = ""
        try:
            if not self._path.exists():
                return None
            experiment = load(self._path)
        except (PlaygroundError, OSError) as error:
            # A memory from another version, or one that cannot be read, must not keep the window from opening.
            self.problem = f"The last session could not be restored: {error}"
            return None
        stored = str(self._settings.value(_LAST_FILE, "") or "")
        file = Path(stored) if stored and is_readable_file(Path(stored)) else None
        return experiment, file
