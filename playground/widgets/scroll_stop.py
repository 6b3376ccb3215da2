"""A scroll area as a stop of the Tab key: only while there is something to scroll, and with its bar highlighted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QScrollArea
from typing_extensions import override

from playground.widgets.guard import guarded_or


class ScrollStop(QObject):
    """Shows on the scroll bar of ``area`` that the arrow keys scroll it."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area
        area.installEventFilter(self)
        area.verticalScrollBar().rangeChanged.connect(self._offer)
        self._offer(0, area.verticalScrollBar().maximum())

    def _offer(self, lowest: int, highest: int) -> None:
        policy = Qt.FocusPolicy.StrongFocus if highest > lowest else Qt.FocusPolicy.NoFocus
        if policy != self._area.focusPolicy() and not self._area.hasFocus():
            self._area.setFocusPolicy(policy)

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            bar = self._area.verticalScrollBar()
            bar.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            bar.style().unpolish(bar)
            bar.style().polish(bar)
            self._offer(bar.minimum(), bar.maximum())
        return super().eventFilter(watched, event)
