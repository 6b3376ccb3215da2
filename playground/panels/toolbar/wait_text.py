"""A word for what the training thread has been asked to do, shown while it takes noticeably long."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from core.training.snapshot import Snapshot
from playground.session import Session
from playground.worker.commands import ApplyExperiment, Pause, Play, Step

WAIT_MS: Final = 150
"""Delay of the word, so that it does not flicker where the result is shown at once."""

_WORDS: Final[dict[type, str]] = {
    ApplyExperiment: "updating …",
    Play: "starting …",
    Pause: "pausing …",
    Step: "stepping …",
}


class WaitText(QObject):
    """Follows the commands of a session and the snapshots that answer them.

    Signals:
        changed: the text appeared.

    Attributes:
        text: what the thread is doing; empty if its newest snapshot shows what was asked for, or it has just been asked.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.text = self._word = ""
        self._from_step = -1
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._show)
        session.command.connect(self._follow)

    def settle(self, snapshot: Snapshot) -> None:
        """Clear the text if ``snapshot`` shows what was asked for: settings, playing or not, and if playing a first step."""
        session = self._session
        begun = not snapshot.playing or snapshot.step != self._from_step or bool(snapshot.data.missing)
        if snapshot.generation == session.generation and snapshot.playing == session.playing and begun:
            self.forget()

    def forget(self) -> None:
        """Clear the text, because nothing is being done."""
        self._timer.stop()
        self.text = self._word = ""

    def _follow(self, command: object) -> None:
        word = _WORDS.get(type(command))
        if isinstance(command, ApplyExperiment) and command.rewinds and not command.returning:
            word = "rewinding …"
        if word is None:
            return
        self._word = word
        before = self._session.snapshot
        self._from_step = before.step if isinstance(command, Play) and before is not None else -1
        if self.text:
            self._show()
        else:
            self._timer.start()

    def _show(self) -> None:
        self.text = self._word
        self.changed.emit()
