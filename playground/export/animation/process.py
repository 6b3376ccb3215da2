"""Run an animation job in another process, with progress, and cancel it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal
from PySide6.QtCore import QSettings as QtSettings

import playground
from playground.export.animation.job import DONE, DRAWING, FAILED, MODULE, WRITING, AnimationJob
from playground.widgets.later import later

PATIENCE_MS: Final = 3000
"""Time after which a process that should end is killed."""


class AnimationProcess(QObject):
    """One animation at a time; training in this process continues.

    Signals:
        progressed: (stage, done, total); the stages are in :mod:`.job`.
        finished: the file written.
        failed: an error message; there is no file then.
    """

    progressed = Signal(str, int, int)
    finished = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._path = Path()
        self._said = self._line = ""

    @property
    def is_busy(self) -> bool:
        """Whether an animation is being made."""
        return self._process is not None

    def start(self, job: Callable[[str], AnimationJob], store_views: Callable[[QtSettings], object]) -> None:
        """Make an animation.

        Args:
            job: returns the job, given the file with the view options.
            store_views: saves the view options of the cards.
        """
        self.cancel()
        try:
            self._folder = tempfile.TemporaryDirectory(prefix="nn-playground-animation-", ignore_cleanup_errors=True)
            views, file = Path(self._folder.name, "views.ini"), Path(self._folder.name, "job.json")
            settings = QtSettings(str(views), QtSettings.Format.IniFormat)
            store_views(settings)
            settings.sync()
            described = job(str(views))
            file.write_bytes(described.encode())
        except OSError as error:
            self._end()
            self.failed.emit(f"{tempfile.gettempdir()}: cannot be written ({error.strerror or error})")
            return
        self._path, self._said, self._line = Path(described.path), "", ""
        process = self._process = QProcess(self)
        process.setProcessEnvironment(_environment())
        process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
        process.readyReadStandardOutput.connect(lambda: self._read(process))
        process.finished.connect(lambda status, _how: self._finish(process, status))
        process.errorOccurred.connect(lambda error: self._fail_to_start(process, error))
        process.start(sys.executable, ["-m", MODULE, str(file)])

    def cancel(self) -> None:
        """End the process; it leaves no file behind."""
        process, self._process = self._process, None
        if process is None:
            return
        process.closeWriteChannel()
        later(PATIENCE_MS, process, process.kill)
        process.finished.connect(process.deleteLater)
        self._end()

    def stop(self) -> None:
        """Cancel, and wait until the process has ended: the window closes."""
        process = self._process
        self.cancel()
        if process is not None and not process.waitForFinished(PATIENCE_MS):
            process.kill()
            process.waitForFinished(PATIENCE_MS)

    def _read(self, process: QProcess) -> None:
        if process is not self._process:
            return
        self._line += bytes(process.readAllStandardOutput().data()).decode("utf-8", "replace")
        *lines, self._line = self._line.split("\n")
        for line in lines:
            word, _, rest = line.strip().partition(" ")
            if word in (DRAWING, WRITING):
                done, total = rest.split()
                self.progressed.emit(word, int(done), int(total))
            elif word in (DONE, FAILED):
                self._said = line.strip()

    def _finish(self, process: QProcess, status: int) -> None:
        self._read(process)
        if process is not self._process:
            return
        word, _, sentence = self._said.partition(" ")
        details = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip().splitlines()
        self._process = None
        process.deleteLater()
        self._end()
        if word == DONE:
            self.finished.emit(self._path)
        elif word == FAILED:
            self.failed.emit(sentence)
        else:
            reason = details[-1] if details else f"exit status {status}"
            self.failed.emit(f"{self._path}: the animation could not be created ({reason})")

    def _fail_to_start(self, process: QProcess, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and process is self._process:
            self._process = None
            process.deleteLater()
            self._end()
            self.failed.emit(f"{sys.executable}: cannot be started ({process.errorString()})")

    def _end(self) -> None:
        """Delete the files of the job."""
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()


def _environment() -> QProcessEnvironment:
    """Return the environment of the process, which has no screen and finds this program's modules."""
    environment = QProcessEnvironment.systemEnvironment()
    root = str(Path(playground.__file__).parents[1])
    before = environment.value("PYTHONPATH")
    environment.insert("PYTHONPATH", os.pathsep.join(filter(None, (root, before))))
    environment.insert("PYTHONIOENCODING", "utf-8")
    environment.insert("QT_QPA_PLATFORM", "offscreen")
    environment.remove("QT_SCALE_FACTOR")
    return environment
