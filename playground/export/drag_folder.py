"""The folder of the files that are dragged into other programs, which may read them long after the drop."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLockFile

from core.errors import PlaygroundError

_PREFIX: Final = "nn-playground-drag-"
_LOCK: Final = "lock"


class DragFolder:
    """A temporary folder that exists from the first drag until :meth:`remove`.

    Its lock distinguishes folders of a crashed program from those of a running one.
    """

    def __init__(self, parent: Path | None = None) -> None:
        """Create none yet; it will be in ``parent``, by default the system's folder for temporary files."""
        self._parent = Path(tempfile.gettempdir()) if parent is None else parent
        self._path: Path | None = None
        self._lock: QLockFile | None = None
        self._count = 0

    def next(self) -> Path:
        """Return a new, empty folder, so that files of earlier drags are kept.

        Raises:
            PlaygroundError: it cannot be created.
        """
        try:
            if self._path is None or not self._path.is_dir():
                self._path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self._parent))
                self._lock = _lock(self._path)
                self._lock.tryLock(0)
            self._count += 1
            folder = self._path / str(self._count)
            folder.mkdir()
        except OSError as error:
            raise PlaygroundError(f"{self._parent}: cannot be written ({error.strerror or error})") from None
        return folder

    def remove(self) -> None:
        """Delete the folder with everything in it."""
        if self._lock is not None:
            self._lock.unlock()
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
        self._path = self._lock = None

    def remove_left_behind(self) -> None:
        """Delete the folders of programs that have ended without doing so."""
        for path in self._parent.glob(f"{_PREFIX}*"):
            if path == self._path or not path.is_dir():
                continue
            lock = _lock(path)
            if lock.tryLock(0):
                lock.unlock()
                shutil.rmtree(path, ignore_errors=True)


def _lock(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / _LOCK))
    lock.setStaleLockTime(0)  # however old, it is valid while its program runs
    return lock
