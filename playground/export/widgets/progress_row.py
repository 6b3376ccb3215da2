"""A progress bar with a button that cancels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from playground.export.widgets.controls import plain_button
from playground.widgets.later import later

PROGRESS_MS: Final = 300
"""Delay in milliseconds before it is shown, so that it does not flash."""


class ProgressRow(QWidget):
    """Shows how far a job is; hidden while there is none.

    Signals:
        cancelled: the button was pressed.
    """

    cancelled = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._bar = QProgressBar()
        self._bar.setAccessibleName(name)
        self._button = plain_button("Cancel", "exportCancelButton")
        self._button.clicked.connect(self.cancelled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._button)
        self.end()

    def begin(self, count: int, is_busy: Callable[[], bool]) -> None:
        """Show progress of ``count`` parts, unless ``is_busy`` is false by then; of an unknown number if it is 1."""
        self._bar.setRange(0, count if count > 1 else 0)
        later(PROGRESS_MS, self, lambda: self._show(on=is_busy()))

    def advance(self, done: int, every: int) -> None:
        """Show that ``done`` of ``every`` part are done."""
        if every > 1:
            self._bar.setRange(0, every)
            self._bar.setValue(done)

    def end(self) -> None:
        """Hide it."""
        self._show(on=False)

    def _show(self, *, on: bool) -> None:
        for widget in (self, self._bar, self._button):
            widget.setVisible(on)
