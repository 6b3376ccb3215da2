"""Keep the main window, including its frame, on the screen, also when screens change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QMainWindow
from shiboken6 import isValid
from typing_extensions import override

from playground.widgets.guard import guarded_or
from playground.widgets.later import later

USUAL_FRAME: Final = QSize(16, 40)
"""Approximate size of a window frame, which is known exactly only for a shown window."""

_REST_MS: Final = 300
"""Milliseconds after which screens have settled and a window that is dragged to another one has usually been dropped."""


def first_size(preferred: QSize, available: QSize) -> QSize:
    """Return the initial size of the window on a screen with this available size."""
    return preferred.boundedTo(available - USUAL_FRAME)


def fit_to_screen(window: QMainWindow, minimum: QSize) -> None:
    """Make the shown ``window`` no larger than the screen with its frame, and allow no size below ``minimum`` that fits it."""
    room = window.screen().availableGeometry().size() - (window.frameGeometry().size() - window.size())
    window.setMinimumSize(minimum.boundedTo(room))
    if not (window.isFullScreen() or window.isMaximized()):
        window.resize(window.size().boundedTo(room))


def keep_on_screen(window: QMainWindow, minimum: QSize) -> None:
    """Resize and move the shown ``window`` so that its whole frame is on the screen."""
    fit_to_screen(window, minimum)
    screen, frame = window.screen().availableGeometry(), window.frameGeometry()
    if window.isFullScreen() or window.isMaximized() or screen.contains(frame):
        return
    window.move(
        max(screen.left(), min(frame.left(), screen.right() + 1 - frame.width())),
        max(screen.top(), min(frame.top(), screen.bottom() + 1 - frame.height())),
    )


def is_within_reach(frame: QRect, screens: list[QRect]) -> bool:
    """Return whether the middle of the title bar of a window with ``frame`` is on one of ``screens``, so that it can be moved."""
    grip = QPoint(frame.center().x(), frame.top() + USUAL_FRAME.height() // 4)
    return any(screen.contains(grip) for screen in screens)


class Placement(QObject):
    """Keeps ``window`` on its screen when it is first shown, and when its screen changes, shrinks or goes.

    A window that the user drags to another screen only becomes smaller if it would not fit there.

    Args:
        window: the main window.
        least: the smallest size of the window on a screen that has room for it.
        redraw: draws everything anew for another pixel ratio.
    """

    def __init__(self, window: QMainWindow, least: QSize, redraw: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._least, self._redraw = window, least, redraw
        self._screen: QScreen | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self.settle)
        window.installEventFilter(self)

    def settle(self) -> None:
        """Fit the window to its screen, and move it there if the user could not."""
        window, screen = self._window, self._window.screen()
        if screen is not self._screen:
            if self._screen is not None and isValid(self._screen):  # Qt deletes the object of a screen that is gone
                self._screen.availableGeometryChanged.disconnect(self._keep)
            screen.availableGeometryChanged.connect(self._keep)
            self._screen = screen
        fit_to_screen(window, self._least)
        if not is_within_reach(
            window.frameGeometry(), [each.availableGeometry() for each in QGuiApplication.screens()]
        ):
            keep_on_screen(window, self._least)

    def _keep(self) -> None:
        keep_on_screen(self._window, self._least)

    def _begin(self) -> None:
        """Place the window, which is shown for the first time, and follow its screens from now on."""
        keep_on_screen(self._window, self._least)
        self.settle()
        self._window.windowHandle().screenChanged.connect(lambda _screen: self._timer.start())

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin when the window is shown, redraw for another pixel ratio, and end when it closes."""
        if watched is self._window:
            if event.type() == QEvent.Type.Show and self._screen is None:
                later(0, self, self._begin)
            elif event.type() == QEvent.Type.DevicePixelRatioChange:
                self._redraw()
            elif event.type() == QEvent.Type.Close:
                self._timer.stop()
        return super().eventFilter(watched, event)
