"""Save the running session: write a checkpoint after each edit, and periodically while training."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, QTimer

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from playground.session.saving.chosen import chosen_text
from playground.session.saving.history_file import encode
from playground.session.saving.last_state import LastState
from playground.session.saving.pin_store import PinStore
from playground.session.saving.table_paths import with_absolute_table
from playground.session.session import Session
from playground.worker.checkpoint import Checkpoint

EDIT_MS: Final = 400
"""Delay of a checkpoint after the last of several quick edits, such as a drag."""

TRAINING_MS: Final = 8_000
"""Interval of checkpoints while training; no timer runs while paused."""


class Autosave(QObject):
    """Has checkpoints of ``session`` written to the files of ``last_state``."""

    def __init__(self, session: Session, last_state: LastState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._last_state = last_state
        self._pin_store = PinStore(session.pins, self)
        self._pin_store.failed.connect(self._report_lost_pins)
        self._history_is_new = True
        self._failed = Event()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(EDIT_MS)
        self._soon.timeout.connect(self.write)
        self._regularly = QTimer(self)
        self._regularly.setInterval(TRAINING_MS)
        self._regularly.timeout.connect(self.write)
        session.experiment_changed.connect(lambda *_: self._soon.start())
        session.history_changed.connect(self._follow_history)
        session.rewound.connect(self._soon.start)
        session.file_changed.connect(self._soon.start)
        session.pins.stored_changed.connect(self._soon.start)
        session.playing_changed.connect(self._follow_playing)

    def write(self) -> None:
        """Request a checkpoint, which the training thread has written in the background."""
        last, session = self._last_state, self._session
        self._repeat_what_is_missing()
        last.store_file(session.file)
        last.store_chosen(chosen_text(session))
        folder, history = session.folder, session.history
        others: tuple[tuple[Path, Callable[[], bytes]], ...] = ()
        if self._history_is_new:
            # The entries are frozen, so another thread can write them while the user continues editing.
            entries = (history.done, history.undone)
            others = ((last.history, lambda: encode(*entries, lambda each: with_absolute_table(each, folder, None))),)
            self._history_is_new = False
        pins = self._pin_store.changed_content(folder)
        if pins is not None:
            others = (*others, (last.pins, pins))
        experiment = with_absolute_table(session.experiment, folder, None)
        session.command.emit(Checkpoint(experiment, last.experiment, last.training, others, self._failed.set))

    def restore_pins(self, path: Path | None = None) -> None:
        """Restore the pins in the file at ``path``, by default those of the last session."""
        self._pin_store.restore(path or self._last_state.pins)

    def _report_lost_pins(self, sentence: str) -> None:
        """Report pins that were not restored, together with everything else that was not, whose message this one replaces."""
        self._last_state.problems.append(sentence)
        self._session.message.emit(" ".join(self._last_state.problems), "warning")

    def discard_pins(self) -> None:
        """Discard the pins of the last session, because another one has begun."""
        self._pin_store.discard(self._last_state.pins)

    def settle_pins(self) -> None:
        """Wait until the pins that are being restored have been added."""
        self._pin_store.settle()

    def stop(self) -> None:
        """Stop writing, because the closing window saves the rest itself, and write the pins if they changed."""
        self._soon.stop()
        self._regularly.stop()
        self._pin_store.stop()
        self._repeat_what_is_missing()
        content = self._pin_store.changed_content(self._session.folder)
        if content is not None:
            with contextlib.suppress(
                PlaygroundError
            ):  # the folder cannot be written, which is reported when storing the rest
                write_atomically(self._last_state.pins, content())

    def _repeat_what_is_missing(self) -> None:
        """Write all files again if the last checkpoint failed, as on a full disk, or if their folder was deleted."""
        if self._last_state.ensure_folder() or self._failed.is_set():
            self._failed.clear()
            self._history_is_new = True
            self._pin_store.rewrite()

    def _follow_history(self) -> None:
        self._history_is_new = True
        self._soon.start()

    def _follow_playing(self, playing: bool) -> None:  # noqa: FBT001 - a slot of Session.playing_changed
        if playing:
            self._regularly.start()
        else:
            self._regularly.stop()
            self._soon.start()
