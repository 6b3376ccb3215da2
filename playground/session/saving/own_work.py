"""Put the user's own work aside while a lesson is open, and give it back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from core.experiment import Experiment
from playground.session.editing.undo_history import UndoHistory
from playground.session.opened import Aside, Opened
from playground.session.saving.autosave import Autosave
from playground.session.saving.chosen import choose_again, chosen_text
from playground.session.saving.history_file import read as read_history
from playground.session.saving.last_state import LastState
from playground.session.session import Session


class OwnWork(QObject):
    """Replaces the user's work by a lesson's, which has its own files, and restores it later.

    Before the work is replaced, a checkpoint of it is written. From then on everything is saved to the lesson's files, so
    that a crash or closing the window loses neither: the next start finds the user's own work where it was.

    Args:
        session: the session.
        last_state: the files to which it is saved.
        autosave: saves it.
    """

    def __init__(
        self, session: Session, last_state: LastState, autosave: Autosave, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._last_state, self._autosave = session, last_state, autosave
        self._aside: Aside | None = None
        self._was_playing = False
        self._chosen = ""

    @property
    def is_aside(self) -> bool:
        """Whether the user's own work is put aside."""
        return self._aside is not None

    @property
    def playing(self) -> bool:
        """Whether the user's own work is training, or was when it was put aside."""
        return self._was_playing if self.is_aside else self._session.playing

    def replace(self, name: str, experiment: Experiment, folder: Path | None, *, afresh: bool = False) -> bool:
        """Put the user's own work aside and open ``experiment``, or what was saved under ``name`` before.

        Args:
            name: name of the files to save to from now on.
            experiment: the Experiment to begin with.
            folder: base folder of relative table paths.
            afresh: whether to ignore what was saved before.

        Returns:
            Whether something saved before was found; its training continues.
        """
        session = self._session
        was_playing = session.playing
        session.pause()
        self._autosave.settle_pins()
        self._autosave.write()
        another_lesson = self._aside is not None
        if not another_lesson:
            self._chosen = chosen_text(session)
            self._aside, self._was_playing = session.put_aside(), was_playing
        self._last_state.divert(name)
        found = None if afresh else self._last_state.restore()
        now = experiment if found is None else found[0]
        history = None if found is None else read_history(self._last_state.history, now)
        opened = Opened(now, experiment, None, folder, history or UndoHistory())
        state = None if found is None else self._last_state.training
        session.switch_to(opened, state=state, discard=another_lesson)
        if found is None:
            self._autosave.discard_pins()
        else:
            self._autosave.restore_pins()
        return found is not None

    def give_back(self) -> None:
        """Save the lesson's work to its files, and restore the user's own work."""
        aside, self._aside = self._aside, None
        if aside is None:
            return
        self._session.pause()
        self._autosave.settle_pins()
        self._autosave.write()
        self._last_state.divert(None)
        self._session.give_back(aside, self._last_state.training)
        choose_again(self._session, self._chosen)
        if self._was_playing:
            self._session.play()
