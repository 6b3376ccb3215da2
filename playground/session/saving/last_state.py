"""State saved from one start to the next: the Experiment, its file, recent files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLockFile, QSettings, QStandardPaths

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.experiment_file import load, save
from core.files import real_path

MAX_RECENT: Final = 8
_RECENT: Final = "files/recent"
MAX_WINDOWS: Final = 32
FIRST: Final = "last"
"""Stem of the first window's files."""

LESSONS: Final = "lessons"
"""Folder of the files of lessons in the state folder."""

MAX_ASIDE: Final = 5
"""Maximum number of crashed sessions kept for recovery, and of unreadable ones."""

_CRASHED: Final = "crashed"
_UNREADABLE: Final = "unreadable"


def state_folder() -> Path:
    """Return the folder for the app's state, and create it if possible."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
    with contextlib.suppress(OSError):  # reported when storing; saved state must not prevent the app from starting
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_readable_file(path: Path) -> bool:
    """Return whether ``path`` is an accessible file; False for forbidden folders and names that are too long."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


class LastState:
    """Reads and writes the saved state; never fails because it is damaged or missing.

    Attributes:
        experiment: file of the Experiment.
        training: file of the training state: weights, optimizer state, position in the epoch.
        history: file of the undo history.
        pins: file of the pinned runs.
        problems: messages on what could not be restored or written.
    """

    def __init__(self, settings: QSettings, folder: Path, stem: str = FIRST, lock: QLockFile | None = None) -> None:
        self._settings = settings
        self.problems: list[str] = []
        self._stem, self._folder = stem, folder
        self._use(folder, stem)
        self._recovered: list[LastState] = []
        self._running = folder / f"{stem}.running"
        self._lock = lock

    def _use(self, folder: Path, stem: str) -> None:
        self._file_key = f"files/{stem}"
        self._chosen_key = f"chosen/{stem}"
        self.experiment = folder / f"{stem}.json"
        self.training = folder / f"{stem}.state"
        self.history = folder / f"{stem}.history"
        self.pins = folder / f"{stem}.pins"

    def divert(self, name: str | None) -> None:
        """Write to separate files called ``name`` from now on, such as those of a lesson; ``None`` ends that.

        Meanwhile the session's own files stay as they are, so that neither a crash nor closing the window loses them.
        """
        if name is None:
            self._use(self._folder, self._stem)
            return
        folder = self._folder / LESSONS
        with contextlib.suppress(OSError):  # reported when storing
            folder.mkdir(parents=True, exist_ok=True)
        self._use(folder, name if self._stem == FIRST else f"{self._stem}-{name}")

    @classmethod
    def claim(cls, settings: QSettings, folder: Path) -> LastState:
        """Return the first state not used by another window, so that windows do not overwrite each other's."""
        for stem in _stems():
            lock = _lock(folder, stem)
            if lock.tryLock(0):
                return cls(settings, folder, stem, lock)
            if lock.error() != QLockFile.LockError.LockFailedError:
                memory = cls(settings, folder, stem)  # no window can write there
                memory.problems.append(
                    f"This session cannot be remembered for the next start: {folder} cannot be written."
                )
                return memory
        return cls(settings, folder, f"last-{os.getpid()}")

    def begin(self) -> bool:
        """Mark the session as running; return whether the previous one ended by a crash or kill."""
        crashed = is_readable_file(self._running)
        with contextlib.suppress(OSError):
            self._running.touch()
            for kept in self._files:
                for rest in kept.parent.glob(f".{kept.name}.*"):  # left by an interrupted write
                    rest.unlink()
        return crashed

    @property
    def folder(self) -> Path:
        """The folder of the app's state."""
        return self._folder

    @property
    def _files(self) -> tuple[Path, ...]:
        return self.experiment, self.training, self.history, self.pins

    def set_aside(self) -> None:
        """Move the crashed session's files, so that the new session does not overwrite them."""
        self._keep(self, _CRASHED)

    def keep_unreadable(self) -> None:
        """Move the files of a session that could not be restored, such as one of a newer version, instead of overwriting them."""
        kept = self._keep(self, _UNREADABLE)
        if is_readable_file(kept.experiment):
            self.problems.append(f"It is kept as {kept.experiment}.")

    def ensure_folder(self) -> bool:
        """Create the folder again if it has been deleted since the start; return whether it had been."""
        if self.experiment.parent.is_dir():
            return False
        with contextlib.suppress(OSError):  # reported when storing
            self.experiment.parent.mkdir(parents=True)
            self._running.touch()
        return True

    def adopt_crashed(self) -> None:
        """Set aside the crashed sessions of other windows, which may never be opened again."""
        for stem in _stems():
            if stem == self._stem or not is_readable_file(self._folder / f"{stem}.running"):
                continue
            other = LastState(self._settings, self._folder, stem)
            lock = _lock(self._folder, stem)
            if not lock.tryLock(0):
                continue  # its window is open
            if is_readable_file(other.experiment):
                self._keep(other, _CRASHED)
            with contextlib.suppress(OSError):
                other._running.unlink()
            lock.unlock()

    def _keep(self, session: LastState, kind: str) -> LastState:
        asides = self._asides(kind)
        for oldest in asides[: max(len(asides) - MAX_ASIDE + 1, 0)]:
            oldest.delete()
        used = {aside._stem for aside in self._asides(kind)}
        numbers = (f"{self._stem}-{kind}-{number}" for number in range(1, MAX_ASIDE + 1))
        aside = LastState(self._settings, self._folder, next(stem for stem in numbers if stem not in used))
        for new, old in ((aside._file_key, session._file_key), (aside._chosen_key, session._chosen_key)):
            aside._settings.setValue(new, self._settings.value(old, ""))
        for source, target in zip(session._files, aside._files, strict=True):
            with contextlib.suppress(OSError):
                source.replace(target)
        return aside

    def newest_aside(self) -> LastState | None:
        """Return the newest crashed session that has not been recovered."""
        asides = [
            aside for aside in self._asides(_CRASHED) if aside._stem not in {each._stem for each in self._recovered}
        ]
        return asides[-1] if asides else None

    def recovered(self, aside: LastState) -> None:
        """Mark ``aside`` as recovered; its files are deleted when this session ends."""
        self._recovered.append(aside)

    def _asides(self, kind: str) -> list[LastState]:
        """Return the crashed or unreadable sessions set aside, oldest first."""
        found = []
        for number in range(1, MAX_ASIDE + 1):
            aside = LastState(self._settings, self._folder, f"{self._stem}-{kind}-{number}")
            with contextlib.suppress(OSError):
                found.append((aside.experiment.stat().st_mtime_ns, number, aside))
        return [aside for *_, aside in sorted(found, key=lambda each: each[:2])]

    def delete(self) -> None:
        """Delete the files of this state."""
        for path in self._files:
            with contextlib.suppress(OSError):
                path.unlink()

    def end(self) -> None:
        """Mark the session as ended normally, and release this state for other windows."""
        for aside in self._recovered:
            aside.delete()
        with contextlib.suppress(OSError):
            self._running.unlink()
        if self._lock is not None:
            self._lock.unlock()

    def recent(self) -> list[Path]:
        """Return the recently opened files that still exist, newest first."""
        stored = self._settings.value(_RECENT, [])
        # QSettings returns a list of one entry as a string, and an empty one as None.
        names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [Path(name) for name in names if is_readable_file(Path(str(name)))]

    def add_recent(self, path: Path) -> None:
        """Add ``path`` as the most recent file."""
        path = real_path(path)
        others = [entry for entry in self.recent() if entry != path]
        self._settings.setValue(_RECENT, [str(entry) for entry in [path, *others][:MAX_RECENT]])

    def forget_recent(self) -> None:
        """Clear the list of recent files."""
        self._settings.setValue(_RECENT, [])

    def store(self, experiment: Experiment, file: Path | None) -> str | None:
        """Save ``experiment`` and its file; return a message if that fails."""
        self.store_file(file)
        try:
            save(experiment, self.experiment)
        except PlaygroundError as error:
            return f"This session cannot be remembered for the next start: {error}"
        return None

    def store_file(self, file: Path | None) -> None:
        """Save the path of the session's file."""
        self._settings.setValue(self._file_key, str(file) if file else "")

    def store_chosen(self, chosen: str) -> None:
        """Save what is selected in the session, as text."""
        self._settings.setValue(self._chosen_key, chosen)

    @property
    def chosen(self) -> str:
        """What was selected in the last session, as text; empty if unknown."""
        return str(self._settings.value(self._chosen_key, "") or "")

    def restore(self) -> tuple[Experiment, Path | None] | None:
        """Return the Experiment of the last session and its file, or ``None``; :attr:`problems` then says why."""
        try:
            if not self.experiment.exists():
                return None
            experiment = self._newer_in_state() or load(self.experiment)
        except (PlaygroundError, OSError) as error:
            # State that is unreadable or of another version must not prevent the window from opening.
            self.problems.append(f"The last session could not be restored: {error}")
            return None
        stored = str(self._settings.value(self._file_key, "") or "")
        file = Path(stored) if stored and is_readable_file(Path(stored)) else None
        return experiment, file

    def _newer_in_state(self) -> Experiment | None:
        """Return the training state's experiment if a kill left it newer than the experiment's file."""
        from core.training.state_file import load_state  # imported late: not needed if the last session ended normally

        try:
            if self.training.stat().st_mtime_ns <= self.experiment.stat().st_mtime_ns:
                return None
            return load_state(self.training).experiment
        except (OSError, PlaygroundError):
            return None


def _stems() -> Iterator[str]:
    """Yield the stems of the files of the first window, the second, and so on."""
    for number in range(1, MAX_WINDOWS):
        yield FIRST if number == 1 else f"{FIRST}-{number}"


def _lock(folder: Path, stem: str) -> QLockFile:
    lock = QLockFile(str(folder / f"{stem}.lock"))
    lock.setStaleLockTime(0)  # however old, it is valid while its window is open
    return lock
