"""The controller: connects the session with the training thread and the frame clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.training.divergence import Divergence
from core.training.observer import no_wait
from core.training.pins.pinned_run import PinnedRun
from core.training.snapshot import Snapshot
from playground.session import Session
from playground.worker.checkpoint import SAVED_AGAIN
from playground.worker.frame_clock import FrameClock
from playground.worker.mailbox import Mailbox
from playground.worker.training_thread import TrainingThread


class Controller(QObject):
    """Owns the training thread and the frame clock of one window.

    Signals:
        diverged: a sentence; training has paused at the last finite state, and rewinding is advisable.
        failed: (sentence, details) of an unexpected error in the training thread.
        engine_note: a sentence on why training is slower than it could be; empty when it no longer is.
        loading: the fraction of a large table that has been read; 1 when done.
    """

    diverged = Signal(str)
    failed = Signal(str, str)
    engine_note = Signal(str)
    loading = Signal(float)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        gate = session.jobs.gate
        mailbox: Mailbox[Snapshot] = Mailbox()
        self._thread = TrainingThread(mailbox, gate, self)
        self.clock = FrameClock(mailbox, gate, lambda: session.generation, self)
        session.command.connect(self._thread.send)
        self.clock.arrived.connect(self._remember)
        self._thread.diverged.connect(self._on_diverged)
        self._thread.failed.connect(self._on_failed)
        self._thread.refused.connect(session.refuse)
        self._thread.phases_ready.connect(session.take_phases)
        self._thread.pinned.connect(self._on_pinned)
        self._thread.engine_note.connect(self.engine_note)
        self._thread.loading.connect(self.loading)
        self._thread.costly.connect(lambda sentence: session.message.emit(sentence, "warning"))
        self._thread.unsafe.connect(
            lambda sentence: session.message.emit(sentence, "info" if sentence == SAVED_AGAIN else "warning")
        )

    def start(self, *, playing: bool, state: Path | None = None) -> None:
        """Start the thread with the session's Experiment, resuming from the training ``state``; the clock waits."""
        self._session.start(playing=playing, state=state)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether the thread has been started and not stopped."""
        return self._thread.isRunning()

    def save_state(self, path: Path) -> None:
        """Write the training state to ``path``; after :meth:`stop`.

        Raises:
            PlaygroundError: it cannot be written.
        """
        self._thread.save_state(path)

    def load_engine(self, loaded: Callable[[], None] = no_wait) -> None:
        """Load the compiled engine in the background, switch to it when ready, and then call ``loaded`` on that thread."""
        self._thread.load_engine(loaded)

    def stop(self) -> None:
        """Stop both and wait until the thread has ended."""
        self.clock.stop()
        self._thread.stop()

    def _remember(self, snapshot: Snapshot) -> None:
        self._session.snapshot = snapshot

    def _on_pinned(self, run: PinnedRun) -> None:
        if not self._session.take_run(run):
            return
        if self._session.pins.add(run) is not None and len(self._session.pins.all) == 1:
            self._session.message.emit("Pinned. Change a setting and rewind (R): both runs then start alike.", "info")

    def _on_diverged(self, divergence: Divergence) -> None:
        self._session.set_playing(False)
        self.diverged.emit(divergence.message)

    def _on_failed(self, sentence: str, details: str) -> None:
        self._session.set_playing(False)
        self.failed.emit(sentence, details)
