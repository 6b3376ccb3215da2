"""Keep the main window, including its frame, on the screen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMainWindow

USUAL_FRAME: Final = QSize(16, 40)
"""Approximate size of a window frame, which is known exactly only for a shown window."""


def first_size(preferred: QSize, available: QSize) -> QSize:
    """Return the initial size of the window on a screen with this available size."""
    return preferred.boundedTo(available - USUAL_FRAME)


def keep_on_screen(window: QMainWindow) -> None:
    """Resize and move the shown ``window`` so that its whole frame is on the screen."""
    screen, frame = window.screen().availableGeometry(), window.frameGeometry()
    if window.isFullScreen() or window.isMaximized() or screen.contains(frame):
        return
    window.resize(window.size().boundedTo(screen.size() - (frame.size() - window.size())))
    frame = window.frameGeometry()
    window.move(
        max(screen.left(), min(frame.left(), screen.right() + 1 - frame.width())),
        max(screen.top(), min(frame.top(), screen.bottom() + 1 - frame.height())),
    )
