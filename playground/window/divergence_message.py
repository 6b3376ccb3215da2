"""The message on why training stopped by itself, which goes when the network is in another state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from core.training.snapshot import Snapshot
from playground.panels.message_bar import MessageBar
from playground.session.controller import Controller


class DivergenceMessage(QObject):
    """Shows that training diverged, and offers to rewind, until weights are set, a step is taken or settings change."""

    def __init__(self, controller: Controller, bar: MessageBar, rewind: Callable[[], object]) -> None:
        super().__init__(bar)
        self._bar, self._rewind = bar, rewind
        self._sentence = ""
        controller.diverged.connect(self._show)
        controller.clock.arrived.connect(self._follow)

    def _show(self, sentence: str) -> None:
        self._bar.show_message(sentence, "warning", action=("Rewind", self._rewind))

    def _follow(self, snapshot: Snapshot) -> None:
        """Hide the message with the first snapshot of another state after those of the divergence."""
        if snapshot.divergence is not None:
            self._sentence = snapshot.divergence.message
        elif self._sentence:
            if self._bar.text == self._sentence:
                self._bar.hide()
            self._sentence = ""
