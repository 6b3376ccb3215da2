"""Save the arrangement and the options of the cards soon after they change, so that they survive a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QWidget

from playground.session import Session
from playground.widgets.live_card import LiveCard
from playground.window.workspace.view_memory import follow_options, store_views
from playground.window.workspace.workspace import Workspace

PLAYING: Final = "training/playing"
GEOMETRY: Final = "window/geometry"

SAVE_MS: Final = 1_000
"""Delay after the last of several quick changes."""


class ViewSaver(QObject):
    """Saves what the window shows, and whether it is playing.

    Args:
        window: the window.
        session: its session.
        settings: where to save.
        workspace: its workspace.
        cards: returns the cards built so far.
        is_playing: returns whether the user's own work is training.
    """

    def __init__(
        self,
        window: QWidget,
        session: Session,
        settings: QSettings,
        workspace: Workspace,
        cards: Callable[[], Mapping[str, LiveCard]],
        is_playing: Callable[[], bool],
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._workspace = window, settings, workspace
        self._cards, self._is_playing = cards, is_playing
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_MS)
        self._timer.timeout.connect(self.store)
        self._has_begun = False
        workspace.rearranged.connect(self._soon)
        session.playing_changed.connect(lambda _: self._soon())
        session.experiment_changed.connect(lambda *_: self._soon())

    def begin(self) -> None:
        """Restore popped-out cards, and save all changes from now on."""
        self._workspace.recall_windows(self._settings)
        self._has_begun = True
        self._timer.start()

    def follow(self, cards: Mapping[str, LiveCard]) -> None:
        """Save when an option of ``cards`` is changed."""
        for card in cards.values():
            follow_options(card, self._soon)

    def _soon(self) -> None:
        if self._has_begun:
            self._timer.start()

    def store(self) -> None:
        """Save everything now."""
        store_views(self._settings, self._cards())
        self._workspace.store(self._settings)
        self._settings.setValue(PLAYING, self._is_playing())
        self._settings.setValue(GEOMETRY, self._window.saveGeometry())

    def stop(self) -> None:
        """Save everything for the last time, and return enlarged and popped-out cards."""
        self._timer.stop()
        self.store()
        self._workspace.close_windows()
        self._workspace.restore()
        self._workspace.store_sizes(self._settings)
        self._timer.stop()
