"""The scale of presentation mode, which follows the width of the window, also on another screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer
from typing_extensions import override

from playground.widgets.guard import guarded_or

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from playground.style.appearance import Appearance

_REST_MS: Final = 150
"""Milliseconds without a change of size after which everything is drawn in another scale, which takes a few frames."""


class WindowScale(QObject):
    """Draws presentation mode at the scale for the width of ``window``."""

    def __init__(self, window: QWidget, appearance: Appearance) -> None:
        super().__init__(window)
        self._window, self._appearance = window, appearance
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self.follow)
        window.installEventFilter(self)

    def follow(self) -> None:
        """Use the scale for the present width."""
        self._appearance.fit(self._window.width())

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the window: at once while it is hidden, else when the user has finished."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            if self._window.isVisible() and self._appearance.presentation:
                self._timer.start()
            else:
                self.follow()
        elif watched is self._window and event.type() == QEvent.Type.Close:
            self._timer.stop()
        return super().eventFilter(watched, event)
